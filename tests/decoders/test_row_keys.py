"""A key of the definition language is known everywhere that it has to be: docs and tables."""

import re
from pathlib import Path

import pytest

from decoders.definition import packets, parse, rows
from decoders.definition.interchange.csv_table import COLUMNS
from decoders.quantities import QUANTITIES

DOCS = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text("utf-8")
ROWS = sorted({*rows.PARAMETER_KEYS, *rows.DERIVED_KEYS, *rows.GROUP_KEYS} - {"parameters"})
OTHERS = sorted(
    {
        *packets.PACKET_KEYS,
        *packets.MATCH_KEYS,
        *packets.SPANS_KEYS,
        *parse.SATELLITE_KEYS,
        *parse.DOWNLINK_KEYS,
        *parse.EXAMPLE_KEYS,
    }
)


@pytest.mark.parametrize("key", [*ROWS, *OTHERS])
def test_the_documentation_names_the_key(key: str) -> None:
    assert re.search(rf"(?<![\w-]){key}(?![\w-])", DOCS)


@pytest.mark.parametrize("key", ROWS)
def test_a_spreadsheet_has_a_place_for_the_key(key: str) -> None:
    assert key in COLUMNS


def test_the_documentation_lists_the_quantities() -> None:
    listed = re.search(r"^Quantities: (.*?)\.$", DOCS, re.MULTILINE | re.DOTALL)
    assert listed
    assert re.findall(r"`(\w+)`", listed[1]) == list(QUANTITIES)
