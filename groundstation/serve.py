"""Station and dashboard together, until somebody says stop: what ``run`` and ``demo`` share."""

from __future__ import annotations

import errno
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from groundstation.clock import Clock
from groundstation.config import Config, DashboardConfig
from groundstation.dashboard_process import DashboardProcess
from groundstation.errors import ConfigError
from groundstation.folder_lock import FolderLock
from groundstation.links.link import Backoff
from groundstation.port_holder import holder
from groundstation.station import Station
from groundstation.systemd import AT_WORK, READY, STOPPING, tell_systemd

#: A station that was killed leaves a dashboard that needs a moment to notice.
PORT_PATIENCE_S = 3.0


def serve(
    config: Config,
    config_path: Path | None,
    folder: Path,
    stop: threading.Event,
    *,
    say: Callable[[str], None],
    clock: Clock | None = None,
    port: int | None = None,
    with_dashboard: bool = True,
    started: Callable[[Station], None] = lambda station: None,
    backoff: Backoff | None = None,
) -> None:
    """Run the station of ``config`` on data ``folder`` until ``stop`` is set.

    ``config_path``: the file of the settings, for the dashboard process; None: there is none.
    ``port`` replaces the configured web port. ``started`` is called when frames can be received.
    Raises StationError before anything runs.
    """
    dashboard = replace(config.dashboard, port=port) if port else config.dashboard
    with ExitStack() as stack:
        stack.enter_context(FolderLock(folder))
        if with_dashboard:
            check_port(dashboard)
        child = DashboardProcess(dashboard_command(dashboard, config_path, folder), say)
        stack.callback(child.stop)
        station = Station(config, folder, clock=clock, say=say, backoff=backoff)
        stack.callback(station.stop)
        station.start()
        if with_dashboard:
            stack.callback(child.end)  # it and the station end at the same time
            child.start()
        started(station)
        tell_systemd(READY)
        stack.callback(tell_systemd, STOPPING)
        # In slices: on Windows a waiting main thread does not see Ctrl-C.
        while not stop.wait(0.5):
            if station.is_at_work():
                tell_systemd(AT_WORK)


def dashboard_command(
    dashboard: DashboardConfig, config_path: Path | None, folder: Path
) -> list[str]:
    """The command line of the dashboard process."""
    return [
        *(sys.executable, "-P", "-m", "dashboard", "--data", str(folder)),
        *(() if config_path is None else ("--config", str(config_path))),
        *("--host", dashboard.host, "--port", str(dashboard.port), "--say-ready"),
    ]


def check_port(dashboard: DashboardConfig, patience_s: float = PORT_PATIENCE_S) -> None:
    """Raise ConfigError when the web port cannot be had within ``patience_s``."""
    deadline_s = time.monotonic() + patience_s
    while error := _port_problem(dashboard):
        if error.errno != errno.EADDRINUSE or time.monotonic() >= deadline_s:
            raise ConfigError(
                f"the web port {dashboard.port} on {dashboard.host} cannot be used "
                f"({error.strerror}{holder(dashboard.port)}); choose another one, such as "
                f"--port {dashboard.port + 1}"
            ) from error
        time.sleep(0.05)


def _port_problem(dashboard: DashboardConfig) -> OSError | None:
    family = socket.AF_INET6 if ":" in dashboard.host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the server does it: a port whose last connections are only fading away is free.
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((dashboard.host, dashboard.port))
        except OSError as error:
            return error
    return None
