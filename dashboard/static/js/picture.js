// The chart as a picture: what the lanes show, with their titles, as PNG.

import { shadesOf, wordsOf } from "./bands.js";
import { AXIS_REM, RIGHT_PX, colour, remPx } from "./lane.js";

const TITLE_REM = 1.6;
const BAND_REM = 3;

/** A PNG of `lanes` ({ lane, title }) as a Blob; `heading` stands on top. */
export function picture(lanes, heading, width) {
  const [rem, ratio] = [remPx(), devicePixelRatio];
  const height = (lane) => (lane.plot ? lane.plot.height : BAND_REM * rem);
  const total = lanes.reduce((sum, { lane }) => sum + height(lane) + TITLE_REM * rem, 2.2 * rem);
  const canvas = document.createElement("canvas");
  canvas.width = width * ratio;
  canvas.height = total * ratio;
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  ctx.fillStyle = colour("--surface");
  ctx.fillRect(0, 0, width, total);
  const write = (text, y, weight) => {
    ctx.fillStyle = colour("--ink");
    ctx.font = `${weight} ${rem}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.fillText(text, 0.5 * rem, y);
  };
  write(heading, 1.3 * rem, 700);
  let y = 2.2 * rem;
  for (const { lane, title } of lanes) {
    write(title, y + rem, 500);
    y += TITLE_REM * rem;
    if (lane.plot) ctx.drawImage(lane.plot.ctx.canvas, 0, y, lane.plot.width, lane.plot.height);
    else drawBands(ctx, lane, y, width, rem);
    y += height(lane);
  }
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function drawBands(ctx, lane, y, width, rem) {
  const [left, right] = [AXIS_REM * rem, width - RIGHT_PX];
  const shades = shadesOf(lane.series.bands);
  for (const band of lane.series.bands) {
    const x = (text) => left + (lane.share(Date.parse(text)) / 100) * (right - left);
    const mark = lane.container.querySelector(`.band-mark.shade-${shades.get(band.value)}`);
    ctx.fillStyle = mark ? getComputedStyle(mark).backgroundColor : colour("--raised");
    ctx.fillRect(x(band.start), y, Math.max(x(band.end) - x(band.start), 2), (BAND_REM - 0.6) * rem);
    ctx.fillStyle = colour("--ink");
    ctx.save();
    ctx.beginPath();
    ctx.rect(x(band.start), y, x(band.end) - x(band.start), BAND_REM * rem);
    ctx.clip();
    ctx.fillText(wordsOf(band.value, lane.series), x(band.start) + 4, y + 1.5 * rem);
    ctx.restore();
  }
}
