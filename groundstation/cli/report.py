"""``groundstation report``: what a pass was to be, and what was heard of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from decoders.words import LANGUAGES
from groundstation.cli.definitions import write_text

if TYPE_CHECKING:
    from groundstation.config import Config
    from groundstation.model import FlownPass
    from groundstation.naming import Followed
    from groundstation.orbit.horizon import Horizon
    from groundstation.passes.frames import Heard
    from groundstation.words.language import Language

#: Passes that ``--list`` shows.
_LISTED = 200


@click.command(short_help="A flown pass: predicted against heard.")
@click.argument("which", metavar="[PASS]", required=False)
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--list", "list_passes", is_flag=True, help="List the passes that were flown.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "html"]),
    help="Default text, or html where -o names a file that ends so.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Of the page; default yours.")
@click.option("--recompute", is_flag=True, help="From the journal, by the elements of its day.")
@click.option("--gap", "gap_s", type=click.FloatRange(0.1), help="Seconds of silence that count.")
@click.option("-c", "--config", "config_path", type=click.Path(path_type=Path), help="station.toml")
def report(
    which: str | None,
    data: Path,
    list_passes: bool,
    style: str | None,
    output: Path | None,
    lang: str | None,
    recompute: bool,
    gap_s: float | None,
    config_path: Path | None,
) -> None:
    """Show a pass that was flown: the last one, or PASS.

    PASS is a name from --list, the id of a satellite (its last pass), or SATELLITE@TIME: the pass
    of that satellite at a time such as quetzal-1@2026-08-22T06:30, computed from the journal with
    the elements of its day, whether or not the station was following it. Times are UTC.
    """
    from groundstation.errors import ConfigError, StationError, StoreError

    style = style or ("html" if output and output.suffix in (".html", ".htm") else "text")
    try:
        config = _config(config_path, data)
        if list_passes:
            text = "".join(f"{line}\n" for line in _listing(data, which, style))
        else:
            flown = _find(data, which, config, recompute, gap_s)
            text = _written(data, flown, style, lang, config)
    except (ConfigError, StoreError) as error:
        raise _Usage(str(error)) from error
    except OSError as error:
        raise click.ClickException(str(error)) from error
    except (StationError, LookupError) as error:
        raise click.ClickException(str(error.args[0] if error.args else error)) from error
    write_text(text, output)
    if output is not None:
        click.echo(f"written: {output}", err=True)


class _Usage(click.ClickException):
    """A setting or a folder that cannot be used."""

    exit_code = 2


def _config(path: Path | None, data: Path) -> Config | None:
    """The settings: as named, else of this folder, else those that a demo left with its data."""
    from groundstation.config import load_config

    if path is None:
        places = (Path("station.toml"), data / "station.toml")
        path = next((place for place in places if place.is_file()), None)
    return load_config(path) if path is not None else None


def _listing(data: Path, satellite: str | None, style: str) -> Iterator[str]:
    from groundstation.passes.text import pass_list
    from groundstation.storage.journal import JournalReader

    with JournalReader(data) as journal:
        passes = journal.passes(_LISTED, satellite)
        if not passes and satellite:
            passes = journal.passes(_LISTED, _named(data, satellite).id)
    if style != "json":
        yield from pass_list(passes)
        return
    for flown in passes:
        brief = {
            "pass": flown.key,
            "satellite": flown.satellite,
            "name": flown.report["name"],
            **flown.report["predicted"],
            "frames": flown.report["heard"]["frames"],
            "bad_frames": flown.report["heard"]["bad_frames"],
            "simulated": flown.report["simulated"],
        }
        yield json.dumps(brief, ensure_ascii=False, allow_nan=False)


def _find(
    data: Path, which: str | None, config: Config | None, recompute: bool, gap_s: float | None
) -> FlownPass:
    """The pass that was asked for. Raises LookupError with one sentence."""
    from groundstation.model import from_us

    if which and "@" in which:
        word, _, text = which.partition("@")
        return _computed(data, _named(data, word), _instant(text), config, gap_s)
    flown = _kept(data, which)
    if recompute or gap_s is not None:
        middle = from_us((flown.aos_us + flown.los_us) // 2)
        return _computed(data, _named(data, flown.satellite), middle, config, gap_s, flown)
    return flown


def _named(data: Path, word: str) -> Followed:
    """Whom ``word`` means. Raises LookupError with one sentence."""
    from groundstation.catalog import SatelliteCatalog
    from groundstation.elements import ElementsCatalog
    from groundstation.naming import followed, near_names

    index, elements = SatelliteCatalog(data).index, ElementsCatalog(data / "elements")
    found = followed(word, index, lambda n: bool(elements.of((n,))), elements.all)
    if found is None:
        near = near_names(word, [*index, *(item.name for item in elements.all())])
        raise LookupError(f"nobody is known as {word!r}{near}")
    return found


def _kept(data: Path, which: str | None) -> FlownPass:
    from groundstation.model import to_us
    from groundstation.storage.journal import JournalReader

    key = re.fullmatch(r"(\d+)-(\d{8}T\d{6}Z)", which or "")
    with JournalReader(data) as journal:
        if key:
            begin_us = to_us(datetime.strptime(key[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))
            passes = journal.flown(int(key[1]), begin_us, begin_us + 2_000_000)
        else:
            passes = journal.passes(1, which)
            if not passes and which:
                with suppress(LookupError):
                    passes = journal.passes(1, _named(data, which).id)
    if not passes:
        of = f" of {which}" if which else ""
        raise LookupError(
            f"no pass{of} was kept in {data}; --list shows those that are, and "
            "SATELLITE@TIME computes one from the journal"
        )
    return passes[-1]


def _computed(
    data: Path,
    known: Followed,
    when: datetime,
    config: Config | None,
    gap_s: float | None,
    kept: FlownPass | None = None,
) -> FlownPass:
    from groundstation.model import Site
    from groundstation.passes.account import GAP_S, Circumstances
    from groundstation.passes.book import recomputed

    if known.norad is None:
        raise LookupError(f"the definition of {known.name} has no NORAD number")
    if kept is not None:
        site, mask_deg = Site(**kept.report["site"]), kept.report["mask_deg"]
    elif config is not None:
        site, mask_deg = config.site, config.min_elevation_deg
    else:
        raise LookupError("where was the antenna? Name the station's settings with -c station.toml")
    facts = Circumstances(
        *(known.id, known.name, site, mask_deg, _frequency_hz(data, known, config, kept)),
        simulated=known.sketch is not None and known.sketch.simulated,
        doubt=kept.report["doubt"] if kept is not None else None,
    )
    horizon = _horizon(config)
    return recomputed(data, known.id, known.norad, when, facts, horizon, gap_s or GAP_S)


def _frequency_hz(
    data: Path, known: Followed, config: Config | None, kept: FlownPass | None
) -> float | None:
    """Where it was heard: as its account says, else the settings, else its definition."""
    if kept is not None and kept.report["frequency_hz"] is not None:
        return kept.report["frequency_hz"]
    for item in config.satellites if config is not None else ():
        if item.frequency_hz:
            with suppress(LookupError):
                if _named(data, item.id).id == known.id:
                    return item.frequency_hz
    return known.sketch.frequency_hz if known.sketch is not None else None


def _horizon(config: Config | None) -> Horizon | None:
    from groundstation.errors import HorizonError
    from groundstation.orbit.horizon import parse_horizon

    if config is None or config.horizon is None:
        return None
    try:
        return parse_horizon(config.horizon.read_text("utf-8"), source=str(config.horizon))
    except (HorizonError, UnicodeDecodeError) as error:
        raise LookupError(f"the horizon cannot be used: {error}") from error


def _instant(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise LookupError(f"{text!r} is not a time such as 2026-08-22T06:30") from None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _written(
    data: Path, flown: FlownPass, style: str, lang: str | None, config: Config | None
) -> str:
    if style == "json":
        return json.dumps(flown.report, ensure_ascii=False, allow_nan=False) + "\n"
    from zoneinfo import ZoneInfo

    from groundstation.passes.page import document
    from groundstation.passes.text import lines
    from groundstation.words.language import in_language

    language = lang or (config.dashboard.language if config is not None else "en")
    words = in_language(language if style == "html" else "en")
    frames = _frames(data, flown, words)
    if style == "text":
        return "".join(f"{line}\n" for line in lines(flown.report, frames))
    zone = ZoneInfo(config.timezone if config is not None else "UTC")
    return document(flown.report, frames, words, zone)


def _frames(data: Path, flown: FlownPass, words: Language) -> list[Heard]:
    from groundstation.catalog import SatelliteCatalog
    from groundstation.passes.book import receptions_of, values_of
    from groundstation.passes.frames import heard
    from groundstation.storage.telemetry.reader import TelemetryReader

    catalog = SatelliteCatalog(data)
    found = receptions_of(data, flown)
    known = catalog.satellites.get(flown.satellite)
    with closing(TelemetryReader(data, catalog)) as telemetry:
        values = values_of(telemetry, flown.satellite, found)
    return heard(flown.report, found, known, values, words)
