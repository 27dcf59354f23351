"""Every type and calibration: worked by hand, and one packet against columns."""

import binascii
import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decoders.decode import Decoder
from decoders.definition.limits import STATES, Limits
from decoders.definition.model import Satellite
from decoders.encode import Encoder
from decoders.errors import DecodeError, DefinitionError
from decoders.plan import Plan
from tests.decoders.one_packet import TEN_KINDS, satellite


def values(sat: Satellite, packet: str) -> dict[str, Any]:
    decoded = Decoder([sat]).decode(bytes.fromhex(packet), "test")
    assert decoded.error is None
    return {value.name: value.value for value in decoded.values}


#: (row, packet, engineering value, bits in the frame)
ROWS = [
    ('type = "u8"', "FE", 254, (0, 8)),
    ('type = "u16"', "0102", 0x0102, (0, 16)),
    ('type = "u16", endian = "little"', "0102", 0x0201, (0, 16)),
    ('type = "u24", endian = "little"', "010203", 0x030201, (0, 24)),
    ('type = "u64"', "8000000000000001", (1 << 63) + 1, (0, 64)),
    ('type = "i8"', "FF", -1, (0, 8)),
    ('type = "i12"', "8010", -2047, (0, 12)),
    ('type = "i16", endian = "little"', "FEFF", -2, (0, 16)),
    ('type = "u3"', "A0", 5, (0, 3)),
    ('type = "u3", at = 3', "14", 5, (3, 3)),
    ('type = "u3", bit_order = "lsb"', "05", 5, (5, 3)),
    ('type = "u10", bit_order = "lsb"', "FF03", 0x3FF, (0, 16)),
    ('type = "u16", at = 4', "0ABCD0", 0xABCD, (4, 16)),
    ('type = "f16"', "3E00", 1.5, (0, 16)),
    ('type = "f32"', "C0200000", -2.5, (0, 32)),
    ('type = "f64", endian = "little"', "000000000000F83F", 1.5, (0, 64)),
    ('type = "f32"', "7FC00000", None, (0, 32)),
    ('type = "ascii", until = ","', b"ab,".hex(), "ab", (0, 24)),
    ('type = "ascii", until = ","', b"abc".hex(), "abc", (0, 24)),
    ('type = "bytes", until = ","', b"a,".hex(), b"a", (0, 16)),
    ('type = "ascii", until = ",", number = "decimal"', b"-12.5,".hex(), -12.5, (0, 48)),
    ('type = "ascii", until = "*", number = "decimal", divide = 10', b"57*".hex(), 5.7, (0, 24)),
    ('type = "ascii", size = 2, number = "hex"', b"EE".hex(), 0xEE, (0, 16)),
    ('type = "ascii", size = 2, number = "hex", offset = -100', b"0a".hex(), -90.0, (0, 16)),
    ('type = "ascii", size = 3, number = "decimal"', b"a b".hex(), None, (0, 24)),
    ('type = "bool"', "80", True, (0, 1)),
    ('type = "ascii", size = 4', "41420000", "AB", (0, 32)),
    ('type = "bytes", size = 2', "C0DB", b"\xc0\xdb", (0, 16)),
    ('type = "bcd", digits = 4', "1234", 1234, (0, 16)),
    ('type = "bcd", digits = 2', "1F", None, (0, 8)),
    ('type = "time"', "5E0BE100", "2020-01-01T00:00:00Z", (0, 32)),
    ('type = "time", epoch = "2000-01-01T00:00:00Z"', "00015180", "2000-01-02T00:00:00Z", (0, 32)),
    (
        'type = "time", bits = 64, divide = 1000',
        "0000016F5E66E9F4",
        "2020-01-01T00:00:00.500000Z",
        (0, 64),
    ),
    ('type = "u16", scale = 0.5, offset = -1', "0003", 0.5, (0, 16)),
    ('type = "u16", divide = 1000', "1005", 4.101, (0, 16)),
    ('type = "u8", polynomial = [1, 2, 3]', "02", 17.0, (0, 8)),
    ('type = "u8", table = [[0, 0], [10, 100], [20, 0]]', "0F", 50.0, (0, 8)),
    ('type = "u8", table = [[10, 1], [20, 2]]', "FF", 2.0, (0, 8)),
    ('type = "u8", log = { scale = 10, base = 10, offset = 1 }', "64", 21.0, (0, 8)),
    ('type = "u8", log = { scale = 10 }', "00", None, (0, 8)),
    ('type = "u8", formula = "raw * raw / 2"', "04", 8.0, (0, 8)),
    ('type = "u8", formula = "1 / raw"', "00", None, (0, 8)),
    ('type = "u8", enum = { 1 = "on" }', "01", "on", (0, 8)),
    ('type = "u8", enum = { 1 = "on" }', "07", "unknown (7)", (0, 8)),
    ('type = "u8", flags = { 0 = "a", 7 = "b" }', "83", ("a", "bit 1", "b"), (0, 8)),
    ('type = "u16", sentinel = 0xFFFF, divide = 10', "FFFF", None, (0, 16)),
    (
        'type = "ascii", size = 5, number = "decimal", enum = { 1 = "on" }',
        b"1e999".hex(),
        None,
        (0, 40),
    ),
    (
        'type = "ascii", size = 309, number = "decimal", scale = 2',
        (b"9" * 309).hex(),
        None,
        (0, 2472),
    ),
]


