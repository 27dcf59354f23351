"""The steps of reading a number, held to ``struct``, to Python's own arithmetic and to hand-worked
cases. What stands before the equals sign is computed here again, from the very terms."""

from __future__ import annotations

import math
import struct
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from decoders.decode import Decoder
from decoders.definition.model import Parameter
from decoders.definition.parse import parse
from decoders.explain import KINDS, Explanation, explain
from decoders.steps import PLAIN, Sign, Step, Term, expression_terms, whole
from decoders.type_words import type_words
from decoders.words import ENGLISH

DEFINITION = """
[satellite]
name = "Steps"
[[packets]]
name = "p"
match = {{ prefix = "A5" }}
bit_order = "{bit_order}"
parameters = [ {{ name = "x", {row} }} ]
"""


def explained(row: str, data: bytes, bit_order: str = "msb") -> Explanation:
    """The only value of a packet."""
    satellite = parse(DEFINITION.format(row=row, bit_order=bit_order), id="s")
    decoded = Decoder([satellite]).decode(b"\xa5" + data, "s")
    assert decoded.error is None
    (found,) = explain(satellite, decoded)
    assert {step.kind for step in found.steps} <= set(KINDS)
    order = [KINDS.index(step.kind) for step in found.steps]
    assert order == sorted(order)
    return found


def of(found: Explanation, kind: str) -> Step:
    (step,) = (step for step in found.steps if step.kind == kind)
    return step


def texts(found: Explanation) -> list[tuple[str, str]]:
    return [(step.kind, step.text) for step in found.steps]


def computed(terms: tuple[Term, ...]) -> float:
    """Arithmetic of the terms by Python, in decimals that keep every digit."""
    text = "".join(
        f"Decimal('{term!r}')" if isinstance(term, int | float) else str(term) for term in terms
    )
    return float(eval(text.replace("×", "*").replace("^", "**"), {"Decimal": Decimal}))


def test_a_little_endian_number() -> None:
    found = explained('type = "u16", endian = "little"', bytes.fromhex("8C03"))
    assert texts(found) == [
        ("swapped", "8C 03 → 03 8C"),
        ("digits", "0000 0011 1000 1100"),
        ("places", "512 + 256 + 128 + 8 + 4 = 908"),
        ("raw", "908"),
        ("value", "908"),
    ]


def test_a_negative_number() -> None:
    found = explained('type = "i16", divide = 10, unit = "°C"', bytes.fromhex("FF3D"))
    assert of(found, "negative").text == "65341 - 65536 = -195"
    assert of(found, "calibration").text == "-195 / 10 = -19.5"
    assert found.steps[-1].text == "-19.5 °C"


def test_a_long_number_byte_by_byte() -> None:
    found = explained('type = "u32"', bytes.fromhex("000151F8"))
    assert of(found, "byte_values").text == "00 = 0  01 = 1  51 = 81  F8 = 248"
    assert of(found, "byte_places").text == "1 × 65536 + 81 × 256 + 248 = 86520"


def test_nothing_and_a_single_place() -> None:
    assert of(explained('type = "u8"', b"\x00"), "places").text == "0"
    assert of(explained('type = "u8"', b"\x40"), "places").text == "64"
    assert of(explained('type = "u32"', bytes(4)), "byte_places").text == "0"
    assert of(explained('type = "u24"', b"\x00\x00\x07"), "byte_places").text == "7"


CODES = {
    (kind, bits): letter.upper() if kind == "u" else letter
    for kind in "ui"
    for bits, letter in {8: "b", 16: "h", 32: "i", 64: "q"}.items()
}


