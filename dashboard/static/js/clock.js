// The station's clock: a demo may run faster than the world, and a phone's own clock may be wrong.

import { formatDate } from "./format.js";
import { page } from "./page.js";
import { dayPattern } from "./words.js";

let originMs = Date.parse(page.now);
let readAt = performance.now();
let speed = page.speed;
const formats = new Map();

/** Set the clock by what the server just said. */
export function setClock(now, newSpeed) {
  originMs = Date.parse(now);
  readAt = performance.now();
  speed = newSpeed;
}

/** Station time now, milliseconds since 1970 UTC. */
export function nowMs() {
  return originMs + (performance.now() - readAt) * speed;
}

/** 14:05:09 at the station, or in "UTC". */
export function timeOfDay(ms, zone = page.zone, seconds = true) {
  const key = `${zone} ${seconds}`;
  if (!formats.has(key)) {
    const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
    if (seconds) parts.second = "2-digit";
    formats.set(key, new Intl.DateTimeFormat("en-GB", parts));
  }
  return formats.get(key).format(ms);
}

/** Date and time at the station, by the rule of `Language.stamp` in groundstation/words/language.py. */
export function stampOf(ms) {
  return `${formatDate(dateOf(ms))} ${timeOfDay(ms)}`;
}

/** The day at the station without its year: "22 авг." */
export function dayOf(ms) {
  return formatDate(dateOf(ms), dayPattern);
}

/** 2026-08-22 at the station, as fields and calculations want it. */
export function dateOf(ms, zone = page.zone) {
  const key = `${zone} date`;
  if (!formats.has(key)) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone };
    formats.set(key, new Intl.DateTimeFormat("sv-SE", parts));
  }
  return formats.get(key).format(ms);
}
