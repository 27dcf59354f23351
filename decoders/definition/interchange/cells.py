"""One cell of a spreadsheet: a value of a definition as text that survives spreadsheets, and back.

Spreadsheets turn ``0102`` into 102, ``2026-05-01`` into a date, and, in Russian or Kyrgyz settings,
write decimal commas, ``ИСТИНА`` and spaces between thousands. What could be mistaken is written in
quotes; what they make of numbers is understood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from decoders.definition.interchange.toml_writer import literal
from decoders.spreadsheet import cell

#: Columns that hold text whatever it looks like.
TEXT_COLUMNS = frozenset(
    (
        *("name", "type", "unit", "label", "label_ru", "label_ky", "doc", "doc_ru", "doc_ky"),
        *("group", "display", "endian", "bit_order", "modulation", "framing", "source", "version"),
        *("when", "count_from", "size_from", "expression", "formula", "hex", "packet", "epoch"),
        *("undescribed", "crc", "until", "number", "encoding", "extends", "quantity"),
    )
)
#: Columns that give words to numbers.
WORD_COLUMNS = frozenset(("enum", "flags"))

_TRUE, _FALSE = {"true", "истина"}, {"false", "ложь"}
_PLAIN_WORD = re.compile(r"[^\s=,;{}\"'](?:[^=,;{}\"'\n\r\t]*[^\s=,;{}\"'])?")
_WORD = re.compile(r"\s*(-?\d+)\s*=\s*(.*?)\s*", re.DOTALL)
_NUMBER_LIKE = re.compile(r"[+-]?[\d\s.,:/eE-]*\d[\d\s.,:/eE-]*%?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+")
_EXACT = 2**53


def write_cell(column: str, value: Any, *, decimal_comma: bool = False) -> str:
    """``value`` of a definition's key as text."""
    if column in WORD_COLUMNS and isinstance(value, Mapping) and _are_plain(value):
        text = ", ".join(f"{number}={word}" for number, word in value.items())
        return text if cell(text) == text else literal(value)
    if isinstance(value, str):
        return literal(value) if _needs_quotes(column, value) else value
    text = literal(value)
    if decimal_comma and isinstance(value, float):
        return text.replace(".", ",")
    return text


def read_cell(column: str, text: str, *, decimal_comma: bool = False) -> Any:
    """The value that a cell means; text that is nothing else stays text."""
    text = text.strip()
    if column in WORD_COLUMNS and text[:1] not in ("{", '"'):
        return _words(text)
    if text.startswith('"'):
        return _toml(text, text)
    if column in TEXT_COLUMNS:
        return text
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    if decimal_comma and _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"\s", "", text)
    value = _toml(text, text)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value


def _toml(text: str, otherwise: Any) -> Any:
    if "\n" in text:
        return otherwise
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):  # no TOML, or more of it than a cell may hold
        return otherwise


def _needs_quotes(column: str, text: str) -> bool:
    if text != text.strip() or not text.isprintable() or text[:1] in ('"', "=", "+", "-", "@", ""):
        return True
    if column in TEXT_COLUMNS:
        return _NUMBER_LIKE.fullmatch(text) is not None
    return cell(text) != text or any(
        read_cell(column, text, decimal_comma=comma) != text for comma in (False, True)
    )


def _are_plain(words: Mapping[str, Any]) -> bool:
    if not words or not all(re.fullmatch(r"-?\d+", number) for number in words):
        return False
    first = next(iter(words))
    return not first.startswith("-") and all(
        isinstance(word, str) and _PLAIN_WORD.fullmatch(word) for word in words.values()
    )


def _words(text: str) -> dict[str, str] | str:
    """``0=safe, 1=nominal`` (also one a line, or with semicolons) as a table."""
    words: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text):
        match = _WORD.fullmatch(part)
        if match is None:
            return text
        words[match[1]] = match[2]
    return words
