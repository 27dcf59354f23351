// Directions in words, for an arm and a phone; a hand at the end of a stretched arm is ten degrees.

import { compass } from "./format.js";
import { gettext as _ } from "./words.js";

const HAND_DEG = 10;

/** How high, from the horizon (0) to nine hands: straight up. */
const HANDS = () => [
  _("at the horizon"),
  _("one hand above the horizon"),
  _("two hands above the horizon"),
  _("three hands above the horizon"),
  _("four hands above the horizon"),
  _("five hands above the horizon"),
  _("six hands above the horizon"),
  _("seven hands above the horizon"),
  _("eight hands above the horizon"),
  _("almost straight up"),
];

/** An elevation in words. */
export function hands(elevationDeg) {
  return HANDS()[Math.min(Math.max(Math.round(elevationDeg / HAND_DEG), 0), 9)];
}

/** "Turn until your arm points north-west, two hands above the horizon." */
export function pointWords({ azimuth_deg, elevation_deg }) {
  const values = { direction: compass(azimuth_deg), height: hands(elevation_deg) };
  return _("Turn until your arm points %(direction)s, %(height)s.", values);
}

/**
 * Where the upper edge of a phone points, by the angles of the browser in degrees (W3C Device
 * Orientation: turned by alpha about the vertical, then by beta about the screen's width, then by
 * gamma about its height). `heading`: a compass of the browser's own instead of alpha, else null.
 */
export function phonePointing({ alpha, beta, heading = null }) {
  const radians = (beta * Math.PI) / 180;
  const elevation_deg = (Math.asin(Math.sin(radians)) * 180) / Math.PI;
  const back = Math.cos(radians) < 0 ? 180 : 0; // tilted beyond straight up: it looks behind
  return { azimuth_deg: ((heading ?? 360 - alpha) + back + 720) % 360, elevation_deg };
}

/** Degrees to turn to the right (negative: left) and to raise, from one pointing to another. */
export function turnTo(from, to) {
  const right = ((to.azimuth_deg - from.azimuth_deg + 540) % 360) - 180;
  return { right, up: to.elevation_deg - from.elevation_deg };
}
