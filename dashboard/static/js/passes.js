// The page of passes: the chosen one in the sky, its satellite on the map; of my village, where this
// browser knows one.

import "./site.js";
import { nowMs, timeOfDay } from "./clock.js";
import { compass, formatCountdown, formatNumber, formatSpan } from "./format.js";
import { WorldMap } from "./map.js";
import { icon, make, page } from "./page.js";
import { SkyPlot } from "./skyplot.js";
import { loadPassTrack, loadTrack, pointAt, trackBetween } from "./track.js";
import { forgetPlace, goToMine } from "./village.js";
import { gettext as _ } from "./words.js";

const ORBIT_STEP_S = 30;
/** The map shows where the satellite was lately and where it goes, and is renewed before it ends. */
const BEHIND_MS = 15 * 60_000;
const AHEAD_MS = 95 * 60_000;
const RENEW_MS = 5 * 60_000;
const FRAME_MS = 200;
/** A pass whose times may be wrong by more than this says so, seconds. */
const DOUBT_S = 5;

const plot = page.chosen && new SkyPlot(document.getElementById("sky"), _("The pass in the sky"));
const map = page.chosen && new WorldMap(document.getElementById("map"), _("ground track"));
let chosen = null;
let passTrack = [];
let orbit = { norad: null, points: [], renewMs: 0 };

async function choose(key) {
  chosen = page.passes.find((item) => item.key === key);
  for (const link of document.querySelectorAll("[data-pass]")) {
    if (link.dataset.pass === key) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  document.getElementById("chosen-title").textContent = chosen.name;
  showFacts();
  const wanted = chosen;
  const found = await loadPassTrack(chosen, page.place);
  if (wanted !== chosen) return;
  passTrack = found;
  plot.setPath(trackBetween(found, Date.parse(chosen.aos), Date.parse(chosen.los)));
  await renewOrbit();
}

async function renewOrbit() {
  const now = nowMs();
  orbit = { ...orbit, norad: chosen.norad, renewMs: now + RENEW_MS };
  const found = await loadTrack(chosen.norad, now - BEHIND_MS, now + AHEAD_MS, ORBIT_STEP_S);
  if (found.norad !== chosen.norad) return;
  orbit.points = found.points;
  map.setSun(found.sun);
}

function showFacts() {
  const fact = (words, ...content) =>
    make("div", {}, make("dt", {}, words), make("dd", { class: "number" }, ...content));
  const moment = (ms, azimuth) => `${timeOfDay(Date.parse(ms))} ${compass(azimuth)} ${formatNumber(azimuth, 0)}°`;
  const doubt = chosen.timing_error_s > DOUBT_S;
  document.getElementById("facts").replaceChildren(
    make("div", {}, make("dt", { id: "until-words" }, ""), make("dd", { class: "number", id: "until" }, "")),
    fact(_("rises"), moment(chosen.aos, chosen.aos_azimuth_deg)),
    fact(_("highest point"), `${timeOfDay(Date.parse(chosen.tca))} ${formatNumber(chosen.max_elevation_deg, 0)}°`),
    fact(_("sets"), moment(chosen.los, chosen.los_azimuth_deg)),
    fact(_("duration"), _("%(n)s min", { n: chosen.minutes })),
    fact(_("light"), icon(chosen.sunlit ? "sun" : "shadow"), ` ${chosen.sunlit ? _("sunlight") : _("eclipse")}`),
    ...(doubt ? [fact(_("times may be wrong by"), formatSpan(chosen.timing_error_s))] : []),
  );
}

function showMoment() {
  if (!chosen) return;
  const now = nowMs();
  const [aos, los] = [Date.parse(chosen.aos), Date.parse(chosen.los)];
  const set = (id, words) => {
    const element = document.getElementById(id);
    if (element.textContent !== words) element.textContent = words;
  };
  set("until-words", now < aos ? _("begins in") : now < los ? _("ends in") : _("is over"));
  set("until", now < los ? formatCountdown(((now < aos ? aos : los) - now) / 1000) : "\u2014");
  plot.show(pointAt(passTrack, now));
  if (now > orbit.renewMs || orbit.norad !== chosen.norad) renewOrbit();
  map.setTrack(orbit.points, now, pointAt(orbit.points, now));
}

document.querySelector("[data-forget]")?.addEventListener("click", forgetPlace);
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-pass]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  history.replaceState(null, "", link.href);
  choose(link.dataset.pass);
  // On a phone the sky lies above the list: what was tapped must show itself.
  const sky = document.getElementById("chosen");
  const { top } = sky.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) sky.scrollIntoView();
  sky.focus({ preventScroll: true });
});

if (!page.place) goToMine();
if (page.chosen) {
  if (page.site) map.setSite(page.site);
  choose(page.chosen);
  setInterval(showMoment, FRAME_MS);
}
