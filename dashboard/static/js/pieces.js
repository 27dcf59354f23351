// What the first page and boards show, see templates/pieces.html: a value as a card (its number, state
// and age, where it lies within its limits, its last readings), the list of the last frames.

import { nowMs, timeOfDay } from "./clock.js";
import { formatAge, formatValue } from "./format.js";
import { icon, make, page } from "./page.js";
import { reasonText } from "./reasons.js";
import { drawSpark } from "./spark.js";
import { showState, statusWord } from "./states.js";
import { gettext as _ } from "./words.js";

const KEPT_READINGS = 60;
const LISTED_FRAMES = 6;

function limitsOf(parameter) {
  const { warning, critical } = parameter.limits ?? {};
  return [...(warning ?? []), ...(critical ?? [])].filter((limit) => limit !== null);
}

/** The card `element`; `parameter`: what the server tells of it. */
export class Card {
  constructor(element, parameter) {
    this.element = element;
    this.parameter = parameter;
    this.readings = parameter.spark;
    this.trend = element.querySelector(".trend");
    this.age = element.querySelector("[data-age]");
    this.draw();
  }

  draw() {
    const { trend, readings, parameter } = this;
    if (trend) drawSpark(trend, readings, limitsOf(parameter), parameter.digits);
  }

  /** A new reading that came with `frame`. */
  show(reading, frame) {
    const { element, parameter } = this;
    element.querySelector("[data-value]").textContent = formatValue(reading.value, parameter);
    this.age.dataset.time = frame.received;
    this.state = reading.state;
    this.showState(reading.state);
    this.showPlace(reading.value);
    if (frame.simulated && !element.querySelector(".mark")) {
      element.querySelector(".marks").append(make("span", { class: "mark simulated" }, _("simulated")));
    }
    element.classList.remove("fresh");
    void element.offsetWidth; // so that the animation starts again
    element.classList.add("fresh");
    if (this.trend && typeof reading.value === "number") {
      this.readings.push([Date.parse(frame.received) / 1000, reading.value]);
      if (this.readings.length > KEPT_READINGS) this.readings.shift();
      this.draw();
    }
  }

  /** Put the mark on the bar of limits where the value is. */
  showPlace(value) {
    const here = this.element.querySelector("[data-here]");
    if (!here) return;
    const known = typeof value === "number";
    here.setAttribute("visibility", known ? "visible" : "hidden");
    if (!known) return;
    const [low, high] = this.parameter.bar;
    const part = Math.min(Math.max((value - low) / (high - low), 0), 1);
    here.setAttribute("transform", `translate(${(100 * part).toFixed(2)})`);
  }

  showState(state) {
    const shown = this.element.querySelector("[data-state]");
    if (shown.dataset.state === state) return;
    showState(shown, state);
    this.element.className = `card ${state}`;
  }

  /** How old it is now. */
  showAge() {
    if (!this.age.dataset.time) return;
    const age = (nowMs() - Date.parse(this.age.dataset.time)) / 1000;
    this.age.textContent = formatAge(age);
    this.state ??= this.element.querySelector("[data-state]").dataset.state;
    // An alarm stays an alarm however old it is; only what was none becomes stale.
    const ages = this.state === "nominal" || this.state === "unlimited";
    this.showState(ages && age > page.stale_s ? "stale" : this.state);
  }
}

/** Put `frame` on top of `list`. */
export function listFrame(list, frame) {
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
