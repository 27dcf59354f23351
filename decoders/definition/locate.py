"""Where each key of a TOML text stands, so that a message can name the line.

``tomllib`` does not tell. The text given here has already been accepted by it, so this scanner only
has to walk over well-formed TOML 1.0.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*""")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}\n#]*")


def key_lines(text: str) -> dict[Path, int]:
    """1-based line of every key and array element, by path such as ``("packets", 0, "name")``."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """The line of ``path``, or of the nearest enclosing thing that has one."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


class _Scanner:
    def __init__(self, text: str):
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._line_starts = [match.end() for match in re.finditer("\n", text)]
        self._array_sizes: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        self._blank()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._blank()

    def _header(self) -> Path:
        start = self.at
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        *parents, last = self._key()
        path: Path = ()
        for part in parents:
            path = self._enter((*path, part))
        path = (*path, last)
        if double:
            size = self._array_sizes.get(path, 0)
            self._array_sizes[path] = size + 1
            self._record(path, start)
            path = (*path, size)
        self._record(path, start)
        self.at += 2 if double else 1
        return path

    def _enter(self, path: Path) -> Path:
        size = self._array_sizes.get(path)
        return path if size is None else (*path, size - 1)

    def _key(self) -> list[str]:
        parts = []
        while match := _KEY_PART.match(self.text, self.at):
            parts.append(next(group for group in match.groups() if group is not None))
            self.at = match.end()
            if not self.text.startswith(".", self.at):
                break
            self.at += 1
        return parts

    def _pair(self, table: Path) -> None:
        start = self.at
        path: Path = (*table, *self._key())
        self._record(path, start)
        self.at += 1  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        self._blank()
        if match := _STRING.match(self.text, self.at):
            self.at = match.end()
        elif self.text[self.at] == "[":
            self._items(path, "]")
        elif self.text[self.at] == "{":
            self._items(path, "}")
        else:
            found = _SCALAR.match(self.text, self.at)
            self.at = found.end() if found else self.at + 1

    def _items(self, path: Path, end: str) -> None:
        self.at += 1
        index = 0
        while True:
            self._blank()
            if self.text[self.at] == end:
                break
            if end == "}":
                self._pair(path)
            else:
                self._record((*path, index), self.at)
                self._value((*path, index))
                index += 1
            self._blank()
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _record(self, path: Path, position: int) -> None:
        self.lines.setdefault(path, self._line(position))

    def _line(self, position: int) -> int:
        return bisect_right(self._line_starts, position) + 1
