"""Checked settings out of TOML: a mistake is named by file, line, key and value."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import Any

from decoders.definition.locate import Path, key_lines, line_of
from decoders.suggest import nearest
from groundstation.errors import ConfigError

_TOML_LINE = re.compile(r" \(at line (\d+), column \d+\)$")


class Table:
    """One TOML table that is read key by key, and then closed so that no unknown key is left.

    ``path`` is the place of the table in the file: keys, and indexes of arrays' entries.
    """

    def __init__(self, source: str, text: str, values: dict[str, Any], path: Path = ()):
        self._source = source
        self._text = text
        self._values = values
        self._path = path
        self._known: list[str] = []

    @classmethod
    def load(cls, path: FilePath, hint: str = "") -> Table:
        """The top table of a TOML file. ``hint``: what to do when the file is not there."""
        try:
            text = path.read_text(encoding="utf-8-sig")  # Windows editors add a mark
        except FileNotFoundError:
            raise ConfigError(f"{path} was not found" + (f"; {hint}" if hint else "")) from None
        except UnicodeDecodeError:
            raise ConfigError(f"{path} is not UTF-8 text; save it as UTF-8") from None
        except OSError as error:
            raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
        try:
            return cls(str(path), text, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            place, problem = str(path), str(error)
            if found := _TOML_LINE.search(problem):
                place += f":{found[1]}"
                problem = problem[: found.start()]
            raise ConfigError(
                f"{place}: not valid TOML: {problem[0].lower()}{problem[1:]}"
            ) from None

    def table(self, key: str) -> Table:
        """The table under ``key``, empty when it is not there."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"expected a table, written [{key}]")
        return Table(self._source, self._text, value, (*self._path, key))

    def tables(self, key: str) -> list[Table]:
        """The tables of an array ``[[key]]``, none when it is not there."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, f"expected tables, each written [[{key}]]")
        return [
            Table(self._source, self._text, item, (*self._path, key, index))
            for index, item in enumerate(value)
        ]

    def mapping(self, key: str) -> dict[str, Any]:
        """A table whose keys are somebody else's business, unchecked."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "expected a table, such as { a = 1 }")
        return value

    def text(self, key: str, default: str | None = None, *, allowed: Sequence[str] = ()) -> str:
        """A text; with ``allowed`` one of these words. Without a default it must be there."""
        value = self._take(key, default)
        if not isinstance(value, str) or (value == "" and default is None):
            raise self.wrong(key, 'expected a text in quotes, such as "abc"')
        if allowed and value not in allowed:
            raise self.wrong(key, nearest(value, allowed))
        return value

    def number(self, key: str, default: float | None = None, *, low: float, high: float) -> float:
        """A number from ``low`` to ``high``. Without a default it must be there."""
        value = self._take(key, default)
        real = isinstance(value, int | float) and not isinstance(value, bool)
        if not real or not low <= value <= high:  # a NaN fails the comparison
            raise self.wrong(key, f"expected a number from {low:g} to {high:g}")
        return float(value)

    def integer(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(key, f"expected a whole number from {low} to {high}")
        return value

    def boolean(self, key: str, default: bool) -> bool:
        """``true`` or ``false``."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "expected true or false")
        return value

    def has(self, key: str) -> bool:
        """Whether the file sets ``key``."""
        return key in self._values

    def close(self) -> None:
        """Refuse what nobody asked for: a misspelt key must not be passed over in silence."""
        for key in self._values:
            if key not in self._known:
                hint = nearest(key, self._known)
                raise ConfigError(f"{self._place(key)}: unknown key; {hint}")

    def wrong(self, key: str, problem: str) -> ConfigError:
        """The error to raise for the value of ``key``; ``problem`` says what is allowed."""
        found = f"found {_show(self._values[key])}" if key in self._values else "it is missing"
        return ConfigError(f"{self._place(key)}: {found}; {problem}")

    def _take(self, key: str, default: Any) -> Any:
        self._known.append(key)
        return self._values.get(key, default)

    def _place(self, key: str) -> str:
        line = line_of(key_lines(self._text), (*self._path, key))
        number = f":{line}" if line else ""
        words = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in self._path]
        return f"{self._source}{number}: {''.join([*words, f'.{key}']).lstrip('.')}"


def _show(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
