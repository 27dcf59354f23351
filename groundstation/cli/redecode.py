"""``groundstation redecode``: history anew after a definition was corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from groundstation.storage.telemetry.comparison import Changes

#: Lines of changed values that are printed; further ones are counted.
_MOST_LINES = 40


@click.command()
@click.option("-c", "--config", "config_path", type=click.Path(path_type=Path), help="station.toml")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
def redecode(config_path: Path | None, data: Path) -> None:
    """Interpret every frame of the journal again by today's definitions, and print what changed.

    A running station does the same by itself, in the background, when a definition changes. Stop it
    before this command. Alarms, and a database outside, are brought up to date, too, when -c names
    the settings; else the station does that.
    """
    from groundstation.catalog import SatelliteCatalog
    from groundstation.cli.progress import Progress
    from groundstation.cli.until_stopped import starting, tell
    from groundstation.config import StorageConfig, load_config
    from groundstation.folder_lock import FolderLock
    from groundstation.interpret.redo import redo

    with starting():
        config = load_config(config_path) if config_path else None
        storage = config.storage if config else StorageConfig()
        with FolderLock(data):
            catalog = SatelliteCatalog(data)
            for problem in catalog.problems:
                click.echo(f"warning: {problem}", err=True)
            with Progress("Interpreting") as progress:
                done, changes = redo(
                    *(data, catalog, tell, storage, progress.reach),
                    alarms=config.alarms if config else None,
                )
    click.echo(f"{done} receptions interpreted again", err=True)
    for line in _told(changes):
        click.echo(line)


def _told(changes: Changes) -> Iterator[str]:
    """What changed, a line each."""
    if not changes.satellites():
        yield "nothing changed"
        return
    for (before, now), count in changes.senders.most_common():
        yield f"{count} frames of {before or 'nobody'} are of {now or 'nobody'} now"
    lines = [
        *_counted(changes.appeared, "appeared"),
        *_counted(changes.gone, "are gone"),
        *_counted(changes.different, "are different"),
    ]
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"and {len(lines) - _MOST_LINES} further parameters"


def _counted(counter: Counter[tuple[str, str]], what: str) -> Iterator[str]:
    for (satellite, parameter), count in sorted(counter.items()):
        yield f"{satellite} {parameter}: {count} values {what}"
