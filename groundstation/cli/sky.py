"""Options that passes, schedule and track share: which satellites, over which site, when."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from groundstation.cli.chosen_elements import (
    DefinitionNumbers,
    chosen_elements,
    known_elements,
    settings_elements,
)

if TYPE_CHECKING:
    from groundstation.config import Config
    from groundstation.errors import ElementsError
    from groundstation.model import Site
    from groundstation.orbit.horizon import Horizon
    from groundstation.orbit.mean_elements import Elements
    from groundstation.orbit.passes import PassTable
    from groundstation.orbit.standing import Standing

_Function = TypeVar("_Function", bound=Callable[..., Any])
_DEFAULT_MIN_ELEVATION_DEG = 10.0
_MAX_HOURS = 24 * 366
_LINES_AT_ONCE = 1000


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
    numbers: DefinitionNumbers
    dut1_s: float | None = None

    def passes(self) -> tuple[PassTable, int]:
        """All passes in order of time, and how many satellites gave none for an error."""
        from groundstation.cli.progress import Progress
        from groundstation.orbit.elements import told
        from groundstation.orbit.passes import find_all_passes
        from groundstation.orbit.propagation import propagable

        usable, errors = propagable(self.elements)
        with Progress("passes", len(usable)) as progress:
            found = find_all_passes(
                usable,
                self.site,
                self.start,
                self.end,
                min_elevation_deg=self.min_elevation_deg,
                horizon=self.horizon,
                dut1_s=self.dut1_s,
                advance=progress.advance,
            )
        errors += self._without_position(usable, found)
        for sentence in told(errors):
            click.echo(sentence, err=True)
        return found.in_order(), len(errors)

    def _without_position(self, elements: list[Elements], found: PassTable) -> list[ElementsError]:
        """Why satellites have no passes for which that is no matter of where the antenna stands."""
        from groundstation.orbit.propagation import no_position

        seen = set(found.found.satellite.tolist())
        silent = (item for index, item in enumerate(elements) if index not in seen)
        problems = (no_position(item, self.start) for item in silent)
        return [problem for problem in problems if problem is not None]

    def standing(self, found: PassTable) -> dict[int, Standing]:
        """Who of ``found`` never sets here, by NORAD number."""
        from groundstation.orbit.passes import NEVER_US

        if not ((found.times_us["aos"] == NEVER_US) & (found.times_us["los"] == NEVER_US)).any():
            return {}
        from groundstation.orbit.standing import standing

        elements = {item.norad: item for item in self.elements}
        where = (self.site, self.start, self.min_elevation_deg, self.horizon)
        return standing(found, elements, *where)


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
    known, problems = known_elements(elements_file, data)
    numbers = DefinitionNumbers(data)
    if config is not None and config.satellites and not satellites and elements_file is None:
        words = [satellite.id for satellite in config.satellites]
        chosen, missing = settings_elements(words, known, numbers)
    else:
        chosen, missing = chosen_elements(satellites, known, numbers)
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
        numbers=numbers,
        dut1_s=dut1_s,
    )


@contextmanager
def without_collections() -> Iterator[None]:
    """For a command that makes very many objects, none of them in circles, and then ends.

    Looking through them again and again for what can be freed takes a tenth of its time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def write_lines(lines: Iterable[str], end: str = "\n") -> None:
    """Print ``lines``, many at once: each print has its price."""
    waiting = iter(lines)
    while batch := list(islice(waiting, _LINES_AT_ONCE)):
        click.echo("".join(line + end for line in batch), nl=False)


def _config(path: Path | None, needed: bool) -> Config | None:
    from groundstation.config import load_config
    from groundstation.errors import ConfigError

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
    from groundstation.errors import SiteError
    from groundstation.model import Site
    from groundstation.orbit.earth import check_site

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
    from groundstation.errors import ElementsError
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
    from groundstation.errors import HorizonError
    from groundstation.orbit.horizon import parse_horizon

    if path is None:
        path = config.horizon if config is not None else None
    if path is None:
        return None
    try:
        return parse_horizon(path.read_text(encoding="utf-8"), source=str(path))
    except (HorizonError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"the horizon cannot be used: {error}") from None
