// The tiles of a board, each kept up to date until a signal.

import { BandLane } from "./bands.js";
import { Lane, remPx } from "./lane.js";
import { live } from "./live.js";
import { getJson, make, page } from "./page.js";
import { followPass } from "./pass.js";
import { Card, listFrame } from "./pieces.js";
import { reasonText } from "./reasons.js";
import { followStory } from "./story.js";
import { gettext as _, unitText } from "./words.js";

const POINTS = 300;
/** A chart is drawn again after a frame of its satellite, at most so often. */
const REDRAW_MS = 5000;
const AGE_MS = 1000;

const KINDS = {
  value(element, tile, signal) {
    const card = new Card(element.querySelector(".card"), tile.parameter);
    const name = element.querySelector("[data-parameter]").dataset.parameter;
    const timer = setInterval(() => card.showAge(), AGE_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
    card.showAge();
    onFrame(signal, tile.satellite, (frame) => {
      if (name in frame.values) card.show(frame.values[name], frame);
    });
  },
  chart(element, tile, signal) {
    const chart = new Chart(element, tile, signal);
    let due = null;
    signal.addEventListener("abort", () => clearTimeout(due));
    onFrame(signal, tile.satellite, () => {
      due ??= setTimeout(() => {
        due = null;
        chart.ask();
      }, REDRAW_MS);
    });
    addEventListener("resize", () => chart.draw(), { signal });
    document.addEventListener("themechange", () => chart.draw(), { signal });
    chart.ask();
  },
  story: (element, { satellite }, signal) =>
    followStory({ satellite, sentence: element.querySelector("[data-story]"), signal }),
  sky: (element, { satellite, pass }, signal) =>
    followPass(element.querySelector(".pass"), pass, { satellite, signal }),
  map: (element, { satellite }, signal) =>
    followStory({ satellite, world: element.querySelector(".world"), signal }),
  frames(element, { only }, signal) {
    const list = element.querySelector("[data-frames]");
    onFrame(signal, only, (frame) => listFrame(list, frame));
  },
};

/** Hear of the frames of a satellite, null: of all. */
function onFrame(signal, satellite, tell) {
  const hear = ({ detail }) => {
    if (!detail.imported && (satellite === null || detail.satellite === satellite)) tell(detail);
  };
  live.addEventListener("frame", hear, { signal });
}

class Chart {
  constructor(element, tile, signal) {
    this.box = element.querySelector("[data-lanes]");
    this.note = element.querySelector("[data-note]");
    this.tile = tile;
    this.signal = signal;
    this.lanes = [];
  }

  async ask() {
    const { satellite, parameters, range } = this.tile;
    const query = new URLSearchParams({ parameters: Object.keys(parameters).join(","), range, points: POINTS });
    try {
      this.chart = await getJson(`/api/v1/satellites/${satellite}/chart?${query}`);
      const said = this.chart.series.some((series) => (series.bands ?? series.times).length);
      this.note.textContent = said ? "" : _("No values in this time.");
    } catch (error) {
      this.chart = null;
      this.note.textContent = reasonText(error.message);
    }
    if (!this.signal.aborted) this.draw();
  }

  draw() {
    for (const lane of this.lanes) lane.destroy();
    this.box.replaceChildren();
    this.lanes = [];
    if (!this.chart) return;
    const places = this.chart.series.map((series) => this.place(series));
    const high = this.box.clientHeight / places.length - places[0].offsetTop + this.box.offsetTop;
    this.lanes = this.chart.series.map((series, index) => {
      series.about = this.tile.parameters[series.parameter];
      const told = { zoom() {}, point() {} };
      const rem = Math.max(high / remPx(), 4);
      return series.bands ? new BandLane(places[index], this.chart, series, told) : new Lane(places[index], this.chart, series, rem, told);
    });
  }

  /** Where a lane comes; of several each has its name above. */
  place(series) {
    const place = make("div", { class: "lane" });
    const { label } = this.tile.parameters[series.parameter];
    const title = [label, unitText(series.unit)].filter(Boolean).join(", ");
    this.box.append(make("div", { class: "lane-box" }, make("h3", {}, title), place));
    return place;
  }
}

/** Bring the tiles in `root` to life; `signal` ends them. */
export function showTiles(root, signal) {
  for (const element of root.querySelectorAll("[data-tile]")) {
    const tile = page.tiles[element.dataset.tile];
    if (!element.querySelector("h3 + .muted")) KINDS[tile.kind](element, tile, signal);
  }
}
