"""``groundstation compact``: old frames in less room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from groundstation.history.compaction import Plan


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option(
    "--older-than", "older", metavar="TIME", default="90d", show_default=True,
    help="Frames before then: 90d, a day, or ISO 8601.",
)  # fmt: skip
@click.option("--apply", "do_it", is_flag=True, help="Do it; else only say what it brings.")
def compact(data: Path, older: str, do_it: bool) -> None:
    """Compress old frames within the journal. Nothing is lost: every command reads them as before.

    Says what it would bring; with --apply it does it. Stop the station first.
    """
    from datetime import UTC, datetime

    from groundstation.cli.progress import Progress
    from groundstation.cli.until_stopped import starting
    from groundstation.errors import SelectionError
    from groundstation.folder_lock import FolderLock
    from groundstation.history import compaction
    from groundstation.history.selection import time_us

    if not data.is_dir():
        raise click.UsageError(f"there is no folder {data}: name the station's with --data")
    try:
        before_us = time_us(older, datetime.now(UTC))
    except SelectionError as error:
        raise click.UsageError(str(error)) from error
    with starting():
        if not do_it:
            _say("would take", compaction.plan(data, before_us), "; with --apply it is done")
            return
        with FolderLock(data), Progress("Compressing") as progress:
            done = compaction.compact(data, before_us, progress.reach)
    _say("take (the whole journal)", done, "")


def _say(verb: str, found: Plan, further: str) -> None:
    if not found.receptions:
        click.echo("no frame is so old and not compressed yet")
        return
    click.echo(
        f"{found.receptions} frames up to number {found.until_seq}, {_mb(found.bytes_now)}, {verb} "
        f"{_mb(found.bytes_then)}{further}"
    )


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
