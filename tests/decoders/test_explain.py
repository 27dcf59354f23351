"""What is explained is what was decoded: the bits give the raw number, the steps the value."""

import numpy as np
import pytest

from decoders.decode import Decoder
from decoders.definition.calibration import Calibration, Enumeration, Flags, Logarithm, Table
from decoders.definition.parse import parse
from decoders.equations import calibration_steps
from decoders.explain import KINDS, explain
from decoders.reading_steps import nibbles
from decoders.value import Decoded, Engineering
from decoders.value_text import number_text, number_texts, shown
from groundstation.catalog import SatelliteCatalog

CATALOG = SatelliteCatalog()
ORDERS = """
[satellite]
name = "Orders"
[[packets]]
name = "msb"
match = { prefix = "01" }
parameters = [
  { name = "a", type = "u12" }, { name = "b", type = "i12", scale = 0.5, offset = -1 },
  { name = "c", type = "u16", endian = "little" }, { name = "d", type = "f32", endian = "little" },
]
derived = [ { name = "sum", expression = "a + b * 2", limits = { warning = [0, 10] } } ]
[[packets]]
name = "lsb"
match = { prefix = "02" }
bit_order = "lsb"
parameters = [
  { name = "a", type = "u12" }, { name = "b", type = "i12" },
  { name = "c", type = "u32", endian = "big" },
  { name = "t", type = "time", divide = 2, epoch = "2000-01-01T00:00:00Z" },
]
"""


@pytest.mark.parametrize("id", sorted(CATALOG.satellites))
def test_bits_give_the_raw_number(id: str) -> None:
    satellite = CATALOG.satellites[id]
    for example in satellite.examples:
        check(satellite, CATALOG.decoder.decode(example.frame, id))


def check(satellite: object, decoded: Decoded) -> None:
    for found in explain(satellite, decoded):  # type: ignore[arg-type]
        value = found.value
        kind = getattr(value.row, "kind", "")
        if not found.bits:
            assert value.bits is None or value.bits[1] == 0  # an empty text or bytes field
            continue
        word = int(found.digits, 2) if found.digits else 0
        if kind in ("u", "bool", "bcd", "time"):
            assert word == value.raw
        elif kind == "i":
            assert word - (word >> (len(found.digits) - 1) << len(found.digits)) == value.raw
        elif kind == "bytes":
            assert word.to_bytes(len(found.digits) // 8) == value.raw
        assert found.steps[-1].kind == "value"
        places = [KINDS.index(step.kind) for step in found.steps]
        assert places == sorted(places), value.name
        worst = "nominal" if found.held else "unlimited"
        for held in found.held:
            worst = worst if held.ok else held.level
        assert value.state in (worst, "invalid")


@pytest.mark.parametrize(
    "frame",
    ["01 ABCFFE 3412 0000C03F", "02 BC FA FF 01020304 0A000000", "02 00 F0 7F 00000000 01000000"],
)
def test_bits_in_every_order(frame: str) -> None:
    satellite = parse(ORDERS, id="orders")
    decoded = Decoder([satellite]).decode(bytes.fromhex(frame), "orders")
    assert decoded.error is None
    check(satellite, decoded)


def test_steps_in_numbers() -> None:
    satellite = parse(ORDERS, id="orders")
    decoded = Decoder([satellite]).decode(bytes.fromhex("01 ABCFFE 3412 0000C03F"), "orders")
    a, b, c, d, total = explain(satellite, decoded)
    assert (a.bits[0], a.digits) == (8, "101010111100")
    assert [(step.kind, step.text) for step in b.steps][1:] == [
        ("negative", "4094 - 4096 = -2"),
        ("raw", "-2"),
        ("calibration", "-2 × 0.5 = -1"),
        ("calibration", "-1 - 1 = -2"),
        ("value", "-2"),
    ]
    assert c.steps[0].text == "34 12 → 12 34"
    assert d.steps[0].text == "00 00 C0 3F → 3F C0 00 00"
    assert [step.text for step in total.steps] == [
        "a + b * 2",
        "2748 + (-2) * 2 = 2744",
        "2744",
    ]
    assert [(h.level, h.text, h.ok) for h in total.held] == [("warning", "0 ≤ 2744 ≤ 10", False)]


def written(calibration: Calibration, raw: float) -> list[str]:
    return [step.text for step in calibration_steps(calibration, raw)]


def test_steps_of_other_calibrations() -> None:
    table = Table(((0, 0), (64, 30), (128, 55)))
    assert written(table, 96) == ["30 + (96 - 64) × (55 - 30) / (128 - 64) = 42.5"]
    assert written(table, 200) == ["200 > 128 → 55"]
    assert written(Enumeration({2: "camera"}), 2) == ["2 → camera"]
    assert written(Flags({0: "sun", 3: "heat"}), 9) == [
        "bit 0 = 1: sun → yes",
        "bit 3 = 1: heat → yes",
    ]
    assert written(Logarithm(20, 10, 0.1, -3), 1000) == [
        "1000 × 0.1 = 100",
        "20 × log10(100) - 3 = 37",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (True, "1"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (3982.0666, "3982.0666"),
        (1e-7, "1e-07"),
        (18446744073709551615, "18446744073709551615"),
        (b"\x01\xab", "01 AB"),
        (("sun", "heat"), "sun, heat"),
        ((), "—"),
        ("A\0B", "A␀B"),
    ],
)
def test_a_value_in_plain_text(value: Engineering, text: str) -> None:
    assert shown(value) == text


def test_many_numbers_at_once_are_the_same_texts() -> None:
    numbers = np.array([0.0, -0.0, 1 / 3, -2.5e20, 1e-9, 123456789.125, 4096.0])
    assert number_texts(numbers) == [number_text(number) for number in numbers.tolist()]
    assert number_texts(numbers)[1:3] == ["0", "0.3333333333"]


@pytest.mark.parametrize(
    ("digits", "text"), [("", ""), ("1", "1"), ("10110", "1 0110"), ("10111011", "1011 1011")]
)
def test_bits_in_groups_of_four(digits: str, text: str) -> None:
    assert nibbles(digits) == text
