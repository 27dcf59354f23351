"""``groundstation backup``: all that nobody could make again, as one file."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file; named by the time if not given.",
)
@click.option("--check", type=click.Path(path_type=Path), help="Only read this backup to its end.")
def backup(data: Path, output: Path | None, check: Path | None) -> None:
    """Write a data folder into one file, also while the station runs, and check it.

    It holds the journal as of one moment, definitions, elements, settings, and what people wrote.
    Values are not in it: the station makes them again from the journal. It needs the size of the
    journal twice beside the output for a while.
    """
    from datetime import UTC, datetime

    from groundstation.cli.until_stopped import starting
    from groundstation.history import backup as history

    now = datetime.now(UTC)
    with starting():
        if check is not None:
            done = history.verify(check)
        elif not data.is_dir():
            raise click.UsageError(f"there is no folder {data}: name the station's with --data")
        else:
            path = output or Path(f"groundstation-{now:%Y%m%dT%H%M%SZ}.zip")
            done = history.backup(data, path, now)
    said = done.contents
    click.echo(
        f"{done.path}: {said['receptions']} frames up to number {said['last_seq']}, "
        f"{said['passes']} passes, {len(said['files'])} files, {done.size} bytes; made "
        f"{said['made']}, read back and right",
    )
