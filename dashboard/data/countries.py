"""Which country or sea lies below a place, without any network, and never a wrong one.

``countries.bin`` is made by ``tests/dashboard/draw_world.py`` of Natural Earth's countries, 1:50
million (version 4.1, public domain, www.naturalearthdata.com, by the npm package world-atlas
2.0.2): which countries may lie in each cell of half a degree, so that near a border both are
told. Where it is disputed whose land it is, none is.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("countries.bin")
#: In the file: water, and land whose country is not told.
SEA, UNNAMED = "~", "?"
_CELLS_A_DEGREE = 2
_COLUMNS = 360 * _CELLS_A_DEGREE
_ROWS = 180 * _CELLS_A_DEGREE
#: Parts of oceans far from their edges: name, then west, south, east, north in degrees; an east
#: beyond 180 goes on over the date line.
_OCEANS = (
    *(("arctic", -180, 80, 180, 90), ("southern", -180, -90, 180, -60)),
    *(("pacific", 150, 0, 230, 48), ("pacific", 180, -55, 280, 0), ("pacific", 230, 0, 250, 18)),
    *(("atlantic", -58, 12, -20, 50), ("atlantic", -30, -55, 5, 12)),
    *(("atlantic", -45, 50, -15, 58),),
    *(("indian", 55, -55, 105, -10), ("indian", 57, -10, 72, 15), ("indian", 80, -10, 92, 5)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Below:
    """What lies below a place.

    ``countries``: codes of ISO 3166 (two letters) of those that may be there, empty: none is told.
    ``sea``: there may be water; ``land``: there may be land, whoever's. ``ocean``: its name where
    it is far from the edges of that ocean: arctic, southern, pacific, atlantic, indian, or empty.
    """

    countries: tuple[str, ...]
    sea: bool
    land: bool
    ocean: str


def below(latitude_deg: float, longitude_deg: float) -> Below:
    """What lies there; latitude -90 to 90, any longitude."""
    sets, cells = _world()
    row = min(int((90 - latitude_deg) * _CELLS_A_DEGREE), _ROWS - 1)
    column = int((longitude_deg + 180) % 360 * _CELLS_A_DEGREE) % _COLUMNS
    found = sets[cells[row, column]]
    named = () if UNNAMED in found else tuple(code for code in found if code != SEA)
    land = found != (SEA,)
    ocean = "" if land else _ocean(latitude_deg, longitude_deg)
    return Below(named, SEA in found, land, ocean)


def _ocean(latitude_deg: float, longitude_deg: float) -> str:
    for name, west, south, east, north in _OCEANS:
        if south <= latitude_deg <= north and (longitude_deg - west) % 360 <= east - west:
            return name
    return ""


@lru_cache(maxsize=1)
def _world() -> tuple[list[tuple[str, ...]], NDArray[np.uint16]]:
    """Sets of countries, and which of them each cell has, rows from the north."""
    data = zlib.decompress(FILE.read_bytes())
    (length,) = struct.unpack_from("<I", data)
    sets = [tuple(item) for item in json.loads(data[4 : 4 + length])]
    runs = np.frombuffer(data, "<u2", offset=4 + length).reshape(-1, 2)
    return sets, np.repeat(runs[:, 0], runs[:, 1]).reshape(_ROWS, _COLUMNS)
