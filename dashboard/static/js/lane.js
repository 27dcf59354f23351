// One parameter of numbers over time: the mean as a line inside the band of minimum and maximum,
// limits as zones, the Earth's shadow and passes behind it.

import { dayOf, timeOfDay } from "./clock.js";
import { formatNumber } from "./format.js";
import { longestStep } from "./gaps.js";
import { page } from "./page.js";
import { gettext as _ } from "./words.js";

const DAY_S = 86_400;
/** The value axis of all lanes is as wide, so that their times stand below each other. */
export const AXIS_REM = 4.2;
export const RIGHT_PX = 12;
const PASS_PX = 5;

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function remPx() {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Words at the times of the axis: clock times; where the range is long, days at their beginnings. */
function timeWords(plot, times) {
  const { min, max } = plot.scales.x;
  const long = max - min > 2 * DAY_S;
  return times.map((s) => {
    const clock = timeOfDay(s * 1000, undefined, max - min < 600);
    return long && clock === "00:00" ? dayOf(s * 1000) : clock;
  });
}

/** Numbers on the value axis, with as many decimals as its steps need. */
function numberWords(_plot, values, _axis, _space, step) {
  const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return values.map((value) => formatNumber(value, digits));
}

const known = new WeakMap();

/** Seconds of the entries of a series: of equal times their middle. */
export function secondsOf(series) {
  if (!known.has(series)) {
    known.set(series, series.times.map((time) => Date.parse(time) / 1000 + series.bucket_s / 2));
  }
  return known.get(series);
}

/** Columns for the chart, broken where nothing was received: a line there would be invented. */
function withGaps(series) {
  const times = secondsOf(series);
  const longest = Math.max(longestStep(times), series.bucket_s * 2.5);
  const columns = [[], [], [], []];
  times.forEach((time, index) => {
    if (index && time - times[index - 1] > longest) {
      [(time + times[index - 1]) / 2, null, null, null].forEach((value, n) => columns[n].push(value));
    }
    [time, series.maximum[index], series.minimum[index], series.mean[index]].forEach((value, n) =>
      columns[n].push(value),
    );
  });
  return columns;
}

/** Zones beyond the limits: [from, to, colour], from the middle outwards. */
export function zonesOf(limits) {
  const zones = [];
  for (const [name, paint] of [["warning", "--warning-soft"], ["critical", "--critical-soft"]]) {
    const [low, high] = limits?.[name] ?? [null, null];
    if (low !== null) zones.push([-Infinity, low, paint]);
    if (high !== null) zones.push([high, Infinity, paint]);
  }
  return zones;
}

function drawBehind(chart, limits) {
  return (plot) => {
    const { ctx, bbox } = plot;
    const x = (text) => Math.min(Math.max(plot.valToPos(Date.parse(text) / 1000, "x", true), bbox.left), bbox.left + bbox.width);
    const y = (value) => Math.min(Math.max(plot.valToPos(value, "y", true), bbox.top), bbox.top + bbox.height);
    ctx.save();
    for (const [from, to, paint] of zonesOf(limits)) {
      const [top, bottom] = [to === Infinity ? bbox.top : y(to), from === -Infinity ? bbox.top + bbox.height : y(from)];
      ctx.fillStyle = colour(paint);
      ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
    }
    ctx.fillStyle = colour("--night");
    for (const { start, end } of chart.shadows) ctx.fillRect(x(start), bbox.top, x(end) - x(start), bbox.height);
    ctx.fillStyle = colour("--track");
    const high = PASS_PX * devicePixelRatio;
    for (const { aos, los } of chart.passes) ctx.fillRect(x(aos), bbox.top, Math.max(x(los) - x(aos), 2), high);
    ctx.restore();
  };
}

/** Lines where the limits lie. */
function drawLimits(limits) {
  return (plot) => {
    const { ctx, bbox } = plot;
    for (const [name, paint] of [["warning", "--warning"], ["critical", "--critical"]]) {
      for (const limit of limits?.[name] ?? []) {
        if (limit === null || limit < plot.scales.y.min || limit > plot.scales.y.max) continue;
        const y = Math.round(plot.valToPos(limit, "y", true));
        ctx.save();
        ctx.strokeStyle = colour(paint);
        ctx.lineWidth = devicePixelRatio * 1.5;
        ctx.setLineDash(name === "warning" ? [4, 5] : [10, 4]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
        ctx.restore();
      }
    }
  };
}

/** Times that somebody wrote a note at, numbered as in the list below the chart. */
function drawNotes(notes) {
  return (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = colour("--simulated");
    ctx.fillStyle = colour("--simulated");
    ctx.lineWidth = devicePixelRatio * 1.5;
    ctx.font = `650 ${0.8 * remPx() * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
    notes.forEach(({ time }, index) => {
      const x = Math.round(plot.valToPos(Date.parse(time) / 1000, "x", true));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.fillText(String(index + 1), x + 3 * devicePixelRatio, bbox.top + remPx() * devicePixelRatio);
    });
    ctx.restore();
  };
}

/** The lane of `series` of `chart` in `container`; `told` has `zoom(startMs, endMs)` and `point(ms)`. */
export class Lane {
  constructor(container, chart, series, heightRem, told) {
    this.container = container;
    this.series = series;
    this.heightRem = heightRem;
    this.quiet = true;
    this.plot = new globalThis.uPlot(this.options(chart, told), withGaps(series), container);
    this.quiet = false;
  }

  size() {
    return { width: this.container.clientWidth, height: this.heightRem * remPx() };
  }

  resize() {
    this.plot.setSize(this.size());
  }

  /** Put the line of the cursor at a time; null: nowhere. */
  point(ms) {
    const left = ms === null ? -10 : this.plot.valToPos(ms / 1000, "x");
    this.quiet = true;
    this.plot.setCursor({ left, top: ms === null ? -10 : 1 });
    this.quiet = false;
  }

  destroy() {
    this.plot.destroy();
  }

  options(chart, told) {
    const style = getComputedStyle(this.container);
    const high = (style.getPropertyValue("--axis") || 0.8) * remPx();
    const font = `${high}px ${style.fontFamily}`;
    const axis = {
      stroke: colour("--muted"),
      font,
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { stroke: colour("--line"), width: 1 },
    };
    const band = colour("--accent");
    const few = this.series.times.length < 80;
    const [start, end] = [chart.start, chart.end].map((text) => Date.parse(text) / 1000);
    const ms = (plot, px) => plot.posToVal(px, "x") * 1000;
    return {
      ...this.size(),
      padding: [8, RIGHT_PX, 0, 0],
      legend: { show: false },
      scales: { x: { time: true, range: () => [start, end] } },
      tzDate: (s) => globalThis.uPlot.tzDate(new Date(s * 1000), page.zone),
      axes: [
        { ...axis, values: timeWords, size: 2 * remPx(), space: 4.5 * remPx() },
        { ...axis, values: numberWords, size: AXIS_REM * remPx(), space: Math.max(30, 1.6 * high) },
      ],
      series: [
        {},
        { label: _("highest"), stroke: "transparent", points: { show: false } },
        { label: _("lowest"), stroke: "transparent", points: { show: false } },
        { label: _("mean"), stroke: band, width: 2, points: { show: few, size: 5 } },
      ],
      bands: [{ series: [1, 2], fill: `color-mix(in srgb, ${band} 22%, transparent)` }],
      cursor: { drag: { x: true, y: false, setScale: false }, y: false, points: { size: 8 } },
      hooks: {
        drawClear: [drawBehind(chart, this.series.limits)],
        draw: [drawLimits(this.series.limits), drawNotes(chart.notes)],
        setCursor: [(plot) => this.quiet || (plot.cursor.left >= 0 && told.point(ms(plot, plot.cursor.left)))],
        setSelect: [
          (plot) => {
            if (plot.select.width < 8) return;
            told.zoom(ms(plot, plot.select.left), ms(plot, plot.select.left + plot.select.width));
          },
        ],
      },
    };
  }
}
