"""``groundstation replay``: recordings and stored passes, through the station's own receiver."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import replace as changed
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from groundstation.clock import Clock
    from groundstation.config import Config, LinkConfig
    from groundstation.history.replaying import Recording
    from groundstation.history.selection import Selection
    from groundstation.model.status import StationStatus
    from groundstation.station import Station
    from groundstation.storage.journal import JournalReader

_PASS = re.compile(r"\d{1,9}-\d{8}T\d{6}Z")
#: A replay that is watched begins so long before its first frame, seconds of the station.
_LEAD_S = 2.0


@click.command(short_help="Feed a recording or a stored pass through the station's receiver.")
@click.argument("what", metavar="[FILE...|PASS]", nargs=-1)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The data folder that has the pass.",
)
@click.option("--since", metavar="TIME", help="What it received from then on: 7d, a day, ISO 8601.")
@click.option("--until", metavar="TIME", help="Before then.")
@click.option(
    "--speed", type=click.FloatRange(0, min_open=True), help="Times its own pace; else at once."
)
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    help="Into this data folder, whose station must not run.  [default: a new one, which is said]",
)
@click.option("--dashboard", is_flag=True, help="With the pages, until Ctrl-C.")
@click.option("--port", type=click.IntRange(1, 65535), help="Web port of the pages.")
@click.option(
    "-c",
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    help="A station.toml, for its [site], [storage] and [dashboard].  [default: none]",
)
@click.option("--framing", default="kiss", show_default=True, help="How frames of FILE are found.")
@click.option("--satellite", help="Whose frames FILE has; otherwise each is identified.")
@click.option("--simulated", is_flag=True, help="Mark everything of FILE as simulated.")
@click.pass_context
def replay(
    context: click.Context,
    /,
    what: tuple[str, ...],
    source: Path,
    since: str | None,
    until: str | None,
    speed: float | None,
    folder: Path | None,
    dashboard: bool,
    port: int | None,
    config_path: Path | None,
    framing: str,
    satellite: str | None,
    simulated: bool,
) -> None:
    """Receive again what a radio sent once, by the same way as live frames.

    FILE holds raw bytes as a modem sent them, or, named .hex, one frame a line. Frames with a
    time stamp keep that time, others get the present one. PASS is a flown pass, as `report --list`
    names it; with --since or --until it is all that was received then. Copies go into a folder of
    their own, and their links say that they are a replay. Exit code 1: something in a file was no
    frame (what was received is in the journal, marked as damaged).
    """
    from groundstation.cli.until_stopped import starting, stop_on_signals, tell
    from groundstation.errors import SelectionError, StoreError

    stop = stop_on_signals()
    with tempfile.TemporaryDirectory() as name, starting():
        try:
            if any(map(_PASS.fullmatch, what)) or since or until:
                links, begin_us = _stored(what, source, since, until, Path(name))
            else:
                links, begin_us = _files(what, framing, satellite, simulated=simulated), None
        except SelectionError as error:
            raise click.UsageError(str(error)) from error
        except (StoreError, OSError) as error:
            raise click.ClickException(str(error)) from error
        target = _target(folder, source, what)
        if begin_us is not None and target.resolve() == source.resolve():
            raise click.UsageError(f"{source} is where it comes from: name another folder")
        tell(f"into the data folder {target}")
        links = [changed(link, url=_paced(link.url, speed)) for link in links]
        config = _config(config_path, links)
        clock = _clock(begin_us, speed)
        if dashboard:
            _watch(config, config_path, target, stop, clock, port)
            context.exit(0)
        context.exit(0 if _all(config, target, stop, clock) and not stop.is_set() else 1)


def _files(
    what: Sequence[str], framing: str, satellite: str | None, *, simulated: bool
) -> list[LinkConfig]:
    from decoders.framing.registry import FRAMINGS
    from decoders.suggest import nearest
    from groundstation.config import LinkConfig

    if not what:
        raise click.UsageError("say what: FILE..., a PASS, or --since")
    if framing not in FRAMINGS:
        hint = nearest(framing, FRAMINGS)
        raise click.BadParameter(f"{framing!r}: {hint}", param_hint="--framing")
    links = []
    for word in what:
        path = Path(word)
        if not path.is_file():
            told = f"{word} does not exist, and is no pass such as 45598-20260822T063010Z"
            raise click.UsageError(told if not path.exists() else f"{word} is no file")
        links.append(LinkConfig(path.name, f"file://{path}", framing, satellite, simulated))
    return links


def _stored(
    what: Sequence[str], source: Path, since: str | None, until: str | None, folder: Path
) -> tuple[list[LinkConfig], int]:
    """What a folder has of a pass or a time, as links, and when it began."""
    from contextlib import closing

    from groundstation.history.replaying import write_recordings
    from groundstation.history.stored_frames import stored_frames
    from groundstation.storage.journal import JournalReader
    from groundstation.storage.telemetry.reader import TelemetryReader

    if len(what) > 1:
        raise click.UsageError("one pass at a time")
    with closing(TelemetryReader(source)) as telemetry, JournalReader(source) as journal:
        chosen = _selection(journal, next(iter(what), None), since, until)
        found = write_recordings(stored_frames(journal, telemetry, chosen), folder)
    if not found:
        raise click.ClickException(f"{source} has no undamaged frame of that")
    return list(map(_link, found)), min(each.first_us for each in found)


def _selection(
    journal: JournalReader, which: str | None, since: str | None, until: str | None
) -> Selection:
    from datetime import UTC, datetime

    from groundstation.history.flown import during
    from groundstation.history.selection import Selection, time_us

    if which is not None:
        if since or until:
            raise click.UsageError("a pass has its own time: leave out --since and --until")
        return during(journal, which, Selection())
    now = datetime.now(UTC)
    return Selection(
        since_us=None if since is None else time_us(since, now),
        until_us=None if until is None else time_us(until, now),
    )


def _link(recording: Recording) -> LinkConfig:
    from groundstation.config import LinkConfig

    name = f"replay of {recording.link}"
    url = f"file://{recording.path}"
    return LinkConfig(name, url, "kiss", recording.satellite, recording.simulated)


def _paced(url: str, speed: float | None) -> str:
    return url if speed is None else f"{url}?speed={speed}"


def _target(folder: Path | None, source: Path, what: Sequence[str]) -> Path:
    """The folder that was asked for, or a new one of the recording's name."""
    if folder is not None:
        return folder
    name = Path(what[0]).name if what else "frames"
    target, number = source / "replay" / name, 1
    while target.exists():
        number += 1
        target = source / "replay" / f"{name}-{number}"
    return target


