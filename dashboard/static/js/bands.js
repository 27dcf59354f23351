// A parameter of words (a mode, flags) over time: what it said, as a band.

import { dayOf, timeOfDay } from "./clock.js";
import { formatValue } from "./format.js";
import { make, page } from "./page.js";
import { showState } from "./states.js";
import { gettext as _ } from "./words.js";

/** Shades that tell words apart; further words begin again. The word itself stands beside each. */
export const SHADES = 8;
/** Changes that are listed, the newest first. */
const LISTED = 50;
/** A chart that is no longer names its times without their days; a short one with their seconds. */
const DAY_MS = 86_400_000;
const SHORT_MS = 600_000;

/** `text`: a time, as milliseconds or ISO 8601. */
function when(text) {
  const ms = new Date(text).getTime();
  return `${dayOf(ms)} ${timeOfDay(ms)}`;
}

/** What a band of `series` says. */
export function wordsOf(value, { parameter, about }) {
  return value === null ? _("several") : formatValue(value, about ?? page.parameters?.[parameter] ?? {});
}

/** The number of the shade of each word of `bands`. */
export function shadesOf(bands) {
  const shades = new Map();
  for (const { value } of bands) {
    if (!shades.has(value)) shades.set(value, value === null ? "several" : shades.size % SHADES);
  }
  return shades;
}

/** The lane of `series` of `chart` in `container`; `told.zoom(startMs, endMs)` hears of a choice. */
export class BandLane {
  constructor(container, chart, series, told) {
    this.container = container;
    this.series = series;
    this.told = told;
    this.span = [chart.start, chart.end].map((text) => Date.parse(text));
    this.cursor = make("div", { class: "bands-cursor", hidden: "" });
    const shades = shadesOf(series.bands);
    const length = this.span[1] - this.span[0];
    const axis = [0, 0.5, 1].map((share) => {
      const ms = this.span[0] + share * length;
      return make("span", {}, length > DAY_MS ? when(ms) : timeOfDay(ms, page.zone, length < SHORT_MS));
    });
    container.append(
      make(
        "div",
        { class: "bands" },
        ...series.bands.map((band) => this.segment(band, shades)),
        ...chart.notes.map((note, index) => this.note(note, index)),
        this.cursor,
      ),
      make("div", { class: "bands-axis muted" }, ...axis),
      // On a board, where no list has room: what each shade says.
      make("ul", { class: "bands-key" }, ...[...shades].map(([value, shade]) => this.meaning(value, shade))),
      // It scrolls: by keys too.
      make(
        "ol",
        { class: "bands-list", tabindex: 0 },
        ...series.bands.slice(-LISTED).reverse().map((band) => this.item(band, shades)),
      ),
    );
  }

  share(ms) {
    const [start, end] = this.span;
    return (100 * (Math.min(Math.max(ms, start), end) - start)) / (end - start);
  }

  segment(band, shades) {
    const title = `${wordsOf(band.value, this.series)}: ${when(band.start)} – ${when(band.end)}`;
    const kind = `band shade-${shades.get(band.value)}`;
    const segment = make("button", { class: kind, type: "button", title }, wordsOf(band.value, this.series));
    const [start, end] = [Date.parse(band.start), Date.parse(band.end)];
    segment.style.left = `${this.share(start)}%`;
    segment.style.width = `${this.share(end) - this.share(start)}%`;
    segment.addEventListener("click", () => {
      const around = Math.max((end - start) / 10, 30_000);
      this.told.zoom(start - around, end + around);
    });
    return segment;
  }

  /** The line of a note, with its number in the list below the chart. */
  note({ time }, index) {
    const mark = make("span", { class: "note-line" }, String(index + 1));
    mark.style.left = `${this.share(Date.parse(time))}%`;
    return mark;
  }

  meaning(value, shade) {
    const mark = make("span", { class: `band-mark shade-${shade}` });
    return make("li", {}, mark, make("span", {}, wordsOf(value, this.series)));
  }

  item(band, shades) {
    const item = make(
      "li",
      {},
      make("span", { class: `band-mark shade-${shades.get(band.value)}` }),
      make("span", {}, wordsOf(band.value, this.series)),
      make("span", { class: "muted number" }, `${when(band.start)} – ${when(band.end)}`),
    );
    if (band.state && band.state !== "unlimited") {
      const state = make("span");
      showState(state, band.state);
      item.append(state);
    }
    return item;
  }

  /** Put the line of the cursor at a time; null: nowhere. */
  point(ms) {
    this.cursor.hidden = ms === null;
    if (ms !== null) this.cursor.style.left = `${this.share(ms)}%`;
  }

  resize() {}

  destroy() {}
}
