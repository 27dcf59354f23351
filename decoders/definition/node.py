"""Reading a table of a TOML file: every mistake is collected with its place, none raises.

Definitions and the settings of a station are read by this.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from types import UnionType
from typing import Any, overload

from decoders.definition.bounds import MOST_MISTAKES, MOST_NESTING, MOST_TEXT, excess
from decoders.definition.expression import Expression, parse_expression
from decoders.definition.locate import Path, key_lines, line_of
from decoders.definition.translate import Vocabulary
from decoders.errors import DefinitionError
from decoders.suggest import nearest
from decoders.words import LANGUAGES

#: Characters of a value in a message.
_MOST_SHOWN = 80


def toml_data(text: str, source: str) -> dict[str, Any]:
    """What is in TOML ``text``; raises DefinitionError with the line of ``source``."""
    if len(text) > MOST_TEXT:
        raise DefinitionError(f"has more than {MOST_TEXT} characters", source=source)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1  # at end of document
        problem = f"not valid TOML: {str(error).split(' (at ')[0]}"
        raise DefinitionError(problem, source=source, line=line) from error
    except RecursionError as error:
        problem = f"tables and lists are more than {MOST_NESTING} inside each other"
        raise DefinitionError(problem, source=source) from error
    except ValueError as error:  # a number of thousands of digits
        raise DefinitionError("a number does not fit into 64 bits", source=source) from error
    found = excess(data)
    if found is not None:
        path, problem = found
        key = ".".join(map(str, path[:MOST_NESTING]))
        raise DefinitionError(problem, source=source, line=_line(text, path), key=key)
    return data


def _line(text: str, path: Path) -> int | None:
    try:
        return line_of(key_lines(text), path)
    except RecursionError:
        return None


def told(value: object) -> str:
    """A value as a message shows it: not all of a long one."""
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


class Problems:
    """The mistakes found in one file. ``vocabulary``: translates what the file does not itself."""

    def __init__(
        self, text: str, source: str, data: Mapping[str, Any], vocabulary: Vocabulary | None = None
    ):
        self._text, self._source, self._data = text, source, data
        self.vocabulary = vocabulary or Vocabulary()
        self._lines: dict[Path, int] | None = None
        self.errors: list[DefinitionError] = []

    def add(self, path: Path, problem: str) -> None:
        """Note ``problem`` at ``path``; lines are looked up only when something is wrong.

        What comes behind MOST_MISTAKES is not noted.
        """
        if len(self.errors) >= MOST_MISTAKES:
            return
        if self._lines is None:
            self._lines = key_lines(self._text)
        line = line_of(self._lines, path)
        key = self._spoken(path)
        self.errors.append(DefinitionError(problem, source=self._source, line=line, key=key))

    def _spoken(self, path: Path) -> str:
        """``packets.beacon.parameters.mode``: entries of lists by their names, if any."""
        words: list[str] = []
        at: Any = self._data
        for part in path:
            try:
                at = at[part]
            except (KeyError, IndexError, TypeError):
                at = None
            name = at.get("name") if isinstance(part, int) and isinstance(at, dict) else None
            words.append(name if isinstance(name, str) and name else str(part))
        return ".".join(words)


class Node:
    """One table at ``path``. Each reader gives its default after noting a mistake."""

    def __init__(self, data: Mapping[str, Any], path: Path, problems: Problems):
        self.data, self.path, self.problems = data, path, problems

    def wrong(self, key: str, problem: str) -> None:
        """Note a mistake at ``key`` (empty: at the table itself)."""
        self.problems.add((*self.path, key) if key else self.path, problem)

    def only(self, allowed: Collection[str]) -> None:
        """Every other key is a mistake."""
        for key in self.data:
            if key not in allowed:
                self.wrong(key, f"unknown key; {nearest(key, allowed)}")

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A string."""
        return str(self._typed(key, str, "a text in quotes", default, required))

    def moment(self, key: str, default: str = "") -> str:
        """A day or time as text, which a file may write without quotes, too."""
        value = self.data.get(key)
        return value.isoformat() if isinstance(value, date) else self.text(key, default)

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        return bool(self._typed(key, bool, "true or false", default, False))

    @overload
    def integer(self, key: str, default: int, low: int = ..., high: int = ...) -> int: ...

    @overload
    def integer(
        self, key: str, default: int | None = ..., low: int = ..., high: int = ...
    ) -> int | None: ...

    def integer(
        self, key: str, default: int | None = None, low: int = 0, high: int = 1 << 62
    ) -> int | None:
        """A whole number from ``low`` to ``high``."""
        if key not in self.data:
            return default
        value = self.data[key]
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.wrong(key, f"{told(value)} is not a whole number from {low} to {high}")
            return default
        return value

    def number(self, key: str, default: float | None = None) -> float | None:
        """A finite number."""
        value = self.data.get(key, default)
        if value is None:
            return None
        if not _is_number(value) or not math.isfinite(value):
            self.wrong(key, f"{told(value)} is not a number")
            return default
        return float(value)

    def within(self, key: str, default: float | None, low: float, high: float) -> float:
        """A number from ``low`` to ``high``. Without a default it must be there."""
        value = self._typed(key, int | float, "a number", default, required=default is None)
        if value is None:
            return low
        if not _is_number(value) or not low <= value <= high:  # a NaN fails the comparison
            self.wrong(key, f"{told(value)} is not a number from {low:g} to {high:g}")
            return low
        return float(value)

    def numbers(self, key: str, least: int = 1) -> tuple[float, ...]:
        """A list of at least ``least`` numbers."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(map(_is_number, value)) or len(value) < least:
            self.wrong(key, f"{told(value)} is not a list of {least} or more numbers")
            return ()
        return tuple(float(item) for item in value)

    def integers(self, key: str, low: int = 0, high: int = 1 << 62) -> tuple[int, ...]:
        """One whole number or a list of them; missing: none."""
        value = self.data.get(key, [])
        items = value if isinstance(value, list) else [value]
        if not all(
            isinstance(i, int) and not isinstance(i, bool) and low <= i <= high for i in items
        ):
            self.wrong(
                key, f"{told(value)} is not a whole number from {low} to {high}, or a list of them"
            )
            return ()
        return tuple(items)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; missing: none."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(key, f'{told(value)} is not a list of texts such as ["a", "b"]')
            return ()
        return tuple(value)

    def choice(self, key: str, allowed: Collection[str], default: str) -> str:
        """One of ``allowed``."""
        value = self.data.get(key, default)
        if not isinstance(value, str) or value not in allowed:
            self.wrong(key, f"{told(value)} is not known; {nearest(value, allowed)}")
            return default
        return str(value)

    def hex(self, key: str) -> bytes:
        """Bytes written in hex, blanks allowed; missing: none."""
        value = self.text(key)
        try:
            return bytes.fromhex(value)
        except ValueError:
            self.wrong(key, f"{told(value)} is not hex bytes such as 'A5 01'")
            return b""

    def expression(self, key: str) -> Expression | None:
        """A safe expression; missing: None."""
        value = self.data.get(key)
        if value is None:
            return None
        try:
            return parse_expression(str(value))
        except DefinitionError as error:
            self.wrong(key, error.problem)
            return None

    def in_languages(self, key: str) -> dict[str, str]:
        """``key``, ``key_ru`` and ``key_ky`` as ``{"en": …, "ru": …, "ky": …}``."""
        names = {language: f"{key}_{language}" for language in LANGUAGES} | {"en": key}
        return {lang: self.text(name) for lang, name in names.items() if name in self.data}

    def labels(self) -> Mapping[str, str]:
        """The ``label`` in all languages: by the file, else by the vocabulary."""
        name = self.data.get("name")
        return self.problems.vocabulary.labels(
            self.in_languages("label"), name if isinstance(name, str) else ""
        )

    def child(self, key: str) -> Node:
        """The table ``key``; empty when missing."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"{told(value)} is not a table such as {{ a = 1 }}")
            value = {}
        return Node(value, (*self.path, key), self.problems)

    def children(self, key: str) -> list[Node]:
        """The tables of the list ``key``; none when missing."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.wrong(key, f"must be a list of tables, each written [[{key}]] or {{ name = … }}")
            return []
        return [Node(v, (*self.path, key, i), self.problems) for i, v in enumerate(value)]

    def words(self, key: str, low: int, high: int, what: str) -> dict[int, str]:
        """A table from numbers to words, such as ``{ 0 = "safe", 0x10 = "nominal" }``."""
        found: dict[int, str] = {}
        for name, word in self.child(key).data.items():
            try:
                number = int(name, 0)
            except ValueError:
                number = low - 1
            if not low <= number <= high:
                self.wrong(key, f"{told(name)} is not {what}")
            elif not isinstance(word, str) or not word:
                self.wrong(key, f"{told(word)} for {name[:_MOST_SHOWN]} is not a text in quotes")
            else:
                found[number] = word
        return found

    def _typed(
        self, key: str, kind: type | UnionType, what: str, default: Any, required: bool
    ) -> Any:
        value = self.data.get(key)
        if value is None:
            if required:
                self.wrong("", f"the key {key!r} is missing")
            return default
        if not isinstance(value, kind):
            self.wrong(key, f"{told(value)} is not {what}")
            return default
        return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
