"""``groundstation run``: the station and its dashboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from groundstation.cli.share import SHARE


@click.command(short_help="The station and its dashboard.")
@click.option(
    "-c",
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default=Path("station.toml"),
    show_default=True,
    help="The settings of this station.",
)
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The folder that keeps everything received.",
)
@click.option("--port", type=click.IntRange(1, 65535), help="Web port, instead of the configured.")
@click.option(
    "--exec",
    "program",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    help="A program that is run at AOS, at LOS and on an alarm; see docs/alarms.md.",
)
@SHARE
@click.option("--no-dashboard", is_flag=True, help="Receive only, without web pages.")
def run(
    config_path: Path,
    folder: Path,
    port: int | None,
    program: Path | None,
    share: bool,
    no_dashboard: bool,
) -> None:
    """Receive, keep and show frames, until Ctrl-C or SIGTERM.

    Messages go to standard error, one line each. Exit code 2: it could not start.
    """
    if share and no_dashboard:
        raise click.UsageError("--share shows the dashboard, which --no-dashboard leaves out")
    # Imported here so that `groundstation run --help` stays fast.
    from groundstation.cli.share import offer_account, told
    from groundstation.cli.until_stopped import starting, stop_on_signals, tell
    from groundstation.config import load_config
    from groundstation.serve import serve
    from groundstation.sharing import EVERYWHERE
    from groundstation.station import Station

    def started(station: Station) -> None:
        names = ", ".join(link.name for link in station.links) or "none (add [[links]])"
        tell(f"receiving; data folder {folder}; links: {names}")
        if not no_dashboard:
            tell(f"pages: http://{_shown(config.dashboard.host)}:{port or config.dashboard.port}/")
        if share:
            for line in told(config.dashboard.host, port or config.dashboard.port):
                tell(line)

    with starting():
        config = load_config(config_path)
        if program is not None:
            config = replace(config, hooks=replace(config.hooks, program=(str(program),)))
        if share:
            config = replace(config, dashboard=replace(config.dashboard, host=EVERYWHERE))
            folder.mkdir(parents=True, exist_ok=True)
            offer_account(folder)
        serve(
            *(config, config_path, folder, stop_on_signals()),
            say=tell,
            port=port,
            with_dashboard=not no_dashboard,
            started=started,
        )
    tell("stopped; everything received is in the data folder")


def _shown(host: str) -> str:
    """The host as a browser on this computer calls it."""
    if host in ("0.0.0.0", "::"):
        return "localhost"
    from groundstation.sharing import in_url

    return in_url(host)
