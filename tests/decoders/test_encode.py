"""From values back to bytes: the identity, columns, and what cannot be written."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decoders.check import unrecognized
from decoders.decode import Decoder
from decoders.definition.parse import parse
from decoders.encode import Encoder
from decoders.errors import EncodeError
from decoders.plan import Plan
from tests.decoders.one_packet import TEN_KINDS, satellite


@settings(max_examples=200)
@given(st.binary(min_size=27, max_size=27))
def test_decoding_and_encoding_is_the_identity(packet: bytes) -> None:
    sat = satellite(TEN_KINDS)
    decoded = Decoder([sat]).decode(packet, "test")
    number = decoded.named["e"].raw
    if isinstance(number, float) and math.isnan(number):
        return  # the payload bits of a NaN are not kept by Python's floats
    assert Encoder(sat).again(decoded) == packet


@given(st.integers(0, 65_535), st.integers(0, 255), st.sampled_from(["off", "on"]))
def test_engineering_values_encode_to_the_same_raw(a: int, f: int, g: str) -> None:
    sat = satellite(
        '{ name = "a", type = "u16", divide = 7, offset = 0.1 },'
        ' { name = "f", type = "u8", table = [[0, -40.3], [100, 0.7], [255, 81.1]] },'
        ' { name = "p", type = "u8", polynomial = [3, 0.5, 0.001] },'
        ' { name = "l", type = "u8", log = { scale = 3.3 } },'
        ' { name = "g", type = "u8", enum = { 0 = "off", 1 = "on" } }'
    )
    frame = a.to_bytes(2) + bytes([f, f, max(f, 1), g == "on"])
    decoded = Decoder([sat]).decode(frame, "test")
    assert Encoder(sat).encode("p", {v.name: v.value for v in decoded.values}) == frame


WRITABLE = """
{ name = "a", type = "u16", divide = 7, offset = 0.1 },
{ name = "b", type = "i12", scale = 0.37 },
{ name = "c", type = "u4" },
{ name = "d", type = "i32", endian = "little" },
{ name = "e", type = "f32" },
{ name = "f", type = "u8", table = [[0, -40.3], [255, 81.1]], sentinel = 9 },
{ name = "g", type = "u8", enum = { 0 = "off", 1 = "on" } },
{ name = "h", type = "u8", const = 0xA5 },
{ name = "i", type = "u16", crc = "crc16-ccitt" },
"""


@settings(max_examples=50)
@given(st.lists(st.binary(min_size=15, max_size=15), min_size=1, max_size=10))
def test_encoded_columns_equal_packets_encoded_one_by_one(contents: list[bytes]) -> None:
    sat = satellite(WRITABLE, packet='match = { prefix = "AA" }')
    plan = Plan(sat.packets[0])
    packets = [b"\xaa" + content + b"\0\0" for content in contents]
    columns = plan.columns(packets)
    names = [name for name in columns if name not in "hi"]
    if any(not math.isfinite(number) for number in columns["e"].value.tolist()):
        return
    encoded = plan.encode_columns({name: columns[name].value for name in names})
    for index, packet in enumerate(encoded):
        decoded, _ = plan.decode(packets[index])
        one = plan.encode({v.name: v.value for v in decoded if v.name not in "hi"})
        assert packet.tobytes() == one
        assert plan.decode(one)[1] is None


@pytest.mark.parametrize("values", [[1, 256], [-1, 2], [1.0, 300.0]])
def test_columns_out_of_range_are_named(values: list[float]) -> None:
    plan = Plan(satellite('{ name = "x", type = "u8" }').packets[0])
    with pytest.raises(EncodeError, match=r"x: .* not 0\.\.255"):
        plan.encode_columns({"x": np.array(values)})


@pytest.mark.parametrize(
    ("row", "value", "message"),
    [
        ('type = "u8"', 256, "x: 256 needs the raw value 256, which is not 0..255"),
        ('type = "u8", divide = 10', -1, "x: -1 needs the raw value -10"),
        ('type = "u8", enum = { 0 = "off" }', "of", "x: 'of' is not one of: off"),
        ('type = "u8"', "many", "x: 'many' is not a number"),
        ('type = "u8", formula = "raw"', 1, "has no inverse"),
        ('type = "u8", polynomial = [0, -20, 1]', 1, "turns inside the raw range"),
        ('type = "u8", table = [[0, 0], [5, 5], [9, 1]]', 1, "does not rise or fall"),
        ('type = "ascii", size = 2', "long", "x: 'long' is longer than 2 bytes"),
        ('type = "u8"', None, "x: has no raw value that means 'no value'"),
        ('type = "time"', "tomorrow", "x: 'tomorrow' is not a time"),
    ],
)
def test_what_cannot_be_encoded_is_named(row: str, value: Any, message: str) -> None:
    with pytest.raises(EncodeError) as caught:
        Encoder(satellite(f'{{ name = "x", {row} }}')).encode("p", {"x": value})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("row", "value", "packet"),
    [
        ('type = "ascii", until = ","', "ab", b"ab,"),
        ('type = "ascii", until = ",", number = "decimal"', 57, b"57,"),
        ('type = "ascii", until = ",", number = "decimal"', -3.5, b"-3.5,"),
        ('type = "ascii", until = ",", number = "decimal", divide = 10', 5.7, b"57,"),
        ('type = "ascii", size = 4, number = "decimal"', 57, b"0057"),
        ('type = "ascii", size = 2, number = "hex"', 238, b"EE"),
    ],
)
def test_numbers_are_written_as_text(row: str, value: Any, packet: bytes) -> None:
    sat = satellite(f'{{ name = "x", {row} }}')
    assert Encoder(sat).encode("p", {"x": value}) == packet


def test_unknown_names_get_the_nearest_right_one() -> None:
    encoder = Encoder(satellite('{ name = "voltage", type = "u8" }'))
    with pytest.raises(EncodeError, match="did you mean 'voltage'"):
        encoder.encode("p", {"voltege": 1})
    with pytest.raises(EncodeError, match="allowed: p"):
        encoder.encode("q", {})


DEMANDING = """
[satellite]
name = "Demanding"
[[downlinks]]
name = "d"
layers = []
[[packets]]
name = "fixed"
parameters = [
  { name = "kind", type = "u8" },
  { name = "high", type = "u4" }, { name = "low", type = "u4" },
  { name = "number", type = "u8" },
]
[packets.match]
bytes = [ { at = 0, value = 7 }, { at = 1, mask = 0xF0, value = 0x90 }, { at = -1, value = 0x55 } ]
length = [4, 6]
[[packets]]
name = "varying"
match = { bytes = [ { at = 0, value = 2 } ], minimum_length = 3 }
parameters = [
  { name = "count", type = "u8" },
  { name = "item", type = "u8", count_from = "count" },
]
[[packets]]
name = "hidden"
match = { bytes = [ { at = 0, mask = 0x0F, value = 2 } ], minimum_length = 3 }
parameters = [ { name = "kind", type = "u8" } ]
"""


def test_what_the_match_demands_is_filled_in() -> None:
    satellite = parse(DEMANDING, id="d")
    encoder = Encoder(satellite)
    assert encoder.encode("fixed", {"low": 3, "number": 8}).hex() == "07930855"
    assert encoder.encode("fixed", {"kind": 7}).hex() == "07900055"
    assert encoder.encode("fixed", {}, length=5).hex() == "079000000055"
    assert encoder.encode("varying", {"item_1": 9}).hex() == "020009"
    columns = Plan(satellite.packets[0]).encode_columns({"low": np.array([3, 4])})
    assert [row.tobytes().hex() for row in columns] == ["07930055", "07940055"]


@pytest.mark.parametrize(
    ("values", "length", "told"),
    [
        ({"kind": 8}, 0, r"byte 0 must be 0x07 \(mask 0xFF\), .* and kind makes it 0x08"),
        ({"high": 1}, 0, r"byte 1 must be 0x90 \(mask 0xF0\), .* and high makes it 0x10"),
        ({}, 7, "it would have 7 bytes, and its match wants 4 or 6"),
    ],
)
def test_what_is_against_the_match_is_refused(
    values: dict[str, int], length: int, told: str
) -> None:
    with pytest.raises(EncodeError, match=told):
        Encoder(parse(DEMANDING, id="d")).encode("fixed", values, length=length)


def test_a_packet_that_would_not_be_recognized_is_told() -> None:
    assert unrecognized(parse(DEMANDING, id="d")) == [
        "hidden: what encode makes of it is taken for varying"
    ]
