"""``groundstation track``: point and tune for the next pass of one satellite, with a live table."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from groundstation.cli.sky import Sky, read_sky, sky_options
from groundstation.mount import Mount, mount_problem
from groundstation.radio_settings import (
    address_problem,
    frequency_problem,
    mode_problem,
    offset_problem,
)

if TYPE_CHECKING:
    from groundstation.mount import Mount
    from groundstation.orbit.passes import Pass
    from groundstation.orbit.pointing import Pointing
    from groundstation.tracking.path import RotatorPath
    from groundstation.tracking.target import Target
    from groundstation.tracking.tracker import Tracker

_DRY_STEP_S = 15.0
_REFRESH_S = 0.5


def _checked(problem: Callable[[Any], str]) -> Callable[..., Any]:
    """A callback of an option whose value ``problem`` looks at."""

    def check(context: click.Context, option: click.Parameter, value: Any) -> Any:
        if value is not None and (told := problem(value)):
            raise click.BadParameter(told)
        return value

    return check


@click.command()
@sky_options
@click.option(
    "--rotator",
    metavar="HOST:PORT",
    callback=_checked(address_problem),
    help="rotctld; default station.toml's.",
)
@click.option(
    "--mount",
    metavar="RANGE",
    callback=_checked(mount_problem),
    help="0-360, -180-180, 0-450, continuous, shortest; ' flip' for 180 deg up.",
)
@click.option(
    "--rig",
    metavar="HOST:PORT",
    callback=_checked(address_problem),
    help="rigctld; default station.toml's.",
)
@click.option(
    "--frequency",
    "frequency_hz",
    type=float,
    metavar="HZ",
    callback=_checked(frequency_problem),
    help="Downlink.",
)
@click.option(
    "--uplink",
    "uplink_hz",
    type=float,
    metavar="HZ",
    callback=_checked(frequency_problem),
    help="Tune the uplink too.",
)
@click.option(
    "--offset",
    "offset_hz",
    type=float,
    default=0.0,
    callback=_checked(offset_problem),
    help="The radio's own error, Hz.",
)
@click.option(
    "--mode",
    metavar="MODE",
    callback=_checked(mode_problem),
    help="Set once, such as FM or PKTUSB.",
)
@click.option("--passband", "passband_hz", type=click.IntRange(0), default=0, metavar="HZ")
@click.option("--dry-run", is_flag=True, help="Print the plan of the pass; talk to nothing.")
@click.pass_context
def track(
    context: click.Context,
    /,
    rotator: str | None,
    mount: str | None,
    rig: str | None,
    frequency_hz: float | None,
    uplink_hz: float | None,
    offset_hz: float,
    mode: str | None,
    passband_hz: int,
    dry_run: bool,
    **options: Any,
) -> None:
    """Follow the pass that is going on or comes next, then park.

    SATELLITE is a NORAD number, the id of a definition (its downlink gives the frequency), or a
    name. Ctrl-C stops the antenna where it is.
    """
    if len(options["satellites"]) != 1:
        raise click.UsageError("name one SATELLITE")
    if options["start"] is not None and not dry_run:
        raise click.UsageError("--start is for --dry-run: an antenna moves now")
    sky = read_sky(**options)
    if not sky.elements:
        context.exit(1)
    if len(sky.elements) > 1:
        names = ", ".join(f"{item.norad} {item.name}" for item in sky.elements[:5])
        raise click.UsageError(f"which one? {names}")
    found, failed = sky.passes()
    if failed or not found:
        click.echo(f"{sky.elements[0].name} does not come over within the window", err=True)
        context.exit(1)
    if standing := sky.standing(found).get(found[0].norad):
        click.echo(standing.sentence, err=True)
        context.exit(1)
    settings = sky.config.tracking if sky.config is not None and options["site"] is None else None
    rotator = rotator or (settings.rotator if settings else "")
    rig = rig or (settings.rig if settings else "")
    chosen = Mount.parse(mount or (settings.mount if settings else "0-360"))
    downlink = frequency_hz or _downlink_hz(sky)
    target = _target(sky, found[0], downlink, uplink_hz, mode, passband_hz, offset_hz)
    if dry_run:
        for line in _plan_lines(found[0], target, chosen):
            click.echo(line)
        return
    if not rotator and not rig:
        raise click.UsageError("nothing to drive: say --rotator or --rig, or try --dry-run")
    if rig and downlink is None:
        raise click.UsageError("on which frequency? Say --frequency HZ")
    if _run(found[0], target, chosen, rotator, rig):
        context.exit(1)


def _downlink_hz(sky: Sky) -> float | None:
    """What the settings say of this satellite, else the first downlink of its definition."""
    norad = sky.elements[0].norad
    for wanted in sky.config.satellites if sky.config is not None else ():
        found = sky.numbers.followed(wanted.id, sky.elements)
        if found is not None and found.norad == norad and wanted.frequency_hz:
            return wanted.frequency_hz
    defined = next((item for item in sky.numbers.index.values() if item.norad == norad), None)
    return defined.frequency_hz if defined is not None else None


def _target(
    sky: Sky,
    one: Pass,
    downlink_hz: float | None,
    uplink_hz: float | None,
    mode: str | None,
    passband_hz: int,
    offset_hz: float,
) -> Target:
    from groundstation.tracking.target import Target

    return Target(
        sky.elements[0],
        sky.site,
        one.aos or sky.start,
        one.los or sky.end,
        downlink_hz=downlink_hz,
        uplink_hz=uplink_hz,
        mode=mode,
        passband_hz=passband_hz,
        offset_hz=offset_hz,
    )


def _heading(one: Pass, target: Target) -> str:
    minutes, seconds = divmod(round(target.length_s), 60)
    day = "" if target.begin.date() == target.end.date() else f"{target.end:%Y-%m-%d} "
    return (
        f"{one.satellite}: {target.begin:%Y-%m-%d %H:%M:%S} to {day}{target.end:%H:%M:%S} UTC "
        f"({minutes}:{seconds:02d}), highest {one.max_elevation_deg:.1f}°, "
        f"times good to about {one.timing_error_s:.3g} s"
    )


def _plan_lines(one: Pass, target: Target, mount: Mount) -> Iterator[str]:
    """The pass every few seconds: the sky, the commands, the frequencies."""
    import numpy as np

    from groundstation.orbit.pointing import pointings
    from groundstation.tracking.path import plan_path

    times = [*np.arange(0.0, target.length_s, 1.0).tolist(), target.length_s]
    track_ = pointings(
        target.elements, target.site, [target.begin + timedelta(seconds=t) for t in times]
    )
    path = plan_path(
        np.array(times),
        np.array([there.azimuth_deg for there in track_]),
        np.array([there.elevation_deg for there in track_]),
        mount,
    )
    yield _heading(one, target)
    head = f"{'Time':8}  {'az':>6} {'el':>5}  {'rotator':>13}  {'off':>5}  {'km':>6}"
    yield f"{head}  {'receive Hz':>13}"
    step = int(_DRY_STEP_S)
    for index in [*range(0, len(times) - 1, step), len(times) - 1]:
        yield _plan_line(track_[index], target, path, index)
    blind = path.blind_s(10.0)
    if blind:
        yield f"For {blind:.0f} s the antenna is more than 10° off: its range ends, or it is slow."


def _plan_line(there: Pointing, target: Target, path: RotatorPath, index: int) -> str:
    azimuth, elevation = path.azimuth_deg[index], path.elevation_deg[index]
    receive = target.receive_hz(there)
    return (
        f"{there.when:%H:%M:%S}  {there.azimuth_deg:6.1f} {there.elevation_deg:5.1f}  "
        f"{azimuth:7.1f} {elevation:5.1f}  {path.error_deg[index]:5.1f}  {there.range_km:6.0f}  "
        + (f"{receive:13.0f}" if receive is not None else f"{'-':>13}")
    )


def _run(one: Pass, target: Target, mount: Mount, rotator: str, rig: str) -> bool:
    """Track for real; True when there were alarms."""
    from groundstation.cli.until_stopped import stop_on_signals
    from groundstation.clock import Clock
    from groundstation.errors import ElementsError
    from groundstation.tracking.controller import Controller
    from groundstation.tracking.hamlib import Rig, Rotator
    from groundstation.tracking.tracker import Tracker

    tracker = Tracker(
        target,
        mount,
        Clock(),
        rotator=Rotator(Controller("rotator", rotator)) if rotator else None,
        rig=Rig(Controller("radio", rig)) if rig else None,
        alarm=lambda sentence: click.echo(f"ALARM: {sentence}", err=True),
    )
    click.echo(_heading(one, target))
    stop = stop_on_signals()
    problems: list[str] = []

    def work() -> None:
        try:
            tracker.run(stop)
        except ElementsError as error:
            problems.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        _show(tracker, thread)  # until the tracker is done, which `stop` makes it
    finally:
        stop.set()
        thread.join()
    for problem in problems:
        click.echo(problem, err=True)
    return bool(problems or tracker.state.alarms)


def _show(tracker: Tracker, thread: threading.Thread) -> None:
    """The live table on a terminal; a line every ten seconds where the output is a file."""
    from rich.console import Console
    from rich.live import Live

    console = Console()
    if not console.is_terminal:
        ticks = 0
        while thread.is_alive():
            if ticks % 20 == 2:  # the first one when there is something to say
                click.echo("  ".join(f"{label} {value}" for label, value in _rows(tracker)))
            ticks += 1
            thread.join(_REFRESH_S)
        return
    with Live(console=console, refresh_per_second=4) as live:
        while thread.is_alive():
            live.update(_live_table(tracker))
            thread.join(_REFRESH_S)


def _rows(tracker: Tracker) -> list[tuple[str, str]]:
    """Label and value of all that is known now."""
    from groundstation.orbit.pointing import pointing

    now, target, state = tracker.now(), tracker.target, tracker.state
    there = pointing(target.elements, target.site, now)
    rows = [(f"{now:%H:%M:%S}", "tracking" if target.begin <= now <= target.end else "waiting")]
    if now < target.begin:
        rows.append(("AOS in", f"{(target.begin - now).total_seconds():.0f} s"))
    rows.append(("satellite", f"{there.azimuth_deg:.1f} {there.elevation_deg:.1f}"))
    rows.append(("range", f"{there.range_km:.0f} km"))
    for label, pair in (("sent to", state.commanded_deg), ("antenna", state.measured_deg)):
        if pair is not None:
            rows.append((label, f"{pair[0]:.1f} {pair[1]:.1f}"))
    for label, frequency in (("receive", state.receive_hz), ("transmit", state.transmit_hz)):
        if frequency is not None:
            rows.append((label, f"{frequency:.0f} Hz"))
    return rows + [("ALARM", sentence) for sentence in state.alarms]


def _live_table(tracker: Tracker) -> Any:
    from rich.table import Table

    table = Table(show_header=False, title=tracker.target.elements.name)
    for label, value in _rows(tracker):
        table.add_row(label, value)
    return table
