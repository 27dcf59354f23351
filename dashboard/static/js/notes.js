// Notes below a chart: listed by number, written at the time of the cursor, removed.

import { dateOf, stampOf, timeOfDay } from "./clock.js";
import { make, page } from "./page.js";
import { reasonText } from "./reasons.js";
import { gettext as _ } from "./words.js";

const list = document.getElementById("chart-notes");
const form = document.getElementById("note-form");

/** Send a change; an error's sentence becomes the message of what is thrown. */
async function send(path, body) {
  const headers = { "Content-Type": "application/json", "X-Groundstation-Token": page.note_token };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error((await answer.json()).error);
}

/** List the notes of `chart`; `changed()` is told after one was removed. */
export function listNotes({ notes }, changed) {
  list.replaceChildren(
    ...notes.map((note) => {
      const ms = Date.parse(note.time);
      const about = `${stampOf(ms)} — ${note.by}`;
      const frame = note.seq && make("a", { href: `/frames/${note.seq}` }, _("frame %(seq)s", { seq: note.seq }));
      return make(
        "li",
        {},
        make("p", { class: "note-text" }, note.text),
        make("p", { class: "muted" }, about, frame ? " " : null, frame),
        page.note_token ? remover(note, changed) : null,
      );
    }),
  );
}

function remover(note, changed) {
  const words = _("Remove the note: %(text)s", { text: note.text });
  const button = make("button", { type: "button", class: "button noprint", "aria-label": words }, _("Remove"));
  button.addEventListener("click", async () => {
    await send(`/api/v1/notes/${note.id}/remove`, {});
    changed();
  });
  return button;
}

/** The cursor stands at a time: a note would be written at it. */
export function noteAt(ms) {
  const field = form?.elements.local;
  if (field && document.activeElement !== field) field.value = `${dateOf(ms)}T${timeOfDay(ms)}`;
}

/** Milliseconds since 1970 of what a field of local time says, by the station's clock. */
function msOf(local) {
  const guess = Date.parse(`${local}Z`);
  return guess - (Date.parse(`${dateOf(guess)}T${timeOfDay(guess)}Z`) - guess);
}

/** Have the form write without leaving the page; `changed()` is told of it, `failed(words)` why not. */
export function takeNotes(changed, failed) {
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { satellite, local, text } = form.elements;
    const time = new Date(msOf(local.value)).toISOString();
    try {
      await send("/api/v1/notes/write", { satellite: satellite.value, time, text: text.value });
      text.value = "";
      changed();
    } catch (error) {
      failed(reasonText(error.message));
    }
  });
}
