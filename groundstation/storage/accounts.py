"""Accounts of those who may change something, and who of them is logged in."""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from werkzeug.security import check_password_hash, generate_password_hash

from groundstation.errors import AccountError
from groundstation.storage.audit import MOST_NAME, Actor, write_down
from groundstation.storage.desk_file import DeskFile

Role: TypeAlias = Literal["teacher", "operator"]
ROLES: tuple[Role, ...] = ("teacher", "operator")
#: Characters of a password.
LEAST_PASSWORD, MOST_PASSWORD = 8, 200
#: A login holds for a day at school, seconds.
LOGIN_S = 12 * 3600
#: Logins of one account at the same time; the oldest ends for one more.
MOST_LOGINS = 20
_NAME = re.compile(r"\w(?:[\w .@'-]*\w)?", re.UNICODE)
#: scrypt (RFC 7914) with N = 2^15, r = 8, p = 1, about 32 MB and a tenth of a second: the
#: parameters that werkzeug has for it.
_METHOD = "scrypt:32768:8:1"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may change something."""

    name: str
    role: Role
    made_us: int


class Accounts:
    """Those of one data folder. Raises StoreError where ``desk.db`` cannot be used."""

    def __init__(self, folder: Path):
        self._file = DeskFile(folder)
        self._exist: tuple[object, bool] | None = None

    def exist(self) -> bool:
        """Whether there is any; looked up again when the file changes."""
        stamp, known = self._file.stamp(), self._exist
        if known is None or known[0] != stamp:
            known = self._exist = (stamp, bool(self.all()))
        return known[1]

    def all(self) -> Sequence[Account]:
        """By name."""
        with self._file.reading(since=2) as connection:
            if connection is None:
                return []
            rows = connection.execute("SELECT name, role, made_us FROM accounts ORDER BY name")
            return [Account(*row) for row in rows]

    def add(self, name: str, role: Role, password: str, at_us: int, by: Actor) -> None:
        """Make an account. Raises AccountError for a name that is taken or a weak password."""
        name = _checked_name(name)
        hashed = _hashed(password, name)
        with self._file.writing() as connection:
            if _role(connection, name):
                raise AccountError(f"there is an account {name!r} already")
            connection.execute(
                "INSERT INTO accounts (name, role, password, made_us) VALUES (?, ?, ?, ?)",
                (name, role, hashed, at_us),
            )
            write_down(connection, at_us, by, "account", name, role)

    def change_password(self, name: str, password: str, at_us: int, by: Actor) -> None:
        """Whoever is logged in under ``name`` is so no more. Raises AccountError."""
        hashed = _hashed(password, name)
        with self._file.writing() as connection:
            _end_logins(connection, name)
            found = connection.execute(
                "UPDATE accounts SET password = ? WHERE name = ?", (hashed, name)
            )
            _check_found(found, name)
            write_down(connection, at_us, by, "password", name)

    def remove(self, name: str, at_us: int, by: Actor) -> None:
        """End an account and its logins. Raises AccountError."""
        with self._file.writing() as connection:
            _end_logins(connection, name)
            found = connection.execute("DELETE FROM accounts WHERE name = ?", (name,))
            _check_found(found, name)
            write_down(connection, at_us, by, "account removed", name)

    def check(self, name: str, password: str) -> Account | None:
        """The account of this name and password. It takes as long where there is no such name."""
        row = None
        with self._file.reading(since=2) as connection:
            if connection is not None:
                row = connection.execute(
                    "SELECT name, role, made_us, password FROM accounts WHERE name = ?", (name,)
                ).fetchone()
        right = check_password_hash(row[3] if row else _nobody(), password[:MOST_PASSWORD])
        return Account(*row[:3]) if row and right else None

    def log_in(self, account: Account, at_us: int, origin: str) -> str:
        """A secret that stands for ``account`` from now on; only its digest is kept."""
        token = secrets.token_urlsafe(32)
        with self._file.writing() as connection:
            connection.execute("DELETE FROM logins WHERE until_us <= ?", (at_us,))
            connection.execute(
                "DELETE FROM logins WHERE token IN (SELECT token FROM logins WHERE account = ?"
                " ORDER BY until_us DESC LIMIT -1 OFFSET ?)",
                (account.name, MOST_LOGINS - 1),
            )
            connection.execute(
                "INSERT INTO logins (token, account, until_us) VALUES (?, ?, ?)",
                (_digest(token), account.name, at_us + LOGIN_S * 1_000_000),
            )
            write_down(connection, at_us, Actor(account.name, origin), "login", account.name)
        return token

    def logged_in(self, token: str, now_us: int) -> Account | None:
        """Whom the secret stands for now."""
        with self._file.reading(since=2) as connection:
            if connection is None:
                return None
            row = connection.execute(
                "SELECT name, role, made_us FROM logins JOIN accounts ON account = name"
                " WHERE token = ? AND until_us > ?",
                (_digest(token), now_us),
            ).fetchone()
        return Account(*row) if row else None

    def log_out(self, token: str, at_us: int, origin: str) -> None:
        """The secret stands for nobody any more."""
        with self._file.writing() as connection:
            row = connection.execute(
                "DELETE FROM logins WHERE token = ? RETURNING account", (_digest(token),)
            ).fetchone()
            if row:
                write_down(connection, at_us, Actor(row[0], origin), "logout", row[0])


def _checked_name(name: str) -> str:
    name = name.strip()
    if len(name) > MOST_NAME or not _NAME.fullmatch(name):
        raise AccountError(
            f"{name[:MOST_NAME]!r} is no name of an account: letters, figures, blanks and . @ ' - _"
        )
    return name


def _hashed(password: str, name: str) -> str:
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise AccountError(
            f"a password has {LEAST_PASSWORD} to {MOST_PASSWORD} characters: three words do well"
        )
    if password.casefold() == name.casefold() or len(set(password)) < 4:
        raise AccountError("this password is guessed at once: three words do well")
    return generate_password_hash(password, method=_METHOD)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _role(connection: sqlite3.Connection, name: str) -> str | None:
    row = connection.execute("SELECT role FROM accounts WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def _end_logins(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("DELETE FROM logins WHERE account = ?", (name,))


def _check_found(found: sqlite3.Cursor, name: str) -> None:
    if found.rowcount == 0:
        raise AccountError(f"there is no account {name!r}; 'groundstation accounts' lists them")


@cache
def _nobody() -> str:
    """Of a password that nobody has, so that a name that is none takes as long as one that is."""
    return generate_password_hash(secrets.token_urlsafe(32), method=_METHOD)
