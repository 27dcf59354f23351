"""The values of the first page that a teacher chose, in ``desk.db``, each choice written down."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from groundstation.storage.audit import Actor, write_down
from groundstation.storage.desk_file import DeskFile

_SINCE = 3


class ChosenValues:
    """Those of one data folder; safe to use from several threads.

    Raises StoreError where ``desk.db`` cannot be used.
    """

    def __init__(self, folder: Path):
        self._file = DeskFile(folder)
        self._lock = threading.Lock()
        self._read: tuple[object, dict[str, tuple[str, ...]]] = (None, {})

    def stamp(self) -> object:
        """Changes with the file; None: there is none."""
        return self._file.stamp()

    def of(self, satellite: str) -> tuple[str, ...]:
        """Parameters in the order of the first page; none: nobody has chosen. The file is read
        again only after it has changed: every page asks."""
        stamp = self._file.stamp()
        with self._lock:
            if self._read[0] != stamp:
                self._read = (stamp, self._all())
            return self._read[1].get(satellite, ())

    def choose(self, satellite: str, names: Sequence[str], at_us: int, by: Actor) -> None:
        """From now on these; names have no spaces."""
        with self._file.writing() as connection:
            connection.execute(
                "INSERT INTO chosen_values (satellite, parameters) VALUES (?, ?)"
                " ON CONFLICT (satellite) DO UPDATE SET parameters=excluded.parameters",
                (satellite, " ".join(names)),
            )
            write_down(connection, at_us, by, "values chosen", satellite, " ".join(names))

    def forget(self, satellite: str, at_us: int, by: Actor) -> None:
        """From now on what the definition says."""
        with self._file.writing() as connection:
            order = "DELETE FROM chosen_values WHERE satellite=?"
            if connection.execute(order, (satellite,)).rowcount:
                write_down(connection, at_us, by, "values by the definition", satellite)

    def _all(self) -> dict[str, tuple[str, ...]]:
        with self._file.reading(_SINCE) as connection:
            return {} if connection is None else _rows(connection)


def _rows(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    rows = connection.execute("SELECT satellite, parameters FROM chosen_values")
    return {satellite: tuple(names.split()) for satellite, names in rows}
