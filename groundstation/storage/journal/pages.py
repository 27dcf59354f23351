"""Rows out of the pages of a damaged SQLite file, whatever its tree and its head say.

Each leaf page of a table says itself which rows lie on it. A page that was overwritten gives none;
all others do, also when the pages that lead to them are gone. After "Database File Format",
https://www.sqlite.org/fileformat.html, sections 1.5, 1.6 and 2.1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

_LEAF = 0x0D
_HEAD = b"SQLite format 3\0"
#: What this program's own files have; used where the head of the file is gone.
_PAGE_SIZE = 4096
_RESERVED = 0
#: A row is no longer than the longest frame and its texts; more is damage.
_MOST_BYTES = 1 << 24
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8)

Cell: TypeAlias = int | float | str | bytes | None


class Row(NamedTuple):
    """A row of some table: its number, and its columns."""

    number: int
    columns: tuple[Cell, ...]


class DamagedFile:
    """A file that was a database."""

    def __init__(self, path: Path):
        self._data = path.read_bytes()
        self._size, self._usable = self._page_size()

    def _page_size(self) -> tuple[int, int]:
        if not self._data.startswith(_HEAD) or len(self._data) < 100:
            return _PAGE_SIZE, _PAGE_SIZE - _RESERVED
        (size,) = struct.unpack_from(">H", self._data, 16)
        size = 65536 if size == 1 else size
        if size < 512 or size & (size - 1):
            return _PAGE_SIZE, _PAGE_SIZE - _RESERVED
        return size, size - self._data[20]

    def rows(self) -> Iterator[Row]:
        """Every row of every table that can still be read, in the order of the pages."""
        for start in range(0, len(self._data), self._size):
            page = self._data[start : start + self._size]
            head = 100 if start == 0 else 0
            if len(page) == self._size and page[head] == _LEAF:
                yield from self._of_page(page, head)

    def _of_page(self, page: bytes, head: int) -> Iterator[Row]:
        (count,) = struct.unpack_from(">H", page, head + 3)
        for index in range(min(count, (self._size - head - 8) // 2)):
            (place,) = struct.unpack_from(">H", page, head + 8 + 2 * index)
            try:
                row = self._row(page, place)
            except (IndexError, ValueError, struct.error):
                continue  # this one is damaged; the others may be whole
            yield row

    def _row(self, page: bytes, place: int) -> Row:
        length, place = _number(page, place)
        number, place = _number(page, place)
        if not 0 < length <= _MOST_BYTES:
            raise ValueError("no length of a row")
        return Row(number, _columns(self._payload(page, place, length)))

    def _payload(self, page: bytes, place: int, length: int) -> bytes:
        """A row's bytes: on its page, the rest on pages that follow each other."""
        most = self._usable - 35
        if length <= most:
            here = length
        else:
            least = (self._usable - 12) * 32 // 255 - 23
            here = least + (length - least) % (self._usable - 4)
            here = here if here <= most else least
        found = page[place : place + here]
        if length > here:
            (following,) = struct.unpack_from(">I", page, place + here)
            found += self._following(following, length - here)
        if len(found) != length:
            raise ValueError("the row is cut off")
        return found

    def _following(self, number: int, length: int) -> bytes:
        parts = []
        while length > 0:
            start = (number - 1) * self._size
            if number < 1 or start + self._size > len(self._data):
                raise ValueError("there is no such page")
            page = self._data[start : start + self._size]
            if page.count(0) == len(page):
                raise ValueError("the page was wiped")
            part = page[4 : 4 + min(length, self._usable - 4)]
            parts.append(part)
            length -= len(part)
            (number,) = struct.unpack_from(">I", page)
        if number:
            raise ValueError("the last page names another one: it was overwritten")
        return b"".join(parts)


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A whole number of one to nine bytes, and where it ends."""
    value = 0
    for index in range(8):
        byte = data[place + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + index + 1
    value = value << 8 | data[place + 8]
    return value - (1 << 64) if value >> 63 else value, place + 9


def _columns(payload: bytes) -> tuple[Cell, ...]:
    end, place = _number(payload, 0)
    kinds = []
    while place < end:
        kind, place = _number(payload, place)
        kinds.append(kind)
    if place != end:
        raise ValueError("no head of a row")
    columns = []
    for kind in kinds:
        cell, place = _cell(payload, place, kind)
        columns.append(cell)
    if place != len(payload):
        raise ValueError("the columns do not fill the row")
    return tuple(columns)


def _cell(payload: bytes, place: int, kind: int) -> tuple[Cell, int]:
    if kind >= 12:
        end = place + (kind - 12) // 2
        if end > len(payload):
            raise ValueError("a text is cut off")
        content = payload[place:end]
        return (content.decode("utf-8") if kind % 2 else content), end
    if kind in (8, 9):
        return kind - 8, place
    if kind > 9:
        raise ValueError("no kind of a column")
    end = place + _SIZES[kind]
    if end > len(payload):
        raise ValueError("a number is cut off")
    content = payload[place:end]
    if kind == 0:
        return None, end
    if kind == 7:
        value: float = struct.unpack(">d", content)[0]
        return value, end
    return int.from_bytes(content, signed=True), end