def _config(path: Path | None, links: Sequence[LinkConfig]) -> Config:
    """Nothing of it moves an antenna or tells anybody of a pass."""
    from groundstation.config import Config, load_config
    from groundstation.model import Site

    if path is None:
        return Config(Site("Replay", 0.0, 0.0), links=tuple(links))
    own = load_config(path)
    return Config(own.site, links=tuple(links), storage=own.storage, dashboard=own.dashboard)


def _clock(begin_us: int | None, speed: float | None) -> Clock | None:
    """The time of the recording, where it is played in its pace."""
    import time

    from groundstation.clock import Clock

    if begin_us is None or speed is None:
        return None
    return Clock(time.time_ns() // 1000, begin_us - round(_LEAD_S * 1e6 * speed), speed)


def _watch(
    config: Config,
    config_path: Path | None,
    folder: Path,
    stop: threading.Event,
    clock: Clock | None,
    port: int | None,
) -> None:
    from groundstation.cli.until_stopped import tell
    from groundstation.serve import serve

    address = f"http://{config.dashboard.host}:{port or config.dashboard.port}/"
    serve(
        *(config, config_path, folder, stop),
        say=tell,
        clock=clock,
        port=port,
        started=lambda station: tell(f"pages: {address} (Ctrl-C ends the replay)"),
    )


def _all(config: Config, folder: Path, stop: threading.Event, clock: Clock | None) -> bool:
    """Play one recording after the other, or all at once where they keep a pace; whether all was
    good."""
    from groundstation.cli.until_stopped import tell
    from groundstation.folder_lock import FolderLock
    from groundstation.station import Station

    together = clock is not None
    turns = [config.links] if together else [(link,) for link in config.links]
    good = True
    with FolderLock(folder):
        for links in turns:
            station = Station(changed(config, links=links), folder, clock=clock, say=tell)
            good = _play(station, stop) and good
    return good


def _play(station: Station, stop: threading.Event) -> bool:
    """Run ``station`` until its recordings have ended and are stored; whether all was good."""
    station.start()
    try:
        while not (stop.is_set() or _is_done(station.snapshot())):
            stop.wait(0.05)
        result = station.snapshot()
    finally:
        station.stop()
    for link in result.links:
        click.echo(f"{link.name}: {link.frames} frames, {link.bad_frames} damaged")
    whole = all(
        link.state == "ended" and link.detail.endswith("was read to its end")
        for link in result.links
    )
    bad = any(link.bad_frames for link in result.links)
    return whole and not bad and not any(each.error for each in result.followers.values())


def _is_done(status: StationStatus) -> bool:
    """The recordings were read, and every store has them or refuses them (next time, then)."""
    ended = all(link.state == "ended" for link in status.links)
    followers = status.followers.values()
    done = all(each.error or not (each.lag or each.backlog) for each in followers)
    return ended and not status.journal_error and done
