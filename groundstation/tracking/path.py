"""The path of a whole pass, planned for a rotator before the pass begins.

An azimuth may be reached in several ways: by another turn where the range overlaps, or from behind
with the elevation beyond the zenith. Which way serves each moment is decided for the whole pass at
once (a shortest path over time), so that the antenna never meets its stop in mid-pass if that can
be helped. Where it must swing, or where the satellite is faster than the motor, the way is spread
evenly before and after.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundstation.mount import Mount
from groundstation.orbit.propagation import Floats


@dataclass(frozen=True, slots=True)
class RotatorPath:
    """Commands over time: seconds, azimuth and elevation in the mount's own range.

    ``error_deg`` is the angle between where the antenna looks and the satellite.
    """

    times_s: Floats
    azimuth_deg: Floats
    elevation_deg: Floats
    error_deg: Floats

    def at(self, time_s: float) -> tuple[float, float]:
        """Azimuth and elevation to command at a time; before and after the path its ends."""
        return (
            float(np.interp(time_s, self.times_s, self.azimuth_deg)),
            float(np.interp(time_s, self.times_s, self.elevation_deg)),
        )

    def blind_s(self, beam_deg: float) -> float:
        """Seconds in which the satellite is further than ``beam_deg`` from the antenna's axis."""
        blind = (self.error_deg[1:] > beam_deg) & (self.error_deg[:-1] > beam_deg)
        return float(np.diff(self.times_s)[blind].sum())


def plan_path(
    times_s: Floats,
    azimuth_deg: Floats,
    elevation_deg: Floats,
    mount: Mount,
    now_deg: tuple[float, float] | None = None,
) -> RotatorPath:
    """The path for a pass whose azimuth (0 to 360) and elevation are known at increasing times.

    ``now_deg`` is where the antenna stands: of equally good ways the nearer one is taken.
    """
    target = _representations(azimuth_deg, elevation_deg, mount)
    ways = [_best_way(times_s, target, elevation_deg, mount, now_deg)]
    if mount.highest_deg > 90:
        ways += _over_the_top(target, int(np.argmax(elevation_deg)))
    paths = [_driven(times_s, way, azimuth_deg, elevation_deg, mount) for way in ways]
    return min(paths, key=lambda path: float(path.error_deg.mean().round(3)))


def _driven(
    times_s: Floats, way: Floats, azimuth_deg: Floats, elevation_deg: Floats, mount: Mount
) -> RotatorPath:
    """What the motors make of a way."""
    azimuth = _with_ramps(times_s, way, mount.azimuth_rate_deg_s)
    azimuth = _within_rate(times_s, azimuth, mount.azimuth_rate_deg_s)
    if not mount.endless:
        azimuth = np.clip(azimuth, mount.lowest_azimuth_deg, mount.highest_azimuth_deg)
    # The elevation that looks nearest to the satellite, given the azimuth.
    beside = np.radians(azimuth_deg - azimuth)
    high = np.radians(np.maximum(elevation_deg, 0.0))
    elevation = np.degrees(np.arctan2(np.sin(high), np.cos(high) * np.cos(beside)))
    elevation = np.clip(elevation, mount.lowest_deg, mount.highest_deg)
    elevation = _within_rate(times_s, elevation, mount.elevation_rate_deg_s)
    return RotatorPath(
        times_s, azimuth, elevation, _apart_deg(azimuth, elevation, azimuth_deg, elevation_deg)
    )


def _over_the_top(target: Floats, top: int) -> list[Floats]:
    """Ways that change from one row of ``target`` to another at the highest point.

    Between looking from the front and from behind the antenna then tilts over the zenith, while
    its azimuth hardly moves.
    """
    before = np.flatnonzero(~np.isnan(target[:, : top + 1]).any(axis=1))
    after = np.flatnonzero(~np.isnan(target[:, top + 1 :]).any(axis=1))
    return [
        np.concatenate((target[i, : top + 1], target[j, top + 1 :]))
        for i in before
        for j in after
        if i != j
    ]


def _representations(azimuth_deg: Floats, elevation_deg: Floats, mount: Mount) -> Floats:
    """All azimuths of the mount that look at the satellite, one row a way; NaN out of range.

    Where the range ends short of a whole turn and none looks at it, it waits at the nearer stop.
    """
    turns = np.arange(-3, 4) * 360.0
    rows = [azimuth_deg % 360 + turn for turn in turns]
    if mount.highest_deg > 90:
        rows += [(azimuth_deg + 180) % 360 + turn for turn in turns]
    found = np.array(rows)
    low, high = _range(mount)
    found[(found < low) | (found > high)] = np.nan
    beyond = np.isnan(found).all(axis=0)
    if beyond.any():
        to_low, to_high = (
            np.abs((azimuth_deg[beyond] - stop + 180) % 360 - 180) for stop in (low, high)
        )
        found[:, beyond] = np.where(to_low < to_high, low, high)
    result: Floats = found[~np.isnan(found).all(axis=1)]
    return result


