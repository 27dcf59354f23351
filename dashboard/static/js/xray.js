// The X-ray of a frame: a value shows its exact bits, a bit shows its value.

import "./site.js";
import { icon, make, page } from "./page.js";
import { stateWord } from "./states.js";
import { gettext as _ } from "./words.js";

const hex = document.getElementById("hex");
const steps = document.getElementById("steps");
const cells = [...hex.querySelectorAll("[data-byte]")];
const buttons = new Map();
for (const button of document.querySelectorAll("[data-part]")) {
  buttons.set(Number(button.dataset.part), button);
}
let pinned = null;
let lit = null;
let cursor = -1;

/** The narrowest part that holds bit `bit` of the frame: a value before the header around it. */
function partAt(bit) {
  let best = null;
  page.parts.forEach((part, index) => {
    if (!part.bits || bit < part.bits[0] || bit >= part.bits[0] + part.bits[1]) return;
    if (best === null || part.bits[1] < page.parts[best].bits[1]) best = index;
  });
  return best;
}

function light(index) {
  if (index === lit) return;
  lit = index;
  for (const cell of hex.querySelectorAll(".lit")) cell.classList.remove("lit");
  document.querySelector(".part.lit")?.classList.remove("lit");
  if (index === null) {
    steps.replaceChildren(make("p", { class: "muted" }, _("Choose a value to see its bits, or a byte to see its value.")));
    return;
  }
  const part = page.parts[index];
  buttons.get(index)?.classList.add("lit");
  if (part.bits) lightBits(...part.bits);
  explain(part);
}

function lightBits(start, length) {
  const end = start + length;
  for (let index = start >> 3; index * 8 < end; index += 1) {
    const cell = cells[index];
    cell.classList.add("lit");
    cell.style.setProperty("--from", Math.max(0, start - index * 8) / 8);
    cell.style.setProperty("--to", Math.min(8, end - index * 8) / 8);
  }
}

/** The bytes around the bits in binary, with exactly these bits marked. */
function binary(start, length) {
  const first = start >> 3;
  const last = (start + length - 1) >> 3;
  const bits = cells
    .slice(first, last + 1)
    .map((cell) => Number.parseInt(cell.textContent, 16).toString(2).padStart(8, "0"))
    .join("");
  const from = start - first * 8;
  const nodes = [];
  for (let at = 0; at < bits.length; at += 8) {
    const [a, b] = [Math.max(0, from - at), Math.max(0, Math.min(8, from + length - at))];
    const byte = bits.slice(at, at + 8);
    if (at) nodes.push(" ");
    nodes.push(byte.slice(0, a), make("mark", {}, byte.slice(a, b)), byte.slice(b));
  }
  return nodes;
}

function step(words, ...content) {
  return make("li", {}, make("span", { class: "step" }, words), make("span", { class: "mono" }, ...content));
}

const LONGEST_BITS = 128;

function explain(part) {
  const list = [];
  if (part.bits) {
    const [start, length] = part.bits;
    const [first, last] = [start >> 3, (start + length - 1) >> 3];
    const where = first === last ? `${first}` : `${first}\u2013${last}`;
    list.push(step(_("bytes"), `${where} (${_("bits")}: ${length})`));
    if (length <= LONGEST_BITS) list.push(step(_("bits"), ...binary(start, length)));
  }
  for (const [kind, text] of part.steps) list.push(step(STEP_WORDS[kind](), text));
  if (part.state && part.state !== "unlimited") {
    const word = make("span", { class: `state ${part.state}` }, icon(part.state), stateWord(part.state));
    list.push(step(_("state"), word));
  }
  const title = make("h3", {}, part.label);
  const doc = part.doc ? make("p", { class: "doc muted" }, part.doc) : null;
  steps.replaceChildren(title, ...(doc ? [doc] : []), make("ol", {}, ...list));
}

const STEP_WORDS = {
  swapped: () => _("byte order"),
  sign: () => _("sign of a number"),
  raw: () => _("raw value"),
  calibration: () => _("calibration"),
  formula: () => _("computed from"),
  value: () => _("engineering value"),
  limits: () => _("limits"),
};

function pin(index) {
  buttons.get(pinned)?.setAttribute("aria-pressed", "false");
  pinned = pinned === index ? null : index;
  buttons.get(pinned)?.setAttribute("aria-pressed", "true");
  light(pinned ?? index);
}

function bitUnder(event) {
  const cell = event.target.closest("[data-byte]");
  if (!cell) return null;
  const box = cell.getBoundingClientRect();
  const within = Math.min(7, Math.max(0, Math.floor((8 * (event.clientX - box.left)) / box.width)));
  return Number(cell.dataset.byte) * 8 + within;
}

function moveCursor(index) {
  cells[cursor]?.classList.remove("cursor");
  cursor = Math.min(cells.length - 1, Math.max(0, index));
  cells[cursor].classList.add("cursor");
  cells[cursor].scrollIntoView({ block: "nearest" });
  light(partAt(cursor * 8));
}

const KEYS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 };

for (const [index, button] of buttons) {
  button.addEventListener("pointerenter", () => light(index));
  button.addEventListener("focus", () => light(index));
  button.addEventListener("pointerleave", () => light(pinned));
  button.addEventListener("click", () => pin(index));
}
hex.addEventListener("pointermove", (event) => {
  const bit = bitUnder(event);
  if (bit !== null) light(partAt(bit) ?? pinned);
});
hex.addEventListener("pointerleave", () => light(pinned));
hex.addEventListener("click", (event) => {
  const bit = bitUnder(event);
  const part = bit === null ? null : partAt(bit);
  if (part === null) return;
  if (part !== pinned) pin(part);
  buttons.get(part)?.scrollIntoView({ block: "nearest" });
});
hex.addEventListener("keydown", (event) => {
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  moveCursor(cursor < 0 ? 0 : cursor + KEYS[event.key]);
});
