// The pass on the first page: a countdown to it, and where the satellite stands during it.

import { nowMs, timeOfDay } from "./clock.js";
import { compass, formatCountdown, formatNumber } from "./format.js";
import { getJson, make, page } from "./page.js";
import { SkyPlot } from "./skyplot.js";
import { loadPassTrack, pointAt, trackBetween } from "./track.js";
import { gettext as _ } from "./words.js";

const QUIET_MS = 100;

const panel = document.querySelector(".pass");
const countdown = document.getElementById("countdown");

/** Count down to `pass` and follow it; afterwards go on with the one that the server names. */
export async function followPass(pass) {
  const times = { aos: Date.parse(pass.aos), tca: Date.parse(pass.tca), los: Date.parse(pass.los) };
  const plot = new SkyPlot(document.getElementById("sky"), _("The pass in the sky"));
  showCourse(pass, times);
  const track = await loadPassTrack(pass);
  plot.setPath(trackBetween(track, times.aos, times.los));
  const timer = setInterval(() => {
    const now = nowMs();
    if (now > times.los) {
      clearInterval(timer);
      followNext(pass);
    } else {
      showMoment(now, times, plot, track, pass);
    }
  }, QUIET_MS);
}

/** The next one of the page's satellite, if it was that one's. */
async function followNext(pass) {
  const own = pass.satellite_id && pass.satellite_id === page.satellite;
  const query = new URLSearchParams({ limit: 1, ...(own ? { satellite: page.satellite } : {}) });
  const { passes } = await getJson(`/api/v1/passes?${query}`);
  if (passes.length) {
    document.querySelector(".pass-satellite a").textContent = passes[0].name;
    followPass(passes[0]);
  }
}

function showMoment(now, times, plot, track, pass) {
  const active = now >= times.aos;
  if (panel.classList.toggle("active", active)) {
    setTitle(_("Pass now"));
    setText(countdown, _("sets in %(time)s", { time: formatCountdown((times.los - now) / 1000) }));
  } else {
    setTitle(_("Next pass"));
    setText(countdown, formatCountdown((times.aos - now) / 1000));
  }
  const point = pointAt(track, now);
  plot.show(point);
  if (active && point) showPointing(point, pass);
}

function setTitle(words) {
  setText(document.getElementById("pass-title"), words);
}

function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function showPointing(point, pass) {
  const set = (name, words) => setText(document.querySelector(`[data-pointing=${name}]`), words);
  set("elevation", `${formatNumber(point.elevation_deg, 1)}°`);
  set("azimuth", `${formatNumber(point.azimuth_deg, 1)}°`);
  set("compass", compass(point.azimuth_deg));
  set("range", `${formatNumber(point.range_km, 0)} ${_("km")}`);
  if (pass.frequency_hz) {
    const khz = (-point.range_rate_km_s / 299_792.458) * pass.frequency_hz / 1000;
    set("doppler", `${khz > 0 ? "+" : ""}${formatNumber(khz, 2)} ${_("kHz")}`);
  }
}

function showCourse(pass, times) {
  const line = (words, ms, where) =>
    make(
      "li",
      {},
      make("time", { datetime: new Date(ms).toISOString() }, timeOfDay(ms)),
      make("span", {}, `${words} `, make("span", { class: "muted" }, where)),
    );
  document.getElementById("course").replaceChildren(
    line(_("rises"), times.aos, compass(pass.aos_azimuth_deg)),
    line(_("highest point"), times.tca, `${formatNumber(pass.max_elevation_deg, 0)}° ${compass(pass.tca_azimuth_deg)}`),
    line(_("sets"), times.los, compass(pass.los_azimuth_deg)),
  );
}