@pytest.mark.parametrize(("row", "packet", "wanted", "bits"), ROWS, ids=[r[0] for r in ROWS])
def test_one_row(row: str, packet: str, wanted: Any, bits: tuple[int, int]) -> None:
    sat = satellite(f'{{ name = "x", {row} }},')
    frame = bytes.fromhex(packet)
    decoded = Decoder([sat]).decode(frame, "test")
    (value,) = decoded.values
    assert value.value == wanted
    assert type(value.value) is type(wanted)
    assert value.bits == bits
    assert value.state == ("invalid" if wanted is None else "unlimited")
    if not math.isnan(value.raw if isinstance(value.raw, float) else 0.0):
        assert Encoder(sat).again(decoded) == frame
    column = Plan(sat.packets[0]).columns([frame] * 3)["x"]
    assert STATES[column.state[1]] == value.state
    entry = column.value[1]
    assert (entry is None or math.isnan(entry)) if wanted is None else entry == wanted


def test_rows_follow_each_other_and_gaps_are_skipped() -> None:
    sat = satellite(
        '{ name = "a", type = "u4" }, { skip = 4 }, { name = "b", type = "u8", at = 16 },'
        ' { name = "c", type = "u8" }'
    )
    assert values(sat, "F0 00 01 02") == {"a": 15, "b": 1, "c": 2}


def test_repeats_and_groups() -> None:
    sat = satellite(
        '{ name = "gyro", type = "i8", repeat = 2 },'
        ' { name = "cell", repeat = 2, parameters = ['
        '   { name = "voltage", type = "u8" }, { name = "warm", type = "bool", bits = 8 } ] }'
    )
    assert values(sat, "01 FF 0A 00 0B 01") == {
        "gyro_0": 1,
        "gyro_1": -1,
        "cell_0_voltage": 10,
        "cell_0_warm": False,
        "cell_1_voltage": 11,
        "cell_1_warm": True,
    }
    assert list(sat.rows()) == ["gyro", "cell_voltage", "cell_warm"]
    assert sat.row("cell_1_warm") is sat.rows()["cell_warm"]


VARYING = """
{ name = "n", type = "u8" },
{ name = "item", count_from = "n", parameters = [ { name = "id", type = "u8" } ] },
{ name = "extra", type = "u16", when = "n > 1" },
{ name = "size", type = "u8" },
{ name = "text", type = "ascii", size_from = "size" },
{ name = "rest", type = "u8", repeat = "end" },
"""


@pytest.mark.parametrize(
    ("packet", "wanted"),
    [
        ("00 00", {"n": 0, "size": 0, "text": ""}),
        ("01 07 02 41 42", {"n": 1, "item_0_id": 7, "size": 2, "text": "AB"}),
        (
            "02 07 08 0102 01 41 05 06",
            {"n": 2, "item_0_id": 7, "item_1_id": 8, "extra": 0x0102, "size": 1, "text": "A"}
            | {"rest_0": 5, "rest_1": 6},
        ),
    ],
)
def test_layouts_that_vary(packet: str, wanted: dict[str, Any]) -> None:
    sat = satellite(VARYING)
    assert values(sat, packet) == wanted
    decoded = Decoder([sat]).decode(bytes.fromhex(packet), "test")
    assert Encoder(sat).again(decoded) == decoded.frame
    columns = Plan(sat.packets[0]).columns([decoded.frame] * 2)
    assert {name: column.value[0] for name, column in columns.items()} == wanted


def test_a_packet_that_ends_too_early_says_where() -> None:
    decoded = Decoder([satellite(VARYING)]).decode(b"\x05\x01", "test")
    assert decoded.error == "packet of 2 bytes ends before 'item_2'"
    assert decoded.values == ()


