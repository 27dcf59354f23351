"""``groundstation demo``: a simulated satellite, a real station, its dashboard."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from groundstation.cli.share import SHARE, offer_account, told

if TYPE_CHECKING:
    from groundstation.clock import Clock
    from groundstation.simulator.port import VirtualPort
    from groundstation.simulator.sky import Sky
    from groundstation.station import Station

SATELLITE = "classroom-1"
_LEAD_S = 2.0
#: How the settings of a demo begin; others are somebody's own.
_OURS = "# Written by `groundstation demo`"
_SETTINGS = """\
# Written by `groundstation demo` each time it starts. Everything here is SIMULATED.

[site]
name = "Bishkek"
latitude_deg = 42.8746
longitude_deg = 74.5698
altitude_m = 800
timezone = "Asia/Bishkek"

[[links]]
{link}
simulated = true

[[satellites]]
id = "{satellite}"

[dashboard]
port = {port}
"""
#: The link, with and without ``--audio``.
_TNC = """\
name = "simulated TNC"
url = "{url}"
framing = "kiss\""""
_RECEIVER = """\
name = "simulated receiver"
url = "{url}"
satellite = "{satellite}\""""


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("data/demo"), show_default=True
)
@click.option("--speed", type=click.FloatRange(0.1, 60), default=1.0, help="Times real time.")
@click.option("--seed", type=int, default=1, help="Another number, another flight.")
@click.option("--audio", is_flag=True, help="Through sound, noise and the modem.")
@SHARE
@click.option("--no-browser", is_flag=True, help="Do not open the page in a browser.")
def demo(
    port: int, data: Path, speed: float, seed: int, audio: bool, share: bool, no_browser: bool
) -> None:
    """Fly the classroom satellite and receive it: no radio, no internet, nothing to set up.

    With --audio it is the sound of a receiver that comes, with noise, fading and Doppler, and what
    the modem hears in it; the sound of the first pass is kept in the data folder, to be played.
    """
    from groundstation.config import load_config
    from groundstation.errors import StationError
    from groundstation.serve import serve
    from groundstation.sharing import EVERYWHERE

    if audio and speed != 1:
        raise click.UsageError("--audio is at its own pace: leave out --speed")
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), lambda *_: stop.set())
    with ExitStack() as stack:
        try:
            clock = _clock(data, speed)
            transmitter = _transmitter(stack, data, clock, seed, audio=audio)
            settings = _write_settings(data, transmitter.url, port, audio=audio)
            config = load_config(settings)
            if share:
                config = replace(config, dashboard=replace(config.dashboard, host=EVERYWHERE))
                offer_account(data)

            def started(station: Station) -> None:
                stack.callback(_fly(station, transmitter, clock, data, seed))
                url = f"http://127.0.0.1:{port}/"
                click.echo(f"Open {url} in a browser (Ctrl-C ends the demo). SIMULATED.", err=True)
                for line in told(EVERYWHERE, port) if share else ():
                    click.echo(line, err=True)
                if not no_browser:
                    threading.Thread(target=_browse, args=(url,), daemon=True).start()

            serve(
                *(config, settings, data, stop),
                say=lambda text: click.echo(text, err=True),
                clock=clock,
                started=started,
            )
        except StationError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(2)


class _Transmitter:
    """What the simulated satellite sends to, and the address at which the station hears it."""

    def __init__(self, url: str, port: VirtualPort | Sky):
        self.url, self.port = url, port
        self.in_view: Callable[[], bool] = lambda: False


def _transmitter(
    stack: ExitStack, data: Path, clock: Clock, seed: int, *, audio: bool
) -> _Transmitter:
    if not audio:
        from groundstation.simulator.port import open_virtual_port

        virtual_port = open_virtual_port()
        stack.callback(virtual_port.close)
        return _Transmitter(virtual_port.url, virtual_port)
    from decoders.modem import mode_of
    from groundstation.catalog import SatelliteCatalog
    from groundstation.simulator.sky import Sky
    from groundstation.simulator.sound_port import SoundPort

    def say(text: str) -> None:
        click.echo(text, err=True)

    link = SatelliteCatalog().satellites[SATELLITE].downlinks[0]
    port = SoundPort(data, lambda: made.in_view(), clock.now_us, say)
    stack.callback(port.close)
    sky = Sky(mode_of(link), float(link.frequency_hz or 0), port.hear, seed=seed, say=say)
    made = _Transmitter(port.url, sky)
    sky.start()
    stack.callback(sky.stop)
    return made


