"""Options that passes, schedule and track share: which satellites, over which site, when."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from groundstation.config import Config
    from groundstation.model import Site
    from groundstation.orbit.horizon import Horizon
    from groundstation.orbit.mean_elements import Elements
    from groundstation.orbit.passes import Pass

_Function = TypeVar("_Function", bound=Callable[..., Any])
_DEFAULT_MIN_ELEVATION_DEG = 10.0
_MAX_HOURS = 24 * 366


def sky_options(function: _Function) -> _Function:
    """Add the shared arguments and options to a command."""
    for decorate in (
        click.argument("satellites", nargs=-1, metavar="[SATELLITE]..."),
        click.option(
            "--elements",
            "elements_file",
            type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
            help="File with TLE, 3LE or OMM; without it the catalogue in the data folder.",
        ),
        click.option(
            "--site", metavar="LAT,LON,ALT_M", help="Degrees north, degrees east, metres."
        ),
        click.option("--start", metavar="ISO", help="UTC, as 2026-08-22T06:00:00Z; default now."),
        click.option("--hours", type=float, default=24.0, show_default=True),
        click.option(
            "--min-elevation",
            type=float,
            metavar="D",
            help="Degrees; default the site's, or 10, or with --horizon none.",
        ),
        click.option(
            "--horizon",
            "horizon_file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="File of azimuth_deg,elevation_deg rows.",
        ),
        click.option(
            "--dut1",
            "dut1_s",
            type=click.FloatRange(-1, 1),
            metavar="S",
            help="UT1 minus UTC; default from skyfield's tables. 0 compares with other programs.",
        ),
        click.option(
            "-c",
            "--config",
            "config_file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Station settings; default station.toml where there is one.",
        ),
        click.option(
            "--data",
            type=click.Path(file_okay=False, path_type=Path),
            default=Path("data"),
            show_default=True,
            help="Data folder.",
        ),
    ):
        function = decorate(function)
    return function


@dataclass(frozen=True, slots=True)
class Sky:
    """What the options say. ``problems`` counts what could not be used and was told."""

    site: Site
    start: datetime
    end: datetime
    min_elevation_deg: float
    horizon: Horizon | None
    elements: list[Elements]
    timezone: str
    config: Config | None
    problems: int
    dut1_s: float | None = None

    def passes(self) -> tuple[list[Pass], int]:
        """All passes in order of time, and how many satellites gave none for an error."""
        from groundstation.orbit.passes import find_all_passes
        from groundstation.orbit.propagation import propagable

        usable, errors = propagable(self.elements)
        for error in errors:
            click.echo(str(error), err=True)
        found = list(
            find_all_passes(
                usable,
                self.site,
                self.start,
                self.end,
                min_elevation_deg=self.min_elevation_deg,
                horizon=self.horizon,
                dut1_s=self.dut1_s,
            )
        )
        found.sort(key=lambda one: (one.aos or one.tca, one.norad))
        return found, len(errors)


def read_sky(
    satellites: tuple[str, ...],
    elements_file: Path | None,
    site: str | None,
    start: str | None,
    hours: float,
    min_elevation: float | None,
    horizon_file: Path | None,
    dut1_s: float | None,
    config_file: Path | None,
    data: Path,
) -> Sky:
    """Check the options and read what they name. Raises click's errors, one clear sentence."""
    config = _config(config_file, needed=site is None)
    begin = _start(start)
    if not 0 <= hours <= _MAX_HOURS:
        raise click.BadParameter(f"{hours:g} is not 0 to {_MAX_HOURS}", param_hint="--hours")
    if min_elevation is not None and not -90 <= min_elevation < 90:
        raise click.BadParameter("it must be -90 to 90 degrees", param_hint="--min-elevation")
    known, problems = _known_elements(elements_file, data)
    chosen, missing = _chosen(satellites, known, config, elements_file is not None, data)
    if start is None:
        _doubt_clock(begin, chosen)
    return Sky(
        site=_site(site, config),
        start=begin,
        end=begin + timedelta(hours=hours),
        min_elevation_deg=_floor(min_elevation, horizon_file, config if site is None else None),
        horizon=_horizon(horizon_file, config if site is None else None),
        elements=chosen,
        timezone=config.timezone if config is not None else "UTC",
        config=config,
        problems=problems + missing,
        dut1_s=dut1_s,
    )


