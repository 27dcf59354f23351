"""``groundstation accounts``: who may change something at the dashboard, and what was changed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundstation.cli.who import who

if TYPE_CHECKING:
    from groundstation.storage.accounts import Accounts, Role

_ROLES = ("teacher", "operator")
_DATA = click.option(
    "--data", "given", type=click.Path(path_type=Path), help="The data folder; default data."
)
_FROM_INPUT = click.option(
    "--password-stdin", "from_input", is_flag=True, help="Read the password from standard input."
)


@click.group(invoke_without_command=True, short_help="Who may change something on the pages.")
@click.option(
    "--data", "folder", type=click.Path(path_type=Path), default=Path("data"), show_default=True
)
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table")
@click.pass_context
def accounts(context: click.Context, folder: Path, style: str) -> None:
    """List the accounts of the dashboard.

    Everybody sees the pages without one. While there is none, whoever sits at this computer may
    acknowledge alarms; from the first account on, only those who are logged in.
    """
    if context.invoked_subcommand is not None:
        context.obj = folder
        return
    with _opened(folder) as found:
        listed = found.all()
    for account in listed:
        record = {"name": account.name, "role": account.role, "made": _iso(account.made_us)}
        if style == "json":
            click.echo(json.dumps(record, ensure_ascii=False))
        else:
            click.echo(f"{account.role:9} {account.name}  since {record['made'][:10]}")
    if not listed and style == "table":
        click.echo("no account yet; make one with 'groundstation accounts add NAME'")


@accounts.command()
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), default="teacher", show_default=True)
@_FROM_INPUT
@_DATA
@click.pass_obj
def add(folder: Path, name: str, role: Role, from_input: bool, given: Path | None) -> None:
    """Make an account: a teacher's, or an operator's, who may also put alarms aside."""
    with _opened(given or folder) as found:
        found.add(name, role, _password(from_input), _now_us(), who())
    click.echo(f"{role} {name.strip()}: made; log in at the foot of any page")


@accounts.command()
@click.argument("name")
@_FROM_INPUT
@_DATA
@click.pass_obj
def password(folder: Path, name: str, from_input: bool, given: Path | None) -> None:
    """Give an account another password, and end its logins."""
    with _opened(given or folder) as found:
        found.change_password(name, _password(from_input), _now_us(), who())
    click.echo(f"{name}: has another password")


@accounts.command()
@click.argument("name")
@_DATA
@click.pass_obj
def remove(folder: Path, name: str, given: Path | None) -> None:
    """End an account and its logins; what it did stays written down."""
    with _opened(given or folder) as found:
        found.remove(name, _now_us(), who())
    click.echo(f"{name}: removed")


@accounts.command()
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True)
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table")
@_DATA
@click.pass_obj
def log(folder: Path, limit: int, style: str, given: Path | None) -> None:
    """Everything that was changed: when, by whom, from which address, what; newest first."""
    from groundstation.storage.audit import changes

    with _opened(given or folder):
        found = changes(given or folder, limit)
    for change in found:
        if style == "json":
            click.echo(json.dumps(change.record(), ensure_ascii=False))
        else:
            origin = change.origin or "command line"
            line = f"{_iso(change.at_us)}  {change.by} ({origin}): {change.act} {change.subject}"
            click.echo(f"{line}: {change.detail}" if change.detail else line)


@contextmanager
def _opened(folder: Path) -> Iterator[Accounts]:
    """The accounts of a data folder; what is wrong as one sentence."""
    from groundstation.errors import AccountError, StoreError
    from groundstation.storage.accounts import Accounts

    if not folder.is_dir():
        raise click.UsageError(f"{folder}: there is no such data folder; name it with --data")
    try:
        yield Accounts(folder)
    except (AccountError, StoreError) as error:
        raise click.ClickException(str(error)) from error


def _password(from_input: bool) -> str:
    """Asked for twice, or the first line of standard input."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _now_us() -> int:
    return time.time_ns() // 1000


def _iso(time_us: int) -> str:
    from groundstation.model import iso

    return iso(time_us)
