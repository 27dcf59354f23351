"""``python -m dashboard --data DIR``: serve the pages of a data folder."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from groundstation.config import DashboardConfig, load_config
from groundstation.errors import ConfigError
from groundstation.sharing import in_url
from groundstation.words.language import LANGUAGES

_USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to end; returns the exit code. A wrong setting is one sentence and 2."""
    options = _parser().parse_args(arguments)
    try:
        return _serve(options)
    except (ConfigError, FileNotFoundError) as error:
        return _refuse(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dashboard",
        description="Serve the web pages of a ground station; it only reads.",
    )
    parser.add_argument("--data", type=Path, required=True, help="the station's data folder")
    parser.add_argument("--config", type=Path, help="station.toml: place, time zone, storage")
    parser.add_argument("--host", help="address to listen on (0.0.0.0: everybody near)")
    parser.add_argument("--port", type=int, help="port to listen on")
    parser.add_argument("--language", choices=tuple(LANGUAGES), help="first language of the pages")
    parser.add_argument("--parent-pid", type=int, help="end when this process is gone")
    ready = "print a word when the pages are served; standard output is not used otherwise"
    parser.add_argument("--say-ready", action="store_true", help=ready)
    return parser


def _refuse(sentence: str) -> int:
    print(f"dashboard: {sentence}", file=sys.stderr)  # noqa: T201 - the one way to tell it
    return _USAGE_ERROR


def _serve(options: argparse.Namespace) -> int:
    config = load_config(options.config) if options.config else None
    defaults = config.dashboard if config else DashboardConfig()
    host = options.host or defaults.host
    port = options.port if options.port is not None else defaults.port
    if not 0 < port < 65536:
        return _refuse(f"the port is {port}, it must be 1 to 65535")
    if not options.data.is_dir():
        raise FileNotFoundError(
            f"there is no folder {options.data}: name the station's data folder with --data"
        )

    # Flask and the rest are loaded only for settings that can be served.
    from dashboard.data.station_data import StationData
    from dashboard.web.app import close_app, create_app
    from dashboard.web.server import end_on_signals, end_with_parent, listen

    logging.basicConfig(format="dashboard: %(message)s", level=logging.ERROR)
    data = StationData(options.data, config)
    names = (host, *defaults.hosts)
    app = create_app(data, options.language or defaults.language, names, (host, port))
    try:
        server = listen(app, host, port)
    except OSError as error:
        close_app(app)
        reason = error.strerror or error
        return _refuse(
            f"port {port} on {host} cannot be used ({reason}); choose another one with --port"
        )
    end_on_signals()
    end_with_parent(options.parent_pid)
    print(f"dashboard: http://{in_url(host)}:{port}/", file=sys.stderr, flush=True)  # noqa: T201
    if options.say_ready:
        _say_ready()
    try:
        server.run()
    finally:
        close_app(app)
    return 0


def _say_ready() -> None:
    """For the station, which reads no more than that: what else is printed goes elsewhere."""
    with suppress(OSError):  # it may be gone by now, and then we end, too
        os.write(sys.stdout.fileno(), b"ready\n")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
