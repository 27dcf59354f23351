"""Definitions as spreadsheets: nothing is lost, and what spreadsheets do to cells is understood."""

import csv
import io
import tomllib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decoders.definition.interchange.cells import TEXT_COLUMNS, read_cell, write_cell
from decoders.definition.interchange.csv_table import from_csv, read_table, to_csv
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.parse import parse
from decoders.errors import DefinitionError
from tests.interchange.built_in import IDS, catalog, data

HEAD = "row,name,type,unit,divide,warning_low,warning_high,enum\n"
SATELLITE = HEAD + "satellite,Sat\npacket,beacon\n"


@pytest.mark.parametrize("decimal_comma", [False, True])
@pytest.mark.parametrize("id", IDS)
def test_round_trip_of_every_definition(id: str, decimal_comma: bool) -> None:
    given_data = data(id)
    again = from_csv(to_csv(given_data, decimal_comma=decimal_comma).text).data
    assert again == given_data
    text = to_toml(again)
    assert parse(text, id=id, sister=catalog().text) == catalog().satellites[id]


def test_when_a_row_calls_somebody_is_kept() -> None:
    given_data = deepcopy(data("classroom-1"))
    alarm = {"count": 3, "sets": [{"when": "mode == 0", "warning": [3.0, 4.0]}], "mend_ru": "Ждать"}
    given_data["packets"][0]["parameters"][3]["alarm"] = alarm
    assert from_csv(to_csv(given_data, decimal_comma=True).text).data == given_data


def test_one_row_a_parameter() -> None:
    given_data = deepcopy(data("classroom-1"))
    labelled = given_data["packets"][0]["parameters"][3]
    labelled["label_ky"] = "Батареянын чыңалуусу"
    text = to_csv(given_data).text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    names = [row["name"] for row in rows if row["row"] == "parameter"]
    assert names[:4] == ["counter", "uptime", "mode", "battery_voltage"]
    voltage = rows[[row["name"] for row in rows].index("battery_voltage")]
    assert (voltage["doc_ky"][:10], voltage["warning_low"]) == ("Бир литий-", "3.5")
    assert voltage["label_ky"] == "Батареянын чыңалуусу"
    mode = rows[[row["name"] for row in rows].index("mode")]
    assert mode["enum"] == "0=safe, 1=nominal, 2=science"


def test_a_nested_group_comes_back() -> None:
    inner = {"name": "cells", "repeat": 3, "parameters": [{"name": "volts", "type": "u8"}]}
    rows = [{"name": "packs", "repeat": 2, "parameters": [inner, {"skip": 4}]}, {"skip": 8}]
    given_data = {"satellite": {"name": "x"}, "packets": [{"name": "p", "parameters": rows}]}
    assert from_csv(to_csv(given_data).text).data == given_data


def test_what_a_russian_spreadsheet_saves() -> None:
    """Semicolons, decimal commas, a BOM, its word for true, parted thousands, blank rows."""
    text = (
        "\ufeffrow;name;type;unit;scale;frequency_hz;simulated;warning_low;warning_high\n"
        "satellite;Сат;;;;;ИСТИНА;;\n"
        "downlink;UHF;;;;437 125 000;;;\n"
        ";;;;;;;;\n"
        "packet;beacon;;;;;;;\n"
        "parameter;volts;u16;V;0,001;;;3,5;\n"
    )
    found = from_csv(text).data
    assert found["satellite"] == {"name": "Сат", "simulated": True}
    assert found["downlinks"][0]["frequency_hz"] == 437125000
    (row,) = found["packets"][0]["parameters"]
    assert row["scale"] == 0.001
    assert row["limits"] == {"warning": [3.5, float("inf")]}


def test_numbers_as_spreadsheets_write_them() -> None:
    assert read_cell("frequency_hz", "4.37125E+08") == 437125000
    assert read_cell("simulated", "TRUE") is True
    assert read_cell("scale", "0,5", decimal_comma=True) == 0.5
    assert read_cell("enum", "0=safe; 1=on air\n2=off") == {"0": "safe", "1": "on air", "2": "off"}


