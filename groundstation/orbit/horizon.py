"""What hides the sky at a site: the lowest visible elevation for each azimuth."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from groundstation.errors import HorizonError
from groundstation.orbit.propagation import Floats


@dataclass(frozen=True, slots=True)
class Horizon:
    """A mask: between its points (azimuth and elevation in degrees) it runs straight, all around.

    Points are in order of azimuth, 0 to 360. A step is two points of nearly one azimuth.
    """

    azimuths_deg: tuple[float, ...]
    elevations_deg: tuple[float, ...]

    @classmethod
    def of(cls, points: Iterable[tuple[float, float]]) -> Horizon:
        """From (azimuth_deg, elevation_deg) in any order. Raises HorizonError."""
        pairs = sorted(points, key=lambda pair: pair[0])
        if not pairs:
            raise HorizonError("the horizon has no points")
        for azimuth, elevation in pairs:
            if not 0 <= azimuth <= 360:
                raise HorizonError(f"the azimuth is {azimuth}, it must be 0 to 360 degrees")
            if not -90 <= elevation <= 90:
                raise HorizonError(f"the elevation is {elevation}, it must be -90 to 90 degrees")
        return cls(tuple(a for a, _ in pairs), tuple(e for _, e in pairs))

    @property
    def lowest_deg(self) -> float:
        """The lowest elevation of the mask."""
        return min(self.elevations_deg)

    def elevation_deg(self, azimuth_deg: Floats) -> Floats:
        """The mask at each azimuth."""
        if self.azimuths_deg[0] == 0 and self.azimuths_deg[-1] == 360:
            around, elevations = np.array(self.azimuths_deg), np.array(self.elevations_deg)
        else:
            # The last and the first point are neighbours across north.
            azimuths = np.array(self.azimuths_deg)
            around = np.concatenate((azimuths[-1:] - 360, azimuths, azimuths[:1] + 360))
            inner = self.elevations_deg
            elevations = np.array((inner[-1], *inner, inner[0]))
        result: Floats = np.interp(azimuth_deg % 360, around, elevations)
        return result


_NUMBER = r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+"
_ROW = re.compile(rf"\s*({_NUMBER})\s*[,;\t ]\s*({_NUMBER})\s*\Z")


def parse_horizon(text: str, *, source: str = "horizon") -> Horizon:
    """A horizon from rows ``azimuth_deg,elevation_deg``: comma, semicolon, tab or blank between.

    A heading without digits, blank lines and lines that begin with ``#`` are skipped. Raises
    HorizonError naming ``source`` and line.
    """
    points: list[tuple[float, float]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _ROW.match(line)
        if match is None:
            if not points and not re.search(r"\d", line):
                continue
            raise HorizonError(
                f"{source}:{number}: expected azimuth_deg,elevation_deg: {line.strip()[:80]!r}"
            )
        points.append((float(match[1]), float(match[2])))
        try:
            Horizon.of(points[-1:])
        except HorizonError as error:
            raise HorizonError(f"{source}:{number}: {error}") from None
    if not points:
        raise HorizonError(f"{source}: there are no rows azimuth_deg,elevation_deg in it")
    return Horizon.of(points)
