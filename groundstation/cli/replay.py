"""``groundstation replay``: recordings into the journal, through the station's own receiver."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from groundstation.model.status import StationStatus
    from groundstation.station import Station


@click.command(short_help="Feed a recording through the station's receiver.")
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The station's data folder. Its station must not run now.",
)
@click.option(
    "-c",
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    help="A station.toml, for its [storage].  [default: telemetry.db in the data folder]",
)
@click.option("--framing", default="kiss", show_default=True, help="How frames are found.")
@click.option("--satellite", help="Whose frames they are; otherwise each is identified.")
@click.option("--simulated", is_flag=True, help="Mark everything as simulated.")
@click.pass_context
def replay(
    context: click.Context,
    /,
    files: tuple[Path, ...],
    folder: Path,
    config_path: Path | None,
    framing: str,
    satellite: str | None,
    simulated: bool,
) -> None:
    """Add recordings to the journal as if they came from a radio, and to the telemetry store.

    FILE holds raw bytes as a modem sent them, or, named .hex, one frame a line. Frames with a
    KISS time stamp keep that time, others get the present one. Exit code 1: something in a file
    was no frame (what was received is in the journal, marked as damaged).
    """
    from decoders.framing.registry import FRAMINGS
    from decoders.suggest import nearest
    from groundstation.cli.until_stopped import starting, stop_on_signals, tell
    from groundstation.config import Config, LinkConfig, StorageConfig, load_config
    from groundstation.folder_lock import FolderLock
    from groundstation.model import Site
    from groundstation.station import Station

    if framing not in FRAMINGS:
        hint = nearest(framing, FRAMINGS)
        raise click.BadParameter(f"{framing!r}: {hint}", param_hint="--framing")
    stop = stop_on_signals()
    good = True
    with starting():
        storage = load_config(config_path).storage if config_path else StorageConfig()
        with FolderLock(folder):
            for file in files:
                link = LinkConfig(file.name, f"file://{file}", framing, satellite, simulated)
                config = Config(Site("Replay", 0.0, 0.0), links=(link,), storage=storage)
                good = _play(Station(config, folder, say=tell), stop) and good
    context.exit(0 if good and not stop.is_set() else 1)


def _play(station: Station, stop: threading.Event) -> bool:
    """Run ``station`` until its one recording has ended and is stored; whether all was good."""
    station.start()
    try:
        while not (stop.is_set() or _is_done(station.snapshot())):
            stop.wait(0.05)
        result = station.snapshot()
    finally:
        station.stop()
    (link,) = result.links
    click.echo(f"{link.name}: {link.frames} frames, {link.bad_frames} damaged")
    whole = link.state == "ended" and link.detail.endswith("was read to its end")
    good = not any(follower.error for follower in result.followers.values())
    return whole and not link.bad_frames and good


def _is_done(status: StationStatus) -> bool:
    """The recording was read, and every store has it or refuses it (next time, then)."""
    ended = all(link.state == "ended" for link in status.links)
    followers = status.followers.values()
    done = all(each.error or not (each.lag or each.backlog) for each in followers)
    return ended and not status.journal_error and done
