"""Every definition that comes with the program, against real frames and other decoders' values."""

import base64
import json
import math
from pathlib import Path
from typing import Any

import pytest

from decoders.check import check_examples
from decoders.framing.registry import deframer
from decoders.value import Decoded, Value
from groundstation.catalog import SatelliteCatalog

FRAMES = Path(__file__).parents[1] / "data" / "frames"
CATALOG = SatelliteCatalog()
#: File of real frames, with the values that other programs found in them -> definition.
REFERENCES = {
    "1kuns_pf": "1kuns-pf",
    "aausat_4": "aausat-4",
    "aisat": "aisat",
    "ao27": "ao-27",
    "ao73": "ao-73",
    "astrocast": "astrocast-0-1",
    "at03": "at03",
    "athenoxat_1": "athenoxat-1",
    "atl_1": "atl-1",
    "au02": "au02",
    "au03": "au03",
    "by02": "by02",
    "by701": "by70-1",
    "cape1": "cape-1",
    "cape3": "cape-3",
    "cpsat": "cpsat",
    "delphini1": "delphini-1",
    "dsat": "d-sat",
    "entrysat": "entrysat",
    "equisat": "equisat",
    "erminaz2": "erminaz-2",
    "facsat_1": "facsat-1",
    "galassia": "galassia",
    "gomx_1": "gomx-1",
    "gt1": "gt-1",
    "ideassat": "ideassat",
    "il01": "il01",
    "innosat_2": "innosat-2",
    "irazu": "irazu",
    "itasat1": "itasat-1",
    "ks_1q": "ks-1q",
    "lilacsat1": "lilacsat-1",
    "lucky_7": "lucky-7",
    "luojia-1": "luojia-1",
    "ops_sat": "ops-sat",
    "picsat_9k6": "picsat",
    "pwsat2": "pw-sat2",
    "quetzal1": "quetzal-1",
    "reaktor_hello_world": "reaktor-hello-world",
    "siriussat1": "siriussat-1",
    "sledge": "sledge",
    "smog_p": "smog-p",
    "smog_p_5k": "smog-p",
    "snet_a": "s-net-a",
    "spooqy_1": "spooqy-1",
    "suomi_100": "suomi-100",
    "trisat": "trisat",
    "tw_1c": "tw-1c",
    "ty_2": "ty-2",
    "ubakusat": "ubakusat",
    "us01": "us01",
    "us04": "us04",
    "vzlusat2": "vzlusat-2",
}
#: Frames in which nothing says whose they are, or not which of sister satellites' they are.
NAMELESS = {
    *("aisat", "athenoxat_1", "atl_1", "by701", "delphini1", "dsat", "facsat_1"),
    *("innosat_2", "ks_1q", "lilacsat1", "lucky_7", "luojia-1"),
    *("smog_p", "smog_p_5k", "spooqy_1", "suomi_100", "tw_1c", "ty_2"),
}
#: Frames whose packets say too little to name a sender: candidates, until an operator says it.
WEAK = {"1kuns_pf", "ao73", "gomx_1", "ops_sat", "snet_a", "trisat", "vzlusat2"}
#: Reference values that we describe in another way, and why.
OTHERWISE = {
    "cs_orientation_gyro": "one number over three gyroscope axes; ours are three",
    "cs_orientation_magneto": "one number over three axes; ours are three",
    "cs_orientation_adc1": "one number over six sensors; ours are twelve rows",
    "cs_orientation_adc2": "one number over six sensors; ours are twelve rows",
    "frame_length": "the number of bytes, which is no parameter",
    "secondary_header": "days and milliseconds together; ours are two rows",
    "packet": "another program's placeholder for what it does not describe",
}
#: (file, name): values in which the other program is wrong for this satellite, and why.
WRONG_THERE = {
    ("gt1", "dest_ssid"): "satnogs-decoders drops the highest of the four SSID bits",
    ("by701", "*"): "gr-satellites reads a CSP header at the FEND byte of a KISS stream",
    ("itasat1", "*"): "gr-satellites takes text for more addresses: the end bit is missing",
}


def test_all_definitions_parse() -> None:
    assert CATALOG.problems == []
    real = [satellite for satellite in CATALOG.satellites.values() if not satellite.simulated]
    assert len(real) >= 100
    assert sum(bool(satellite.packets) for satellite in real) >= 60


@pytest.mark.parametrize("id", sorted(CATALOG.satellites))
def test_golden_frames(id: str) -> None:
    satellite = CATALOG.satellites[id]
    assert satellite.source
    assert {example.packet for example in satellite.examples} or not satellite.packets
    assert check_examples(satellite) == []


