"""Journal, schema 4 to 5: how frames were heard that the station demodulated itself, and a check
value over the bytes of each frame.

Nobody knows either of receptions of schema 4: they keep nulls.
"""

from __future__ import annotations

import sqlite3

_STATEMENTS = (
    "ALTER TABLE receptions ADD COLUMN eb_n0_db REAL",
    "ALTER TABLE receptions ADD COLUMN offset_hz REAL",
    "ALTER TABLE receptions ADD COLUMN repaired INTEGER",
    "ALTER TABLE receptions ADD COLUMN raw_crc INTEGER",
)


def migrate(connection: sqlite3.Connection) -> None:
    """See the module."""
    for statement in _STATEMENTS:
        connection.execute(statement)
