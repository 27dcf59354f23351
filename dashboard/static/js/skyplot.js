// The sky from the site, as on a map laid flat: north up, east right, the zenith in the middle.

import { timeOfDay } from "./clock.js";
import { makeSvg } from "./page.js";
import { pgettext } from "./words.js";

const RADIUS = 100;
const EDGE = 18;

/** Place of a direction in the plot: [x, y]. */
function place(azimuthDeg, elevationDeg) {
  const distance = (RADIUS * (90 - Math.max(0, elevationDeg))) / 90;
  const angle = (azimuthDeg * Math.PI) / 180;
  return [distance * Math.sin(angle), -distance * Math.cos(angle)];
}

function path(points) {
  const places = points.map((point) =>
    place(point.azimuth_deg, point.elevation_deg).map((n) => n.toFixed(1)).join(" "),
  );
  return places.length ? `M${places.join("L")}` : "";
}

function background() {
  const letters = [
    [pgettext("letter", "N"), 0, -1],
    [pgettext("letter", "E"), 1, 0],
    [pgettext("letter", "S"), 0, 1],
    [pgettext("letter", "W"), -1, 0],
  ];
  const far = RADIUS + EDGE / 2;
  return [
    makeSvg("circle", { class: "dome", r: RADIUS }),
    ...[30, 60].map((deg) => makeSvg("circle", { class: "ring", r: (RADIUS * (90 - deg)) / 90 })),
    makeSvg("path", { class: "cross", d: `M0 ${-RADIUS}V${RADIUS}M${-RADIUS} 0H${RADIUS}` }),
    ...[30, 60].map((deg) =>
      makeSvg("text", { x: 9, y: (-RADIUS * (90 - deg)) / 90 + 6 }, `${deg}°`),
    ),
    ...letters.map(([letter, x, y]) =>
      makeSvg("text", { class: "cardinal", x: x * far, y: y * far }, letter),
    ),
  ];
}

/** An end of the path with its time, which stands beside the path on its outer side. */
function moment(end, next, middle) {
  const [x, y] = place(end.azimuth_deg, end.elevation_deg);
  const [nextX, nextY] = place(next.azimuth_deg, next.elevation_deg);
  const [middleX, middleY] = place(middle.azimuth_deg, middle.elevation_deg);
  const length = Math.hypot(nextX - x, nextY - y) || 1;
  const [alongX, alongY] = [(nextX - x) / length, (nextY - y) / length];
  const side = alongX * (middleY - y) - alongY * (middleX - x) > 0 ? -1 : 1;
  const textX = x + 7 * alongX - 19 * side * alongY;
  const textY = y + 7 * alongY + 19 * side * alongX;
  return [
    makeSvg("circle", { class: "end", cx: x, cy: y, r: 4 }),
    makeSvg(
      "text",
      { class: "moment", x: textX, y: textY },
      timeOfDay(end.ms, undefined, false),
    ),
  ];
}

/** A plot of one pass; `show(point)` moves the satellite, null hides it. */
export class SkyPlot {
  constructor(container, words) {
    const size = RADIUS + EDGE;
    this.path = makeSvg("path", { class: "path" });
    this.flown = makeSvg("path", { class: "flown" });
    this.ends = makeSvg("g");
    this.satellite = makeSvg(
      "g",
      { visibility: "hidden" },
      makeSvg("circle", { class: "halo", r: 10 }),
      makeSvg("circle", { class: "satellite", r: 6 }),
    );
    this.svg = makeSvg(
      "svg",
      { class: "skyplot", viewBox: `${-size} ${-size} ${2 * size} ${2 * size}`, role: "img" },
      ...background(),
      this.path,
      this.flown,
      this.ends,
      this.satellite,
    );
    this.svg.setAttribute("aria-label", words);
    container.replaceChildren(this.svg);
    this.points = [];
  }

  /** Show the path of a pass from AOS to LOS: points with ms, azimuth_deg, elevation_deg. */
  setPath(points) {
    this.points = points;
    this.path.setAttribute("d", path(this.points));
    this.ends.replaceChildren();
    if (this.points.length > 2) {
      const middle = this.points[this.points.length >> 1];
      this.ends.append(
        ...moment(this.points[0], this.points[1], middle),
        ...moment(this.points.at(-1), this.points.at(-2), middle),
      );
    }
    this.show(null);
  }

  /** Put the satellite where `point` says. */
  show(point) {
    const up = point && point.elevation_deg >= -0.5;
    this.satellite.setAttribute("visibility", up ? "visible" : "hidden");
    if (!up) {
      this.flown.setAttribute("d", "");
      return;
    }
    const [x, y] = place(point.azimuth_deg, point.elevation_deg);
    this.satellite.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
    const before = this.points.filter((other) => other.ms < point.ms);
    this.flown.setAttribute("d", path([...before, point]));
  }
}
