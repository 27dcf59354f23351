"""Passes as text, column by column: what :meth:`groundstation.orbit.passes.Pass.as_json` says.

A whole catalogue has a hundred thousand passes a day. Text is made of arrays here; each number is
written as it is one by one, to the last digit.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from decoders.spreadsheet import cell
from groundstation.orbit.passes import NEVER_US, PassTable
from groundstation.orbit.propagation import Floats

#: Columns of ``--format csv`` in order, which are the keys of the JSON.
COLUMNS = (
    "norad",
    "satellite",
    "aos",
    "tca",
    "los",
    "max_elevation_deg",
    "aos_azimuth_deg",
    "tca_azimuth_deg",
    "los_azimuth_deg",
    "duration_s",
    "sunlit",
    "elements_age_days",
    "timing_error_s",
)
_TIMES = ("aos", "tca", "los")
#: Scaled values this near to a half, or above this, are rounded one by one.
_TOO_NEAR, _TOO_LARGE = 1e-6, 1e9
_SPECIAL = re.compile(r"[^\w .()+/-]")


def csv_lines(table: PassTable) -> Iterator[str]:
    """A header, and a line for each pass; what is not known is empty."""
    yield ",".join(COLUMNS)
    yield from map(",".join, zip(*_columns(table, _csv_cell, "").values(), strict=True))


def json_lines(table: PassTable) -> Iterator[str]:
    """A JSON object for each pass."""
    columns = _columns(table, lambda name: json.dumps(name, ensure_ascii=False), "null")
    for name in _TIMES:
        columns[name] = [text if text == "null" else f'"{text}"' for text in columns[name]]
    line = "{" + ", ".join(f'"{name}": %s' for name in COLUMNS) + "}"
    return (line % row for row in zip(*columns.values(), strict=True))


def _columns(table: PassTable, quoted: Callable[[str], str], missing: str) -> dict[str, list[str]]:
    """A text for each pass by column, in the order of COLUMNS."""
    found, times = table.found, table.times_us
    owner = found.satellite.tolist()
    norads = [str(item.norad) for item in table.elements]
    names = [quoted(item.name) for item in table.elements]
    azimuths = (found.rise_azimuth_deg, found.peak_azimuth_deg, found.set_azimuth_deg)
    return {
        "norad": [norads[index] for index in owner],
        "satellite": [names[index] for index in owner],
        **{name: _instants(times[name], missing) for name in _TIMES},
        "max_elevation_deg": decimals(found.peak_elevation_deg, 4),
        **{
            f"{name}_azimuth_deg": decimals(value, 3, missing, turn=360)
            for name, value in zip(_TIMES, azimuths, strict=True)
        },
        "duration_s": decimals(_durations_s(times), 3, missing),
        "sunlit": ["true" if lit else "false" for lit in found.sunlit.tolist()],
        "elements_age_days": decimals(table.age_days, 3),
        "timing_error_s": [repr(float(f"{error:.3g}")) for error in table.timing_error_s.tolist()],
    }


def _csv_cell(text: str) -> str:
    """``text`` as the csv module quotes it in a row."""
    text = cell(text)
    if not _SPECIAL.search(text):
        return text
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow((text, ""))
    return out.getvalue()[:-1]


def _durations_s(times: Mapping[str, NDArray[np.int64]]) -> Floats:
    """Seconds from AOS to LOS, NaN where one is open."""
    open_end = (times["aos"] == NEVER_US) | (times["los"] == NEVER_US)
    result: Floats = np.where(open_end, np.nan, (times["los"] - times["aos"]) / 1e6)
    return result


def _instants(times_us: NDArray[np.int64], missing: str) -> list[str]:
    """ISO 8601 with milliseconds and ``Z``, as :func:`groundstation.model.iso` writes it."""
    whole = np.where(times_us == NEVER_US, 0, times_us) // 1000
    texts: list[str] = np.datetime_as_string(whole.view("M8[ms]"), timezone="UTC").tolist()
    for index in np.flatnonzero(times_us == NEVER_US).tolist():
        texts[index] = missing
    return texts


def decimals(values: Floats, digits: int, missing: str = "", turn: int | None = None) -> list[str]:
    """``repr(round(value, digits))`` of each value (modulo ``turn``), ``missing`` for NaN."""
    unknown = np.isnan(values)
    known = np.where(unknown, 0.0, values)
    scaled = known * 10.0**digits
    doubtful = np.abs(scaled - np.floor(scaled) - 0.5) < _TOO_NEAR
    doubtful |= np.abs(scaled) > _TOO_LARGE
    units = np.rint(np.where(doubtful, 0.0, scaled))
    parts = np.abs(units).astype(np.int64)
    if turn is not None:
        parts %= turn * 10**digits
    whole, rest = np.divmod(parts, 10**digits)
    distinct, place = np.unique(whole, return_inverse=True)
    texts = np.array([str(number) for number in distinct.tolist()], dtype=object)[place]
    texts = np.where(np.signbit(units), "-", "") + texts + _fractions(digits)[rest]
    for index in np.flatnonzero(doubtful).tolist():
        value = round(float(known[index]), digits)
        texts[index] = repr(value if turn is None else value % turn)
    texts[unknown] = missing
    listed: list[str] = texts.tolist()
    return listed


@cache
def _fractions(digits: int) -> NDArray[np.object_]:
    """The point and what stands behind it, for 0 to 10**digits - 1."""
    numbers = (f"{number:0{digits}d}".rstrip("0") or "0" for number in range(10**digits))
    return np.array(["." + number for number in numbers], dtype=object)
