// A chart of one parameter over time: the mean as a line inside the band of minimum and maximum.

import { dateOf, timeOfDay } from "./clock.js";
import { formatNumber } from "./format.js";
import { page } from "./page.js";
import { gettext as _, unitText } from "./words.js";

const HEIGHT_REM = 19;
const DAY_S = 86_400;
/** A silence of so many usual steps breaks the line. */
const GAP_STEPS = 8;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function remPx() {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Words at the times of the axis: clock times, with the date where the range is long. */
function timeWords(plot, times) {
  const { min, max } = plot.scales.x;
  const long = max - min > 2 * DAY_S;
  return times.map((s) => (long ? dateOf(s * 1000).slice(5) : timeOfDay(s * 1000, undefined, max - min < 600)));
}

/** Numbers on the value axis, with as many decimals as its steps need. */
function numberWords(_plot, values, _axis, _space, step) {
  const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return values.map((value) => formatNumber(value, digits));
}

/** Columns for the chart, broken where nothing was received: a line there would be invented. */
function withGaps(series) {
  const half = series.bucket_s / 2;
  const times = series.times.map((time) => Date.parse(time) / 1000 + half);
  const steps = times.slice(1).map((time, index) => time - times[index]);
  const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  const longest = Math.max(usual * GAP_STEPS, series.bucket_s * 2.5);
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

/** A chart in `container`; `onZoom(startMs, endMs)` is told of a range that was drawn with the mouse. */
export class Chart {
  constructor(container, onZoom) {
    this.container = container;
    this.onZoom = onZoom;
    this.plot = null;
    addEventListener("resize", () => this.plot?.setSize(this.size()));
    document.addEventListener("themechange", () => this.redraw());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  size() {
    return { width: this.container.clientWidth, height: HEIGHT_REM * remPx() };
  }

  /** Show a series as the API gives it, over `startMs` to `endMs`. */
  show(series, startMs, endMs) {
    this.last = [series, startMs, endMs];
    this.redraw();
  }

  redraw() {
    if (!this.last) return;
    const [series, startMs, endMs] = this.last;
    this.plot?.destroy();
    this.plot = new globalThis.uPlot(
      this.options(series, startMs, endMs),
      withGaps(series),
      this.container,
    );
  }

  options(series, startMs, endMs) {
    const number = (value) => (value === null || value === undefined ? "\u2014" : `${formatNumber(value, series.digits)} ${unitText(series.unit)}`);
    const font = `${0.8 * remPx()}px ${getComputedStyle(document.body).fontFamily}`;
    const axis = {
      stroke: colour("--muted"),
      font,
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { stroke: colour("--line"), width: 1 },
    };
    const band = colour("--accent");
    const few = series.times.length < 80;
    return {
      ...this.size(),
      scales: { x: { time: true, range: () => [startMs / 1000, endMs / 1000] } },
      tzDate: (s) => globalThis.uPlot.tzDate(new Date(s * 1000), page.zone),
      axes: [
        { ...axis, values: timeWords, size: 2.2 * remPx(), space: 4.5 * remPx() },
        { ...axis, values: numberWords, size: 4 * remPx() },
      ],
      series: [
        { label: _("time"), value: (_plot, s) => (s === null ? "\u2014" : `${dateOf(s * 1000)} ${timeOfDay(s * 1000)}`) },
        { label: _("highest"), stroke: "transparent", points: { show: false }, value: (_plot, v) => number(v) },
        { label: _("lowest"), stroke: "transparent", points: { show: false }, value: (_plot, v) => number(v) },
        { label: _("mean"), stroke: band, width: 2, points: { show: few, size: 5 }, value: (_plot, v) => number(v) },
      ],
      bands: [{ series: [1, 2], fill: `color-mix(in srgb, ${band} 22%, transparent)` }],
      cursor: { drag: { x: true, y: false, setScale: false } },
      hooks: {
        draw: [drawLimits(series.limits)],
        setSelect: [
          (plot) => {
            if (plot.select.width < 8) return;
            const ms = (px) => plot.posToVal(px, "x") * 1000;
            this.onZoom(ms(plot.select.left), ms(plot.select.left + plot.select.width));
          },
        ],
      },
    };
  }
}
