// The page of one satellite: all values live, and the chart of up to four of them over any range.

import "./site.js";
import { live } from "./live.js";
import { listNotes, noteAt, takeNotes } from "./notes.js";
import { getJson, make, page } from "./page.js";
import { followParameters, rows, showValues } from "./parameters.js";
import { Plot } from "./plot.js";
import { reasonText } from "./reasons.js";
import { gettext as _ } from "./words.js";

const POINTS = 600;
/** A chart that ends now is drawn again at most so often. */
const REDRAW_MS = 3000;

const note = document.getElementById("chart-note");
const key = document.getElementById("chart-key");
const reset = document.getElementById("reset");
const against = document.getElementById("xy");
const labels = (name) => page.parameters[name]?.label ?? name;

/** `names`: what is drawn; `range`, or `from` and `to` where somebody looks closer; `xy`. */
let shown = {
  names: page.chosen,
  range: page.time.range ?? "1h",
  from: page.time.start ?? null,
  to: page.time.end || null,
  xy: page.xy,
};
let asked = 0;
let due = null;

const plot = new Plot(labels, {
  zoom: (start, end) => choose({ from: new Date(start).toISOString(), to: new Date(end).toISOString() }),
  drop: (name) => choose({ names: shown.names.filter((other) => other !== name) }),
  reset: () => choose({ from: null, to: null }),
  pointed: noteAt,
});

function time() {
  if (!shown.from) return { range: shown.range };
  return { start: shown.from, ...(shown.to ? { end: shown.to } : {}) };
}

async function draw() {
  clearTimeout(due);
  due = null;
  if (!shown.names.length) return;
  const mine = ++asked;
  const query = new URLSearchParams({ parameters: shown.names.join(","), ...time(), points: POINTS });
  const path = `/api/v1/satellites/${page.satellite}/chart?${query}`;
  try {
    const chart = await getJson(path);
    if (mine !== asked) return; // somebody chose another one meanwhile
    const said = chart.series.some((series) => (series.bands ?? series.times).length);
    note.textContent = said ? "" : _("No values in this time.");
    plot.show(chart, shown.xy);
    if (!document.getElementById("scatter").hidden && !plot.dots) {
      note.textContent = _("These two never came at the same time.");
    }
    showKey(chart);
    listNotes(chart, draw);
    link(chart, path);
  } catch (error) {
    if (mine === asked) note.textContent = reasonText(error.message);
  }
}

/** What the shades behind the lines mean. */
function showKey(chart) {
  const item = (kind, words) => make("li", {}, make("i", { class: kind }), words);
  key.replaceChildren(
    ...(chart.shadows.length ? [item("shadow", _("in the Earth's shadow"))] : []),
    ...(chart.passes.length ? [item("pass", _("pass over the station"))] : []),
  );
}

function link(chart, path) {
  const times = new URLSearchParams({ since: chart.start, until: chart.end });
  const history = `/satellites/${page.satellite}/history.csv?${times}`;
  document.getElementById("chart-json").href = path;
  document.getElementById("history-csv").href = history;
  document.getElementById("chart-csv").href = `${history}&parameters=${shown.names.join(",")}`;
}

function choose(change) {
  shown = { ...shown, ...change };
  if (!shown.names.length) shown.names = page.chosen;
  document.getElementById("history").hidden = false; // until now there was nothing to draw
  document.getElementById("chart-title").textContent = shown.names.map(labels).join(" · ") || _("chart");
  for (const button of document.querySelectorAll("[data-range]")) {
    button.setAttribute("aria-pressed", !shown.from && button.dataset.range === shown.range);
  }
  reset.hidden = !shown.from;
  against.hidden = shown.names.length < 2;
  against.setAttribute("aria-pressed", shown.xy);
  for (const [name, row] of rows) {
    const chosen = shown.names.includes(name);
    row.classList.toggle("chosen", chosen);
    row.querySelector("[data-add]").setAttribute("aria-pressed", chosen);
  }
  const query = new URLSearchParams({ parameters: shown.names.join(","), ...time(), ...(shown.xy ? { xy: 1 } : {}) });
  history.replaceState(null, "", `?${query}`);
  draw();
}

/** Into the chart, or out of it; one more than fit takes the place of the last. */
function toggle(name) {
  const { names } = shown;
  if (names.includes(name)) choose({ names: names.filter((other) => other !== name) });
  else choose({ names: [...names.slice(0, page.most - 1), name] });
}

function toChart() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.getElementById("history").scrollIntoView({ behavior: calm ? "auto" : "smooth" });
}

async function savePicture(event) {
  event.preventDefault();
  const title = document.getElementById("chart-title").textContent;
  const blob = await plot.picture(`${document.querySelector("h1").textContent}: ${title}`);
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${page.satellite}.png` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

document.addEventListener("click", (event) => {
  const name = event.target.closest("[data-parameter]")?.dataset.parameter;
  const range = event.target.closest("[data-range]")?.dataset.range;
  if (name && event.target.closest("[data-chart]")) {
    event.preventDefault();
    choose({ names: [name] });
    toChart();
  } else if (name && event.target.closest("[data-add]")) {
    toggle(name);
  } else if (range) {
    choose({ range, from: null, to: null });
  }
});
reset.addEventListener("click", () => choose({ from: null, to: null }));
against.addEventListener("click", () => choose({ xy: !shown.xy }));
document.getElementById("chart-png").addEventListener("click", savePicture);
live.addEventListener("frame", ({ detail }) => {
  if (detail.satellite !== page.satellite) return;
  if (page.unheard && Object.keys(detail.values).length) location.reload(); // there is a page to see
  showValues(detail);
  if (!shown.from && shown.range !== "last") due ??= setTimeout(draw, REDRAW_MS);
});
takeNotes(draw, (words) => (note.textContent = words));
followParameters();
if (shown.names.length) choose({});
