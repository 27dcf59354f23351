// Where a satellite is between the computed points of its track.

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