@pytest.mark.parametrize(
    "text", ["0102", "2026-05-01", "1/2", "=A1+2", "-5", "  x ", "", "3,5", '"q"', "1E5", "12:30"]
)
def test_texts_that_spreadsheets_would_change_are_quoted(text: str) -> None:
    written = write_cell("label", text)
    assert written.startswith('"')
    assert read_cell("label", written) == text


words = st.dictionaries(st.integers(-9, 300).map(str), st.text(max_size=8), max_size=4)
values = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
    st.integers(-(2**63), 2**64),
    st.floats(allow_nan=False),
    st.booleans(),
    st.lists(st.integers(0, 9), max_size=3),
    words,
)


@given(st.sampled_from(["scale", "const", "match", "expect"]), values, st.booleans())
def test_any_value_survives_its_cell(column: str, value: Any, decimal_comma: bool) -> None:
    written = write_cell(column, value, decimal_comma=decimal_comma)
    assert read_cell(column, written, decimal_comma=decimal_comma) == value


@given(st.sampled_from(["enum", "flags"]), words, st.booleans())
def test_any_words_survive_their_cell(
    column: str, value: dict[str, str], decimal_comma: bool
) -> None:
    written = write_cell(column, value, decimal_comma=decimal_comma)
    assert read_cell(column, written, decimal_comma=decimal_comma) == value


@given(
    st.sampled_from(sorted(TEXT_COLUMNS)),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    st.booleans(),
)
def test_any_text_survives_its_cell(column: str, text: str, decimal_comma: bool) -> None:
    written = write_cell(column, text, decimal_comma=decimal_comma)
    assert read_cell(column, written, decimal_comma=decimal_comma) == text


keys = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True) | st.text(
    st.characters(exclude_categories=("Cs",)), min_size=1, max_size=5
)
trees = st.recursive(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(keys, trees, max_size=4))
def test_toml_that_is_written_reads_back(tree: dict[str, Any]) -> None:
    assert tomllib.loads(to_toml(tree)) == tree


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,type\n", "t.csv:1: is not a definition table: its first cell must be 'row'"),
        (HEAD + "parameter,x,u8\n", "t.csv:2: a row 'parameter' stands before any row 'packet'"),
        (SATELLITE + "end\n", "t.csv:4: a row 'end' closes no group"),
        (SATELLITE + "group,g\n", "t.csv:4: a group before this is not closed: add a row 'end'"),
        (
            HEAD + "sattelite-,x\n",
            "t.csv:2: there is no row 'sattelite-'; did you mean 'satellite'?",
        ),
    ],
)
def test_mistakes_name_their_line(text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        from_csv(text, source="t.csv")
    assert str(raised.value).startswith(told)


def test_lines_of_a_table_are_known() -> None:
    table = read_table(SATELLITE + "parameter,a,u8\nparameter,b,u16\n")
    assert table.lines["packets", 0, "parameters", 1] == 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("row,name,name\nsatellite,a,b\n", r"t.csv:1: has two columns 'name'"),
        ("row,name\nsatellite,a,lost\n", r"t.csv:2: the cell 'lost' stands in a column without"),
        ("row,,name\nsatellite,lost,a\n", r"t.csv:2: the cell 'lost' stands in a column without"),
    ],
)
def test_no_cell_is_lost(text: str, told: str) -> None:
    with pytest.raises(DefinitionError, match=told):
        from_csv(text, source="t.csv")


def test_a_packet_that_only_changes_its_match_keeps_the_rows_of_its_sister() -> None:
    text = """
extends = "sister"
[satellite]
name = "Second"
[[packets]]
name = "power"
match = { prefix = "A5" }
"""
    sister = """
[satellite]
name = "First"
[[packets]]
name = "power"
match = { prefix = "5A" }
parameters = [ { name = "volts", type = "u8" } ]
"""
    data = tomllib.loads(text)
    back = from_csv(to_csv(data).text).data
    assert back == data
    satellite = parse(to_toml(back), id="second", sister={"sister": sister}.__getitem__)
    assert list(satellite.packets[0].rows()) == ["volts"]
