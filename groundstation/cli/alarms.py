"""``groundstation alarms``: what calls somebody, and what people made of it."""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from decoders.words import LANGUAGES
from groundstation.cli.who import who

if TYPE_CHECKING:
    from groundstation.catalog import SatelliteCatalog
    from groundstation.model.alarms import Alarm
    from groundstation.storage.alarm_list import AlarmList
    from groundstation.storage.desk import StandingAlarm, Subject
    from groundstation.words.alarms import AlarmRecord
    from groundstation.words.language import Language

_UNITS_S = {"m": 60, "h": 3600, "d": 86_400}
_DATA = click.option(
    "--data", "given", type=click.Path(path_type=Path), help="The data folder; default data."
)
_BY = click.option("--by", "name", help="Who does it; default your name on this computer.")
_REASON = click.option("--reason", default="", help="Why, for those who look later.")


@click.group(invoke_without_command=True, short_help="What calls somebody, and who has seen it.")
@click.option(
    "--data", "folder", type=click.Path(path_type=Path), default=Path("data"), show_default=True
)
@click.option("--satellite", help="Of this one only.")
@click.option("--history", is_flag=True, help="Those that are over, too, newest first.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--format", "style", type=click.Choice(["table", "json", "csv"]), default="table")
@click.pass_context
def alarms(
    context: click.Context,
    folder: Path,
    satellite: str | None,
    history: bool,
    limit: int,
    lang: str,
    style: str,
) -> None:
    """List the alarms that are active, or over and not seen yet.

    Exit code 1: one is active and nobody has seen it.
    """
    if context.invoked_subcommand is not None:
        context.obj = folder
        return
    from groundstation.words.alarms import record
    from groundstation.words.language import in_language

    with _opened(folder) as (listed, catalog):
        _check_satellite(satellite, catalog)
        now_us = _now_us(folder)
        if history:
            found = listed.history(now_us, limit, satellite)
        else:
            found = listed.current(now_us, satellite)[:limit]
        sunless = {} if history else listed.sunless()
        words = in_language(lang)
        records = [
            record(item, catalog.satellite(item.alarm.key.satellite), words) for item in found
        ]
    {"table": _print_table, "json": _print_json, "csv": _print_csv}[style](records, words)
    for (id, name), count in sorted(sunless.items()):
        click.echo(_sunless(id, name, count), err=True)
    if any(item.standing == "unacknowledged" for item in found):
        context.exit(1)


def _check_satellite(id: str | None, catalog: SatelliteCatalog) -> None:
    if id is not None and id not in catalog.satellites:
        from groundstation.naming import near_ids

        raise click.UsageError(f"there is no satellite {id!r}{near_ids(id, catalog.satellites)}")


def _sunless(id: str, name: str, count: int) -> str:
    return (
        f"{id}: {count} values of {name} were not judged: there were no elements of the last 14 "
        "days before them that say whether the Sun shone; get them with 'groundstation elements "
        "update'"
    )


@alarms.command()
@click.argument("ids", nargs=-1, metavar="[ALARM]…")
@click.option("--all", "every", is_flag=True, help="All that nobody has seen.")
@_DATA
@_BY
@_REASON
@click.pass_obj
def acknowledge(
    folder: Path,
    ids: tuple[str, ...],
    every: bool,
    given: Path | None,
    name: str | None,
    reason: str,
) -> None:
    """Say that you have seen alarms: ALARM is what stands first in the list."""
    if bool(ids) == every:
        raise click.UsageError("name alarms, or give --all")
    with _opened(given or folder) as (listed, _):
        now_us = _now_us(given or folder)
        if every:
            found = [item.alarm for item in listed.current(now_us) if _unseen(item)]
        else:
            found = [_find(listed, id) for id in ids]
        for alarm in found:
            listed.desk.acknowledge(alarm, now_us, who(name), reason)
            click.echo(f"{alarm.key.text}: seen")


def _unseen(item: StandingAlarm) -> bool:
    return item.standing in ("unacknowledged", "returned")


@alarms.command()
@click.argument("id", metavar="ALARM")
@click.option("--for", "length", default="24h", show_default=True, help="Such as 30m, 12h, 7d.")
@_DATA
@_BY
@_REASON
@click.pass_obj
def shelve(
    folder: Path, id: str, length: str, given: Path | None, name: str | None, reason: str
) -> None:
    """Put what an alarm is about aside for a time: it calls nobody, and is still written down."""
    found = re.fullmatch(r"(\d{1,6})([mhd])", length)
    if not found:
        raise click.UsageError(f"--for {length!r} is no time such as 30m, 12h or 7d")
    with _opened(given or folder) as (listed, catalog):
        subject = _subject(listed, catalog, id)
        now_us = _now_us(given or folder)
        until_us = now_us + int(found[1]) * _UNITS_S[found[2]] * 1_000_000
        listed.desk.shelve(subject, until_us, now_us, who(name), reason)
    from groundstation.model import iso

    click.echo(f"{id}: put aside until {iso(until_us)}")


