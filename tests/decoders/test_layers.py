"""AX.25 and CSP headers of real frames against what two other programs read in them."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decoders.coding.crc import crc
from decoders.decode import Decoder
from decoders.definition.parse import parse
from decoders.errors import DecodeError, EncodeError
from decoders.layers.registry import LAYERS, layer_title
from decoders.words import ENGLISH

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


def test_ax25_callsign_filled_up_with_zeros() -> None:
    written = "848a82869e9ce0 a4a66a62a600e1 03f0 0102"
    frame = bytes.fromhex(written)
    peeled = LAYERS["ax25"].peel(frame)
    assert (peeled.fields["source"], peeled.fields["zero_filled"]) == ("RS51S", "1")
    assert LAYERS["ax25"].wrap(frame[peeled.start :], peeled.fields) == frame
    spaces = bytes.fromhex(written.replace("a600e1", "a640e1"))
    assert "zero_filled" not in LAYERS["ax25"].peel(spaces).fields


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


def test_erminaz_tm_frame_and_space_packet() -> None:
    # Values: satnogs-decoders on the same frame (tests/data/frames/erminaz2.json).
    frame = first_frame("erminaz2")
    tm = LAYERS["tm-frame"].peel(frame)
    wanted = {
        "spacecraft_id": 102,
        "virtual_channel_id": 1,
        "ocf_flag": 1,
        "master_channel_count": 54,
        "virtual_channel_count": 48,
        "first_header_pointer": 0,
        "clcw_type": 0,
        "clcw_cop": 1,
        "clcw_virtual_channel": 1,
        "clcw_farm_b": 3,
        "clcw_report": 0,
        "clcw_lockout": 0,
    }
    assert {name: tm.fields[name] for name in wanted} == wanted
    packet = LAYERS["space-packet"].peel(frame[tm.start : tm.end])
    assert (packet.fields["apid"], packet.fields["length"], packet.start) == (300, 119, 6)
    assert packet.fields["sequence_flags"] == 3
    assert packet.fields["trailing"] == "e0" * ((tm.end - tm.start) - 126)


def test_trisat_tm_frame_with_check_value() -> None:
    # Values: gr-satellites on the same frame (tests/data/frames/trisat.json).
    frame = bytearray(first_frame("trisat"))
    fields = LAYERS["tm-frame-fecf"].peel(bytes(frame)).fields
    wanted = {"virtual_channel_id": 4, "first_header_pointer": 211, "synchronisation_flag": 1}
    wanted |= {"clcw_no_rf": 1, "clcw_no_bit_lock": 1, "fecf": 62062, "crc_ok": True}
    assert {name: fields[name] for name in wanted} == wanted
    frame[100] ^= 1
    assert LAYERS["tm-frame-fecf"].peel(bytes(frame)).fields["crc_ok"] is False


def test_a_packet_that_begins_later_in_the_frame() -> None:
    header = {"spacecraft_id": 5, "virtual_channel_id": 2, "continuation": "aabbcc"}
    for name in ("tm-frame", "tm-frame-fecf", "aos-frame"):
        frame = LAYERS[name].wrap(b"packet", header)
        peeled = LAYERS[name].peel(frame)
        assert peeled.fields["first_header_pointer"] == 3
        assert frame[peeled.start : peeled.end] == b"packet"


def test_csp_version_2() -> None:
    # libcsp 2: priority 2 bits, destination 14, source 14, destination port 6, source port 6, flags
    word = 1 << 46 | 300 << 32 | 5000 << 18 | 10 << 12 | 33 << 6 | 0
    fields = LAYERS["csp2"].peel(word.to_bytes(6) + b"data").fields
    wanted = {"priority": 1, "destination": 300, "source": 5000}
    wanted |= {"destination_port": 10, "source_port": 33, "crc_ok": None}
    assert {name: fields[name] for name in wanted} == wanted
    packet = LAYERS["csp2"].wrap(b"123456789", {"crc": 1})
    assert packet.endswith(bytes.fromhex("E3069283"))  # CRC-32C of 123456789


def test_csp_with_its_header_the_other_way_round() -> None:
    # AAUSAT-4: satnogs-decoders reads source 9, destination port 10 in these bytes.
    swapped = LAYERS["csp-swapped"].peel(first_frame("aausat_4")[2:]).fields
    plain = LAYERS["csp"].peel(first_frame("aausat_4")[5:1:-1] + b"xxxx").fields
    names = ("priority", "source", "destination", "destination_port", "source_port", "hmac")
    assert [swapped[name] for name in names] == [plain[name] for name in names]


@pytest.mark.parametrize(
    ("data", "wanted", "start"),
    [
        ("10 03 19 20", {"pus_version": 1, "service": 3, "subtype": 25}, 3),
        ("20 03 19 0001 00FE FF", {"pus_version": 2, "message_count": 1, "destination": 254}, 7),
    ],
)
def test_pus_headers(data: str, wanted: dict[str, object], start: int) -> None:
    peeled = LAYERS["pus"].peel(bytes.fromhex(data))
    assert {name: peeled.fields[name] for name in wanted} == wanted
    assert peeled.start == start


@pytest.mark.parametrize(
    ("layer", "data", "reason"),
    [
        ("csp2", "0102030405", "shorter than its 6-byte header"),
        ("space-packet", "000000000000", "needs 7 or more"),
        ("space-packet", "20000000000000", "version 1, must be 0"),
        ("space-packet", "07FFC000000000", "idle"),
        ("space-packet", "00010000000500", "says 12 bytes but 7 are there"),
        ("pus", "30 03 19", "first four bits are 3"),
        ("pus", "20 03 19", "shorter than 7"),
        ("tm-frame", "0000", "shorter than its 6-byte header"),
        ("tm-frame", "400000000000", "version 1, must be 0"),
        ("tm-frame", "00000000 1FFE 00", "only idle data"),
        ("tm-frame", "00000000 1FFF 00", "in which no packet begins"),
        ("tm-frame", "00000000 1805 0000", "pointer 5 is behind"),
        ("tm-frame", "00010000 1800 00", "too short for what its header announces"),
        ("tm-frame-fecf", "00000000 18", "shorter than header and check value"),
        ("aos-frame", "0000000000000000", "version 0, must be 1"),
        ("aos-frame", "403F000000000000", "virtual channel 63"),
        ("aos-frame", "40", "shorter than its 8-byte headers"),
    ],
)
def test_layers_say_why_not(layer: str, data: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        LAYERS[layer].peel(bytes.fromhex(data))


#: Bytes that are likely to be this layer.
LIKELY = {
    "space-packet": st.tuples(
        st.binary(min_size=4, max_size=4).map(lambda head: bytes([head[0] & 0x1F]) + head[1:]),
        st.integers(0, 8).map(lambda length: length.to_bytes(2)),
        st.binary(min_size=9, max_size=30),
    ).map(b"".join),
    "pus": st.binary(max_size=20).map(lambda data: b"\x20" + data),
    "tm-frame": st.tuples(
        st.binary(min_size=4, max_size=4).map(lambda head: bytes([head[0] & 0x3F]) + head[1:]),
        st.tuples(st.integers(0, 31), st.integers(0, 9)).map(lambda p: bytes([p[0] << 3, p[1]])),
        st.binary(min_size=10, max_size=90),
    ).map(b"".join),
    "aos-frame": st.tuples(
        st.binary(min_size=6, max_size=6).map(lambda head: bytes([0x40 | head[0] & 63]) + head[1:]),
        st.integers(0, 9).map(lambda pointer: bytes([0, pointer])),
        st.binary(min_size=10, max_size=60),
    ).map(b"".join),
}


@pytest.mark.parametrize("layer", sorted(LIKELY))
@settings(deadline=None)
@given(data=st.data())
def test_likely_bytes_wrap_again(layer: str, data: st.DataObject) -> None:
    frame = data.draw(LIKELY[layer])
    try:
        peeled = LAYERS[layer].peel(frame)
    except DecodeError:
        return
    assert LAYERS[layer].wrap(frame[peeled.start : peeled.end], peeled.fields) == frame


@pytest.mark.parametrize("layer", sorted(LAYERS))
@settings(deadline=None)
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


def test_names_as_people_write_them() -> None:
    assert [
        layer_title(name, ENGLISH) for name in ("ax25", "csp2", "space-packet", "aos-frame")
    ] == [
        "AX.25",
        "CSP 2",
        "space packet",
        "AOS frame",
    ]
    assert len({layer.title(ENGLISH) for layer in LAYERS.values()}) == len(LAYERS)
    assert layer_title("unheard", ENGLISH) == "unheard"


CSP_KNOWN = Decoder(
    [
        parse(
            """
            [satellite]
            name = "Flags"
            [[downlinks]]
            name = "d"
            framing = "kiss"
            layers = ["csp"]
            [[packets]]
            name = "p"
            match = { length = 5 }
            parameters = [ { name = "a", type = "u8" }, { name = "b", type = "u32" } ]
            """,
            id="flags",
        )
    ]
)


def csp_values(hexes: str) -> tuple[list[object], str | None]:
    frame = bytes.fromhex(hexes)
    decoded = CSP_KNOWN.decode(frame, "flags")
    (verdict,) = CSP_KNOWN.batch([frame], ["flags"]).verdicts
    assert (verdict.packet, verdict.error) == (decoded.packet, decoded.error)
    return [value.value for value in decoded.values], decoded.error


#: CRC-32C of 07 00 00 01 02, bit by bit after RFC 3720, section B.4.
CRC_OF_PAYLOAD = "1f9d90f1"


def test_a_csp_crc_against_its_flag_is_recognized_by_length_and_value() -> None:
    flag_set, flag_clear = "82a04e01", "82a04e00"
    assert crc("crc32c", bytes.fromhex("0700000102")).to_bytes(4).hex() == CRC_OF_PAYLOAD
    good = ([7, 258], None)
    assert csp_values(f"{flag_set} 0700000102 {CRC_OF_PAYLOAD}") == good
    assert csp_values(f"{flag_clear} 0700000102 {CRC_OF_PAYLOAD}") == good
    assert csp_values(f"{flag_set} 0700000102") == good
    wrong = csp_values(f"{flag_set} 0700000102 {CRC_OF_PAYLOAD[:-1]}5")
    assert wrong[1] == "the check value of layer csp is wrong"
    none = csp_values(f"{flag_clear} 0700000102 {CRC_OF_PAYLOAD[:-1]}5")
    assert none == ([], "no packet of flags matches 9 bytes that begin 07 00 00 01 02 1F 9D 90")


def test_csp_ciphertext_has_no_values_and_an_hmac_is_no_payload() -> None:
    assert csp_values("82a04e04 0700000102") == (
        [],
        "the CSP packet is encrypted (XTEA): it has no values",
    )
    assert csp_values("82a04e08 0700000102 deadbeef") == ([7, 258], None)
    hashed = bytes.fromhex("0700000102deadbeef")
    check = crc("crc32c", hashed).to_bytes(4).hex()
    assert csp_values(f"82a04e09 0700000102 deadbeef {check}") == ([7, 258], None)
    peeled = LAYERS["csp"].peel(bytes.fromhex(f"82a04e09 0700000102 deadbeef {check}"))
    assert peeled.fields["hmac_value"] == "deadbeef"
    assert (
        LAYERS["csp"].wrap(b"\x07\0\0\1\2", peeled.fields).hex()
        == f"82a04e090700000102deadbeef{check}"
    )


#: An I frame that counts to 128 (Linux: the source's reserved bits are 20 instead of 60), made by
#: hand after AX.25 2.2, sections 3.12 and 4.2.1: N(S) 5, N(R) 9, P, PID F0.
EXTENDED = bytes.fromhex("86a240404040e09c6086829898210a13f0") + b"data"


def test_ax25_that_counts_to_128_says_so() -> None:
    peeled = LAYERS["ax25"].peel(EXTENDED)
    assert (peeled.fields["frame_type"], peeled.fields["modulo"]) == ("I", 128)
    assert (peeled.fields["control"], peeled.fields["pid"]) == (0x130A, 0xF0)
    assert EXTENDED[peeled.start :] == b"data"
    assert LAYERS["ax25"].wrap(b"data", peeled.fields) == EXTENDED
    usual = bytearray(EXTENDED)
    usual[13] |= 0x40
    plain = LAYERS["ax25"].peel(bytes(usual))
    assert "modulo" not in plain.fields
    assert (plain.fields["control"], plain.fields["pid"]) == (0x0A, 0x13)
