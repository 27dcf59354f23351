"""``groundstation redecode``: history anew after a definition was corrected."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from groundstation.followers.telemetry import TelemetrySink
    from groundstation.storage.journal import JournalReader

_BATCH = 5000


@click.command()
@click.option("-c", "--config", "config_path", type=click.Path(path_type=Path), help="station.toml")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
def redecode(config_path: Path | None, data: Path) -> None:
    """Decode every frame of the journal again and write its samples into the telemetry store.

    Stop the station first. Samples are replaced, none is doubled.
    """
    from groundstation.catalog import SatelliteCatalog
    from groundstation.config import StorageConfig, load_config
    from groundstation.errors import StationError
    from groundstation.folder_lock import FolderLock
    from groundstation.followers.telemetry import TelemetrySink
    from groundstation.storage.journal import JournalReader
    from groundstation.storage.registry import open_store

    try:
        storage = load_config(config_path).storage if config_path else StorageConfig()
        with FolderLock(data), JournalReader(data) as journal:
            catalog = SatelliteCatalog(data)
            for problem in catalog.problems:
                click.echo(f"warning: {problem}", err=True)
            satellites = catalog.spanning()
            sink = TelemetrySink(catalog.decoder, lambda: open_store(storage, data), satellites)
            done = _all(journal, sink)
            sink.close()
    except StationError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)
    click.echo(f"{done} receptions decoded again", err=True)


def _all(journal: JournalReader, sink: TelemetrySink) -> int:
    seq = done = 0
    sink.open()
    while batch := journal.after(seq, _BATCH):
        sink.take(batch)
        seq, done = batch[-1].seq, done + len(batch)
    return done
