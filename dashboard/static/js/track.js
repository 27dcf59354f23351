// Tracks of satellites: asked of the server, and where one is between the computed points.

import { getJson } from "./page.js";

const PASS_STEP_S = 5;
/** Time around a pass, so that the satellite is seen to come and go. */
const MARGIN_MS = 10_000;

/** The track of a satellite, as `/api/v1/track` answers; from `place` (what an address says of
    it), else from the station. */
export async function loadTrack(norad, startMs, endMs, step, place = null) {
  const [start, end] = [startMs, endMs].map((ms) => new Date(ms).toISOString());
  return getJson(`/api/v1/track/${norad}?${new URLSearchParams({ start, end, step, ...place })}`);
}

/** The points of a pass and a little around it. */
export async function loadPassTrack(pass, place = null) {
  const [start, end] = [Date.parse(pass.aos) - MARGIN_MS, Date.parse(pass.los) + MARGIN_MS];
  return (await loadTrack(pass.norad, start, end, PASS_STEP_S, place)).points;
}

/** `track` from one time to another, both with a point of their own; points have `ms`. */
export function trackBetween(track, startMs, endMs) {
  const inside = track
    .map((point) => ({ ...point, ms: Date.parse(point.time) }))
    .filter((point) => point.ms > startMs && point.ms < endMs);
  return [pointAt(track, startMs), ...inside, pointAt(track, endMs)].filter(Boolean);
}

/** The point of `track` at `ms`, interpolated along straight lines, or null outside of it. */
export function pointAt(track, ms) {
  const after = track.findIndex((point) => Date.parse(point.time) >= ms);
  if (after < 1) return null;
  const [a, b] = [track[after - 1], track[after]];
  const [start, end] = [Date.parse(a.time), Date.parse(b.time)];
  const part = (ms - start) / (end - start);
  const between = (name) => a[name] + (b[name] - a[name]) * part;
  return {
    ms,
    azimuth_deg: turned(a.azimuth_deg, b.azimuth_deg, part, 0),
    longitude_deg: turned(a.longitude_deg, b.longitude_deg, part, -180),
    latitude_deg: between("latitude_deg"),
    altitude_km: between("altitude_km"),
    elevation_deg: between("elevation_deg"),
    range_km: between("range_km"),
    range_rate_km_s: between("range_rate_km_s"),
    sunlit: a.sunlit,
  };
}

function turned(from, to, part, lowest) {
  const way = ((to - from + 540) % 360) - 180;
  return ((from + way * part - lowest + 360) % 360) + lowest;
}