@alarms.command()
@click.argument("id", metavar="ALARM")
@_DATA
@_BY
@_REASON
@click.pass_obj
def unshelve(folder: Path, id: str, given: Path | None, name: str | None, reason: str) -> None:
    """Have what was put aside call somebody again."""
    with _opened(given or folder) as (listed, catalog):
        subject, now_us = _subject(listed, catalog, id), _now_us(given or folder)
        if subject not in listed.desk.shelved(now_us):
            raise click.ClickException(f"{id} is not put aside")
        listed.desk.unshelve(subject, now_us, who(name), reason)
    click.echo(f"{id}: calls again")


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[AlarmList, SatelliteCatalog]]:
    """The alarms of a data folder and the definitions; what is wrong as one sentence."""
    from groundstation.catalog import SatelliteCatalog
    from groundstation.errors import StoreError
    from groundstation.storage.alarm_list import AlarmList
    from groundstation.storage.telemetry.reader import TelemetryReader

    if not folder.is_dir():
        raise click.UsageError(f"{folder}: there is no such data folder; name it with --data")
    catalog = SatelliteCatalog(folder)
    try:
        with closing(TelemetryReader(folder, catalog)) as telemetry:
            yield AlarmList(folder, telemetry), catalog
    except StoreError as error:
        raise click.ClickException(str(error)) from error


def _find(listed: AlarmList, id: str) -> Alarm:
    from groundstation.model.alarms import AlarmKey

    key = AlarmKey.of(id)
    found = listed.one(key) if key else None
    if found is None:
        raise click.UsageError(
            f"there is no alarm {id!r}; 'groundstation alarms --history' lists them, such as "
            "quetzal-1/limits/bq1_bat_volt/1204"
        )
    return found


def _subject(listed: AlarmList, catalog: SatelliteCatalog, id: str) -> Subject:
    """What an alarm's name, with or without its number, is about."""
    from groundstation.model.alarms import STATION, STATION_RULES, AlarmKey
    from groundstation.storage.desk import subject_of

    key = AlarmKey.of(id)
    if key is not None and listed.one(key) is not None:
        return subject_of(key)
    satellite, _, rest = id.partition("/")
    rule, _, parameter = rest.partition("/")
    of_station = rule in STATION_RULES
    whole = AlarmKey.of(f"{id}/0")
    if whole is None or not (of_station or satellite in catalog.satellites):
        raise click.UsageError(
            f"{id!r} names nothing that is watched; it is SATELLITE/RULE/NAME, such as "
            "quetzal-1/limits/bq1_bat_volt, as the list has it"
        )
    return STATION if of_station else satellite, rule, parameter


def _now_us(folder: Path) -> int:
    """The station's time: that of a demo may run faster."""
    from groundstation.model.status import FILE_NAME, StationStatus

    try:
        status = StationStatus.from_json(json.loads((folder / FILE_NAME).read_text("utf-8")))
    except (OSError, KeyError, TypeError, ValueError):
        return time.time_ns() // 1000
    return status.now_us() if status.is_running() else time.time_ns() // 1000


def _print_json(records: Sequence[AlarmRecord], words: Language) -> None:
    for item in records:
        click.echo(json.dumps(item, ensure_ascii=False, allow_nan=False))


def _print_csv(records: Sequence[AlarmRecord], words: Language) -> None:
    from decoders.spreadsheet import cell
    from groundstation.words.alarms import ALARM_COLUMNS, flat

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(ALARM_COLUMNS)
    for item in records:
        row = flat(item)
        writer.writerow([cell(v) if isinstance(v, str) else v for v in row])


def _print_table(records: Sequence[AlarmRecord], words: Language) -> None:
    from groundstation.words.alarms import standing_word

    if not records:
        click.echo(words("No alarm"), err=True)
    for item in records:
        mark = f"{words('SIMULATED')} " if item["simulated"] else ""
        severity = words("critical") if item["severity"] == "critical" else words("warning")
        click.echo(
            _plain(f"{item['id']}  {mark}{severity}, {standing_word(item['standing'], words)}")
        )
        click.echo(_plain(f"  {_sentence(item, words)}"))
        for told in (item["means"], item["mend"]):
            if told:
                click.echo(_plain(f"  {told}"))


def _sentence(item: AlarmRecord, words: Language) -> str:
    from groundstation.words.alarms import reading

    times = [item["triggered"], *([item["returned"]] if item["returned"] else [])]
    parts = [f"{item['name']}: {item['title']}", reading(item, words), item["detail"]]
    return ", ".join([*filter(None, parts), " – ".join(times)])


def _plain(text: str) -> str:
    """Nothing that a terminal would obey."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
