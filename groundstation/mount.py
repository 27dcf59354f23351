"""What a rotator can do: its description in the settings, the one place that reads it.

Light, so that settings and command line tell of a slip when it is written and not at AOS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from groundstation.errors import MountError

#: Words for mounts without stops.
CONTINUOUS, SHORTEST = "continuous", "shortest"
#: A range that is narrower leaves directions that cannot be looked at.
WHOLE_TURN_DEG = 359.0
_MOST_DEG = 720.0
_EXAMPLES = "0-360, -180-180, 0-450, continuous, shortest or 0-360 flip"


@dataclass(frozen=True, slots=True)
class Mount:
    """Ranges (deg) and speeds (deg/s) of a rotator. ``highest_deg`` is 90, or 180 to flip over.

    ``endless``: it has no stops, and the range only bounds the numbers that it is sent.
    ``folds``: numbers are brought into that range, by turns: the controller itself goes the
    shortest way to a direction, or knows no number beyond.
    """

    lowest_azimuth_deg: float = 0.0
    highest_azimuth_deg: float = 360.0
    highest_deg: float = 90.0
    azimuth_rate_deg_s: float = 5.0
    elevation_rate_deg_s: float = 5.0
    lowest_deg: float = 0.0
    endless: bool = False
    folds: bool = False

    @classmethod
    def parse(
        cls, text: str, *, azimuth_rate_deg_s: float = 5.0, elevation_rate_deg_s: float = 5.0
    ) -> Mount:
        """From ``0-360``, ``-180-180`` (or ``180``), ``0-450``, ``continuous`` or ``shortest``.

        Each may be followed by `` flip`` for 180 deg of elevation. Raises MountError.
        """
        rates = (azimuth_rate_deg_s, elevation_rate_deg_s)
        words = text.replace("±", "").split()
        highest = 180.0 if "flip" in words else 90.0
        ranges = [word for word in words if word != "flip"]
        if ranges == [CONTINUOUS]:
            return cls(-_MOST_DEG, _MOST_DEG, highest, *rates, endless=True)
        if ranges == [SHORTEST]:
            return cls(0.0, 360.0, highest, *rates, endless=True, folds=True)
        if ranges in (["180"], ["-180..180"]):
            ranges = ["-180-180"]
        match = re.fullmatch(r"(-?\d+)-(-?\d+)", ranges[0]) if len(ranges) == 1 else None
        if match is None:
            raise MountError(f"{text!r} is not a mount such as {_EXAMPLES}")
        low, high = float(match[1]), float(match[2])
        if not (-_MOST_DEG <= low < high <= _MOST_DEG and high - low >= WHOLE_TURN_DEG):
            raise MountError(f"the mount {text!r} must span at least a whole turn, within two")
        return cls(low, high, highest, *rates)

    @property
    def text(self) -> str:
        """As it is written in the settings."""
        if self.endless:
            name = SHORTEST if self.folds else CONTINUOUS
        else:
            name = f"{self.lowest_azimuth_deg:.0f}-{self.highest_azimuth_deg:.0f}"
        return name + (" flip" if self.highest_deg > 90 else "")

    def sent(self, azimuth_deg: float) -> float:
        """The number that a direction is sent as."""
        if not self.folds:
            return azimuth_deg
        low, high = self.lowest_azimuth_deg, self.highest_azimuth_deg
        if low <= azimuth_deg <= high:
            return azimuth_deg
        return min(low + (azimuth_deg - low) % 360.0, high)

    def placed(self, azimuth_deg: float) -> float:
        """A reading in the mount's own range, where another turn of it is meant."""
        low, high = self.lowest_azimuth_deg, self.highest_azimuth_deg
        if self.endless or low <= azimuth_deg <= high:
            return azimuth_deg
        turned = low + (azimuth_deg - low) % 360.0
        return turned if turned <= high else azimuth_deg


def mount_problem(text: str) -> str:
    """Why this is no mount, or empty."""
    try:
        Mount.parse(text)
    except MountError as error:
        return str(error)
    return ""


def nearest_turn(azimuth_deg: float, to_deg: float) -> float:
    """The same direction as ``azimuth_deg``, in the turn that is nearest to ``to_deg``."""
    return to_deg + (azimuth_deg - to_deg + 180.0) % 360.0 - 180.0
