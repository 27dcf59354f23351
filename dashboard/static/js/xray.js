// The X-ray of a frame: a value shows its exact bits, a bit shows its value, and can be turned over.
// What is chosen or turned over is a link; followed by this script, only the X-ray is fetched anew.
// On a narrow screen nothing but the page is scrolled: the explanation opens where it was asked for.

import "./site.js";

const box = document.getElementById("xray");
const KEYS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 };
const narrow = matchMedia("(max-width: 60rem)");
let parts = [];
let cells = [];
let links = new Map();
let chosen = null;
let lit = null;
let cursor = -1;
/** The byte that was touched last; null: a value was, in the list. */
let touched = null;

/** Take in what the X-ray shows now. */
function begin() {
  parts = JSON.parse(document.getElementById("parts").textContent);
  cells = [...box.querySelectorAll("[data-byte]")];
  links = new Map([...box.querySelectorAll("[data-part]")].map((link) => [Number(link.dataset.part), link]));
  const current = box.querySelector("[data-part][aria-current]");
  chosen = current ? Number(current.dataset.part) : null;
  lit = null;
  light(chosen);
  place();
}

/** Put the explanation under the bytes or the value that was touched, or where it is on wide screens. */
function place() {
  const explained = document.getElementById("explained");
  explained.remove();
  const line = narrow.matches ? lineOf(touched) : null;
  if (line) line.after(explained);
  else if (narrow.matches && links.has(chosen)) links.get(chosen).closest("li, .panel").append(explained);
  else box.querySelector(".bytes").append(explained);
}

/** The line of a byte, or the next one where the chosen bytes end in it. */
function lineOf(byte) {
  const line = cells[byte]?.closest(".line");
  const next = line?.nextElementSibling;
  const last = [...document.querySelectorAll("#hex [data-byte].lit")].at(-1)?.closest(".line");
  return next && next === last ? next : line;
}

/** The narrowest part that holds bit `bit` of the frame: a value before the header around it. */
function partAt(bit) {
  let best = null;
  parts.forEach((part, index) => {
    if (!part.bits || bit < part.bits[0] || bit >= part.bits[0] + part.bits[1]) return;
    if (best === null || part.bits[1] < parts[best].bits[1]) best = index;
  });
  return best;
}

function light(index) {
  if (index === lit) return;
  lit = index;
  for (const cell of box.querySelectorAll("[data-byte].lit")) cell.classList.remove("lit");
  box.querySelector(".part.lit")?.classList.remove("lit");
  if (index === null) return;
  links.get(index)?.classList.add("lit");
  if (parts[index].bits) lightBits(...parts[index].bits);
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

/** Bring the chosen bytes into sight: into that of their box, or with their explanation into that of the page. */
function showBytes() {
  const hex = document.getElementById("hex");
  const first = hex.querySelector("[data-byte].lit");
  if (!first) return;
  if (narrow.matches) {
    showWith(first);
    return;
  }
  const [line, seen] = [first.getBoundingClientRect(), hex.getBoundingClientRect()];
  if (line.top < seen.top || line.bottom > seen.bottom) hex.scrollTop += line.top - seen.top - line.height;
}

/** Bring the explanation into sight, and rather than its end what it explains. */
function showWith(element) {
  document.getElementById("explained").scrollIntoView({ block: "nearest" });
  element.scrollIntoView({ block: "nearest" });
}

/** How to find again what was touched, when the X-ray is another one. */
function finder(link) {
  const { id, dataset } = link;
  if (dataset.part === undefined) return () => document.getElementById(id || "explained");
  const [byte, part] = [touched, Number(dataset.part)];
  return () => (byte === null ? links.get(part) : cells[byte]);
}

/** Follow a link of the X-ray by fetching nothing else of its page. */
async function follow(link) {
  const address = new URL(link.href, location.href);
  const find = finder(link);
  const choosing = link.dataset.part !== undefined;
  const before = find()?.getBoundingClientRect().top;
  const scrolled = document.getElementById("hex").scrollTop;
  const panel = choosing ? 0 : box.querySelector(".bytes").scrollTop;
  const unfolded = Boolean(box.querySelector(".further")?.open);
  const only = new URL(address);
  only.searchParams.set("only", "xray");
  let html = null;
  try {
    const response = await fetch(only);
    if (response.ok) html = await response.text();
  } catch {
    // The address itself is asked below, and the browser tells what is wrong.
  }
  if (html === null) {
    location.assign(address);
    return;
  }
  const focused = document.activeElement;
  const inside = box.contains(focused);
  box.innerHTML = html;
  if (unfolded) box.querySelector(".further")?.setAttribute("open", "");
  history.replaceState(null, "", address);
  document.getElementById("hex").scrollTop = scrolled;
  box.querySelector(".bytes").scrollTop = panel;
  begin();
  const again = find();
  const next = focused.id === "hex" ? document.getElementById("hex") : choosing ? links.get(chosen) : again;
  if (inside) next?.focus({ preventScroll: true });
  if (narrow.matches && again) {
    scrollBy(0, again.getBoundingClientRect().top - before);
    if (choosing) showWith(again);
  } else {
    showBytes();
    // The explanation may have grown and pushed what was chosen away.
    if (choosing) links.get(chosen)?.scrollIntoView({ block: "nearest" });
  }
}

function bitUnder(event) {
  const cell = event.target.closest("[data-byte]");
  if (!cell) return null;
  const place = cell.getBoundingClientRect();
  const within = Math.min(7, Math.max(0, Math.floor((8 * (event.clientX - place.left)) / place.width)));
  return Number(cell.dataset.byte) * 8 + within;
}

function choose(index, byte) {
  if (index === null || !links.has(index)) return;
  touched = byte;
  if (index !== chosen) {
    follow(links.get(index));
    return;
  }
  place();
  showBytes();
}

function moveCursor(index) {
  cells[cursor]?.classList.remove("cursor");
  cursor = Math.min(cells.length - 1, Math.max(0, index));
  cells[cursor].classList.add("cursor");
  cells[cursor].scrollIntoView({ block: "nearest" });
  light(partAt(cursor * 8));
}

function partOf(event) {
  const link = event.target.closest?.("[data-part]");
  return link ? Number(link.dataset.part) : null;
}

box.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    if (link.dataset.part !== undefined) touched = null;
    follow(link);
    return;
  }
  const bit = bitUnder(event);
  if (bit !== null) choose(partAt(bit), bit >> 3);
});
box.addEventListener("pointermove", (event) => {
  const bit = bitUnder(event);
  light((bit === null ? partOf(event) : partAt(bit)) ?? chosen);
});
box.addEventListener("pointerleave", () => light(chosen));
box.addEventListener("focusin", (event) => light(partOf(event) ?? chosen));
box.addEventListener("keydown", (event) => {
  if (event.target.id !== "hex") return;
  if (event.key === "Enter" && cursor >= 0) choose(partAt(cursor * 8), cursor);
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  moveCursor(cursor < 0 ? 0 : cursor + KEYS[event.key]);
});
begin();
if (chosen !== null && parts[chosen].bits) touched = parts[chosen].bits[0] >> 3;
place();
showBytes();
narrow.addEventListener("change", place);