def _settings(url: str, port: int, *, audio: bool) -> str:
    link = (_RECEIVER if audio else _TNC).format(url=url, satellite=SATELLITE)
    return _SETTINGS.format(link=link, satellite=SATELLITE, port=port)


def _write_settings(data: Path, url: str, port: int, *, audio: bool) -> Path:
    from groundstation.errors import ConfigError
    from groundstation.folder_lock import FolderLock

    path = data / "station.toml"
    settings = _settings(url, port, audio=audio)
    try:
        if problem := _somebodys(path):
            raise ConfigError(f"{problem}: choose another --data")
        with FolderLock(data):  # the settings of a demo that runs there stay as they are
            path.write_text(settings, "utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot write {path}: {error.strerror}; choose another --data"
        ) from error
    return path


def _somebodys(path: Path) -> str:
    """Why the folder of ``path`` is not a demo's to write in, or empty.

    The settings of a demo differ from ours in their numbers only: others were changed.
    """
    if not path.exists():
        if (path.parent / "journal.db").exists():
            return f"{path.parent} holds receptions that are not of a demo"
        return ""
    text = path.read_text("utf-8", "replace")
    if not text.startswith(_OURS):
        return f"{path} is not of a demo and stays as it is"
    if _fixed(text) not in [_fixed(_settings("", 0, audio=audio)) for audio in (False, True)]:
        return f"{path} was changed since a demo wrote it, and stays as it is"
    return ""


def _fixed(settings: str) -> list[str]:
    """Its lines, without those that are different at each start."""
    return [line for line in settings.splitlines() if not line.startswith(("url =", "port ="))]


def _clock(data: Path, speed: float) -> Clock:
    """Now, or a little after the newest frame of an earlier demo, whose clock ran ahead."""
    from groundstation.clock import Clock
    from groundstation.errors import StoreError
    from groundstation.storage.journal import JournalReader

    now_us = station_us = time.time_ns() // 1000
    try:
        with JournalReader(data) as journal:
            if newest := journal.newest_heard():
                station_us = max(now_us, newest.received_us + 60_000_000)
    except StoreError:
        pass  # no earlier demo here; what is really wrong the station will say
    return Clock(now_us, station_us, speed)


def _fly(station: Station, to: _Transmitter, clock: Clock, data: Path, seed: int) -> Any:
    """Launch: elements into the catalogue, the simulator into its thread; gives what stops it."""
    from groundstation.catalog import SatelliteCatalog
    from groundstation.config import load_config
    from groundstation.elements import ElementsCatalog
    from groundstation.model import from_us
    from groundstation.orbit.omm_csv import to_omm_csv
    from groundstation.simulator.beacon import BeaconSimulator
    from groundstation.simulator.flight import SOURCE, elements_for

    satellite = SatelliteCatalog().satellites[SATELLITE]
    site = load_config(data / "station.toml").site
    elements = elements_for(site, from_us(clock.now_us()), _LEAD_S * clock.speed, satellite.name)
    ElementsCatalog(data / "elements").import_text(to_omm_csv([elements]), SOURCE)
    simulator = BeaconSimulator(
        *(satellite, elements, site, to.port, clock),
        seed=seed,
        say=lambda text: click.echo(text, err=True),
    )
    to.in_view = simulator.in_view
    simulator.start()
    return simulator.stop


def _browse(url: str, attempts: int = 100) -> None:
    """Open the page when it answers."""
    for _ in range(attempts):
        try:
            urllib.request.urlopen(url, timeout=1).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(url)
