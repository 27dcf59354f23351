"""``groundstation import``: frames and settings of other programs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from groundstation.history.foreign.source import Source
    from groundstation.history.take_in import FileReport, TakeIn


@click.command("import", short_help="Frames and settings of other programs.")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--as", "form", metavar="FORMAT", help="What the files are; otherwise told by their content."
)
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--satellite", metavar="ID", help="Whose frames they are; otherwise identified.")
@click.option("--time", "time", metavar="TIME", help="Of frames that bring none, ISO 8601.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Settings: write here.")
@click.pass_context
def import_files(
    context: click.Context,
    /,
    files: tuple[Path, ...],
    form: str | None,
    data: Path,
    satellite: str | None,
    time: str | None,
    dry_run: bool,
    output: Path | None,
) -> None:
    """Take frames with their times from files of others, marked as imported, not as heard here.

    FILE is our own export (json, hex, kiss), time|hex of SatNOGS DB, KISS with stamps, TinyGS JSON
    lines, FoxTelem's raw frames, what gr-satellites printed or wrote, or what a SatNOGS station
    left. A file with something wrong in it is named, and nothing of it is taken (exit code 1). What
    is there already is not taken again. No station may run on the folder.

    Settings (Gpredict .qth and .trsp, SatNOGS station variables) are printed as a station.toml.
    """
    from groundstation.errors import ForeignFileError
    from groundstation.history.foreign.formats import FORMATS, format_of
    from groundstation.history.foreign.settings import SETTINGS

    if form is not None and form not in FORMATS:
        raise click.BadParameter(f"{form!r}: one of {', '.join(FORMATS)}", param_hint="--as")
    sources = _sources(files, time, data)
    known: list[tuple[Source, str]] = []
    refused = False
    for source in sources:
        try:
            known.append((source, form or format_of(source)))
        except (ForeignFileError, OSError) as error:
            refused = True
            click.echo(_told(error, source.path), err=True)
    settings = [(source, kind) for source, kind in known if kind in SETTINGS]
    if settings and len(settings) < len(known):
        raise click.UsageError("frames and settings: import them one after the other")
    if settings:
        good = _settings(settings, output)
    else:
        good = _frames(known, data, satellite, dry_run=dry_run) if known else False
    context.exit(0 if good and not refused else 1)


def _told(error: Exception, path: Path) -> str:
    if isinstance(error, OSError):
        return f"{path}: cannot be read: {error.strerror}"
    return str(error)


def _sources(files: Sequence[Path], time: str | None, data: Path) -> list[Source]:
    from groundstation.catalog import SatelliteCatalog
    from groundstation.history.foreign.source import Source, iso_us, named_time_us

    given = None
    if time is not None:
        try:
            given = iso_us(time)
        except ValueError:
            told = f"{time!r} is no time such as 2026-05-01T12:00:00Z"
            raise click.BadParameter(told, param_hint="--time") from None
    index = SatelliteCatalog(data).index
    by_norad = {sketch.norad: id for id, sketch in index.items() if sketch.norad is not None}
    return [
        Source(path, named_time_us(path) if given is None else given, by_norad.get)
        for path in files
    ]


def _settings(known: Sequence[tuple[Source, str]], output: Path | None) -> bool:
    from groundstation.errors import ForeignFileError
    from groundstation.history.foreign.settings import SETTINGS, station_toml

    try:
        text = station_toml([SETTINGS[kind].read(source) for source, kind in known])
    except (ForeignFileError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if output is None:
        click.echo(text, nl=False)
        return True
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        told = f"{output} is there already: name another file, or move it away"
        raise click.UsageError(told) from None
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from error
    click.echo(f"written: {output}", err=True)
    return True


def _frames(
    known: Sequence[tuple[Source, str]], data: Path, satellite: str | None, *, dry_run: bool
) -> bool:
    from groundstation.cli.until_stopped import starting
    from groundstation.folder_lock import FolderLock
    from groundstation.history.take_in import TakeIn
    from groundstation.storage.journal import JournalWriter

    _check_satellite(satellite, data)
    with starting(), closing(TakeIn(satellite)) as taking:
        good = _read(taking, known)
        if all(report.refused for report in taking.files):
            return False
        with nullcontext() if dry_run else FolderLock(data):
            if not dry_run:
                JournalWriter.bring_forward(data)
            taking.compare(data)
            for report in taking.files:
                if report.refused is None:
                    click.echo(_line(report))
            if not dry_run:
                _write(taking, data)
    return good


def _check_satellite(satellite: str | None, data: Path) -> None:
    from decoders.suggest import nearest
    from groundstation.catalog import SatelliteCatalog

    if satellite is not None and satellite not in (known := SatelliteCatalog(data).index):
        told = f"{satellite!r}: {nearest(satellite, known)}"
        raise click.BadParameter(told, param_hint="--satellite")


def _read(taking: TakeIn, known: Sequence[tuple[Source, str]]) -> bool:
    """Whether all of the files were good."""
    good = True
    for source, kind in known:
        report = taking.read(source, kind)
        if report.refused is not None:
            click.echo(f"{report.refused}; nothing of this file is taken", err=True)
        good = good and report.refused is None and not (kind == "kiss" and report.damaged)
    return good


def _line(report: FileReport) -> str:
    from groundstation.model import iso

    new = report.frames - report.known
    return (
        f"{report.path}: {report.form}, {report.frames} frames from {iso(report.first_us)} to "
        f"{iso(report.last_us)}: {new} new, {report.known} there already, {report.damaged} damaged"
    )


def _write(taking: TakeIn, data: Path) -> None:
    """Into the journal, and interpreted at once."""
    from groundstation.catalog import SatelliteCatalog
    from groundstation.interpret.work import InterpreterWork
    from groundstation.storage.journal import JournalWriter

    if all(report.frames == report.known for report in taking.files):
        return
    with closing(JournalWriter(data)) as journal:
        taking.write(journal)
    work = InterpreterWork(
        data, SatelliteCatalog(data), say=lambda text: click.echo(text, err=True)
    )
    with closing(work):
        work.open()
        while work.advance():
            work.open()
