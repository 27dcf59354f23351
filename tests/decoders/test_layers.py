"""AX.25 and CSP headers of real frames against what two other programs read in them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decoders.errors import DecodeError, EncodeError
from decoders.layers.registry import LAYERS

FRAMES = Path(__file__).parents[1] / "data" / "frames"


def first_frame(name: str) -> bytes:
    text = (FRAMES / f"{name}.json").read_text("utf-8")
    return bytes.fromhex(json.loads(text)["frames"][0]["hex"])


def test_ax25_of_siriussat_is_an_i_frame() -> None:
    # Values: satnogs-decoders on the same frame (tests/data/frames/siriussat1.json).
    peeled = LAYERS["ax25"].peel(first_frame("siriussat1"))
    wanted = {"destination": "R2ANF", "source": "RS13S", "source_ssid": 1, "control": 0}
    assert {name: peeled.fields[name] for name in wanted} == wanted
    assert peeled.fields["frame_type"] == "I"
    assert peeled.fields["pid"] == 0xF0
    assert peeled.start == 16


def test_csp_of_quetzal() -> None:
    # Values: satnogs-decoders and gr-satellites agree (tests/data/frames/quetzal1.json).
    peeled = LAYERS["csp"].peel(first_frame("quetzal1")[16:])
    wanted = {"priority": 0, "source": 1, "destination": 0, "destination_port": 9}
    assert {name: peeled.fields[name] for name in wanted} == wanted
    assert peeled.fields["source_port"] == 38
    assert peeled.fields["crc_ok"] is None


def test_csp_crc_of_suomi_and_one_flipped_bit() -> None:
    frame = bytearray(first_frame("suomi_100"))
    assert LAYERS["csp"].peel(bytes(frame)).fields["crc_ok"] is True
    frame[20] ^= 0x10
    assert LAYERS["csp"].peel(bytes(frame)).fields["crc_ok"] is False


ADDRESSES = "86A24040404060 9C9E868298986F"  # CQ from NOCALL-7, written out by hand


@pytest.mark.parametrize(
    ("frame", "wanted"),
    [
        (f"{ADDRESSES} 03F0 41", {"frame_type": "UI", "source_ssid": 7, "digipeaters": ""}),
        (f"{ADDRESSES} 31", {"frame_type": "RR", "pid": None}),
        (f"{ADDRESSES} 3F", {"frame_type": "SABM", "pid": None}),
        (f"{ADDRESSES} 73", {"frame_type": "UA", "pid": None}),
        (
            "86A24040404060 9C9E868298986E A4A6606AA6A6E2 AE9290 8A404063 03F0 41",
            {"digipeaters": "RS05SS-1*,WIHE-1", "frame_type": "UI"},
        ),
        # ITASAT-1 leaves out the end bit; the text after its header is not an address.
        (
            "A0B264828A8600 A0B2608A928200 03F0 973A0149",
            {"source": "PY0EIA", "destination": "PY2AEC", "end_bit": False},
        ),
    ],
)
def test_ax25_table(frame: str, wanted: dict[str, object]) -> None:
    fields = LAYERS["ax25"].peel(bytes.fromhex(frame)).fields
    assert {name: fields[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("", "too short"),
        ("86A240404040", "too short"),
        ("86A24040404061", "after one address"),
        ("87A24040404060 9C9E868298986F", "no shifted callsign"),
        (ADDRESSES, "before its control byte"),
        (f"{ADDRESSES} 03", "before its PID"),
        ("86A24040404060" * 10, "no end"),
    ],
)
def test_ax25_says_why_not(frame: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        LAYERS["ax25"].peel(bytes.fromhex(frame))


@pytest.mark.parametrize("layer", sorted(LAYERS))
@given(data=st.binary(max_size=80))
def test_what_peels_wraps_again(layer: str, data: bytes) -> None:
    try:
        peeled = LAYERS[layer].peel(data)
    except DecodeError:
        return
    if peeled.fields.get("crc_ok") is False or peeled.fields.get("end_bit") is False:
        return  # a wrong check value or a missing end bit is not made again
    assert LAYERS[layer].wrap(data[peeled.start : peeled.end], peeled.fields) == data


def test_wrap_refuses_what_does_not_fit() -> None:
    with pytest.raises(EncodeError, match="6 characters"):
        LAYERS["ax25"].wrap(b"", {"source": "TOOLONG"})
    with pytest.raises(EncodeError, match=r"source 32 is not 0\.\.31"):
        LAYERS["csp"].wrap(b"", {"source": 32})
