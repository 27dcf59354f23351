// A burst in steps: what the server computed, drawn.

import "./site.js";
import { formatNumber } from "./format.js";
import { colour, remPx } from "./lane.js";
import { page } from "./page.js";
import { unitText } from "./words.js";

const burst = page.burst;

/** A canvas as wide as its place; gives what draws, and its size in CSS pixels. */
function prepared(canvas) {
  const width = canvas.parentElement.clientWidth;
  const height = Number(canvas.dataset.height) * remPx();
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const ctx = canvas.getContext("2d");
  ctx.scale(devicePixelRatio, devicePixelRatio);
  ctx.font = `${0.8 * remPx()}px ${getComputedStyle(document.body).fontFamily}`;
  return { ctx, width, height };
}

/** A line through points of which `x` and `y` tell the place. */
function line(ctx, count, x, y, paint, thick = 1.5) {
  ctx.strokeStyle = paint;
  ctx.lineWidth = thick;
  ctx.beginPath();
  for (let n = 0; n < count; n += 1) ctx.lineTo(x(n), y(n));
  ctx.stroke();
}

function words(ctx, text, x, y, align) {
  ctx.fillStyle = colour("--muted");
  ctx.textAlign = align;
  ctx.fillText(text, x, y);
}

function zero(ctx, width, y) {
  line(ctx, 2, (n) => n * width, () => y, colour("--line"), 1);
}

const largest = (...rows) => Math.max(1e-6, ...rows.flat().map(Math.abs));
const milliseconds = (value) => `${formatNumber(value, value < 10 ? 1 : 0)} ${unitText("ms")}`;
const kilohertz = (value) => `${formatNumber(value / 1000, 1)} ${unitText("kHz")}`;

function waveform({ ctx, width, height }) {
  const { low, high, near, step_ms: step, near_step_ms: nearStep, frame_ms: frame } = burst.wave;
  const half = height / 2 - remPx();
  const most = largest(low, high);
  const x = (n) => (n / low.length) * width;
  const y = (value) => half / 2 - (value / most) * (half / 2 - 2);
  ctx.fillStyle = colour("--accent-soft");
  ctx.fillRect(x(frame / step), 0, width, half);
  ctx.fillStyle = colour("--accent");
  low.forEach((value, n) => ctx.fillRect(x(n), y(high[n]), Math.max(1, width / low.length), y(value) - y(high[n]) + 1));
  words(ctx, milliseconds(low.length * step), width, half + 0.9 * remPx(), "right");
  const top = height / 2;
  zero(ctx, width, top + half / 2);
  const tall = largest(near);
  line(ctx, near.length, (n) => (n / (near.length - 1)) * width, (n) => top + half / 2 - (near[n] / tall) * (half / 2 - 2), colour("--accent"));
  words(ctx, milliseconds(near.length * nearStep), width, height - 2, "right");
}

/** Below a picture: from which frequency to which. */
function band(ctx, width, height) {
  const { from_hz: from, step_hz: step, db } = burst.spectrum;
  words(ctx, kilohertz(from), 0, height - 2, "left");
  words(ctx, kilohertz(from + step * db.length), width, height - 2, "right");
}

function spectrum({ ctx, width, height }) {
  const { db } = burst.spectrum;
  const low = Math.max(-80, Math.min(...db));
  const floor = height - 1.2 * remPx();
  line(ctx, db.length, (n) => (n / (db.length - 1)) * width, (n) => 2 + (Math.max(db[n], low) / low) * (floor - 4), colour("--accent"));
  zero(ctx, width, floor);
  band(ctx, width, height);
}

function waterfall({ ctx, width, height }) {
  const { rows, row_ms: rowMs } = burst.spectrum;
  const picture = new ImageData(rows[0].length, rows.length);
  rows.flat().forEach((level, n) => {
    // From dark blue over green to yellow: bright is strong, also without colours.
    const part = level / 255;
    picture.data.set([255 * part ** 1.5, 40 + 205 * part, 90 + 60 * part - 100 * part ** 3, 255], 4 * n);
  });
  const small = document.createElement("canvas");
  small.width = rows[0].length;
  small.height = rows.length;
  small.getContext("2d").putImageData(picture, 0, 0);
  ctx.imageSmoothingEnabled = false;
  const floor = height - 1.2 * remPx();
  ctx.drawImage(small, 0, 0, width, floor);
  band(ctx, width, height);
  words(ctx, milliseconds(rows.length * rowMs), width / 2, height - 2, "center");
}

function eye({ ctx, width, height }) {
  const y = (value) => height / 2 - (value / 2) * (height / 2);
  zero(ctx, width, height / 2);
  line(ctx, 2, () => width / 2, (n) => n * height, colour("--line-strong"), 1);
  ctx.globalAlpha = 0.35;
  for (const trace of burst.eye) {
    line(ctx, trace.length, (n) => (n / (trace.length - 1)) * width, (n) => y(trace[n]), colour("--accent"), 1.2);
  }
  ctx.globalAlpha = 1;
}

function path({ ctx, width, height }) {
  const values = burst.path;
  const [low, high] = [Math.min(0, ...values), Math.max(0.5, ...values)];
  const y = (value) => height - 4 - ((value - low) / (high - low)) * (height - 8);
  zero(ctx, width, y(0));
  line(ctx, values.length, (n) => (n / (values.length - 1)) * width, (n) => y(values[n]), colour("--accent"), 2);
  words(ctx, "0°", 2, y(0) - 4, "left");
  words(ctx, `${formatNumber(high * 180, 0)}°`, 2, 0.9 * remPx(), "left");
}

function dots({ ctx, width, height }) {
  const size = Math.min(width, height) / 3.2;
  zero(ctx, width, height / 2);
  line(ctx, 2, () => width / 2, (n) => n * height, colour("--line"), 1);
  ctx.fillStyle = colour("--accent");
  ctx.globalAlpha = 0.6;
  for (const [i, q] of burst.dots) {
    ctx.beginPath();
    ctx.arc(width / 2 + i * size, height / 2 - q * size, 3, 0, 7);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

function symbols({ ctx, width, height }) {
  const wide = width / burst.symbols.length;
  burst.symbols.forEach((value, n) => {
    ctx.fillStyle = colour(value > 0 ? "--accent" : "--track");
    const tall = Math.min(1, Math.abs(value)) * (height / 2 - 2);
    ctx.fillRect(n * wide + 1, value > 0 ? height / 2 - tall : height / 2, Math.max(1, wide - 2), tall);
  });
  zero(ctx, width, height / 2);
}

const PICTURES = { waveform, spectrum, waterfall, eye, path, dots, symbols };

function drawAll() {
  for (const [name, draw] of Object.entries(PICTURES)) {
    const canvas = document.getElementById(name);
    if (canvas) draw(prepared(canvas));
  }
}

if (burst) {
  drawAll();
  addEventListener("resize", drawAll);
  document.addEventListener("themechange", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
}