@pytest.mark.parametrize("id", sorted(CATALOG.satellites))
def test_framings_of_the_downlinks_are_known(id: str) -> None:
    for downlink in CATALOG.satellites[id].downlinks:
        if downlink.framing:
            deframer(downlink.framing, downlink.options)


@pytest.mark.parametrize("id", sorted(CATALOG.satellites))
def test_every_row_has_a_label_and_a_known_group(id: str) -> None:
    satellite = CATALOG.satellites[id]
    for name, row in satellite.rows().items():
        assert row.labels.get("en"), name
        assert row.group, name


def same(found: object, wanted: object) -> bool:
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(found, bytes) and isinstance(wanted, str):
        return wanted in (f"hex:{found.hex()}", base64.b64encode(found).decode())
    if isinstance(wanted, str) and isinstance(found, str):
        return (
            found.rstrip() == wanted.rstrip()
            or found.replace("Z", "").replace("T", " ") == wanted.removesuffix("+00:00")
            or f"hex:{found.encode('latin-1').hex()}" == wanted
        )
    return found == wanted


def agrees(value: Value, wanted: object) -> bool:
    # gr-satellites writes a number without a word as text, "4", and some single bytes as hex.
    if isinstance(value.raw, int) and wanted in (str(value.raw), f"hex:{value.raw:02x}"):
        return True
    return same(value.value, wanted) or same(value.raw, wanted)


def is_rest(frame: bytes, wanted: object) -> bool:
    """Whether another program gives the frame's end as bytes because it describes no more."""
    return isinstance(wanted, str) and wanted == f"hex:{frame.hex()[-len(wanted) + 4 :]}"


def disagreements(decoded: Decoded, reference: dict[str, Any], *, by_name: bool) -> list[str]:
    headers = [field for header in decoded.layers for field in header.fields.values()]
    found = []
    for name, wanted in reference.items():
        value = decoded.named.get(name)
        if name in OTHERWISE or wanted is None or is_rest(decoded.frame, wanted):
            continue
        if value is not None and by_name:
            if not agrees(value, wanted):
                found.append(f"{name}: {wanted!r}, ours {value.value!r} (raw {value.raw!r})")
        elif not any(agrees(v, wanted) for v in decoded.values) and not any(
            same(field, wanted) for field in headers
        ):
            found.append(f"{name}: {wanted!r}, ours nowhere")
    return found


def known(file: str, reference: dict[str, Any]) -> dict[str, Any]:
    """Without what is known to be wrong there."""
    if (file, "*") in WRONG_THERE:
        return {}
    return {name: value for name, value in reference.items() if (file, name) not in WRONG_THERE}


@pytest.mark.parametrize("file", sorted(REFERENCES))
def test_values_agree_with_other_decoders(file: str) -> None:
    reference = json.loads((FRAMES / f"{file}.json").read_text("utf-8"))
    satellite = CATALOG.satellites[REFERENCES[file]]
    assert reference["norad"] in (satellite.norad, None)
    for frame in reference["frames"]:
        decoded = CATALOG.decoder.decode(bytes.fromhex(frame["hex"]), satellite.id)
        if decoded.packet is not None:
            assert decoded.error is None
        for program in ("satnogs_decoders", "expected_by_test_author"):
            assert disagreements(decoded, known(file, frame.get(program) or {}), by_name=True) == []
        others = known(file, frame.get("gr_satellites") or {})
        assert disagreements(decoded, others, by_name=False) == []


@pytest.mark.parametrize("file", sorted(REFERENCES))
def test_no_frame_is_taken_for_another_satellites(file: str) -> None:
    """Of its satellite, or honestly of nobody, or of one of several that cannot be told apart."""
    reference = json.loads((FRAMES / f"{file}.json").read_text("utf-8"))
    for frame in reference["frames"]:
        decoded = CATALOG.decoder.decode(bytes.fromhex(frame["hex"]))
        if file in WEAK:
            assert decoded.satellite in (None, REFERENCES[file])
            assert decoded.satellite or REFERENCES[file] in decoded.candidates
        elif decoded.satellite is None:
            assert file in NAMELESS
        else:
            assert decoded.satellite == REFERENCES[file]


def test_a_reference_that_differs_is_noticed() -> None:
    frame = json.loads((FRAMES / "quetzal1.json").read_text("utf-8"))["frames"][0]
    decoded = CATALOG.decoder.decode(bytes.fromhex(frame["hex"]))
    assert disagreements(decoded, {"bq1_soc": 3}, by_name=True) != []
    assert disagreements(decoded, {"elsewhere": 12345.678}, by_name=False) != []


def test_the_classroom_satellite_is_marked() -> None:
    assert [s.id for s in CATALOG.satellites.values() if s.simulated] == ["classroom-1"]
    assert "simulated" in CATALOG.satellites["classroom-1"].name
