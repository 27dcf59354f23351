// The chart as a table, and what its values were at one time.

import { wordsOf } from "./bands.js";
import { stampOf } from "./clock.js";
import { formatNumber } from "./format.js";
import { secondsOf } from "./lane.js";
import { make, page } from "./page.js";
import { gettext as _, unitText } from "./words.js";

/** Rows of the table, the newest first; the file CSV has all. */
const MOST_ROWS = 200;

/** A number of a series with its unit. */
export function withUnit(series, value) {
  return `${formatNumber(value, series.digits)} ${unitText(series.unit)}`.trim();
}

/** All times of the chart, ascending, milliseconds. */
export function timesOf(chart) {
  const found = new Set();
  for (const series of chart.series) {
    if (series.bands) for (const { start } of series.bands) found.add(Date.parse(start));
    else for (const seconds of secondsOf(series)) found.add(seconds * 1000);
  }
  return [...found].sort((a, b) => a - b);
}

/** What a series said nearest to a time: { ms, words }, or null where it said nothing. */
export function saidAt(series, ms) {
  if (series.bands) {
    const band = series.bands.findLast(({ start }) => Date.parse(start) <= ms);
    return band ? { ms, words: wordsOf(band.value, series) } : null;
  }
  if (!series.times.length) return null;
  const seconds = secondsOf(series);
  let best = 0;
  seconds.forEach((time, index) => {
    if (Math.abs(time - ms / 1000) < Math.abs(seconds[best] - ms / 1000)) best = index;
  });
  const mean = withUnit(series, series.mean[best]);
  const spread = series.minimum[best] !== series.maximum[best];
  const range = `${formatNumber(series.minimum[best], series.digits)} … ${formatNumber(series.maximum[best], series.digits)}`;
  return { ms: seconds[best] * 1000, words: spread ? `${mean} (${range})` : mean };
}

/** The lowest and the highest value of the time shown, or null. */
export function extremes(series) {
  if (series.bands || !series.times.length) return null;
  return [Math.min(...series.minimum), Math.max(...series.maximum)];
}

/** The address of the frame that came at a time. */
export function frameAt(ms) {
  return `/satellites/${page.satellite}/frame?at=${new Date(ms).toISOString()}`;
}

/** A row of the table for a time: what each parameter said at it. */
function rowAt(ms, chart) {
  const cells = chart.series.map((series) => {
    const said = saidAt(series, ms);
    const here = said && Math.abs(said.ms - ms) < 1000 * Math.max(series.bucket_s, 0.001);
    return make("td", { class: "number" }, here ? said.words : "\u2014");
  });
  const time = make("a", { href: frameAt(ms) }, stampOf(ms));
  return make("tr", {}, make("th", { scope: "row" }, time), ...cells);
}

/** A row for a note. */
function noteRow({ time, text, by }, chart) {
  const ms = Date.parse(time);
  return make(
    "tr",
    { class: "note-row" },
    make("th", { scope: "row" }, stampOf(ms)),
    make("td", { colspan: chart.series.length }, `${_("Note")}: ${text} — ${by}`),
  );
}

/** The table of a chart; `labels` by parameter. */
export function table(chart, labels) {
  const head = [_("time"), ...chart.series.map(({ parameter }) => labels(parameter))];
  const rows = [
    ...timesOf(chart).slice(-MOST_ROWS).map((ms) => [ms, rowAt(ms, chart)]),
    ...chart.notes.map((note) => [Date.parse(note.time), noteRow(note, chart)]),
  ].sort(([a], [b]) => b - a);
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...head.map((words) => make("th", { scope: "col" }, words)))),
    make("tbody", {}, ...rows.map(([, row]) => row)),
  );
}
