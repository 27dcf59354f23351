// A pass: a countdown to it, and where the satellite stands during it.

import { nowMs, timeOfDay } from "./clock.js";
import { compass, formatCountdown, formatNumber } from "./format.js";
import { getJson, make } from "./page.js";
import { SkyPlot } from "./skyplot.js";
import { loadPassTrack, pointAt, trackBetween } from "./track.js";
import { gettext as _ } from "./words.js";

const QUIET_MS = 100;

/**
 * Count down to `pass` in `panel` and follow it; afterwards go on with the one that the server
 * names: the next one of `satellite`, where the pass was that one's. Seen from `place` (what an
 * address says of it), else from the station; `tell(point, pass)` hears where the satellite stands. Ends
 * with `signal`.
 */
export async function followPass(panel, pass, options = {}) {
  const { place = null, signal = null, tell = null } = options;
  const times = { aos: Date.parse(pass.aos), tca: Date.parse(pass.tca), los: Date.parse(pass.los) };
  const plot = new SkyPlot(panel.querySelector("[data-sky]"), _("The pass in the sky"));
  showCourse(panel, pass, times);
  const track = await loadPassTrack(pass, place);
  if (signal?.aborted) return;
  plot.setPath(trackBetween(track, times.aos, times.los));
  const timer = setInterval(() => {
    const now = nowMs();
    if (now > times.los) {
      clearInterval(timer);
      followNext(panel, pass, options);
    } else {
      const point = pointAt(track, now);
      showMoment(panel, now, times, plot, point, pass);
      tell?.(point, pass);
    }
  }, QUIET_MS);
  signal?.addEventListener("abort", () => clearInterval(timer));
}

async function followNext(panel, pass, options) {
  const { satellite = null, place = null, signal = null } = options;
  const own = pass.satellite_id && pass.satellite_id === satellite;
  const query = new URLSearchParams({ limit: 1, ...(own ? { satellite } : {}), ...place });
  const { passes } = await getJson(`/api/v1/passes?${query}`);
  if (passes.length && !signal?.aborted) {
    panel.querySelector(".pass-satellite a").textContent = passes[0].name;
    followPass(panel, passes[0], options);
  }
}

function showMoment(panel, now, times, plot, point, pass) {
  const active = now >= times.aos;
  const countdown = panel.querySelector("[data-countdown]");
  if (panel.classList.toggle("active", active)) {
    setTitle(panel, _("Pass now"));
    setText(countdown, _("sets in %(time)s", { time: formatCountdown((times.los - now) / 1000) }));
  } else {
    setTitle(panel, _("Next pass"));
    setText(countdown, formatCountdown((times.aos - now) / 1000));
  }
  plot.show(point);
  if (active && point) showPointing(panel, point, pass);
}

function setTitle(panel, words) {
  setText(panel.querySelector("h2"), words);
}

function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function showPointing(panel, point, pass) {
  const set = (name, words) => setText(panel.querySelector(`[data-pointing=${name}]`), words);
  set("elevation", `${formatNumber(point.elevation_deg, 1)}°`);
  set("azimuth", `${formatNumber(point.azimuth_deg, 1)}°`);
  set("compass", compass(point.azimuth_deg));
  set("range", `${formatNumber(point.range_km, 0)} ${_("km")}`);
  if (pass.frequency_hz) {
    const khz = (-point.range_rate_km_s / 299_792.458) * pass.frequency_hz / 1000;
    set("doppler", `${khz > 0 ? "+" : ""}${formatNumber(khz, 2)} ${_("kHz")}`);
  }
}

function showCourse(panel, pass, times) {
  const line = (words, ms, where) =>
    make(
      "li",
      {},
      make("time", { datetime: new Date(ms).toISOString() }, timeOfDay(ms)),
      make("span", {}, `${words} `, make("span", { class: "muted" }, where)),
    );
  panel.querySelector("[data-course]").replaceChildren(
    line(_("rises"), times.aos, compass(pass.aos_azimuth_deg)),
    line(_("highest point"), times.tca, `${formatNumber(pass.max_elevation_deg, 0)}° ${compass(pass.tca_azimuth_deg)}`),
    line(_("sets"), times.los, compass(pass.los_azimuth_deg)),
  );
}
