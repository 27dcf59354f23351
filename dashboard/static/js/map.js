// A map without tiles: land, night, the track of a satellite and what it sees.

import "../vendor/d3-array.min.js";
import "../vendor/d3-geo.min.js";
import "../vendor/topojson-client.min.js";
import { makeSvg } from "./page.js";

const WIDTH = 720;
const HEIGHT = 360;
const EARTH_KM = 6371;
const QUARTER = 90;
const { geoCircle, geoEquirectangular, geoGraticule10, geoPath } = globalThis.d3;

const LAND = new URL("../vendor/land-110m.json", import.meta.url);

/** The world in `container`; `words` describe it. */
export class WorldMap {
  constructor(container, words) {
    this.projection = geoEquirectangular().fitSize([WIDTH, HEIGHT], { type: "Sphere" });
    this.path = geoPath(this.projection);
    const layer = (kind) => makeSvg("path", { class: kind });
    this.land = layer("land");
    this.night = layer("night");
    this.past = layer("track past");
    this.next = layer("track");
    this.footprint = layer("footprint");
    this.site = makeSvg("path", { class: "site", d: "M0-6 6 0 0 6-6 0Z", visibility: "hidden" });
    this.satellite = makeSvg("circle", { class: "satellite", r: 7, visibility: "hidden" });
    const graticule = layer("graticule");
    graticule.setAttribute("d", this.path(geoGraticule10()));
    container.replaceChildren(
      makeSvg(
        "svg",
        { class: "map", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words },
        graticule,
        this.land,
        this.night,
        this.footprint,
        this.past,
        this.next,
        this.site,
        this.satellite,
      ),
    );
    this.drawLand();
  }

  async drawLand() {
    const world = await (await fetch(LAND)).json();
    const land = globalThis.topojson.feature(world, world.objects.land);
    this.land.setAttribute("d", this.path(land));
  }

  setSite({ longitude_deg, latitude_deg }) {
    place(this.site, this.projection([longitude_deg, latitude_deg]));
  }

  /** Night is the half of the Earth around the point opposite the Sun. */
  setSun({ longitude_deg, latitude_deg }) {
    const dark = geoCircle().center([longitude_deg + 180, -latitude_deg]).radius(QUARTER)();
    this.night.setAttribute("d", this.path(dark));
  }

  /** The track before and after `ms`, and the satellite with what it sees at `point`. */
  setTrack(track, ms, point) {
    const line = (points) => {
      const coordinates = points.map((p) => [p.longitude_deg, p.latitude_deg]);
      return coordinates.length > 1 ? this.path({ type: "LineString", coordinates }) : "";
    };
    const here = point ? [point] : [];
    this.past.setAttribute("d", line([...track.filter((p) => Date.parse(p.time) <= ms), ...here]));
    this.next.setAttribute("d", line([...here, ...track.filter((p) => Date.parse(p.time) > ms)]));
    if (!point) {
      this.satellite.setAttribute("visibility", "hidden");
      this.footprint.setAttribute("d", "");
      return;
    }
    const centre = [point.longitude_deg, point.latitude_deg];
    const radius = (Math.acos(EARTH_KM / (EARTH_KM + point.altitude_km)) * 180) / Math.PI;
    place(this.satellite, this.projection(centre));
    this.footprint.setAttribute("d", this.path(geoCircle().center(centre).radius(radius)()));
  }
}

function place(element, [x, y]) {
  element.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  element.setAttribute("visibility", "visible");
}
