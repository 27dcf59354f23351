// The first page: values, pass and last frames change by themselves.

import "./site.js";
import { nowMs } from "./clock.js";
import { formatAge, formatNumber } from "./format.js";
import { live } from "./live.js";
import { page } from "./page.js";
import { followPass } from "./pass.js";
import { Card, listFrame } from "./pieces.js";
import { followStory } from "./story.js";
import { gettext as _ } from "./words.js";

/** A satellite that is silent for so long gives its place to one that is heard. */
const SILENT_MS = 300_000;

const cards = new Map();
const heard = document.getElementById("heard");
const list = document.querySelector("[data-frames]");

function showAges() {
  if (heard?.dataset.time) heard.textContent = formatAge((nowMs() - Date.parse(heard.dataset.time)) / 1000);
  for (const card of cards.values()) card.showAge();
}

function onFrame(frame) {
  if (frame.imported) return; // not heard here
  listFrame(list, frame);
  if (frame.satellite && frame.status === "decoded" && frame.satellite !== page.satellite) {
    const silentMs = heard?.dataset.time ? nowMs() - Date.parse(heard.dataset.time) : Infinity;
    const first = !page.own || page.order.includes(frame.satellite);
    if (!page.chosen && first && silentMs > SILENT_MS) location.reload();
    return;
  }
  if (frame.satellite !== page.satellite) return;
  if (heard) heard.dataset.time = frame.received;
  document.getElementById("unheard")?.remove();
  for (const [name, reading] of Object.entries(frame.values)) cards.get(name)?.show(reading, frame);
  showAges();
}

/** Whom the antenna follows, and where it looks. */
function showAntenna(antenna) {
  const line = document.getElementById("antenna");
  if (!line) return;
  line.hidden = !antenna;
  if (!antenna) return;
  const [azimuth, elevation] = antenna.measured_deg ?? [];
  const place = antenna.measured_deg
    ? ` (${formatNumber(azimuth, 0)}°, ${formatNumber(elevation, 0)}°)`
    : "";
  line.textContent = _("The antenna follows %(name)s", { name: antenna.name }) + place;
}

for (const element of document.querySelectorAll("[data-parameter]")) {
  const name = element.dataset.parameter;
  cards.set(name, new Card(element, page.parameters[name]));
}
showAges();
setInterval(showAges, 1000);
live.addEventListener("frame", (event) => onFrame(event.detail));
live.addEventListener("status", (event) => showAntenna(event.detail.schedule?.antenna));
if (page.pass) followPass(document.querySelector(".pass"), page.pass, { satellite: page.satellite });
if (page.satellite) {
  const sentence = document.getElementById("story");
  followStory({ satellite: page.satellite, sentence, world: document.querySelector(".world") });
}
