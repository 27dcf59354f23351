"""``--share`` of ``run`` and ``demo``: what is told, and the first account."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from groundstation.cli.who import who

SHARE = click.option(
    "--share",
    is_flag=True,
    help="Phones in the same network may look at the pages; shows a QR code.",
)


def offer_account(folder: Path) -> None:
    """Where there is none yet and somebody sits there, ask for a teacher's.

    Raises StoreError where accounts cannot be kept.
    """
    from groundstation.errors import AccountError
    from groundstation.storage.accounts import Accounts

    accounts = Accounts(folder)
    if not (sys.stdin.isatty() and sys.stderr.isatty()) or accounts.exist():
        return
    click.echo(
        "Phones may look at everything and change nothing. To change something from a phone, such "
        "as saying that an alarm was seen, a teacher logs in.",
        err=True,
    )
    while name := _asked_name():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        try:
            accounts.add(name, "teacher", password, time.time_ns() // 1000, who())
            break
        except AccountError as error:
            click.echo(str(error), err=True)


def _asked_name() -> str:
    asked: str = click.prompt(
        "Your name (Enter: no account)", default="", show_default=False, err=True
    )
    return asked.strip()


def told(host: str, port: int) -> list[str]:
    """Lines for the terminal: addresses for phones, and a QR code where there is a terminal."""
    from groundstation.sharing import qr_of_terminal, share_urls

    urls = share_urls(host, port)
    if not urls:
        return ["phones: this computer is in no network: join one, or open a hotspot on it"]
    lines = [f"phones in the same network: {' or '.join(urls)} (large on the page {urls[0]}share)"]
    if sys.stderr.isatty():
        lines += qr_of_terminal(urls[0]).splitlines()
    return lines