def test_derived_values_and_their_limits() -> None:
    sat = satellite(
        '{ name = "u", type = "u8", divide = 10 }, { name = "i", type = "i8" },'
        ' { name = "mode", type = "u8", enum = { 1 = "on" } }',
        derived='{ name = "p", expression = "u * i", limits = { warning = [-10, 10] } },'
        ' { name = "twice", expression = "p * 2" },'
        ' { name = "ratio", expression = "u / i" },'
        ' { name = "is_on", expression = "1 if mode == 1 else 0" }',
    )
    decoded = Decoder([sat]).decode(bytes.fromhex("28 05 01"), "test").named
    assert (decoded["p"].value, decoded["p"].state) == (20.0, "warning")
    assert decoded["twice"].value == 40.0
    assert decoded["is_on"].value == 1
    assert decoded["p"].bits is None
    zero = Decoder([sat]).decode(bytes.fromhex("28 00 01"), "test").named
    assert (zero["ratio"].value, zero["ratio"].state) == (None, "invalid")


@pytest.mark.parametrize(
    ("raw", "state"),
    [(32, "critical"), (33, "warning"), (35, "nominal"), (42, "nominal"), (43, "critical")],
)
def test_limits_are_inclusive(raw: int, state: str) -> None:
    sat = satellite(
        '{ name = "x", type = "u8", divide = 10,'
        " limits = { warning = [3.5, 4.2], critical = [3.3, 4.25] } }"
    )
    assert Decoder([sat]).decode(bytes([raw]), "test").named["x"].state == state
    column = Plan(sat.packets[0]).columns([bytes([raw])])["x"]
    assert STATES[column.state[0]] == state


def test_limits_of_words() -> None:
    sat = satellite(
        '{ name = "mode", type = "u8", enum = { 0 = "dead", 1 = "safe", 2 = "ok" },'
        ' limits = { warning = ["safe"], critical = ["dead"] } },'
    )
    decoder = Decoder([sat])
    states = [decoder.decode(bytes([raw]), "test").named["mode"].state for raw in range(3)]
    assert states == ["critical", "warning", "nominal"]


#: Rows of one byte with limits, and the states of the raw values 0, 1 and 2.
JUDGED = {
    'type = "u8"': ("unlimited", "unlimited", "unlimited"),
    'type = "u8", sentinel = 1': ("unlimited", "invalid", "unlimited"),
    'type = "u8", enum = { 0 = "off" }': ("unlimited", "unlimited", "unlimited"),
    'type = "ascii", size = 1': ("unlimited", "unlimited", "unlimited"),
    'type = "bytes", size = 1': ("unlimited", "unlimited", "unlimited"),
    'type = "time", bits = 8': ("unlimited", "unlimited", "unlimited"),
    'type = "u8", limits = { warning = [1, 1] }': ("warning", "nominal", "warning"),
    'type = "u8", limits = { critical = [-inf, 1] }': ("nominal", "nominal", "critical"),
    'type = "u8", divide = 2, sentinel = 2, limits = { critical = [0.5, 2] }': (
        *("critical", "nominal", "invalid"),
    ),
    'type = "u8", table = [[0, 5], [2, 9]], limits = { warning = [0, 8] }': (
        *("nominal", "nominal", "warning"),
    ),
    'type = "bool", bits = 8, limits = { warning = [0, 0] }': ("nominal", "warning", "warning"),
    'type = "bcd", digits = 2, limits = { warning = [0, 1] }': ("nominal", "nominal", "warning"),
    'type = "u8", enum = { 0 = "off", 1 = "on" }, limits = { critical = ["on"] }': (
        *("nominal", "critical", "nominal"),
    ),
    'type = "u8", enum = { 0 = "off" }, limits = { warning = ["unknown (2)"] }': (
        *("nominal", "nominal", "warning"),
    ),
    'type = "u8", flags = { 0 = "a", 1 = "b" }, limits = { warning = ["a"], critical = ["b"] }': (
        *("nominal", "warning", "critical"),
    ),
}


@pytest.mark.parametrize("row", JUDGED)
def test_only_what_somebody_has_limited_is_judged(row: str) -> None:
    sat = satellite(f'{{ name = "x", {row} }}')
    decoder, packets = Decoder([sat]), [bytes([raw]) for raw in range(3)]
    assert tuple(decoder.decode(p, "test").named["x"].state for p in packets) == JUDGED[row]
    column = Plan(sat.packets[0]).columns(packets)["x"]
    assert tuple(STATES[state] for state in column.state) == JUDGED[row]