def _range(mount: Mount) -> tuple[float, float]:
    """Lowest and highest azimuth of a path; without stops more than any pass needs."""
    if mount.endless:
        return -720.0, 720.0
    return mount.lowest_azimuth_deg, mount.highest_azimuth_deg


def _best_way(
    times_s: Floats,
    target: Floats,
    elevation_deg: Floats,
    mount: Mount,
    now_deg: tuple[float, float] | None,
) -> Floats:
    """The azimuths of the cheapest way through the rows of ``target`` (Viterbi's algorithm).

    A step costs what the motor cannot do in its time, weighed by how far off that looks: little
    near the zenith. Tiny costs prefer less motion, and a start near to where the antenna is.
    """
    count, steps = target.shape
    cost = np.where(np.isnan(target[:, 0]), np.inf, 0.0)
    if now_deg is not None:
        cost = cost + np.nan_to_num(np.abs(target[:, 0] - now_deg[0])) * 1e-3
    # Of ways as good as each other, the one that stays clear of the stops.
    middle = sum(_range(mount)) / 2
    cost = cost + np.nan_to_num(np.abs(target[:, 0] - middle)) * 1e-6
    came_from = np.zeros((steps, count), dtype=np.intp)
    for step in range(1, steps):
        motion = np.abs(target[:, step][None, :] - target[:, step - 1][:, None])
        reach = mount.azimuth_rate_deg_s * (times_s[step] - times_s[step - 1])
        weight = np.cos(np.radians(np.clip(elevation_deg[step], 0.0, 89.9)))
        price = np.maximum(motion - reach, 0.0) * weight + motion * 1e-4
        total = cost[:, None] + np.where(np.isnan(price), np.inf, price)
        came_from[step] = total.argmin(axis=0)
        cost = total.min(axis=0)
    row = int(cost.argmin())
    result = np.empty(steps)
    for step in range(steps - 1, -1, -1):
        result[step] = target[row, step]
        row = int(came_from[step, row])
    return result


def _with_ramps(times_s: Floats, azimuth: Floats, rate: float) -> Floats:
    """Where the motor is too slow, straight ramps at its full speed, evenly before and after.

    Where less than half of a swing's time lies on one side of it, that side is given up.
    """
    result = azimuth.copy()
    fast = np.abs(np.diff(result)) > rate * np.diff(times_s) + 1e-9
    last = len(result) - 1
    at = 0
    while at < last:
        if not fast[at]:
            at += 1
            continue
        low, high = at, at + 1
        while high < last and fast[high]:
            high += 1
        before, after = low, high
        while abs(azimuth[high] - azimuth[low]) > rate * (times_s[high] - times_s[low]):
            if low == 0:
                result[:after] = azimuth[after]  # begin on the other side
                break
            if high == last:
                result[before + 1 :] = azimuth[before]  # stay on this side
                break
            low, high = low - 1, high + 1
        else:
            inside = slice(low, high + 1)
            result[inside] = np.interp(times_s[inside], times_s[[low, high]], azimuth[[low, high]])
        at = high
    return result


def _within_rate(times_s: Floats, values: Floats, rate: float) -> Floats:
    """``values`` slowed to ``rate``: midway between starting too early and arriving too late."""
    late, early = values.copy(), values.copy()
    steps = np.diff(times_s) * rate
    for i in range(1, len(values)):
        late[i] = np.clip(values[i], late[i - 1] - steps[i - 1], late[i - 1] + steps[i - 1])
    for i in range(len(values) - 2, -1, -1):
        early[i] = np.clip(values[i], early[i + 1] - steps[i], early[i + 1] + steps[i])
    result: Floats = (late + early) / 2
    return result


def _apart_deg(
    azimuth0: Floats, elevation0: Floats, azimuth1: Floats, elevation1: Floats
) -> Floats:
    """Angle between two directions."""
    a0, e0, a1, e1 = (np.radians(x) for x in (azimuth0, elevation0, azimuth1, elevation1))
    one = np.stack((np.cos(e0) * np.sin(a0), np.cos(e0) * np.cos(a0), np.sin(e0)))
    two = np.stack((np.cos(e1) * np.sin(a1), np.cos(e1) * np.cos(a1), np.sin(e1)))
    half = np.linalg.norm(one - two, axis=0) / 2
    result: Floats = np.degrees(2 * np.arcsin(np.clip(half, 0, 1)))
    return result
