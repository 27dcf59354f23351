"""Every phrase of the program in every language, and the same word for the same thing."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from decoders.words import LANGUAGES as OF_DEFINITIONS
from groundstation.words.language import LANGUAGES, in_language
from tests.words import extraction

TERMS = Path(__file__).with_name("terms.tsv")
TRANSLATED = ("ru", "ky")
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
#: Letters that English does not have.
FOREIGN = re.compile("[А-Яа-яӨөҮүҢңЁё№]")

Key = tuple[str | None, str | tuple[str, ...]]


@pytest.fixture(scope="module")
def said() -> Catalog:
    """What the sources say today."""
    return extraction.phrases()


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def keys(catalogue: Catalog) -> set[Key]:
    return {
        (message.context, message.id if isinstance(message.id, str) else tuple(message.id))
        for message in messages(catalogue)
    }


def said_in(message: Message) -> list[str]:
    """What a message says, in all its plural forms."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def first(message: Message) -> str:
    """The phrase, or its singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def test_languages_of_pages_and_definitions_are_the_same() -> None:
    assert tuple(LANGUAGES) == OF_DEFINITIONS == (extraction.SOURCE, *TRANSLATED)
    assert {path.stem for path in extraction.CATALOGUE.glob("*.po")} == set(LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_catalogue_is_what_the_sources_say(said: Catalog, code: str) -> None:
    catalogue = extraction.read(code)
    mend = "run: make words"
    assert keys(said) - keys(catalogue) == set(), mend
    assert keys(catalogue) - keys(said) == set(), mend
    assert dict(catalogue.obsolete) == {}, mend


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_phrase_is_translated_with_the_same_places(code: str) -> None:
    for message in messages(extraction.read(code)):
        for string in said_in(message):
            assert string and not message.fuzzy, message.id
            found = PLACEHOLDER.findall(string)
            assert sorted(found) == sorted(PLACEHOLDER.findall(first(message))), message.id
            assert string == string.strip()


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_is_left_in_english(code: str) -> None:
    for message in messages(extraction.read(code)):
        assert all(FOREIGN.search(string) for string in said_in(message)), message.id


def test_the_source_is_english() -> None:
    assert [m.id for m in messages(extraction.read("en")) if FOREIGN.search(str(m.id))] == []
    assert [m.id for m in messages(extraction.read("en")) if any(said_in(m))] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_capital_letter_makes_no_other_word(code: str) -> None:
    found: dict[str, tuple[str, str]] = {}
    for message in messages(extraction.read(code)):
        if message.context is None:
            english, text = str(message.id), str(message.string)
            first = found.setdefault(english.casefold(), (english, text))
            assert first[1].casefold() == text.casefold(), (first, english, text)


@pytest.mark.parametrize("code", TRANSLATED)
def test_one_word_for_one_thing(code: str) -> None:
    catalogue = extraction.read(code)
    with TERMS.open(encoding="utf-8") as file:
        terms = {row["en"].casefold(): row[code] for row in csv.DictReader(file, delimiter="\t")}
    same = 0
    for message in messages(catalogue):
        term = terms.get(str(message.id).casefold())
        if term is not None and message.context is None:
            same += 1
            assert str(message.string).casefold() == term.casefold(), message.id
    assert same > 50


def test_phrases_are_found_where_they_are_said() -> None:
    text = "def f(words, n):\n return f\"<b>{words('a')} {words.pgettext('c', 'a')}</b>\" \"x\"\n"
    assert set(extraction.in_python(text, "x")) == {(None, "a"), ("c", "a")}
    long = 'words("one " "sentence", n=1)'
    assert set(extraction.in_python(long, "x")) == {(None, "one sentence")}
    many = 'words.ngettext("%(n)s byte", "%(n)s bytes", size)'
    assert set(extraction.in_python(many, "x")) == {(None, ("%(n)s byte", "%(n)s bytes"))}
    for unclear in ("words(name)", 'self.words(f"{x}")', 'w.pgettext("c", name)'):
        with pytest.raises(extraction.UnclearError):
            list(extraction.in_python(unclear, "x"))


def test_a_number_has_its_form() -> None:
    russian, kyrgyz, english = (in_language(code) for code in ("ru", "ky", "en"))
    phrase = ("%(n)s byte", "%(n)s bytes")
    assert [russian.ngettext(*phrase, n) for n in (1, 2, 5, 11, 21, 22)] == [
        *("1 байт", "2 байта", "5 байт", "11 байт", "21 байт", "22 байта")
    ]
    assert [kyrgyz.ngettext(*phrase, n) for n in (1, 5)] == ["1 байт", "5 байт"]
    assert [english.ngettext(*phrase, n) for n in (1, 2)] == ["1 byte", "2 bytes"]
    behind = ("%(n)s frame behind", "%(n)s frames behind")
    assert [russian.ngettext(*behind, n) for n in (1, 2, 5)] == [
        *("отстаёт на 1 кадр", "отстаёт на 2 кадра", "отстаёт на 5 кадров")
    ]


def test_context_and_values() -> None:
    russian = in_language("ru")
    assert russian.pgettext("look to the", "south") == "юг"
    assert russian.pgettext("in the", "south") == "юге"
    assert russian("%(name)s in %(minutes)s min, up to %(height)s°", name="A", minutes=3, height=40)
    assert "95 %" in russian(
        "off by %(median)s in the middle, %(p95)s at most for 95 %%, %(worst)s at worst",
        median="1",
        p95="2",
        worst="3",
    )
    assert in_language("en")("%(n)s bytes", n=7) == "7 bytes"


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
        (None, 2, "ru", "—"),
    ],
)
def test_numbers_as_the_language_writes_them(
    value: float | None, digits: int, code: str, text: str
) -> None:
    assert in_language(code).number(value, digits) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Aug 2, 2026 14:05:09"),
        ("ru", "2 авг. 2026\u202fг. 14:05:09"),
        ("ky", "2026-ж., 2-авг. 14:05:09"),
    ],
)
def test_times_as_the_language_writes_them(code: str, text: str) -> None:
    assert in_language(code).stamp(datetime(2026, 8, 2, 14, 5, 9, 999_999)) == text
    assert in_language(code).moment("2026-08-02T14:05:09.250Z") == (
        f"{text}{',' if code != 'en' else '.'}25 UTC"
    )
