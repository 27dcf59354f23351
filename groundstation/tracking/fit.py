"""The mount of the settings against what the controller says of itself, before the pass."""

from __future__ import annotations

import math
from dataclasses import replace

from groundstation.mount import WHOLE_TURN_DEG, Mount
from groundstation.tracking.limits import RotatorLimits
from groundstation.tracking.path import RotatorPath


def fitted(mount: Mount, limits: RotatorLimits) -> Mount:
    """``mount`` as the controller can drive it.

    What both allow; where that is less than a whole turn, the controller's own range, because the
    settings name another. A mount without stops stays one: what it is sent is brought into range.
    """
    low, high = limits.lowest_azimuth_deg, limits.highest_azimuth_deg
    if mount.endless and high - low < WHOLE_TURN_DEG:
        mount = replace(mount, endless=False, folds=False)
    within = max(low, mount.lowest_azimuth_deg), min(high, mount.highest_azimuth_deg)
    if not mount.endless and within[1] - within[0] >= WHOLE_TURN_DEG:
        low, high = within
    top = min(mount.highest_deg, limits.highest_deg)
    return replace(
        mount,
        lowest_azimuth_deg=low,
        highest_azimuth_deg=high,
        lowest_deg=max(0.0, min(limits.lowest_deg, top)),
        highest_deg=top,
        folds=mount.endless,
    )


def outside(path: RotatorPath, mount: Mount, limits: RotatorLimits) -> bool:
    """Whether a path planned for ``mount`` would be refused."""
    azimuths = [mount.sent(azimuth) for azimuth in path.azimuth_deg.tolist()]
    return not (
        limits.lowest_azimuth_deg <= min(azimuths)
        and max(azimuths) <= limits.highest_azimuth_deg
        and limits.lowest_deg <= path.elevation_deg.min()
        and path.elevation_deg.max() <= limits.highest_deg
    )


def told(who: str, written: Mount, limits: RotatorLimits, fit: Mount, path: RotatorPath) -> str:
    """What the operator should know of a plan that was made anew, and what to write."""
    sentence = (
        f"{who} takes azimuth {limits.lowest_azimuth_deg:g} to {limits.highest_azimuth_deg:g} and "
        f"elevation {limits.lowest_deg:g} to {limits.highest_deg:g}, which the mount "
        f"{written.text!r} of the settings leaves: this pass is planned for what it takes"
    )
    if name := _name(fit):
        sentence += f'; write mount = "{name}"'
    blind_s = path.blind_s(10.0)
    if blind_s:
        sentence += f"; for {blind_s:.0f} s of it the antenna does not reach the satellite"
    return sentence


def _name(fit: Mount) -> str:
    """How a mount of this range is written; empty where the range is less than a turn."""
    low, high = math.ceil(fit.lowest_azimuth_deg), math.floor(fit.highest_azimuth_deg)
    if fit.endless or high - low < WHOLE_TURN_DEG:
        return ""
    return f"{low}-{high}" + (" flip" if fit.highest_deg > 90 else "")


def refused_hint(mount: Mount, azimuth_deg: float, elevation_deg: float) -> str:
    """Which mount would fit a controller that refuses this direction, as the end of a sentence."""
    flip = " flip" if mount.highest_deg > 90 else ""
    if elevation_deg > 90:
        return f'; if it cannot tilt over, write mount = "{mount.text.removesuffix(" flip")}"'
    if azimuth_deg > 360 or azimuth_deg < -180:
        return f'; if it does not turn so far, write mount = "0-360{flip}" (or "-180-180{flip}")'
    if azimuth_deg < 0:
        return f'; if it counts from 0 to 360, write mount = "0-360{flip}"'
    if azimuth_deg > 180:
        return f'; if it counts from -180 to 180, write mount = "-180-180{flip}"'
    return ""


def reading_hint(mount: Mount, azimuth_deg: float) -> str:
    """Which mount would fit a controller that reports this azimuth, as the end of a sentence."""
    flip = " flip" if mount.highest_deg > 90 else ""
    if 360 < azimuth_deg <= 460:
        return f'; if it turns so far, write mount = "0-450{flip}"'
    if -190 <= azimuth_deg < 0:
        return f'; if it counts from -180 to 180, write mount = "-180-180{flip}"'
    if -720 <= azimuth_deg <= 720:
        return f'; if it has no stops, write mount = "continuous{flip}"'
    return ""
