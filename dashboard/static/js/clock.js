// The station's clock: a demo may run faster than the world, and a phone's own clock may be wrong.

import { page } from "./page.js";

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

/** 2026-08-22 at the station. */
export function dateOf(ms, zone = page.zone) {
  const key = `${zone} date`;
  if (!formats.has(key)) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone };
    formats.set(key, new Intl.DateTimeFormat("sv-SE", parts));
  }
  return formats.get(key).format(ms);
}
