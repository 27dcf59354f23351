// The small chart of a value: its last readings, and its limits where they are near.

import { makeSvg } from "./page.js";

const WIDTH = 100;
const HEIGHT = 30;

/** Draw [[ms, value], ...] into `svg`; `limits` are the numbers where a state begins. */
export function drawSpark(svg, readings, limits) {
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  if (readings.length < 2) {
    svg.replaceChildren();
    return;
  }
  const values = readings.map((reading) => reading[1]);
  let low = Math.min(...values);
  let high = Math.max(...values);
  const middle = (low + high) / 2;
  // A steady value is a calm line, not noise blown up to full height.
  const least = Math.max(Math.abs(middle) * 0.01, 1e-9);
  if (high - low < least) [low, high] = [middle - least / 2, middle + least / 2];
  const [start, end] = [readings[0][0], readings.at(-1)[0]];
  const x = (ms) => ((ms - start) / Math.max(1, end - start)) * WIDTH;
  const y = (value) => HEIGHT - 2 - ((value - low) / (high - low)) * (HEIGHT - 4);
  const line = readings.map(([ms, value]) => `${x(ms).toFixed(1)} ${y(value).toFixed(1)}`);
  const lines = limits
    .filter((limit) => limit > low && limit < high)
    .map((limit) => makeSvg("line", { class: "limit", x1: 0, x2: WIDTH, y1: y(limit), y2: y(limit) }));
  svg.replaceChildren(
    makeSvg("path", { class: "area", d: `M${line.join("L")}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z` }),
    ...lines,
    makeSvg("path", { class: "line", d: `M${line.join("L")}` }),
  );
}
