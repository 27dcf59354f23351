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
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from groundstation.cli.share import SHARE, offer_account, told

if TYPE_CHECKING:
    from groundstation.clock import Clock
    from groundstation.simulator.port import VirtualPort
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
name = "simulated TNC"
url = "{url}"
framing = "kiss"
simulated = true

[[satellites]]
id = "{satellite}"

[dashboard]
port = {port}
"""


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("data/demo"), show_default=True
)
@click.option("--speed", type=click.FloatRange(0.1, 60), default=1.0, help="Times real time.")
@click.option("--seed", type=int, default=1, help="Another number, another flight.")
@SHARE
@click.option("--no-browser", is_flag=True, help="Do not open the page in a browser.")
def demo(port: int, data: Path, speed: float, seed: int, share: bool, no_browser: bool) -> None:
    """Fly the classroom satellite and receive it: no radio, no internet, nothing to set up."""
    from groundstation.config import load_config
    from groundstation.errors import StationError
    from groundstation.serve import serve
    from groundstation.sharing import EVERYWHERE
    from groundstation.simulator.port import open_virtual_port

    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), lambda *_: stop.set())
    with ExitStack() as stack:
        virtual_port = open_virtual_port()
        stack.callback(virtual_port.close)
        try:
            settings = _write_settings(data, virtual_port.url, port)
            clock = _clock(data, speed)
            config = load_config(settings)
            if share:
                config = replace(config, dashboard=replace(config.dashboard, host=EVERYWHERE))
                offer_account(data)

            def started(station: Station) -> None:
                stack.callback(_fly(station, virtual_port, clock, data, seed))
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


def _write_settings(data: Path, url: str, port: int) -> Path:
    from groundstation.errors import ConfigError
    from groundstation.folder_lock import FolderLock

    path = data / "station.toml"
    settings = _SETTINGS.format(url=url, satellite=SATELLITE, port=port)
    try:
        if problem := _somebodys(path, settings):
            raise ConfigError(f"{problem}: choose another --data")
        with FolderLock(data):  # the settings of a demo that runs there stay as they are
            path.write_text(settings, "utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot write {path}: {error.strerror}; choose another --data"
        ) from error
    return path


def _somebodys(path: Path, settings: str) -> str:
    """Why the folder of ``path`` is not a demo's to write in, or empty.

    The settings of a demo differ from ``settings`` in their numbers only: others were changed.
    """
    if not path.exists():
        if (path.parent / "journal.db").exists():
            return f"{path.parent} holds receptions that are not of a demo"
        return ""
    text = path.read_text("utf-8", "replace")
    if not text.startswith(_OURS):
        return f"{path} is not of a demo and stays as it is"
    if _fixed(text) != _fixed(settings):
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


def _fly(station: Station, port: VirtualPort, clock: Clock, data: Path, seed: int) -> Any:
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
        *(satellite, elements, site, port, clock),
        seed=seed,
        say=lambda text: click.echo(text, err=True),
    )
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
