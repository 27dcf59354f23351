"""Notes that people pinned to a time of a satellite, or to a frame: rows of ``desk.db``.

A note that was removed is shown no more, and stays in the list of changes with its text.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from groundstation.errors import DeskConflictError, DeskError, DeskUnknownError
from groundstation.model import iso
from groundstation.storage.audit import MOST_NAME, Actor, plain, write_down
from groundstation.storage.desk_file import DeskFile

#: Characters of a note; notes of one data folder.
MOST_TEXT, MOST_NOTES = 400, 20_000
_SINCE = 3
_COLUMNS = "id, satellite, at_us, seq, text, by, written_us"


class NoteRecord(TypedDict):
    """A note as JSON has it."""

    id: int
    satellite: str
    time: str
    seq: int | None
    text: str
    by: str
    written: str


@dataclass(frozen=True, slots=True)
class Note:
    """``at_us``: the time that it is about; ``seq``: the frame, None: of no one frame;
    ``satellite`` may be empty where a frame is nobody's."""

    id: int
    satellite: str
    at_us: int
    seq: int | None
    text: str
    by: str
    written_us: int

    def record(self) -> NoteRecord:
        """For pages and programs."""
        return {
            "id": self.id,
            "satellite": self.satellite,
            "time": iso(self.at_us),
            "seq": self.seq,
            "text": self.text,
            "by": self.by,
            "written": iso(self.written_us),
        }


class Notes:
    """Those of one data folder. Raises StoreError where ``desk.db`` cannot be used."""

    def __init__(self, folder: Path):
        self._file = DeskFile(folder)

    def between(self, satellite: str, start_us: int, end_us: int, most: int) -> list[Note]:
        """Of a time without its end: the newest ``most``, oldest first."""
        order = "satellite=? AND at_us>=? AND at_us<? ORDER BY at_us DESC, id DESC LIMIT ?"
        return self._found(order, (satellite, start_us, end_us, most))[::-1]

    def of_frame(self, seq: int, most: int) -> list[Note]:
        """Of one frame, oldest first."""
        return self._found("seq=? ORDER BY id LIMIT ?", (seq, most))

    def newest(self, satellite: str | None, before_us: int, most: int) -> list[Note]:
        """Those about times before ``before_us``, of one satellite or of all, newest first."""
        order = "(?1 IS NULL OR satellite=?1) AND at_us<?2 ORDER BY at_us DESC, id DESC LIMIT ?3"
        return self._found(order, (satellite, before_us, most))

    def one(self, id: int) -> Note | None:
        """By its number, or None."""
        found = self._found("id=?", (id,))
        return found[0] if found else None

    def write(
        self, satellite: str, at_us: int, seq: int | None, text: str, now_us: int, by: Actor
    ) -> Note:
        """Keep a note. Raises DeskError for an empty text and a long one,
        DeskConflictError for one note too many."""
        words = plain(text, MOST_TEXT + 1)
        if not 0 < len(words) <= MOST_TEXT:
            raise DeskError(f"text: a note has 1 to {MOST_TEXT} characters")
        name = plain(by.name, MOST_NAME) or "?"
        with self._file.writing() as connection:
            if connection.execute("SELECT count(*) FROM notes").fetchone()[0] >= MOST_NOTES:
                raise DeskConflictError(f"there are {MOST_NOTES} notes already")
            cursor = connection.execute(
                "INSERT INTO notes (satellite, at_us, seq, text, by, written_us)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (satellite, at_us, seq, words, name, now_us),
            )
            note = Note(int(cursor.lastrowid or 0), satellite, at_us, seq, words, name, now_us)
            write_down(connection, now_us, by, "note written", _subject(note), words)
            return note

    def remove(self, id: int, now_us: int, by: Actor) -> None:
        """Show it no more. Raises DeskUnknownError where there is none."""
        with self._file.writing() as connection:
            order = f"SELECT {_COLUMNS} FROM notes WHERE id=? AND removed_us IS NULL"
            row = connection.execute(order, (id,)).fetchone()
            if row is None:
                raise DeskUnknownError(f"there is no note {id}")
            connection.execute(
                "UPDATE notes SET removed_us=?, removed_by=? WHERE id=?",
                (now_us, plain(by.name, MOST_NAME) or "?", id),
            )
            note = Note(*row)
            write_down(connection, now_us, by, "note removed", _subject(note), note.text)

    def _found(self, where: str, values: tuple[object, ...]) -> list[Note]:
        with self._file.reading(_SINCE) as connection:
            if connection is None:
                return []
            return _select(connection, where, values)


def _select(connection: sqlite3.Connection, where: str, values: tuple[object, ...]) -> list[Note]:
    order = f"SELECT {_COLUMNS} FROM notes WHERE removed_us IS NULL AND {where}"
    return [Note(*row) for row in connection.execute(order, values)]


def _subject(note: Note) -> str:
    about = [note.satellite or "?", iso(note.at_us)]
    return " ".join([*about, *([] if note.seq is None else [f"frame {note.seq}"])])
