// The list of frames: new ones come in at the top of its first page.

import "./site.js";
import { stampOf } from "./clock.js";
import { live } from "./live.js";
import { icon, make, page } from "./page.js";
import { reasonText } from "./reasons.js";
import { statusWord } from "./states.js";
import { gettext as _ } from "./words.js";

const body = document.getElementById("frames");

function row(frame) {
  const ms = Date.parse(frame.received);
  const name = page.names[frame.satellite] ?? frame.satellite ?? "\u2014";
  const mark = frame.simulated ? make("span", { class: "mark simulated" }, _("simulated")) : null;
  const taken = frame.imported ? make("span", { class: "mark" }, _("imported")) : null;
  const repaired = frame.repaired ? make("span", { class: "mark" }, _("repaired")) : null;
  const status = make(
    "span",
    { class: `state ${frame.status}` },
    icon(frame.status),
    make("span", {}, statusWord(frame.status)),
  );
  const said = frame.error || frame.note;
  const reason = said ? make("span", { class: "reason" }, reasonText(said)) : null;
  return make(
    "tr",
    { class: "fresh" },
    make("td", { class: "number" }, make("a", { href: `/frames/${frame.seq}` }, String(frame.seq))),
    make("td", {}, make("time", { datetime: frame.received }, stampOf(ms))),
    make("td", {}, `${name} `, mark, taken, repaired),
    make("td", {}, page.packets[frame.satellite]?.[frame.packet] ?? frame.packet ?? "\u2014"),
    make("td", {}, status, reason),
    make("td", { class: "number wide" }, String(frame.length)),
    make("td", { class: "wide" }, frame.link),
  );
}

live.addEventListener("frame", ({ detail: frame }) => {
  if (!page.newest || (page.chosen && frame.satellite !== page.chosen)) return;
  document.querySelector(".empty")?.remove();
  body.prepend(row(frame));
  while (body.children.length > page.limit) body.lastElementChild.remove();
});

const filter = document.getElementById("satellite");
filter.addEventListener("change", () => filter.form.requestSubmit());
filter.form.querySelector("button").hidden = true;
