"""Boards in ``desk.db``: made, changed, removed, each with a line in the list of changes."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from groundstation.errors import BoardError, DeskConflictError, DeskUnknownError, StoreError
from groundstation.model.board import FORMAT, VERSION, Board, from_json
from groundstation.storage.audit import Actor, write_down
from groundstation.storage.desk_file import DeskFile

#: Boards of one data folder.
MOST_BOARDS = 50
_SINCE = 3
_COLUMNS = "id, revision, on_wall, name, items"


@dataclass(frozen=True, slots=True)
class StoredBoard:
    """A board with its number. ``revision`` grows with each change; ``on_wall``: the kiosk shows
    it."""

    id: int
    revision: int
    on_wall: bool
    board: Board


class Boards:
    """Those of one data folder. Raises StoreError where ``desk.db`` cannot be used."""

    def __init__(self, folder: Path):
        self._file = DeskFile(folder)

    def all(self) -> list[StoredBoard]:
        """In the order of their names."""
        with self._file.reading(_SINCE) as connection:
            if connection is None:
                return []
            rows = connection.execute(f"SELECT {_COLUMNS} FROM boards ORDER BY name").fetchall()
        return [_stored(row) for row in rows]

    def one(self, id: int) -> StoredBoard | None:
        """By its number, or None."""
        with self._file.reading(_SINCE) as connection:
            return None if connection is None else _one(connection, id)

    def add(self, board: Board, at_us: int, by: Actor, how: str = "") -> StoredBoard:
        """Keep a new board. Raises DeskConflictError for a name there is, and for one too many."""
        with self._file.writing() as connection:
            count = connection.execute("SELECT count(*) FROM boards").fetchone()[0]
            if count >= MOST_BOARDS:
                raise DeskConflictError(f"there are {MOST_BOARDS} boards already: remove one first")
            cursor = _unique(
                connection,
                board,
                "INSERT INTO boards (name, items, on_wall, revision) VALUES (?, ?, 0, 1)",
                (board.name, _items(board)),
            )
            write_down(connection, at_us, by, "board made", board.name, how)
            return StoredBoard(int(cursor.lastrowid or 0), 1, False, board)

    def change(
        self, id: int, revision: int, board: Board, on_wall: bool, at_us: int, by: Actor, what: str
    ) -> StoredBoard:
        """Put ``board`` in the place of revision ``revision``. Raises
        DeskUnknownError where there is none, DeskConflictError where somebody else has changed it
        since, or its name is another's."""
        with self._file.writing() as connection:
            found = _one(connection, id)
            if found is None:
                raise DeskUnknownError(f"there is no board {id}")
            if found.revision != revision:
                raise DeskConflictError(
                    "somebody else has changed this board meanwhile: load it again"
                )
            _unique(
                connection,
                board,
                "UPDATE boards SET name=?, items=?, on_wall=?, revision=revision+1 WHERE id=?",
                (board.name, _items(board), int(on_wall), id),
            )
            write_down(connection, at_us, by, "board changed", found.board.name, what)
            return StoredBoard(id, revision + 1, on_wall, board)

    def remove(self, id: int, at_us: int, by: Actor) -> None:
        """Keep it no more. Raises DeskUnknownError where there is none."""
        with self._file.writing() as connection:
            found = _one(connection, id)
            if found is None:
                raise DeskUnknownError(f"there is no board {id}")
            connection.execute("DELETE FROM boards WHERE id=?", (id,))
            write_down(connection, at_us, by, "board removed", found.board.name)


def _unique(
    connection: sqlite3.Connection, board: Board, order: str, values: tuple[object, ...]
) -> sqlite3.Cursor:
    try:
        return connection.execute(order, values)
    except sqlite3.IntegrityError as error:
        raise DeskConflictError(f"name: there is a board {board.name!r} already") from error


def _items(board: Board) -> str:
    return json.dumps(board.to_json()["tiles"], ensure_ascii=False, separators=(",", ":"))


def _one(connection: sqlite3.Connection, id: int) -> StoredBoard | None:
    order = f"SELECT {_COLUMNS} FROM boards WHERE id=?"
    row = connection.execute(order, (id,)).fetchone()
    return _stored(row) if row else None


def _stored(row: tuple[int, int, int, str, str]) -> StoredBoard:
    id, revision, on_wall, name, items = row
    try:
        tiles = json.loads(items)
        board = from_json({"format": FORMAT, "version": VERSION, "name": name, "tiles": tiles})
    except (ValueError, BoardError) as error:
        raise StoreError(f"board {name!r} of desk.db cannot be read: {error}") from error
    return StoredBoard(id, revision, bool(on_wall), board)
