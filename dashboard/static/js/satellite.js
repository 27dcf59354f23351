// The page of one satellite: all values live, and the chart of one of them over any range.

import "./site.js";
import { Bands } from "./bands.js";
import { Chart } from "./chart.js";
import { nowMs } from "./clock.js";
import { formatAge, formatRaw, formatValue } from "./format.js";
import { live } from "./live.js";
import { getJson, make, page } from "./page.js";
import { reasonText } from "./reasons.js";
import { showState } from "./states.js";
import { gettext as _ } from "./words.js";

const POINTS = 600;
const MINUTE_MS = 60_000;
const RANGES_MS = {
  "10m": 10 * MINUTE_MS,
  "1h": 60 * MINUTE_MS,
  "6h": 360 * MINUTE_MS,
  "1d": 1440 * MINUTE_MS,
  "7d": 7 * 1440 * MINUTE_MS,
  "30d": 30 * 1440 * MINUTE_MS,
  "1y": 365 * 1440 * MINUTE_MS,
};
/** A chart that ends now is drawn again at most so often. */
const REDRAW_MS = 3000;

const rows = new Map();
for (const element of document.querySelectorAll("[data-parameter]")) {
  rows.set(element.dataset.parameter, element);
}
const chart = new Chart(document.getElementById("chart"), (start, end) => zoom(start, end));
const bands = new Bands(document.getElementById("bands"), (start, end) => zoom(start, end));
let shown = { parameter: page.parameter, range: page.range, from: null };
let due = null;

function span() {
  const end = nowMs();
  return shown.from ?? [end - RANGES_MS[shown.range], end];
}

async function draw() {
  clearTimeout(due);
  due = null;
  if (!shown.parameter) return;
  const [start, end] = span();
  const query = new URLSearchParams({
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    points: POINTS,
  });
  const path = `satellites/${page.satellite}/parameters/${shown.parameter}`;
  document.getElementById("series-csv").href = `/${path}.csv?${query}`;
  document.getElementById("series-json").href = `/api/v1/${path}?${query}`;
  const times = new URLSearchParams({ since: query.get("start"), until: query.get("end") });
  document.getElementById("history-csv").href = `/satellites/${page.satellite}/history.csv?${times}`;
  const note = document.getElementById("chart-note");
  try {
    const series = await getJson(`/api/v1/${path}?${query}`);
    const said = series.bands ?? series.times;
    note.textContent = said.length ? "" : _("No values in this time.");
    chart.container.hidden = Boolean(series.bands);
    bands.container.hidden = !series.bands;
    if (series.bands) bands.show(series.bands, start, end, page.parameters[shown.parameter] ?? {});
    else chart.show(series, start, end);
  } catch (error) {
    note.textContent = reasonText(error.message);
  }
}

function choose(change) {
  shown = { ...shown, ...change };
  const parameter = page.parameters[shown.parameter];
  document.getElementById("chart-title").textContent = parameter?.label ?? _("chart");
  document.getElementById("chart-doc").textContent = parameter?.doc ?? "";
  for (const button of document.querySelectorAll("[data-range]")) {
    button.setAttribute("aria-pressed", !shown.from && button.dataset.range === shown.range);
  }
  for (const [name, row] of rows) row.classList.toggle("chosen", name === shown.parameter);
  const query = new URLSearchParams({ parameter: shown.parameter, range: shown.range });
  history.replaceState(null, "", `?${query}`);
  draw();
}

function zoom(start, end) {
  choose({ from: [start, end] });
}

function onFrame(frame) {
  if (frame.satellite !== page.satellite) return;
  for (const [name, reading] of Object.entries(frame.values)) {
    const row = rows.get(name);
    if (row) showReading(row, reading, frame, page.parameters[name]);
  }
  if (!shown.from) due ??= setTimeout(draw, REDRAW_MS);
}

function showReading(row, reading, frame, parameter) {
  row.querySelector("[data-value]").textContent = formatValue(reading.value, parameter);
  row.querySelector("[data-raw]").textContent = formatRaw(reading.raw);
  row.querySelector("[data-age]").dataset.time = frame.received;
  const state = row.querySelector("[data-state]");
  if (state.dataset.state !== reading.state) showState(state, reading.state);
}

function showAges() {
  for (const row of rows.values()) {
    const age = row.querySelector("[data-age]");
    if (age.dataset.time) age.textContent = formatAge((nowMs() - Date.parse(age.dataset.time)) / 1000);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-chart]");
  const button = event.target.closest("[data-range]");
  if (link) {
    event.preventDefault();
    choose({ parameter: link.dataset.chart });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    document.getElementById("history").scrollIntoView({ behavior: calm ? "auto" : "smooth" });
  } else if (button) {
    choose({ range: button.dataset.range, from: null });
  }
});
live.addEventListener("frame", (event) => onFrame(event.detail));
showAges();
setInterval(showAges, 1000);
if (shown.parameter) choose({});
