"""Receptions to samples."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from groundstation.catalog import SatelliteCatalog
from groundstation.followers.telemetry import TelemetrySink
from groundstation.model import Reception, Scalar
from groundstation.storage.samples import samples, scalar
from groundstation.storage.sqlite import SqliteStore
from tests.station.frames import SATELLITE, beacon

DEFINITION = """
[satellite]
name = "Odd-1"
version = "1"
source = "test"
[[packets]]
name = "odd"
match = { prefix = "0D" }
parameters = [
  { name = "mode", type = "u8", enum = { 0 = "safe", 1 = "nominal" } },
  { name = "switches", type = "u8", flags = { 0 = "radio", 1 = "heater" } },
  { name = "temperature", type = "f32" },
  { name = "counter", type = "u64" },
  { name = "key", type = "bytes", size = 2 },
]
"""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, 1),
        (7, 7),
        ((1 << 64) - 1, float((1 << 64) - 1)),
        (10**400, None),
        (1.5, 1.5),
        (math.nan, None),
        (-math.inf, None),
        (b"\x01\xab", "01ab"),
        (("radio", "heater"), "radio,heater"),
        ((), ""),
        ("safe", "safe"),
        (None, None),
    ],
)
def test_scalars(value: object, expected: Scalar) -> None:
    found = scalar(value)  # type: ignore[arg-type]
    assert found == expected
    assert type(found) is type(expected)


def test_a_beacon() -> None:
    decoder = SatelliteCatalog().decoder
    reception = Reception(42, 1_780_000_000_000_000, "tnc", beacon(77), SATELLITE, "beacon")
    found = {item.parameter: item for item in samples(decoder, reception)}
    uptime = found["uptime"]
    assert (uptime.satellite, uptime.seq, uptime.time_us) == (SATELLITE, 42, reception.received_us)
    assert (uptime.raw, uptime.value, uptime.unit, uptime.state) == (77, 77, "s", "unlimited")
    assert uptime.simulated  # the definition says so
    assert (found["mode"].raw, found["mode"].value) == (1, "nominal")


def test_damaged_unknown_and_removed_give_none(tmp_path: Path) -> None:
    decoder = SatelliteCatalog().decoder
    for reception in (
        Reception(1, 0, "tnc", beacon(1), damaged=True),
        Reception(2, 0, "tnc", b"whose?"),
        Reception(3, 0, "tnc", beacon(1), "removed-since"),
    ):
        assert list(samples(decoder, reception)) == []


def test_a_corrected_definition_corrects_history() -> None:
    reception = Reception(1, 0, "tnc", beacon(5), None, None, "no definition knows this frame")
    assert {item.satellite for item in samples(SatelliteCatalog().decoder, reception)} == {
        SATELLITE
    }


def test_into_a_store(tmp_path: Path) -> None:
    sink = TelemetrySink(SatelliteCatalog().decoder, lambda: SqliteStore(tmp_path))
    sink.open()
    sink.take([Reception(n, n, "tnc", beacon(n), SATELLITE, "beacon") for n in (1, 2, 3)])
    sink.close()
    store = SqliteStore(tmp_path, read_only=True)
    assert store.latest(SATELLITE)["uptime"].value == 3
    store.close()
