"""Makes ``dashboard/data/countries.bin`` and ``dashboard/static/img/world.svg`` anew.

``python -m tests.dashboard.draw_world countries-50m.json`` with the file of the npm package
world-atlas 2.0.2 (Natural Earth 4.1, public domain). The map is drawn of the land that lies in
``dashboard/static/vendor``.

Each cell of half a degree holds the countries that may be there: the borders of Natural Earth's
1:50 million are drawn through it in steps of a twentieth of a degree, with a twentieth beside them.
Where one country stands alone, no border comes near.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from babel import Locale
from numpy.typing import NDArray

from dashboard.data.countries import FILE, SEA, UNNAMED

Ring = NDArray[np.float64]

FINE = 0.05
CELLS = (360, 720)
SVG = Path("dashboard/static/img/world.svg")
LAND = Path("dashboard/static/vendor/land-110m.json")
#: Names of Natural Earth that CLDR writes in another way.
OTHER_NAMES = {
    "Antigua and Barb.": "AG", "Bosnia and Herz.": "BA", "Br. Indian Ocean Ter.": "IO",
    "British Virgin Is.": "VG", "Cayman Is.": "KY", "Central African Rep.": "CF", "Congo": "CG",
    "Cook Is.": "CK", "Côte d'Ivoire": "CI", "Dem. Rep. Congo": "CD", "Dominican Rep.": "DO",
    "Eq. Guinea": "GQ", "Falkland Is.": "FK", "Faeroe Is.": "FO", "Fr. Polynesia": "PF",
    "Fr. S. Antarctic Lands": "TF", "Heard I. and McDonald Is.": "HM", "Hong Kong": "HK",
    "Macao": "MO", "Macedonia": "MK", "Marshall Is.": "MH", "Myanmar": "MM", "N. Mariana Is.": "MP",
    "Palestine": "PS", "Pitcairn Is.": "PN", "S. Geo. and the Is.": "GS", "S. Sudan": "SS",
    "Saint Helena": "SH", "Saint Lucia": "LC", "Solomon Is.": "SB", "St-Barthélemy": "BL",
    "St-Martin": "MF",
    "St. Kitts and Nevis": "KN", "St. Lucia": "LC", "St. Pierre and Miquelon": "PM",
    "St. Vin. and Gren.": "VC", "São Tomé and Principe": "ST", "Trinidad and Tobago": "TT",
    "Turkey": "TR", "Turks and Caicos Is.": "TC", "U.S. Virgin Is.": "VI",
    "United States of America": "US", "W. Sahara": "", "Wallis and Futuna Is.": "WF",
    "eSwatini": "SZ",
    "Swaziland": "SZ", "Cabo Verde": "CV", "Czechia": "CZ", "Åland": "AX", "Vatican": "VA",
    "Taiwan": "", "Siachen Glacier": "", "Kosovo": "", "Somaliland": "", "N. Cyprus": "",
    "Indian Ocean Ter.": "", "Ashmore and Cartier Is.": "",
}  # fmt: skip
#: west, south, east, north: whose these are is disputed, so no country is named there.
DISPUTED = ((32.0, 44.0, 37.0, 46.5), (72.5, 32.0, 80.5, 37.5), (39.5, 41.0, 44.5, 43.8))


def rings(world: dict[str, Any], geometry: dict[str, Any]) -> list[list[Ring]]:
    """Polygons of a geometry of TopoJSON, each a list of rings (N, 2) of longitude, latitude."""
    scale, move = (np.array(world["transform"][key]) for key in ("scale", "translate"))

    def line(arc: int) -> Ring:
        points = np.cumsum(np.array(world["arcs"][arc if arc >= 0 else ~arc]), axis=0)
        found: Ring = points * scale + move
        return found if arc >= 0 else found[::-1]

    def ring(arcs: list[int]) -> Ring:
        return np.concatenate([line(arc) for arc in arcs])

    arcs = geometry.get("arcs", [])
    polygons = [arcs] if geometry["type"] == "Polygon" else arcs
    return [whole([ring(each) for each in polygon]) for polygon in polygons]


def whole(polygon: list[Ring]) -> list[Ring]:
    """Rings that go over the date line or around a pole, on a flat map: what lies beyond an edge
    is there a second time."""
    found: list[Ring] = []
    for ring in polygon:
        flat = np.column_stack((np.unwrap(ring[:, 0], period=360), ring[:, 1]))
        if abs(flat[-1, 0] - flat[0, 0]) > 180:  # around the South Pole
            flat = np.concatenate((flat, [[flat[-1, 0], -90], [flat[0, 0], -90], flat[0]]))
        found.append(flat)
        if flat[:, 0].max() > 180:
            found.append(np.subtract(flat, (360, 0)))
        if flat[:, 0].min() < -180:
            found.append(np.add(flat, (360, 0)))
    return found


def inside(polygon: list[Ring]) -> Iterator[tuple[int, int, int]]:
    """Fine rows of what a polygon covers: (row, first column, last column + 1), even-odd."""
    south = min(float(ring[:, 1].min()) for ring in polygon)
    north = max(float(ring[:, 1].max()) for ring in polygon)
    for row in range(int((90 - north) / FINE), int((90 - south) / FINE) + 1):
        y = 90 - (row + 0.5) * FINE
        crossings: list[float] = []
        for ring in polygon:
            (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
            hit = (y0 <= y) != (y1 <= y)
            crossings += (x0[hit] + (y - y0[hit]) / (y1 - y0)[hit] * (x1 - x0)[hit]).tolist()
        crossings.sort()
        for west, east in zip(crossings[::2], crossings[1::2], strict=True):
            first, last = int((west + 180) / FINE), int((east + 180) / FINE) + 1
            if last > 0 and first < 360 / FINE:
                yield row, max(first, 0), min(last, int(360 / FINE))


def near_border(polygon: list[Ring]) -> Iterator[tuple[int, int]]:
    """Coarse cells that a border goes through, or by which it passes within FINE."""
    for ring in polygon:
        for (x0, y0), (x1, y1) in pairwise(ring.tolist()):
            steps = int(max(abs(x1 - x0), abs(y1 - y0)) / FINE) + 1
            for share in np.linspace(0, 1, steps + 1):
                x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
                for dx in (-FINE, 0, FINE):
                    for dy in (-FINE, 0, FINE):
                        row, column = int((90 - y - dy) * 2), int((x + dx + 180) * 2)
                        yield min(max(row, 0), CELLS[0] - 1), column % CELLS[1]


def code_of(name: str, known: dict[str, str]) -> str:
    """The two letters of a country; UNNAMED where none is to be said."""
    return OTHER_NAMES.get(name, known.get(name, "")) or UNNAMED


def draw(world: dict[str, Any]) -> list[list[frozenset[str]]]:
    """Who may be in each cell; SEA stands for water."""
    known = {str(name): code for code, name in Locale.parse("en").territories.items()}
    found = [[set[str]() for _ in range(CELLS[1])] for _ in range(CELLS[0])]
    water = np.ones((int(180 / FINE), int(360 / FINE)), bool)
    for geometry in world["objects"]["countries"]["geometries"]:
        code = code_of(geometry["properties"]["name"], known)
        if code == UNNAMED:
            print("unnamed:", geometry["properties"]["name"])
        for polygon in rings(world, geometry):
            for row, first, last in inside(polygon):
                water[row, first:last] = False
                for column in range(int(first * FINE * 2), int((last - 1) * FINE * 2) + 1):
                    found[min(row // 10, CELLS[0] - 1)][min(column, CELLS[1] - 1)].add(code)
            for row, column in near_border(polygon):
                found[row][column].add(code)
    water[int(170 / FINE) :] = False  # the pole itself is the rim of a polygon
    for row, column in zip(*np.nonzero(water), strict=True):
        found[row // 10][column // 10].add(SEA)
    for west, south, east, north in DISPUTED:
        for row in range(int((90 - north) * 2), int((90 - south) * 2)):
            for column in range(int((west + 180) * 2), int((east + 180) * 2)):
                if found[row][column] != {SEA}:
                    found[row][column] = {UNNAMED}
    return [[frozenset(cell) for cell in row] for row in found]


def write_countries(cells: list[list[frozenset[str]]]) -> None:
    """Sets of countries, then runs of the same set, row by row from the north."""
    sets: dict[frozenset[str], int] = {}
    runs: list[tuple[int, int]] = []
    for cell in (cell for row in cells for cell in row):
        number = sets.setdefault(cell, len(sets))
        if runs and runs[-1][0] == number and runs[-1][1] < 65535:
            runs[-1] = number, runs[-1][1] + 1
        else:
            runs.append((number, 1))
    head = json.dumps([sorted(item) for item in sets]).encode()
    body = b"".join(struct.pack("<HH", *run) for run in runs)
    FILE.write_bytes(zlib.compress(struct.pack("<I", len(head)) + head + body, 9))
    print(len(sets), "sets,", len(runs), "runs,", FILE.stat().st_size, "bytes")


def write_map() -> None:
    """Land as one path: x eastward from -180, y southward from 90, in fifths of a degree."""
    world = json.loads(LAND.read_text("utf-8"))
    lines: list[str] = []
    for geometry in world["objects"]["land"]["geometries"]:
        for polygon in rings(world, geometry):
            for ring in polygon:
                points = [(round((x + 180) * 5), round((90 - y) * 5)) for x, y in ring]
                kept = [p for n, p in enumerate(points) if n == 0 or p != points[n - 1]]
                if len(kept) > 3:
                    lines.append(path_of(kept))
    SVG.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1800 900">'
        f'<path id="land" fill-rule="evenodd" d="{"".join(lines)}"/></svg>\n',
        "utf-8",
    )
    print(SVG.stat().st_size, "bytes")


def path_of(points: list[tuple[int, int]]) -> str:
    """Relative steps: short."""
    (x, y), text = points[0], ""
    for right, down in points[1:-1]:
        text += f" {right - x} {down - y}"
        x, y = right, down
    return f"M{points[0][0]} {points[0][1]}l{text[1:].replace(' -', '-')}z"


if __name__ == "__main__":
    write_countries(draw(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
    write_map()