def _config(path: Path | None, needed: bool) -> Config | None:
    from groundstation.config import ConfigError, load_config

    if path is None:
        path = Path("station.toml")
        if not path.exists():
            if needed:
                raise click.UsageError(
                    "where is the antenna? Say --site LAT,LON,ALT_M or -c station.toml"
                )
            return None
    elif not path.exists():
        raise click.BadParameter(f"there is no file {path}", param_hint="-c")
    try:
        return load_config(path)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None


def _site(text: str | None, config: Config | None) -> Site:
    from groundstation.model import Site
    from groundstation.orbit.earth import SiteError, check_site

    if text is None:
        assert config is not None
        return config.site
    parts = text.split(",")
    try:
        if len(parts) not in (2, 3):
            raise ValueError
        numbers = [float(part) for part in parts]
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is not LAT,LON,ALT_M such as 42.87,74.57,800", param_hint="--site"
        ) from None
    site = Site("site", *numbers)
    try:
        check_site(site)
    except SiteError as error:
        raise click.BadParameter(str(error), param_hint="--site") from None
    return site


def _start(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    from groundstation.orbit.mean_elements import ElementsError
    from groundstation.orbit.omm import parse_epoch

    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        try:
            return parse_epoch(text)  # knows leap seconds and days of the year
        except ElementsError:
            raise click.BadParameter(
                f"{text!r} is not a time such as 2026-08-22T06:00:00Z", param_hint="--start"
            ) from None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _doubt_clock(now: datetime, elements: list[Elements]) -> None:
    """Say so when the computer's clock cannot be right: elements are not made days ahead."""
    newest = max((item.epoch for item in elements), default=now)
    if newest - now > timedelta(days=3):
        click.echo(
            f"this computer's clock says {now:%Y-%m-%d %H:%M} UTC, but there are elements of "
            f"{newest:%Y-%m-%d}: set the clock, these times are not to be trusted",
            err=True,
        )


def _floor(given: float | None, horizon_file: Path | None, config: Config | None) -> float:
    if given is not None:
        return given
    if horizon_file is not None:
        return -90.0
    return config.min_elevation_deg if config is not None else _DEFAULT_MIN_ELEVATION_DEG


def _horizon(path: Path | None, config: Config | None) -> Horizon | None:
    from groundstation.orbit.horizon import HorizonError, parse_horizon

    if path is None:
        path = config.horizon if config is not None else None
    if path is None:
        return None
    try:
        return parse_horizon(path.read_text(encoding="utf-8"), source=str(path))
    except (HorizonError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"the horizon cannot be used: {error}") from None


def _known_elements(path: Path | None, data: Path) -> tuple[list[Elements], int]:
    """Newest elements of each object, and how many problems were told."""
    from groundstation.elements import ElementsCatalog, load_elements_file
    from groundstation.orbit.elements import newest, read_elements

    if path is None:
        catalog = ElementsCatalog(data / "elements")
        known, problems = catalog.all(), list(catalog.problems)
        if not known and not problems:
            problems = [
                f"there are no elements in {catalog.folder}; get them with "
                "'groundstation elements update' or 'groundstation elements import FILE'"
            ]
    elif str(path) == "-":
        found = read_elements(sys.stdin.read(), source="standard input")
        known, problems = list(newest(found.elements).values()), [str(e) for e in found.errors]
    else:
        known, problems = load_elements_file(path)
    for problem in problems:
        click.echo(problem, err=True)
    return known, len(problems)


def _chosen(
    words: tuple[str, ...],
    known: list[Elements],
    config: Config | None,
    from_file: bool,
    data: Path,
) -> tuple[list[Elements], int]:
    """The elements of the satellites asked for, and how many were not found."""
    if not words and not from_file and config is not None:
        words = tuple(satellite.id for satellite in config.satellites)
    if not words:
        return known, 0
    chosen: dict[int, Elements] = {}
    missing = 0
    for word in words:
        found = _find(word, known, data)
        if found:
            chosen.update((item.norad, item) for item in found)
        else:
            click.echo(f"no elements of {word!r} among the {len(known)} objects known", err=True)
            missing += 1
    return list(chosen.values()), missing


def _find(word: str, known: list[Elements], data: Path) -> list[Elements]:
    """By NORAD number, definition id or name (whole, else a part of it)."""
    from groundstation.elements import named

    norad = int(word) if word.isascii() and word.isdigit() else norad_of_definition(word, data)
    if norad is not None:
        return [item for item in known if item.norad == norad]
    return named(word, known)


def norad_of_definition(word: str, data: Path) -> int | None:
    """The NORAD number in the definition with id ``word``, if there is one."""
    from groundstation.catalog import SatelliteCatalog

    satellite = SatelliteCatalog(data).satellites.get(word)
    return None if satellite is None else satellite.norad
