// One parameter against another: a dot for each time at which both are known.

import { formatNumber } from "./format.js";
import { colour, remPx, secondsOf, zonesOf } from "./lane.js";

const HEIGHT_REM = 24;
const TICKS = 5;

/** [x, y, ms] at times that both series have; equal times of both (means) too. */
export function pairs(across, up) {
  const other = new Map(secondsOf(up).map((time, index) => [time, up.mean[index]]));
  return secondsOf(across)
    .map((time, index) => [across.mean[index], other.get(time), time * 1000])
    .filter(([, value]) => value !== undefined);
}

function span(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low) * 0.05 || Math.max(Math.abs(high) * 0.01, 0.5);
  return [low - margin, high + margin];
}

/** Round steps of 1, 2 or 5 within a span. */
function ticks([low, high]) {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((each) => each >= rough);
  const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
    found.push([value, formatNumber(value, digits)]);
  }
  return found;
}

/** Draw into `canvas`; `labels` are the names of both. Tells how many dots there are. */
export function drawScatter(canvas, across, up, labels) {
  const dots = pairs(across, up);
  const [rem, ratio] = [remPx(), devicePixelRatio];
  const [width, height] = [canvas.parentElement.clientWidth, HEIGHT_REM * rem];
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  if (!dots.length) return 0;
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  const box = { left: 4.5 * rem, top: rem, right: width - rem, bottom: height - 3.2 * rem };
  const [spanX, spanY] = [span(dots.map(([x]) => x)), span(dots.map(([, y]) => y))];
  const x = (value) => box.left + ((value - spanX[0]) / (spanX[1] - spanX[0])) * (box.right - box.left);
  const y = (value) => box.bottom - ((value - spanY[0]) / (spanY[1] - spanY[0])) * (box.bottom - box.top);
  drawZones(ctx, box, x, y, across.limits, up.limits);
  drawAxes(ctx, box, x, y, ticks(spanX), ticks(spanY), labels, rem);
  ctx.fillStyle = colour("--accent");
  ctx.globalAlpha = dots.length > 200 ? 0.45 : 0.8;
  for (const [across_, up_] of dots) {
    ctx.beginPath();
    ctx.arc(x(across_), y(up_), 3, 0, 7);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
  return dots.length;
}

function drawZones(ctx, box, x, y, across, up) {
  const within = (low, value, high) => Math.min(Math.max(value, low), high);
  for (const [from, to, paint] of zonesOf(across)) {
    const [left, right] = [from, to].map((value) => within(box.left, x(value), box.right));
    ctx.fillStyle = colour(paint);
    ctx.fillRect(left, box.top, right - left, box.bottom - box.top);
  }
  for (const [from, to, paint] of zonesOf(up)) {
    const [low, high] = [from, to].map((value) => within(box.top, y(value), box.bottom));
    ctx.fillStyle = colour(paint);
    ctx.fillRect(box.left, high, box.right - box.left, low - high);
  }
}

function drawAxes(ctx, box, x, y, ticksX, ticksY, [labelX, labelY], rem) {
  ctx.font = `${0.8 * rem}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.strokeStyle = colour("--line");
  ctx.fillStyle = colour("--muted");
  ctx.lineWidth = 1;
  const line = (...points) => {
    ctx.beginPath();
    ctx.moveTo(points[0], points[1]);
    ctx.lineTo(points[2], points[3]);
    ctx.stroke();
  };
  ctx.textAlign = "center";
  for (const [value, words] of ticksX) {
    line(x(value), box.top, x(value), box.bottom);
    ctx.fillText(words, x(value), box.bottom + 1.1 * rem);
  }
  ctx.fillText(labelX, (box.left + box.right) / 2, box.bottom + 2.5 * rem);
  ctx.textAlign = "right";
  for (const [value, words] of ticksY) {
    line(box.left, y(value), box.right, y(value));
    ctx.fillText(words, box.left - 0.4 * rem, y(value) + 0.3 * rem);
  }
  ctx.textAlign = "left";
  ctx.fillText(labelY, box.left + 0.3 * rem, box.top - 0.25 * rem);
}
