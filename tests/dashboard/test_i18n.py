"""Every word of the pages in every language, and the same word for the same thing."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

import dashboard
from dashboard import i18n

FOLDER = Path(dashboard.__file__).parent
TERMS = Path(__file__).with_name("terms.tsv")
TRANSLATED = ("ru", "ky")
PLACEHOLDER = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def extracted() -> Catalog:
    """What the sources say today."""
    catalog = Catalog()
    with (i18n.TRANSLATIONS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    for name, line, message, _, _ in extract_from_dir(FOLDER, methods, options):
        catalog.add(message, None, [(f"dashboard/{name}", line)])
    return catalog


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated(extracted: Catalog, code: str) -> None:
    translated = i18n.catalogue(code)
    wanted = {message.id for message in extracted if message.id}
    assert wanted == {message.id for message in translated if message.id}
    for message in translated:
        assert not message.fuzzy or not message.id, message.id
        assert message.string, message.id
        found = PLACEHOLDER.findall(str(message.string))
        assert sorted(found) == sorted(PLACEHOLDER.findall(str(message.id))), message.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_scripts_get_all_their_words(extracted: Catalog, code: str) -> None:
    words = json.loads(i18n.script_words(code))["messages"]
    wanted = {
        message.id
        for message in extracted
        if message.id and any("static/js" in name for name, _ in message.locations)
    }
    assert wanted == set(words)
    assert all(words.values())


@pytest.mark.parametrize("code", TRANSLATED)
def test_one_word_for_one_thing(code: str) -> None:
    catalogue = i18n.catalogue(code)
    with TERMS.open(encoding="utf-8") as file:
        terms = {row["en"]: row[code] for row in csv.DictReader(file, delimiter="\t")}
    same = 0
    for english, term in terms.items():
        message = catalogue.get(english) or catalogue.get(english.capitalize())
        if message is not None:
            same += 1
            assert str(message.string).casefold() == term.casefold(), english
    assert same > 40


@pytest.mark.parametrize(
    ("value", "digits", "code", "text"),
    [
        (4.1, 3, "en", "4.100"),
        (4.1, 3, "ru", "4,100"),
        (-0.004, 2, "ky", "0,00"),
        (-12.5, 1, "ky", "−12,5"),
        (1234.5, 1, "en", "1234.5"),
        (1234567, 0, "en", "1,234,567"),
        (1234567, 0, "ru", "1\xa0234\xa0567"),
    ],
)
def test_numbers_as_the_language_writes_them(
    value: float, digits: int, code: str, text: str
) -> None:
    assert i18n.number(value, digits, code) == text
