// The first page: values, pass and last frames change by themselves.

import "./site.js";
import { nowMs, timeOfDay } from "./clock.js";
import { formatAge, formatNumber, formatValue } from "./format.js";
import { live } from "./live.js";
import { icon, make, page } from "./page.js";
import { followPass } from "./pass.js";
import { reasonText } from "./reasons.js";
import { drawSpark } from "./spark.js";
import { showState, statusWord } from "./states.js";
import { followStory } from "./story.js";
import { gettext as _ } from "./words.js";

const KEPT_READINGS = 60;
const LISTED_FRAMES = 6;
/** A satellite that is silent for so long gives its place to one that is heard. */
const SILENT_MS = 300_000;

const cards = new Map();
const heard = document.getElementById("heard");
const list = document.getElementById("last-frames");

function limitsOf(parameter) {
  const { warning, critical } = parameter.limits ?? {};
  return [...(warning ?? []), ...(critical ?? [])].filter((limit) => limit !== null);
}

function setUpCards() {
  for (const element of document.querySelectorAll("[data-parameter]")) {
    const parameter = page.parameters[element.dataset.parameter];
    const card = {
      element,
      parameter,
      readings: parameter.spark,
      trend: element.querySelector(".trend"),
      age: element.querySelector("[data-age]"),
    };
    draw(card);
    cards.set(element.dataset.parameter, card);
  }
}

function draw({ trend, readings, parameter }) {
  if (trend) drawSpark(trend, readings, limitsOf(parameter), parameter.digits);
}

/** Put the mark on the bar of limits where the value is. */
function showPlace({ element, parameter }, value) {
  const here = element.querySelector("[data-here]");
  if (!here) return;
  const known = typeof value === "number";
  here.setAttribute("visibility", known ? "visible" : "hidden");
  if (!known) return;
  const [low, high] = parameter.bar;
  const part = Math.min(Math.max((value - low) / (high - low), 0), 1);
  here.setAttribute("transform", `translate(${(100 * part).toFixed(2)})`);
}

function showReading(card, reading, frame) {
  const { element, parameter } = card;
  element.querySelector("[data-value]").textContent = formatValue(reading.value, parameter);
  card.age.dataset.time = frame.received;
  card.state = reading.state;
  showCard(card, reading.state);
  showPlace(card, reading.value);
  if (frame.simulated && !element.querySelector(".mark")) {
    element.querySelector(".marks").append(make("span", { class: "mark simulated" }, _("simulated")));
  }
  element.classList.remove("fresh");
  void element.offsetWidth; // so that the animation starts again
  element.classList.add("fresh");
  if (card.trend && typeof reading.value === "number") {
    card.readings.push([Date.parse(frame.received) / 1000, reading.value]);
    if (card.readings.length > KEPT_READINGS) card.readings.shift();
    draw(card);
  }
}

function showCard(card, state) {
  const shown = card.element.querySelector("[data-state]");
  if (shown.dataset.state === state) return;
  showState(shown, state);
  card.element.className = `card ${state}`;
}

function showAges() {
  const now = nowMs();
  if (heard?.dataset.time) heard.textContent = formatAge((now - Date.parse(heard.dataset.time)) / 1000);
  for (const card of cards.values()) {
    if (!card.age.dataset.time) continue;
    const age = (now - Date.parse(card.age.dataset.time)) / 1000;
    card.age.textContent = formatAge(age);
    card.state ??= card.element.querySelector("[data-state]").dataset.state;
    // An alarm stays an alarm however old it is; only what was none becomes stale.
    const ages = card.state === "nominal" || card.state === "unlimited";
    showCard(card, ages && age > page.stale_s ? "stale" : card.state);
  }
}

function listFrame(frame) {
  const name = page.names[frame.satellite] ?? frame.satellite ?? _("unknown");
  const entry = make(
    "li",
    {},
    make("time", { datetime: frame.received }, timeOfDay(Date.parse(frame.received))),
    make("a", { href: `/frames/${frame.seq}` }, name),
    make("span", { class: `state ${frame.status}` }, icon(frame.status), make("span", {}, statusWord(frame.status))),
    frame.simulated ? make("span", { class: "mark simulated" }, _("simulated")) : null,
    frame.error ? make("span", { class: "reason" }, reasonText(frame.error)) : null,
  );
  list.querySelector(".muted:only-child")?.remove();
  list.prepend(entry);
  while (list.children.length > LISTED_FRAMES) list.lastElementChild.remove();
}

function onFrame(frame) {
  if (frame.imported) return; // not heard here
  listFrame(frame);
  if (frame.satellite && frame.status === "decoded" && frame.satellite !== page.satellite) {
    const silentMs = heard?.dataset.time ? nowMs() - Date.parse(heard.dataset.time) : Infinity;
    const first = !page.own || page.order.includes(frame.satellite);
    if (!page.chosen && first && silentMs > SILENT_MS) location.reload();
    return;
  }
  if (frame.satellite !== page.satellite) return;
  if (heard) heard.dataset.time = frame.received;
  for (const [name, reading] of Object.entries(frame.values)) {
    const card = cards.get(name);
    if (card) showReading(card, reading, frame);
  }
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

setUpCards();
showAges();
setInterval(showAges, 1000);
live.addEventListener("frame", (event) => onFrame(event.detail));
live.addEventListener("status", (event) => showAntenna(event.detail.schedule?.antenna));
if (page.pass) followPass(page.pass);
followStory();
