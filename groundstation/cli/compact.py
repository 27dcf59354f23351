"""``groundstation compact``: old frames in less room, old values by days."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from groundstation.history.compaction import Plan
    from groundstation.history.retention import Thinned


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option(
    "--older-than", "older", metavar="TIME", default="90d", show_default=True,
    help="Frames before then: 90d, a day, or ISO 8601.",
)  # fmt: skip
@click.option(
    "--values-older-than", "values_older", metavar="TIME",
    help="Sum values before then up by days; not done if not given.",
)  # fmt: skip
@click.option("--apply", "do_it", is_flag=True, help="Do it; else only say what it brings.")
def compact(data: Path, older: str, values_older: str | None, do_it: bool) -> None:
    """Compress old frames within the journal. Nothing is lost: every command reads them as before.

    With --values-older-than each parameter keeps minimum, maximum, mean and count of each day
    before then, and no values between; redecode brings all of them back from the frames. Says what
    it would bring; with --apply it does it. Stop the station first.
    """
    from contextlib import nullcontext
    from datetime import UTC, datetime

    from groundstation.cli.until_stopped import starting
    from groundstation.errors import SelectionError
    from groundstation.folder_lock import FolderLock
    from groundstation.history.selection import time_us

    if not data.is_dir():
        raise click.UsageError(f"there is no folder {data}: name the station's with --data")
    now = datetime.now(UTC)
    try:
        before_us = time_us(older, now)
        values_us = None if values_older is None else time_us(values_older, now)
    except SelectionError as error:
        raise click.UsageError(str(error)) from error
    with starting(), FolderLock(data) if do_it or values_us is not None else nullcontext():
        _frames(data, before_us, do_it=do_it)
        if values_us is not None:
            _values(data, values_us, do_it=do_it)


def _frames(data: Path, before_us: int, *, do_it: bool) -> None:
    from groundstation.cli.progress import Progress
    from groundstation.history import compaction

    if not do_it:
        _say("would take", compaction.plan(data, before_us), "; with --apply it is done")
        return
    with Progress("Compressing") as progress:
        done = compaction.compact(data, before_us, progress.reach)
    _say("take (the whole journal)", done, "")


def _values(data: Path, before_us: int, *, do_it: bool) -> None:
    from groundstation.cli.progress import Progress
    from groundstation.history import retention

    if not do_it:
        _say_values("would be", retention.plan(data, before_us), "; with --apply it is done")
        return
    with Progress("Summing up") as progress:
        done = retention.thin(data, before_us, progress.reach)
    sizes = f"; telemetry.db has {_mb(done.size_after)} instead of {_mb(done.size_before)}"
    _say_values("are", done, sizes)


def _say(verb: str, found: Plan, further: str) -> None:
    if not found.receptions:
        click.echo("no frame is so old and not compressed yet")
        return
    click.echo(
        f"{found.receptions} frames up to number {found.until_seq}, {_mb(found.bytes_now)}, {verb} "
        f"{_mb(found.bytes_then)}{further}"
    )


def _say_values(verb: str, found: Thinned, further: str) -> None:
    from groundstation.model import from_us

    if not found.rows:
        click.echo("no value is so old and not summed up yet")
        return
    day = f"{from_us(found.before_us):%Y-%m-%d}"
    click.echo(f"values of {found.rows} packets before {day} {verb} summed up by days{further}")


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
