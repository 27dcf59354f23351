// The small chart of a value: its last readings, and its limits where they are near.

import { makeSvg } from "./page.js";

const WIDTH = 100;
const HEIGHT = 30;

/** Draw the last values, evenly spaced; `limits` are the numbers where a state begins. */
export function drawSpark(svg, values, limits) {
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  if (values.length < 2) {
    svg.replaceChildren();
    return;
  }
  let low = Math.min(...values);
  let high = Math.max(...values);
  const middle = (low + high) / 2;
  // A steady value is a calm line, not noise blown up to full height.
  const least = Math.max(Math.abs(middle) * 0.01, 1e-9);
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
