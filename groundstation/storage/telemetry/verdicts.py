"""Rows of ``frames``: whose each reception is, or why nobody's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from groundstation.storage.telemetry.interpretation import FrameVerdict

_COLUMNS = (
    "SELECT f.seq, f.satellite, p.name, f.error, f.candidates, f.evidence_bits, f.simulated,"
    " f.note, coalesce(p.retired, 0) FROM frames f LEFT JOIN packets p ON p.id=f.packet"
)


def between(
    connection: sqlite3.Connection, low: int, high: int
) -> dict[int, tuple[FrameVerdict, bool]]:
    """Those of receptions ``low < seq <= high``, and whether their values are hidden."""
    rows = connection.execute(f"{_COLUMNS} WHERE f.seq > ? AND f.seq <= ?", (low, high))
    return {row[0]: (_verdict(row), bool(row[8])) for row in rows.fetchall()}


def those(connection: sqlite3.Connection, seqs: Sequence[int]) -> dict[int, FrameVerdict]:
    """Those of these receptions, but for hidden ones."""
    rows = connection.execute(
        f"{_COLUMNS} WHERE f.seq IN (SELECT value FROM json_each(?))", (json.dumps(list(seqs)),)
    )
    return {row[0]: _verdict(row) for row in rows.fetchall() if not row[8]}


def _verdict(
    row: tuple[int, str | None, str | None, str | None, str | None, int, int, str | None, int],
) -> FrameVerdict:
    seq, satellite, packet, error, candidates, evidence, simulated, note, _ = row
    listed = tuple(json.loads(candidates)) if candidates else ()
    return FrameVerdict(seq, satellite, packet, error, listed, evidence, bool(simulated), note)
