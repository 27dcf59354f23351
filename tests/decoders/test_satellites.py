"""Every definition that comes with the program, against real frames and other decoders' values."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from decoders.check import check_examples
from decoders.value import Decoded, Value
from groundstation.catalog import SatelliteCatalog

FRAMES = Path(__file__).parents[1] / "data" / "frames"
CATALOG = SatelliteCatalog()
#: Definition -> file of real frames with the values that other programs found in them.
REFERENCES = {
    "aausat-4": "aausat_4",
    "cpsat": "cpsat",
    "picsat": "picsat_9k6",
    "quetzal-1": "quetzal1",
    "siriussat-1": "siriussat1",
    "suomi-100": "suomi_100",
}
#: Reference values that we describe in another way, and why.
OTHERWISE = {
    "cs_orientation_gyro": "one number over three gyroscope axes; ours are three",
    "cs_orientation_magneto": "one number over three axes; ours are three",
    "cs_orientation_adc1": "one number over six sensors; ours are twelve rows",
    "cs_orientation_adc2": "one number over six sensors; ours are twelve rows",
    "frame_length": "the number of bytes, which is no parameter",
    "secondary_header": "days and milliseconds together; ours are two rows",
    "packet": "another program's placeholder for what it does not describe",
    "payload.beacon_type": "the same byte, written there as hex",
    "payload.identifier": "the same text, written there as hex",
    "payload.uvg_message": "the same text, written there as hex",
}


def test_all_definitions_parse() -> None:
    assert CATALOG.problems == []
    assert len(CATALOG.satellites) >= 7


@pytest.mark.parametrize("id", sorted(CATALOG.satellites))
def test_golden_frames(id: str) -> None:
    satellite = CATALOG.satellites[id]
    assert satellite.source
    assert {example.packet for example in satellite.examples} or not satellite.packets
    assert check_examples(satellite) == []


def same(found: object, wanted: object) -> bool:
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(wanted, str) and isinstance(found, str):
        return (
            found.rstrip() == wanted.rstrip()
            or found.replace("Z", "+00:00").replace("T", " ") == wanted
        )
    return found == wanted


def agrees(value: Value, wanted: object) -> bool:
    return same(value.value, wanted) or same(value.raw, wanted)


def disagreements(decoded: Decoded, reference: dict[str, Any], *, by_name: bool) -> list[str]:
    headers = [field for header in decoded.layers for field in header.fields.values()]
    found = []
    for name, wanted in reference.items():
        value = decoded.named.get(name)
        if name in OTHERWISE:
            continue
        if value is not None and by_name:
            if not agrees(value, wanted):
                found.append(f"{name}: {wanted!r}, ours {value.value!r} (raw {value.raw!r})")
        elif not any(agrees(v, wanted) for v in decoded.values) and not any(
            same(field, wanted) for field in headers
        ):
            found.append(f"{name}: {wanted!r}, ours nowhere")
    return found


@pytest.mark.parametrize("id", sorted(REFERENCES))
def test_values_agree_with_other_decoders(id: str) -> None:
    reference = json.loads((FRAMES / f"{REFERENCES[id]}.json").read_text("utf-8"))
    assert CATALOG.satellites[id].norad == reference["norad"]
    for frame in reference["frames"]:
        decoded = CATALOG.decoder.decode(bytes.fromhex(frame["hex"]))
        assert decoded.error is None
        assert decoded.satellite == id
        for program in ("satnogs_decoders", "expected_by_test_author"):
            assert disagreements(decoded, frame.get(program) or {}, by_name=True) == []
        assert disagreements(decoded, frame.get("gr_satellites") or {}, by_name=False) == []


def test_a_reference_that_differs_is_noticed() -> None:
    frame = json.loads((FRAMES / "quetzal1.json").read_text("utf-8"))["frames"][0]
    decoded = CATALOG.decoder.decode(bytes.fromhex(frame["hex"]))
    assert disagreements(decoded, {"bq1_soc": 3}, by_name=True) != []
    assert disagreements(decoded, {"elsewhere": 12345.678}, by_name=False) != []


def test_the_classroom_satellite_is_marked() -> None:
    assert [s.id for s in CATALOG.satellites.values() if s.simulated] == ["classroom-1"]
    assert "simulated" in CATALOG.satellites["classroom-1"].name
