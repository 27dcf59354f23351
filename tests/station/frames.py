"""Numbered frames of the classroom satellite."""

from __future__ import annotations

from functools import cache

from decoders.encode import Encoder
from groundstation.catalog import SatelliteCatalog

SATELLITE = "classroom-1"


@cache
def _encoder() -> Encoder:
    return Encoder(SatelliteCatalog().satellites[SATELLITE])


@cache
def beacon(number: int) -> bytes:
    """A beacon that carries ``number`` (0 to 2**32 - 1) as its uptime, in seconds."""
    values = {"uptime": number, "counter": number % 65536, "mode": "nominal"}
    return _encoder().encode("beacon", values)
