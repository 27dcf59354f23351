// The small chart of a value: its last readings over time, and its limits where they are near.

import { timeOfDay } from "./clock.js";
import { runs } from "./gaps.js";
import { makeSvg } from "./page.js";

const WIDTH = 100;
const HEIGHT = 30;

/** The least height of the chart in steps of the last decimal, so that noise stays small. */
const CALM_STEPS = 12;

function span(values, digits) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = (low + high) / 2;
  const steps = digits === null ? 0 : CALM_STEPS * 10 ** -digits;
  const least = Math.max(Math.abs(middle) * 0.01, steps, 1e-9);
  return high - low < least ? [middle - least / 2, middle + least / 2] : [low, high];
}

/**
 * Draw the readings that `came` (seconds since 1970, value) into the figure `element`, with the
 * times of the first and the last below. `limits` are the numbers where a state begins, `digits` the decimals that the
 * values have, or null.
 */
export function drawSpark(element, came, limits, digits) {
  const readings = came.toSorted(([a], [b]) => a - b); // a clock that was set brings them in disorder
  const svg = element.querySelector("[data-spark]");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  const [first, last] = [readings[0]?.[0], readings.at(-1)?.[0]];
  const label = (time) => (last > first ? timeOfDay(time * 1000, undefined, false) : "");
  element.querySelector("[data-from]").textContent = label(first);
  element.querySelector("[data-to]").textContent = label(last);
  if (!(last > first)) {
    svg.replaceChildren();
    return;
  }
  const [low, high] = span(readings.map(([, value]) => value), digits);
  const x = (time) => ((time - first) / (last - first)) * WIDTH;
  const y = (value) => HEIGHT - 2 - ((value - low) / (high - low)) * (HEIGHT - 4);
  const lines = limits
    .filter((limit) => limit > low && limit < high)
    .map((limit) => makeSvg("line", { class: "limit", x1: 0, x2: WIDTH, y1: y(limit), y2: y(limit) }));
  svg.replaceChildren(...runs(readings).flatMap((run) => drawRun(run, x, y)), ...lines);
}

/** One reading alone is a dot: a line of no length with round ends. */
function drawRun(run, x, y) {
  const places = run.map(([time, value]) => `${x(time).toFixed(1)} ${y(value).toFixed(1)}`);
  const line = `M${places.join("L")}${run.length === 1 ? "h0" : ""}`;
  const [from, to] = [x(run[0][0]).toFixed(1), x(run.at(-1)[0]).toFixed(1)];
  return [
    makeSvg("path", { class: "area", d: `M${places.join("L")}L${to} ${HEIGHT}L${from} ${HEIGHT}Z` }),
    makeSvg("path", { class: "line", d: line }),
  ];
}
