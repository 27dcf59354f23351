"""``groundstation restore``: a backup into a new data folder."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True,
    help="A folder that is new or empty.",
)  # fmt: skip
def restore(file: Path, data: Path) -> None:
    """Unpack a backup into a new data folder, and check every file and the journal in it.

    Nothing is written over. The station makes the values when it starts there.
    """
    from groundstation.cli.until_stopped import starting
    from groundstation.history import backup as history

    with starting():
        done = history.restore(file, data)
    said = done.contents
    click.echo(
        f"{data}: {said['receptions']} frames up to number {said['last_seq']}, {said['passes']} "
        f"passes, {len(said['files'])} files as of {said['made']}, all of them checked; "
        f"go on with: groundstation run --data {data}"
    )
