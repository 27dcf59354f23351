"""``groundstation doctor``: what is wrong in a data folder, and the mend."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option(
    "--recover", is_flag=True, help="Make a new journal of all that can be read of a damaged one."
)
def doctor(data: Path, recover: bool) -> None:
    """Check a data folder: its journal, values, definitions, elements, rights and disk.

    Prints a line for each, with the mend where something is wrong. Exit code 1: something is wrong.
    With --recover a damaged journal is replaced by one of every frame that can still be read; the
    damaged file stays beside it. Stop the station first.
    """
    from groundstation.cli.until_stopped import starting

    if not data.is_dir():
        raise click.UsageError(f"there is no folder {data}: name the station's with --data")
    with starting():
        if recover:
            _recover(data)
    bad = False
    for name, problem in _findings(data):
        bad = bad or bool(problem)
        click.echo(f"{name}: {problem or 'ok'}")
    if bad:
        sys.exit(1)


def _recover(data: Path) -> None:
    from groundstation.folder_lock import FolderLock
    from groundstation.storage.journal import FILE_NAME
    from groundstation.storage.journal.salvage import is_damaged, salvage

    with FolderLock(data):
        if not is_damaged(data / FILE_NAME):
            click.echo(f"{data / FILE_NAME} is not damaged: nothing to recover", err=True)
            return
        found = salvage(data)
    lost = f", {found.missing} between them are lost" if found.missing else ""
    click.echo(
        f"{found.receptions} frames and {found.passes} passes recovered{lost}; the damaged file is "
        f"{found.kept_as}",
        err=True,
    )


def _findings(data: Path) -> Iterator[tuple[str, str]]:
    """What was looked at, and what is wrong with it or empty."""
    yield "journal", _journal(data)
    yield "values", _telemetry(data)
    yield "definitions", _definitions(data)
    yield "elements", _elements(data)
    yield "rights", _rights(data)
    yield "disk", _disk(data)


def _journal(data: Path) -> str:
    from groundstation.errors import StoreError
    from groundstation.storage.journal import FILE_NAME, JournalReader
    from groundstation.storage.journal.salvage import is_damaged

    try:
        with JournalReader(data):
            pass
    except StoreError as error:
        return str(error)
    if damage := is_damaged(data / FILE_NAME):
        return (
            f"{data / FILE_NAME} is damaged ({damage}); copy the data folder, then run: "
            f"groundstation doctor --data {data} --recover"
        )
    return ""


def _telemetry(data: Path) -> str:
    from groundstation.storage.telemetry.connection import FILE_NAME, StoreCheck

    path = data / FILE_NAME
    if not path.exists():
        return ""
    check = StoreCheck(path)
    check.start()
    check.wait()
    if check.found is None:
        return ""
    return f"{check.found}; the station makes it again when it starts, or 'groundstation redecode'"


def _definitions(data: Path) -> str:
    from groundstation.catalog import SatelliteCatalog

    return "; ".join(SatelliteCatalog(data).problems)


def _elements(data: Path) -> str:
    from groundstation.elements import ElementsCatalog

    catalog = ElementsCatalog(data / "elements")
    catalog.all()
    return "; ".join(catalog.problems)


def _rights(data: Path) -> str:
    """Windows gives each user a folder of his own, and has no such bits."""
    import stat

    if sys.platform == "win32":
        return ""
    for path in (data, *sorted(data.rglob("*"))):
        if not path.is_symlink() and path.stat().st_mode & stat.S_IWOTH:
            return f"everybody on this computer may change {path}; run: chmod -R o-w {data}"
    return ""


def _disk(data: Path) -> str:
    import shutil

    free = shutil.disk_usage(data).free
    if free >= 100_000_000:
        return ""
    return f"only {free // 1_000_000} MB are free: frames will have to wait in memory; make space"
