"""A value that cannot be computed is invalid: one by one, in columns, and for whoever asks."""

from __future__ import annotations

import math
import struct

import pytest

from decoders.decode import Decoder
from decoders.definition.limits import STATES
from decoders.definition.parse import parse
from decoders.errors import DefinitionError

DEFINITION = """
[satellite]
name = "x"
norad = 99999
source = "s"
version = "1"
[[downlinks]]
name = "d"
frequency_hz = 437000000
layers = []
[[packets]]
name = "p"
match = {{ prefix = "A5 5A A5 5A" }}
parameters = [ {{ name = "a", {row} }} ]
derived = [ {{ name = "d", expression = "{derived}" }} ]
"""
#: Row, bytes of a raw value at which it cannot be computed, and why.
ROWS = {
    "log of zero": ('type = "u8", log = { base = 10 }', b"\0"),
    "log of a negative number": ('type = "i8", log = { base = 2 }', b"\xff"),
    "division by zero": ('type = "u8", formula = "1 / raw"', b"\0"),
    "root of a negative number": ('type = "i8", formula = "sqrt(raw)"', b"\xff"),
    "log in a formula": ('type = "u8", formula = "log(raw)"', b"\0"),
    "log10 in a formula": ('type = "u8", formula = "log10(raw - 1)"', b"\1"),
    "overflow of a power": ('type = "u8", formula = "(raw + 0.5) ** 400"', b"\xff"),
    "power of integers": ('type = "u8", formula = "raw ** 400"', b"\xff"),
    "zero to a negative power": ('type = "u8", formula = "raw ** -1"', b"\0"),
    "root of a negative power": ('type = "i8", formula = "raw ** 0.5"', b"\xff"),
    "exp": ('type = "u16", formula = "exp(raw)"', b"\xff\xff"),
    "overflow of a scale": ('type = "f64", scale = 1e308', struct.pack(">d", 1e300)),
    "overflow of a polynomial": ('type = "f64", polynomial = [0, 0, 1]', struct.pack(">d", 1e300)),
    "infinity": ('type = "f32"', struct.pack(">f", math.inf)),
    "not a number": ('type = "f64", scale = 2', struct.pack(">d", math.nan)),
}
DERIVED = {"1 / a": b"\0", "log(a)": b"\0", "sqrt(a - 1)": b"\0", "(a + 0.5) ** 400": b"\xff"}


def both_ways(row: str, derived: str, raw: bytes, name: str) -> list[tuple[object, str]]:
    """Value and state of a parameter by one frame, and among many."""
    text = DEFINITION.format(row=row, derived=derived)
    decoder = Decoder([parse(text, id="x")])
    bad = bytes.fromhex("A55AA55A") + raw
    one = decoder.decode(bad, "x").named[name]
    good = bytes.fromhex("A55AA55A") + (b"\2" if len(raw) == 1 else b"\0" * len(raw))
    (group,) = decoder.batch([good, bad, good], ["x"] * 3).groups
    column = group.columns[name]
    value = column.value[1]
    shown = value.item() if hasattr(value, "item") else value
    return [(one.value, one.state), (shown, STATES[int(column.state[1])])]


@pytest.mark.parametrize("case", ROWS)
def test_a_calibration(case: str) -> None:
    row, raw = ROWS[case]
    for value, state in both_ways(row, "1 + 1", raw, "a"):
        assert state == "invalid", case
        assert value is None or not math.isfinite(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("expression", DERIVED)
def test_a_derived_value(expression: str) -> None:
    for value, state in both_ways('type = "u8"', expression, DERIVED[expression], "d"):
        assert state == "invalid"
        assert value is None or not math.isfinite(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", ["log = { base = 1 }", "log = { base = 0 }", "divide = 0"])
def test_what_can_never_be_computed_is_no_definition(row: str) -> None:
    with pytest.raises(DefinitionError, match=r"x\.toml:14"):
        parse(DEFINITION.format(row=f'type = "u8", {row}', derived="1"), id="x", source="x.toml")