def test_a_limit_judges_only_its_own_sort_of_value() -> None:
    words, numbers = Limits(warning_words=frozenset({"off"})), Limits(warning=(0, 1))
    assert [words.state(value) for value in (5, "on", None)] == ["unlimited", "nominal", "invalid"]
    assert [numbers.state(value) for value in (5, "on", ("a",), b"")] == [
        *("warning", "unlimited", "unlimited", "unlimited")
    ]
    assert [STATES[state] for state in words.states(np.array([0.0, 5.0]))] == ["unlimited"] * 2


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ('type = "u8", limits = { warning = ["off"] }', "are numbers: give [low, high]"),
        (
            'type = "u8", enum = { 0 = "off" }, limits = { critical = ["of"] }',
            "'of' is none of the row's words; did you mean 'off'?",
        ),
        ('type = "u8", flags = { 0 = "a" }, limits = { warning = [0, 1] }', "are words: list"),
        ('type = "bytes", size = 1, limits = { warning = [0, 1] }', "are words: list"),
        ('type = "u8", limits = { warning = [] }', "says neither what a warning is nor"),
    ],
)
def test_limits_that_could_judge_nothing_are_refused(row: str, problem: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(problem)):
        satellite(f'{{ name = "x", {row} }}')


def test_bits_of_what_is_no_number_are_none() -> None:
    sat = satellite(
        '{ name = "x", type = "ascii", size = 2, number = "hex" }',
        derived='{ name = "bit", expression = "x >> 3 & 1" }',
    )
    found = [Decoder([sat]).decode(packet, "test") for packet in (b"08", b"~8")]
    assert [decoded.error for decoded in found] == [None, None]
    assert [decoded.named["bit"].value for decoded in found] == [1, None]
    assert [decoded.named["bit"].state for decoded in found] == ["unlimited", "invalid"]
    column = Plan(sat.packets[0]).columns([b"08", b"~8"])["bit"]
    assert [STATES[state] for state in column.state] == ["unlimited", "invalid"]


def test_a_time_has_no_words() -> None:
    with pytest.raises(DefinitionError, match="a time has no words"):
        satellite('{ name = "x", type = "time", enum = { 0 = "off" } }')


def test_constants_and_check_values() -> None:
    sat = satellite(
        '{ name = "id", type = "u8", const = 0xA5 }, { name = "x", type = "u8" },'
        ' { name = "check", type = "u16", crc = "crc16-ccitt" }'
    )
    frame = Encoder(sat).encode("p", {"x": 7})
    assert frame == b"\xa5\x07" + binascii.crc_hqx(b"\xa5\x07", 0xFFFF).to_bytes(2)
    decoder = Decoder([sat])
    assert decoder.decode(frame, "test").error is None
    assert decoder.decode(frame[:1] + b"\x08" + frame[2:], "test").error == (
        "check is 36707, computed 32396"
    )
    assert "id is 0, must be 165" in (decoder.decode(b"\0" + frame[1:], "test").error or "")


DERIVED = (
    '{ name = "ab", expression = "a * b - f / 3" }, { name = "q", expression = "a / (b + 1.5)" },'
    ' { name = "m", expression = "sqrt(a) + max(b, f)" }'
)


@settings(max_examples=60)
@given(st.lists(st.binary(min_size=27, max_size=27), min_size=1, max_size=20))
def test_one_packet_equals_a_column_of_one(packets: list[bytes]) -> None:
    sat = satellite(TEN_KINDS, derived=DERIVED)
    decoder, plan = Decoder([sat]), Plan(sat.packets[0])
    columns = plan.columns(packets)
    for index, packet in enumerate(packets):
        for value in decoder.decode(packet, "test").values:
            column = columns[value.name]
            entry = column.value[index]
            if value.value is None:
                assert entry is None or np.isnan(entry)
            else:
                assert entry == value.value, value.name
            assert STATES[column.state[index]] == value.state, value.name


def test_a_text_behind_the_end_of_the_packet_is_said() -> None:
    sat = satellite('{ name = "x", type = "u8" }, { name = "y", type = "ascii", until = "," }')
    assert Decoder([sat]).decode(b"1", "test").error == "packet of 1 bytes ends before 'y'"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('type = "u8", number = "hex"', "goes with type 'ascii'"),
        ('type = "u8", until = ","', "goes with type 'ascii' or 'bytes'"),
        ('type = "u8", encoding = "utf-8"', "goes with type 'ascii'"),
        ('type = "ascii", encoding = "utf-9"', "'utf-9' is not known"),
        ('type = "ascii", encoding = "utf-16-be", until = ","', "no single byte that could end"),
        ('type = "ascii", size = 2, number = "octal"', "'octal' is not known"),
    ],
)
def test_mistakes_of_text_numbers(row: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        satellite(f'{{ name = "x", {row} }}')


def test_columns_need_packets_of_one_kind() -> None:
    plan = Plan(satellite(VARYING).packets[0])
    with pytest.raises(DecodeError, match="one length"):
        plan.columns([b"\0\0", b"\0"])
    with pytest.raises(DecodeError, match="same fields"):
        plan.columns([b"\x00\x01A", b"\x01\x01\x00"])
