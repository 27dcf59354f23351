"""Journal, schema 1 to 2: what happened stays, what was made of it goes.

Schema 1 kept beside each reception whose it was and which packet, as decoded on the day. Schema 2
keeps the satellite that the link's setting named (``satellite``) and whom else there was reason to
expect (``supposed``). Both stood in one column; a link that gave every good frame to one satellite,
also those that no packet of it explained, was set to it.
"""

from __future__ import annotations

import sqlite3
import uuid

_STATEMENTS = (
    "ALTER TABLE receptions ADD COLUMN supposed TEXT",
    "DROP INDEX receptions_by_satellite",
    """
    UPDATE receptions SET supposed = satellite,
        satellite = CASE WHEN link IN (
            SELECT link FROM receptions WHERE NOT damaged GROUP BY link
            HAVING count(DISTINCT coalesce(satellite, '')) = 1 AND max(satellite) IS NOT NULL
            AND sum(packet IS NULL) > 0
        ) THEN satellite END
    """,
    "UPDATE receptions SET error = NULL WHERE NOT damaged",
    "ALTER TABLE receptions DROP COLUMN packet",
    "DROP TABLE followers",
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
)


def migrate(connection: sqlite3.Connection) -> None:
    """See the module."""
    for statement in _STATEMENTS:
        connection.execute(statement)
    connection.execute("INSERT INTO about VALUES ('journal', ?)", (uuid.uuid4().hex,))
