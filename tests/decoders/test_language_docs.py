"""What docs/definitions.md shows of the language is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from decoders.check import check_examples
from decoders.decode import Decoder
from decoders.definition.parse import mistakes, parse
from decoders.encode import Encoder
from decoders.layers.registry import LAYERS

DOCS = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text("utf-8")
HEAD = """
[satellite]
name = "Sister-1"
callsigns = ["EX1SAT"]
[[downlinks]]
name = "d"
layers = ["ax25"]
[[packets]]
name = "beacon"
match = { prefix = "45 58 31" }
"""


def block(word: str) -> str:
    """The TOML of the documentation that has ``word`` in it."""
    (found,) = (text for text in re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL) if word in text)
    return str(found)


@pytest.mark.parametrize("name", LAYERS)
def test_the_fields_of_a_layer_are_listed(name: str) -> None:
    listed = re.search(rf"^\| `{name}` \| (.*) \|$", DOCS, re.MULTILINE)
    assert listed
    content = bytes.fromhex("110102") + bytes(40)
    fields = LAYERS[name].peel(LAYERS[name].wrap(content, {})).fields
    assert re.findall(r"`(\w+)`", listed[1]) == list(fields)


def test_division_with_an_offset() -> None:
    satellite = parse(HEAD + block("divide = 50"), id="x")
    frame = Encoder(satellite).encode("beacon", {}, raw={"battery_voltage": 0xCD})
    frame = frame[:-2] + bytes.fromhex("028D")
    values = {v.name: v.value for v in Decoder([satellite]).decode(frame, "x").values}
    assert values == {"battery_voltage": 4.1, "panel_temperature": pytest.approx(25.3)}


def test_a_sister_with_another_callsign() -> None:
    rows = 'parameters = [ { name = "mode", type = "u8", unit = "" } ]\n'
    text = block('extends = "sister-1"')
    sister = parse(text, id="sister-2", sister={"sister-1": HEAD + rows}.__getitem__)
    assert (sister.name, sister.callsigns, sister.norad) == ("Sister-2", ("EX2SAT",), 99998)
    frame = Encoder(sister).encode("beacon", {"mode": 5})
    first = parse(HEAD + rows, id="sister-1")
    found = Decoder([first, sister]).decode(frame)
    assert (found.satellite, found.packet, found.named["mode"].value) == ("sister-2", "beacon", 5)
    other = Decoder([first, sister]).decode(Encoder(first).encode("beacon", {"mode": 5}))
    assert other.satellite == "sister-1"


EXAMPLE = """
[[examples]]
packet = "beacon"
hex = "{hex}"
source = "made by hand"
expect = {expect}
"""


@pytest.mark.parametrize(
    ("expect", "good"),
    [
        ("{ volts = { value = 4.1, within = 0.05 } }", True),
        ("{ volts = { value = 4.2, within = 0.05 } }", False),
        ("{ volts = 4.12 }", True),
    ],
)
def test_a_tolerance(expect: str, good: bool) -> None:
    text = HEAD + 'parameters = [ { name = "volts", type = "u16", divide = 100 } ]\n'
    frame = Encoder(parse(text, id="x")).encode("beacon", {"volts": 4.12})
    satellite = parse(text + EXAMPLE.format(hex=frame.hex(), expect=expect), id="x")
    assert (check_examples(satellite) == []) == good


def test_the_documentation_shows_a_tolerance() -> None:
    assert "within = 0.05" in block("expect = {")


@pytest.mark.parametrize(
    "expect", ['{ a = { value = "x", within = 1 } }', "{ a = { within = 1 } }"]
)
def test_a_tolerance_without_its_numbers_is_told(expect: str) -> None:
    text = HEAD + "parameters = []\n" + EXAMPLE.format(hex="45", expect=expect)
    assert mistakes(text, id="x")


@pytest.mark.parametrize(
    ("epoch", "time"),
    [
        ('"2000-01-01"', "2000-01-01T00:00:05Z"),
        ("2000-01-01", "2000-01-01T00:00:05Z"),
        ("2000-01-01T12:00:00Z", "2000-01-01T12:00:05Z"),
        ('"2000-01-01T12:00:00+06:00"', "2000-01-01T06:00:05Z"),
        ('"2000-01-01T12:00:00"', "2000-01-01T12:00:05Z"),
    ],
)
def test_an_epoch_is_a_day_or_a_time(epoch: str, time: str) -> None:
    rows = f'parameters = [ {{ name = "clock", type = "time", epoch = {epoch} }} ]\n'
    satellite = parse(HEAD + rows, id="x")
    frame = Encoder(satellite).encode("beacon", {}, raw={"clock": 5})
    assert Decoder([satellite]).decode(frame, "x").values[0].value == time
    assert Encoder(satellite).encode("beacon", {"clock": time}) == frame


def test_days_of_a_layout_without_quotes() -> None:
    text = HEAD.replace("match = {", "match = { valid_from = 2026-05-01,") + "parameters = []\n"
    quoted = text.replace("2026-05-01", '"2026-05-01"')
    assert parse(text, id="x").packets == parse(quoted, id="x").packets
