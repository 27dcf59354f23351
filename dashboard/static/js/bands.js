// The history of a parameter of words (a mode, flags): what it said, as a band over time.

import { dateOf, timeOfDay } from "./clock.js";
import { formatValue } from "./format.js";
import { make } from "./page.js";
import { showState } from "./states.js";
import { gettext as _ } from "./words.js";

/** Shades that tell words apart; further words begin again. The word itself stands beside each. */
const SHADES = 8;
/** Changes that are listed, the newest first. */
const LISTED = 50;

function when(text) {
  const ms = Date.parse(text);
  return `${dateOf(ms).slice(5)} ${timeOfDay(ms)}`;
}

function words(value, parameter) {
  return value === null ? _("several") : formatValue(value, parameter);
}

/** A band in `container`; `onZoom(startMs, endMs)` is told of a stretch that was chosen. */
export class Bands {
  constructor(container, onZoom) {
    this.container = container;
    this.onZoom = onZoom;
    this.strip = make("div", { class: "bands" });
    this.axis = make("div", { class: "bands-axis muted" });
    // It scrolls: by keys too.
    this.list = make("ol", { class: "bands-list", tabindex: 0 });
    container.append(this.strip, this.axis, this.list);
  }

  /** Show bands of a parameter as the API gives them, over `startMs` to `endMs`. */
  show(bands, startMs, endMs, parameter) {
    this.parameter = parameter;
    const shades = new Map();
    for (const band of bands) {
      if (!shades.has(band.value)) shades.set(band.value, shades.size % SHADES);
    }
    const part = (ms) => (100 * (Math.min(Math.max(ms, startMs), endMs) - startMs)) / (endMs - startMs);
    this.strip.replaceChildren(
      ...bands.map((band) => this.segment(band, shades.get(band.value), part)),
    );
    this.axis.replaceChildren(
      ...[0, 0.5, 1].map((share) => {
        const label = make("span");
        label.textContent = when(new Date(startMs + share * (endMs - startMs)).toISOString());
        return label;
      }),
    );
    this.list.replaceChildren(
      ...bands.slice(-LISTED).reverse().map((band) => this.item(band, shades.get(band.value))),
    );
  }

  segment(band, shade, part) {
    const segment = make("button", { class: `band shade-${band.value === null ? "several" : shade}` });
    const [from, to] = [part(Date.parse(band.start)), part(Date.parse(band.end))];
    segment.type = "button";
    segment.style.left = `${from}%`;
    segment.style.width = `${to - from}%`;
    segment.title = `${words(band.value, this.parameter)}: ${when(band.start)} – ${when(band.end)}`;
    segment.textContent = words(band.value, this.parameter);
    segment.addEventListener("click", () => {
      const [start, end] = [Date.parse(band.start), Date.parse(band.end)];
      const around = Math.max((end - start) / 10, 30_000);
      this.onZoom(start - around, end + around);
    });
    return segment;
  }

  item(band, shade) {
    const item = make("li");
    const mark = make("span", { class: `band-mark shade-${band.value === null ? "several" : shade}` });
    const text = make("span");
    text.textContent = words(band.value, this.parameter);
    const time = make("span", { class: "muted number" });
    time.textContent = `${when(band.start)} – ${when(band.end)}`;
    item.append(mark, text, time);
    if (band.state && band.state !== "unlimited") {
      const state = make("span");
      showState(state, band.state);
      item.append(state);
    }
    return item;
  }
}