@given(
    st.sampled_from(sorted(CODES)),
    st.sampled_from(["big", "little"]),
    st.binary(min_size=8, max_size=8),
)
def test_whole_numbers_are_those_of_struct(kind: tuple[str, int], endian: str, data: bytes) -> None:
    data = data[: kind[1] // 8]
    (truth,) = struct.unpack((">" if endian == "big" else "<") + CODES[kind], data)
    row = f'type = "{kind[0]}{kind[1]}"' + (f', endian = "{endian}"' if kind[1] > 8 else "")
    found = explained(row, data)
    assert of(found, "raw").result == truth
    steps = {step.kind: step for step in found.steps}
    places = steps.get("places") or steps["byte_places"]
    unsigned = truth % (1 << kind[1])
    assert computed(places.terms) == float(unsigned)
    assert places.result in (None, unsigned)
    if truth < 0:
        assert steps["negative"].terms == (unsigned, Sign(" - "), 1 << kind[1])
        assert steps["negative"].result == truth
    assert ("positive" in steps) == (kind[0] == "i" and truth >= 0)
    assert ("swapped" in steps) == (endian == "little" and kind[1] > 8)
    if "swapped" in steps:
        assert steps["swapped"].terms == (data.hex(" ").upper(),)
        assert steps["swapped"].result == data[::-1].hex(" ").upper()


@given(st.integers(2, 15), st.binary(min_size=2, max_size=2), st.sampled_from(["msb", "lsb"]))
def test_numbers_that_fill_no_bytes(bits: int, data: bytes, bit_order: str) -> None:
    if bits % 8 == 0:
        return
    found = explained(f'type = "u{bits}"', data, bit_order)
    big, little = int.from_bytes(data), int.from_bytes(data, "little")
    truth = big >> (16 - bits) if bit_order == "msb" else little & ((1 << bits) - 1)
    assert of(found, "raw").result == truth
    assert computed(of(found, "places").terms) == truth
    # The bits stand in the order of their place values only where the low byte is turned round.
    assert ("digits" in dict(texts(found))) == (bit_order == "lsb" and bits > 8)


FLOATS = {16: "e", 32: "f", 64: "d"}


@given(
    st.sampled_from(sorted(FLOATS)),
    st.sampled_from(["big", "little"]),
    st.binary(min_size=8, max_size=8),
)
@example(32, "big", bytes.fromhex("40490FDB00000000"))  # pi
@example(32, "big", bytes.fromhex("0000000100000000"))  # the least there is
@example(16, "big", bytes.fromhex("83FF000000000000"))  # subnormal, below zero
@example(64, "little", bytes(8))
@example(64, "big", bytes.fromhex("8000000000000000"))
@example(32, "big", bytes.fromhex("7F80000000000000"))  # infinite
@example(32, "big", bytes.fromhex("7FC0000000000000"))  # no number
def test_floats_are_those_of_struct(bits: int, endian: str, data: bytes) -> None:
    data = data[: bits // 8]
    (truth,) = struct.unpack((">" if endian == "big" else "<") + FLOATS[bits], data)
    found = explained(f'type = "f{bits}", endian = "{endian}"', data)
    steps = {step.kind: step for step in found.steps}
    assert steps["float_sign"].text == ("1 → −" if math.copysign(1, truth) < 0 else "0 → +")
    if not math.isfinite(truth):
        special = "—" if math.isnan(truth) else ("−∞" if truth < 0 else "∞")
        assert steps["float_special"].result == special
        assert found.value.value is None
        return
    mantissa, power = steps["fraction"].result, steps["exponent"].result
    assert isinstance(mantissa, float)
    assert isinstance(power, int)
    assert computed(steps["exponent"].terms) == power
    assert computed(steps["fraction"].terms) == mantissa
    assert math.ldexp(mantissa, power) == abs(truth) == abs(float(steps["float"].result or 0))
    assert steps["raw"].result == truth
    shown = float(PLAIN.term(steps["float"].result))
    assert (steps["float"].relation == " = ") == (shown == truth)


def test_a_float_in_words_of_numbers() -> None:
    assert texts(explained('type = "f32"', bytes.fromhex("C0400000")))[:6] == [
        ("bytes", "C0 40 00 00"),
        ("digits", "1 | 10000000 | 10000000000000000000000"),
        ("float_sign", "1 → −"),
        ("exponent", "128 - 127 = 1"),
        ("fraction", "1 + 4194304 / 8388608 = 1.5"),
        ("float", "-1.5 × 2^1 = -3"),
    ]


def test_decimal_digits() -> None:
    found = explained('type = "bcd", digits = 4, divide = 10', bytes.fromhex("1995"))
    assert of(found, "decimal").text == "0001 = 1  1001 = 9  1001 = 9  0101 = 5 → 1995"
    assert of(found, "calibration").text == "1995 / 10 = 199.5"
    assert found.value.value == 199.5
    wrong = explained('type = "bcd", digits = 2', bytes.fromhex("1A"))
    assert of(wrong, "decimal").text == "0001 = 1  1010 = — → —"
    assert wrong.value.value is None


def test_flags_one_by_one() -> None:
    found = explained('type = "u8", flags = { 0 = "sun", 3 = "heat" }', b"\x28")
    assert [step.text for step in found.steps if step.kind == "flag"] == [
        "bit 0 = 0: sun → no",
        "bit 3 = 1: heat → yes",
        "bit 5 = 1: ? → yes",
    ]


def test_characters() -> None:
    found = explained('type = "ascii", size = 3', b"AB\x00")
    assert of(found, "characters").text == "41 → A  42 → B  00 → ␀"
    assert found.steps[-1].text == "AB"
    longer = explained('type = "ascii", size = 20', b"A" * 20)
    assert of(longer, "characters").text.endswith("41 → A  …")


def test_what_stands_for_no_value() -> None:
    found = explained('type = "i16", sentinel = -32768, divide = 10', bytes.fromhex("8000"))
    assert texts(found)[-2:] == [("sentinel", "-32768"), ("value", "—")]


def test_a_moment() -> None:
    row = 'type = "time", bits = 32, epoch = "2000-01-01T00:00:00Z"'
    found = explained(row, (86400).to_bytes(4))
    shown = of(found, "epoch").text
    assert shown == "2000-01-01T00:00:00Z + 86400 s = 2000-01-02T00:00:00Z"


def test_yes_and_no() -> None:
    found = explained('type = "bool"', b"\x80")
    assert texts(found) == [("raw", "1"), ("value", "1")]


@pytest.mark.parametrize(
    ("row", "bit_order", "words"),
    [
        ('type = "u16", endian = "little"', "msb", "whole number of 16 bits, low byte first"),
        ('type = "i32"', "msb", "signed whole number of 32 bits, high byte first"),
        ('type = "u12"', "msb", "unsigned whole number of 12 bits"),
        ('type = "u12"', "lsb", "unsigned whole number of 12 bits, lowest bit first"),
        ('type = "u8"', "msb", "unsigned whole number of 8 bits"),
        ('type = "f64"', "msb", "floating-point number of 64 bits, high byte first"),
        ('type = "bool"', "msb", "yes or no in one bit"),
        ('type = "bool", bits = 3', "msb", "yes or no in 3 bits"),
        ('type = "ascii", size = 4', "msb", "text, 4 bytes"),
        ('type = "bytes", size = 4', "msb", "4 bytes"),
        ('type = "bcd", digits = 4', "msb", "decimal digits of four bits each, high byte first"),
        ('type = "u1"', "msb", "one bit"),
    ],
)
def test_types_in_words(row: str, bit_order: str, words: str) -> None:
    found = explained(row, bytes(8), bit_order)
    assert isinstance(found.value.row, Parameter)
    said = type_words(found.value.row, len(found.bits), ENGLISH)
    assert said == words or said == f"unsigned {words}"


def test_an_expression_keeps_its_names_apart_from_its_numbers() -> None:
    values = {"cell_3": -2, "x1": 0.5}
    terms = expression_terms("max(cell_3, 1e3) ** 2 - x1 * 0.25", values.get)
    assert terms == (
        *("max", Sign("("), Sign("("), -2, Sign(")"), Sign(", "), 1000.0),
        *(Sign(") ^ "), 2, Sign(" - "), 0.5, Sign(" * "), 0.25),
    )
    assert [type(term) for term in terms[3:7]] == [int, Sign, Sign, float]


@given(st.floats() | st.integers())
def test_whole_numbers_stay_whole(number: float) -> None:
    found = whole(number)
    assert found == number or number != number
    if isinstance(found, int) and isinstance(number, float):
        assert abs(found) < 1 << 53
