// The small chart of a value: its last readings, and its limits where they are near.

import { makeSvg } from "./page.js";

const WIDTH = 100;
const HEIGHT = 30;

/** The least height of the chart in steps of the last decimal, so that noise stays small. */
const CALM_STEPS = 12;

/**
 * Draw the last values, evenly spaced. `limits` are the numbers where a state begins, `digits` the
 * decimals that the values have, or null.
 */
export function drawSpark(svg, values, limits, digits) {
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  if (values.length < 2) {
    svg.replaceChildren();
    return;
  }
  let low = Math.min(...values);
  let high = Math.max(...values);
  const middle = (low + high) / 2;
  const steps = digits === null ? 0 : CALM_STEPS * 10 ** -digits;
  const least = Math.max(Math.abs(middle) * 0.01, steps, 1e-9);
  if (high - low < least) [low, high] = [middle - least / 2, middle + least / 2];
  const y = (value) => HEIGHT - 2 - ((value - low) / (high - low)) * (HEIGHT - 4);
  const step = WIDTH / (values.length - 1);
  const line = values.map((value, index) => `${(index * step).toFixed(1)} ${y(value).toFixed(1)}`);
  const lines = limits
    .filter((limit) => limit > low && limit < high)
    .map((limit) => makeSvg("line", { class: "limit", x1: 0, x2: WIDTH, y1: y(limit), y2: y(limit) }));
  svg.replaceChildren(
    makeSvg("path", { class: "area", d: `M${line.join("L")}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z` }),
    ...lines,
    makeSvg("path", { class: "line", d: `M${line.join("L")}` }),
  );
}
