"""The definitions that come with the program, with what their example frames decode to."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from decoders.definition.model import Satellite
from decoders.value import Decoded
from groundstation.catalog import SatelliteCatalog


@cache
def catalog() -> SatelliteCatalog:
    return SatelliteCatalog()


IDS = sorted(catalog().satellites)
WITH_PACKETS = [id for id in IDS if catalog().satellites[id].packets]


def data(id: str) -> dict[str, Any]:
    return tomllib.loads(catalog().text(id))


class Golden(NamedTuple):
    """An example frame decoded, and the packet inside it (with the header of a space packet)."""

    satellite: Satellite
    decoded: Decoded
    packet: bytes


def golden(id: str, *, keep_space_packet: bool = False) -> Iterator[Golden]:
    satellite = catalog().satellites[id]
    for example in satellite.examples:
        decoded = catalog().decoder.decode(example.frame, id)
        if decoded.packet is None or decoded.payload is None or not decoded.values:
            continue
        start, length = decoded.payload
        last = decoded.layers[-1] if decoded.layers else None
        if keep_space_packet and last is not None and last.layer == "space-packet":
            start, length = last.bits[0], length + last.bits[1]
        frame = example.frame[start // 8 : (start + length) // 8]
        yield Golden(satellite, decoded, frame)


def close(found: object, wanted: object) -> bool:
    """Equal, numbers to 1e-9; texts without the fill at their end."""
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(found, str):
        return found.rstrip("\0 ") == wanted
    return found == wanted
