// The chart of up to four parameters: a lane for each below the other, one cursor for all of them.

import { BandLane } from "./bands.js";
import { stampOf } from "./clock.js";
import { Lane } from "./lane.js";
import { make } from "./page.js";
import { picture } from "./picture.js";
import { drawScatter } from "./scatter.js";
import { extremes, frameAt, saidAt, table, timesOf, withUnit } from "./twin.js";
import { gettext as _, unitText } from "./words.js";

const HEIGHTS_REM = [19, 13, 10.5, 9];

const time = document.getElementById("time");
const box = document.getElementById("lanes");
const scatter = document.getElementById("scatter");
const readout = document.getElementById("readout");
const twin = document.getElementById("twin");

/** `labels(name)`: of a parameter; `told` hears `zoom(startMs, endMs)`, `drop(name)`, `reset()`, `pointed(ms)`. */
export class Plot {
  constructor(labels, told) {
    this.labels = labels;
    this.told = told;
    this.lanes = [];
    this.ms = null;
    time.addEventListener("keydown", (event) => this.onKey(event));
    time.addEventListener("input", () => this.point(this.nearest(Number(time.value))));
    twin.addEventListener("toggle", () => this.showTable());
    addEventListener("resize", () => this.redraw());
    document.addEventListener("themechange", () => this.redraw());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  /** Show a chart as the interface gives it; `xy`: its first two parameters against each other. */
  show(chart, xy) {
    [this.chart, this.xy] = [chart, xy];
    this.times = timesOf(chart);
    time.hidden = !this.times.length;
    [time.min, time.max] = [Date.parse(chart.start), Date.parse(chart.end)];
    if (this.ms === null) time.value = time.max;
    this.redraw();
  }

  redraw() {
    if (!this.chart) return;
    for (const { lane } of this.lanes) lane.destroy();
    box.replaceChildren();
    const { series } = this.chart;
    const numeric = series.filter(({ bands }) => !bands);
    const against = this.xy && numeric.length > 1;
    const height = HEIGHTS_REM[numeric.length - 1];
    this.lanes = series.map((each) => this.lane(each, height, against && numeric.slice(0, 2).includes(each)));
    scatter.hidden = !against;
    this.dots = against ? drawScatter(scatter, ...numeric, numeric.map((each) => this.title(each))) : 0;
    this.showTable();
    this.point(this.ms);
  }

  title({ parameter, unit }) {
    return [this.labels(parameter), unitText(unit)].filter(Boolean).join(", ");
  }

  /** A lane with its title; `hidden`: it is shown against another one instead. */
  lane(series, heightRem, hidden) {
    const span = extremes(series);
    const many = this.chart.series.length > 1;
    const drop = make("button", { type: "button", class: "drop", "aria-label": _("out of the chart: %(name)s", { name: this.labels(series.parameter) }) }, "×");
    drop.addEventListener("click", () => this.told.drop(series.parameter));
    const container = make("div", { class: "lane", "data-lane": series.parameter });
    box.append(
      make(
        "div",
        { class: "lane-title" },
        make("h3", {}, this.title(series)),
        span ? make("span", { class: "muted number" }, `${withUnit(series, span[0])} … ${withUnit(series, span[1])}`) : null,
        many ? drop : null,
      ),
      container,
    );
    container.hidden = hidden;
    const told = { zoom: this.told.zoom, point: (ms) => this.point(this.nearest(ms)) };
    const lane = series.bands
      ? new BandLane(container, this.chart, series, told)
      : new Lane(container, this.chart, series, heightRem, told);
    return { lane, title: this.title(series) };
  }

  nearest(ms) {
    return this.times.reduce((best, time) => (Math.abs(time - ms) < Math.abs(best - ms) ? time : best), this.times[0] ?? null);
  }

  /** Put the cursor at a time of the chart, and say what the values were. */
  point(ms) {
    this.ms = ms;
    for (const { lane } of this.lanes) lane.point(ms);
    if (ms === null) {
      readout.replaceChildren();
      time.setAttribute("aria-valuetext", "\u2014");
      return;
    }
    this.told.pointed(ms);
    const when = stampOf(ms);
    const said = this.chart.series.map((series) => `${this.labels(series.parameter)}: ${saidAt(series, ms)?.words ?? "\u2014"}`);
    time.value = ms;
    time.setAttribute("aria-valuetext", [when, ...said].join("; "));
    readout.replaceChildren(
      make("strong", {}, when),
      ...said.map((words) => make("span", {}, words)),
      make("a", { href: frameAt(ms) }, _("frame")),
    );
  }

  onKey(event) {
    if (!this.times?.length || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.keys()[event.key];
    if (!act) return;
    event.preventDefault();
    act(event.shiftKey ? 10 : 1);
  }

  keys() {
    const at = this.times.indexOf(this.ms);
    const to = (index) => this.point(this.times[Math.min(Math.max(index, 0), this.times.length - 1)]);
    const zoom = (factor) => () => {
      const [start, end] = [this.chart.start, this.chart.end].map((text) => Date.parse(text));
      const [middle, half] = [this.ms ?? (start + end) / 2, ((end - start) / 2) * factor];
      this.told.zoom(middle - half, middle + half);
    };
    return {
      ArrowLeft: (step) => to(at < 0 ? this.times.length - 1 : at - step),
      ArrowRight: (step) => to(at < 0 ? 0 : at + step),
      Home: () => to(0),
      End: () => to(this.times.length - 1),
      Enter: () => this.ms !== null && location.assign(frameAt(this.ms)),
      Escape: () => this.told.reset(),
      "+": zoom(0.5),
      "=": zoom(0.5),
      "-": zoom(2),
    };
  }

  showTable() {
    if (twin.open && this.chart) twin.querySelector("div").replaceChildren(table(this.chart, this.labels));
  }

  /** The chart as PNG. */
  picture(heading) {
    if (!scatter.hidden) return new Promise((done) => scatter.toBlob(done, "image/png"));
    return picture(this.lanes, heading, box.clientWidth);
  }
}
