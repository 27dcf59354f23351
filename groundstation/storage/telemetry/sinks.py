"""Places of the sinks outside (InfluxDB, uploads), kept beside what they are brought."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A satellite whose history a sink takes again: done up to ``seq``; ends at ``until``.

    ``seq``: 0 is asked for, and -1 is begun, though nothing is done yet.
    """

    satellite: str
    seq: int
    until: int


def register(connection: sqlite3.Connection, sink: str, now: int) -> int:
    """The place of ``sink``; one that is new takes all that is there up to ``now`` as a rewrite."""
    row = connection.execute("SELECT seq FROM sinks WHERE name=?", (sink,)).fetchone()
    if row:
        return int(row[0])
    connection.execute("INSERT INTO sinks VALUES (?,?)", (sink, now))
    query = "SELECT DISTINCT satellite FROM packets WHERE NOT retired"
    everything = [name for (name,) in connection.execute(query)]
    connection.executemany(
        "INSERT OR REPLACE INTO rewrites VALUES (?,?,0,?)",
        [(sink, satellite, now) for satellite in everything],
    )
    return now


def ask_again(connection: sqlite3.Connection, satellites: Iterable[str], until: int) -> None:
    """Have every sink take the history of these satellites again."""
    connection.executemany(
        "INSERT OR REPLACE INTO rewrites SELECT name, ?, 0, ? FROM sinks",
        [(satellite, until) for satellite in sorted(satellites)],
    )


def save_place(connection: sqlite3.Connection, sink: str, seq: int) -> None:
    """All up to ``seq`` is there."""
    connection.execute("UPDATE sinks SET seq=? WHERE name=?", (seq, sink))


def next_rewrite(connection: sqlite3.Connection, sink: str) -> Rewrite | None:
    """What the sink must take again, or None."""
    row = connection.execute(
        "SELECT satellite, seq, until FROM rewrites WHERE sink=? ORDER BY satellite LIMIT 1",
        (sink,),
    ).fetchone()
    return Rewrite(*row) if row else None


def rewrites(connection: sqlite3.Connection, sink: str) -> set[str]:
    """The satellites whose history the sink must take again."""
    query = "SELECT satellite FROM rewrites WHERE sink=?"
    return {satellite for (satellite,) in connection.execute(query, (sink,))}


def drop_rewrites(connection: sqlite3.Connection, sink: str, satellites: Iterable[str]) -> None:
    """These are no longer asked for."""
    connection.executemany(
        "DELETE FROM rewrites WHERE sink=? AND satellite=?",
        [(sink, satellite) for satellite in satellites],
    )


def begin_rewrite(connection: sqlite3.Connection, sink: str, asked: Rewrite, until: int) -> Rewrite:
    """Take what is asked for in hand; all up to ``until`` belongs to it."""
    # What was refused of it is written again, too, and may be taken now.
    connection.execute(
        "DELETE FROM set_apart WHERE sink=? AND satellite=?", (sink, asked.satellite)
    )
    connection.execute(
        "UPDATE rewrites SET seq=-1, until=? WHERE sink=? AND satellite=?",
        (until, sink, asked.satellite),
    )
    return Rewrite(asked.satellite, -1, until)


def save_rewrite(connection: sqlite3.Connection, sink: str, rewrite: Rewrite, done: int) -> None:
    """Keep that ``rewrite`` is done up to ``done``; one that has reached its end goes.

    One that was asked for again meanwhile is left as it is: what was done is of an older
    definition.
    """
    if done >= rewrite.until:
        connection.execute(
            "DELETE FROM rewrites WHERE sink=? AND satellite=? AND seq=?",
            (sink, rewrite.satellite, rewrite.seq),
        )
    else:
        connection.execute(
            "UPDATE rewrites SET seq=? WHERE sink=? AND satellite=? AND seq=?",
            (done, sink, rewrite.satellite, rewrite.seq),
        )


def set_apart(
    connection: sqlite3.Connection, sink: str, seq: int, satellite: str, reason: str
) -> None:
    """Remember what the sink refuses for good."""
    connection.execute(
        "INSERT OR REPLACE INTO set_apart VALUES (?,?,?,?)", (sink, seq, satellite, reason)
    )


def apart(connection: sqlite3.Connection, sink: str) -> tuple[int, str]:
    """How many are set apart, and the newest one's reason."""
    row = connection.execute(
        "SELECT count(*), max(seq) FROM set_apart WHERE sink=?", (sink,)
    ).fetchone()
    reason = connection.execute(
        "SELECT reason FROM set_apart WHERE sink=? AND seq=?", (sink, row[1])
    ).fetchone()
    return int(row[0]), str(reason[0]) if reason else ""
