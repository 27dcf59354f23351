"""A definition is somebody's file: only our errors come of it, and the work is bounded."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decoders.check import check_examples
from decoders.decode import Decoder
from decoders.definition import bounds
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.model import Satellite
from decoders.definition.parse import mistakes, parse
from decoders.document.icd import interface_document
from decoders.encode import Encoder
from decoders.errors import DecodersError
from decoders.evidence_rules import packet_evidence
from decoders.sketch import from_json, sketch
from tests.work import work_of_at_most

HEAD = """
[satellite]
name = "x"
[[downlinks]]
name = "d"
layers = []
[[packets]]
name = "p"
match = { prefix = "A5" }
"""
MOST_WORK = 3_000_000

ROWS: dict[str, tuple[str, str]] = {
    "a list for a check value": ('{ name = "a", type = "u16", crc = ["x"] }', "['x'] is not known"),
    "a number for a type": ('{ name = "a", type = 8 }', "8 is not a text in quotes"),
    "far out": (
        '{ name = "a", type = "u8", at = 4611686018427387904 }',
        "packets.p.parameters.a.at: 4611686018427387904 is not a whole number from 0 to 524336",
    ),
    "a count by a text": (
        '{ name = "n", type = "ascii", size = 2 }, { name = "a", type = "u8", count_from = "n" }',
        "'n' is no number, so nothing can depend on it",
    ),
    "a size by bytes": (
        '{ name = "n", type = "bytes", size = 2 }, { name = "a", type = "ascii", size_from = "n" }',
        "'n' is no number, so nothing can depend on it",
    ),
    "a condition on nothing": (
        '{ name = "a", type = "u8", when = "nobody > 1" }',
        "something depends on 'nobody', which is no row",
    ),
    "a logarithm to base 1": (
        '{ name = "a", type = "u8", log = { base = 1 } }',
        "packets.p.parameters.a.log.base: 1 has no logarithm",
    ),
    "a logarithm to base 0": (
        '{ name = "a", type = "u8", log = { base = 0 } }',
        "0 has no logarithm",
    ),
    "an epoch of the year 1": (
        '{ name = "a", type = "time", epoch = "0001-01-01T00:00:00+14:00" }',
        "the year 1 is not 1900 to 2199",
    ),
    "a number of 30 digits": (f'{{ name = "a", type = "u8", at = {"9" * 30} }}', "into 64 bits"),
    "a number of 5,000 digits": (
        f'{{ name = "a", type = "u8", at = {"9" * 5000} }}',
        "does not fit into 64 bits",
    ),
    "lists inside each other": (
        f'{{ name = "a", type = {"[" * 100}{"]" * 100} }}',
        "inside each other",
    ),
    "lists inside each other without end": (
        f'{{ name = "a", type = {"[" * 20_000}{"]" * 20_000} }}',
        "inside each other",
    ),
    "repetitions of repetitions": (
        '{ name = "g", repeat = 10000, parameters = [ { name = "h", repeat = 10000, '
        'parameters = [ { name = "a", type = "u8" } ] } ] }',
        "has 100000000 values, more than 4096",
    ),
    "repeated gaps": (
        '{ name = "g", repeat = 10000, parameters = [ { repeat = 10000, parameters = [ '
        "{ skip = 1 } ] } ] }",
        "rows, gaps and repetitions, more than 65536",
    ),
    "a packet of megabytes": (
        '{ name = "a", type = "bytes", size = 60000 }, '
        '{ name = "b", type = "bytes", size = 60000 }',
        "has 120000 bytes, more than 65542",
    ),
    "an expression of 200 signs": (
        f'{{ name = "a", type = "u8", formula = "{"-" * 200}raw" }}',
        "more than 150 operations inside each other",
    ),
    "a constant that does not fit": (
        '{ name = "a", type = "u8", const = 256 }',
        "256 is not 0..255",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_is_refused_with_its_line_and_key(name: str) -> None:
    rows, told = ROWS[name]
    text = f"{HEAD}parameters = [\n {rows}\n]\n"
    with work_of_at_most(MOST_WORK):
        found = mistakes(text, id="x")
    assert found
    assert any(told in str(error) for error in found), found[0]
    assert all(len(str(error)) < 400 for error in found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            'extends = ["cpsat"]\n[satellite]\nname = "x"\n',
            "x.toml:1: extends: ['cpsat'] is not a text",
        ),
        ('extends = "other"\nsatellite = 3\npackets = [1]\ngroups = []\n', "3 is not a table"),
        ('extends = "other"\npackets = 5\n', "must be a list of tables"),
        ("groups = [1]\n[satellite]\n", "[1] is not a table"),
        ('[[downlinks]]\nname = "d"\nlayers = [' + '"csp", ' * 100 + "]\n", "more than 8"),
        (
            '[[packets]]\nname = "p"\nmatch = { fields = { "csp.source" = [1] } }\n',
            "[1] is not a whole",
        ),
        ("x = 1\n" * 2_000_001, "has more than 4000000 characters"),
    ],
)
def test_a_file_is_refused(text: str, told: str) -> None:
    other = 'packets = "no list"\ngroups = 4\nsatellite = []\n'
    found = mistakes(text, id="x", sister={"other": other}.__getitem__)
    assert any(told in str(error) for error in found), found


def test_many_rows_are_refused_at_once() -> None:
    rows = "".join(f'{{ name = "a{n}", type = "u8" }},\n' for n in range(bounds.MOST_ROWS + 1))
    found = mistakes(f"{HEAD}parameters = [\n{rows}]\n", id="x")
    assert [str(error).partition(": ")[2].partition(": ")[2] for error in found] == [
        f"has more than {bounds.MOST_ROWS} rows"
    ]


def test_many_mistakes_are_told_up_to_a_number() -> None:
    rows = "".join(f'{{ name = "a{n}", type = "x8" }},\n' for n in range(2000))
    found = mistakes(f"{HEAD}parameters = [\n{rows}]\n", id="x")
    assert len(found) == bounds.MOST_MISTAKES


#: Rows, and the frame that would make them endless.
ENDLESS = {
    "gaps by a count": (
        '{ name = "n", type = "u16" }, { count_from = "n", parameters = [ { count_from = "n", '
        "parameters = [ { skip = 1 } ] } ] }",
        "A5 FFFF",
        "packet of 3 bytes ends before",
    ),
    "nothing by a count": (
        '{ name = "n", type = "u16" }, { count_from = "n", parameters = [ { count_from = "n", '
        'parameters = [ { name = "a", type = "u8", when = "0" } ] } ] }',
        "A5 FFFF",
        "more than 65536 rows, gaps and repetitions in one packet",
    ),
    "values to the end": (
        '{ name = "a", type = "u1", repeat = "end" }',
        "A5" + "FF" * 65_000,
        "more than 4096 fields in one packet",
    ),
    "values by a count": (
        '{ name = "n", type = "u16" }, { name = "a", type = "u1", count_from = "n" }',
        "A5 FFFF" + "FF" * 65_000,
        "more than 4096 fields in one packet",
    ),
    "a size beyond everything": (
        '{ name = "n", type = "u32" }, { name = "a", type = "bytes", size_from = "n" }',
        "A5 FFFFFFFF",
        "size_from 'n' gives 4294967295, not a whole number from 0 to 65542",
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_the_work_of_a_frame_is_bounded(name: str) -> None:
    rows, frame, told = ENDLESS[name]
    satellite = parse(f"{HEAD}parameters = [ {rows} ]\n", id="x")
    decoder = Decoder([satellite])
    with work_of_at_most(MOST_WORK):
        found = decoder.decode(bytes.fromhex(frame), "x")
    assert found.values == ()
    assert told in str(found.error)


BASE = tomllib.loads("""
[satellite]
name = "x"
norad = 99999
callsigns = ["EX1SAT"]
csp_addresses = [1]
[[downlinks]]
name = "d"
frequency_hz = 437000000
framing = "hdlc-g3ruh"
layers = ["ax25"]
[[packets]]
name = "headed"
[packets.match]
prefix = "A5"
length = 30
bytes = [ { at = 1, mask = 240, value = 16 } ]
fields = { "csp.source" = 1 }
[[packets]]
name = "p"
match = { prefix = "A5" }
parameters = [
  { name = "n", type = "u8", const = 1 },
  { name = "volts", type = "u16", scale = 0.1, offset = 1.0, limits = { warning = [1, 2] } },
  { name = "mode", type = "u4", enum = { 0 = "safe" } },
  { name = "flag", type = "u4", flags = { 0 = "on" } },
  { name = "curve", type = "i16", table = [[0, 1], [5, 3]], sentinel = [1] },
  { name = "poly", type = "f32", polynomial = [1, 2, 3] },
  { name = "log", type = "u8", log = { base = 10, gain = 2 } },
  { name = "sum", type = "u8", formula = "raw * 2 + 1" },
  { name = "when", type = "time", epoch = "2000-01-01" },
  { name = "text", type = "ascii", size = 4, until = "," },
  { name = "g", count_from = "n", size = 3, parameters = [ { name = "a", type = "u8" } ] },
  { name = "rest", type = "bytes", size_from = "n + 1", when = "n > 0" },
  { name = "check", type = "u16", crc = "crc16-ccitt" },
]
derived = [ { name = "power", expression = "volts * 2", unit = "W" } ]
[[packets]]
name = "part"
match = { prefix = "A6" }
spans = { packet = "p", data = "d", index = "i", count = 3, first = 0 }
parameters = [ { name = "i", type = "u8" }, { name = "d", type = "bytes" } ]
[[examples]]
packet = "p"
hex = "A5 01"
expect = { volts = 1.0 }
source = "made by hand"
[groups]
laser = { label = "Laser" }
""")


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in items:
        found += paths(value, (*path, key))
    return found


PATHS = paths(BASE)


def test_what_is_changed_is_sound_before() -> None:
    assert mistakes(to_toml(BASE), id="x") == []
    use(parse(to_toml(BASE), id="x"), bytes(30))


SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.sampled_from([0, 1, -1, 7, 255, 65535, 2**31, 2**63, 2**64 - 1]),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["end", "n", "volts", "u8", "ascii", "csp", "A5", "raw", "length", "1/0", "n.n"]
    ),
    st.datetimes(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
CHANGES = st.lists(st.tuples(st.sampled_from(PATHS), VALUES), min_size=1, max_size=3)


@settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(changes=CHANGES, frame=st.binary(max_size=60))
def test_only_our_errors_are_raised(
    changes: list[tuple[tuple[Any, ...], Any]], frame: bytes
) -> None:
    data = copy.deepcopy(BASE)
    for path, value in changes:
        put(data, path, value)
    text = to_toml(data)
    try:
        satellite = parse(text, id="x")
    except DecodersError as error:
        assert len(str(error)) < 1000
        return
    use(satellite, frame)


def put(data: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(data, dict) or (
        isinstance(data, list) and isinstance(path[-1], int) and path[-1] < len(data)
    ):
        data[path[-1]] = value


def use(satellite: Satellite, frame: bytes) -> None:
    """Everything that a program does with a definition."""
    import json

    assert from_json(json.loads(json.dumps(sketch(satellite).as_json()))) is not None
    decoder = Decoder([satellite])
    frames = [frame, bytes.fromhex("A5") + frame, bytes.fromhex("A501") + frame]
    for each in frames:
        decoder.decode(each, "x")
        decoder.decode(each)
    decoder.batch(frames, ["x"] * len(frames))
    check_examples(satellite)
    packet_evidence(satellite)
    interface_document(satellite)
    for packet in satellite.packets:
        try:
            Encoder(satellite).encode(packet.name, {})
        except DecodersError:
            continue
