"""``groundstation doctor``: what is wrong with a station and its data folder, and the mend."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from decoders.words import LANGUAGES, Words

if TYPE_CHECKING:
    from groundstation.checkup.finding import Finding

#: The words of a language.
WordsOf: TypeAlias = Callable[[str], Words]
_SIGNS = {"well": "ok", "doubtful": "?", "bad": "!!"}


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option(
    "-c", "--config", "config_path", type=click.Path(path_type=Path),
    help="The settings; station.toml here or in the data folder if not given.",
)  # fmt: skip
@click.option("--lang", type=click.Choice(LANGUAGES), help="Else the one of the settings.")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table")
@click.option(
    "--recover", is_flag=True, help="Make a new journal of all that can be read of a damaged one."
)
def doctor(
    data: Path, config_path: Path | None, lang: str | None, form: str, recover: bool
) -> None:
    """Check a station: its folder, and what its settings name; with the mend for what is wrong.

    Journal, values, definitions, rights, disk and its speed; with settings also the clock, radios
    and their sound, elements, database, rotator, messages and web port. Exit code 1: something is
    wrong. With --recover a damaged journal is replaced by one of every frame that can still be
    read; the damaged file stays beside it. Stop the station first.
    """
    from groundstation.cli.until_stopped import starting
    from groundstation.words.language import in_language

    if not data.is_dir():
        raise click.UsageError(f"there is no folder {data}: name the station's with --data")
    with starting():
        if recover:
            _recover(data)
    config_path = config_path or _settings(data)
    bad = False
    for finding in _findings(data, config_path, lambda code: in_language(lang or code)):
        bad = bad or finding.health == "bad"
        click.echo(_line(finding) if form == "table" else _json(finding))
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


def _settings(data: Path) -> Path | None:
    places = (Path("station.toml"), data / "station.toml")
    return next((path for path in places if path.is_file()), None)


def _findings(data: Path, config_path: Path | None, words_of: WordsOf) -> Iterator[Finding]:
    from groundstation.checkup.finding import Finding, well
    from groundstation.checkup.folder import folder_findings
    from groundstation.checkup.surroundings import station_findings
    from groundstation.config import load_config
    from groundstation.errors import StationError

    if config_path is None:
        words = words_of("en")
        said = words("no station.toml here or in %(path)s", path=data)
        mend = words("name it with -c to have radios, clock, orbits and database looked at, too")
        yield Finding(words("settings"), "doubtful", said, mend)
        yield from folder_findings(data, words)
        return
    try:
        config = load_config(config_path)
    except StationError as error:
        yield Finding(words_of("en")("settings"), "bad", str(error))
        yield from folder_findings(data, words_of("en"))
        return
    words = words_of(config.dashboard.language)
    yield well(words("settings"), str(config_path))
    yield from folder_findings(data, words)
    yield from station_findings(config, data, words, running=_is_running(data))


def _is_running(data: Path) -> bool:
    """Whether a station holds the folder now."""
    from groundstation.errors import FolderInUseError
    from groundstation.folder_lock import FILE_NAME, FolderLock

    if not (data / FILE_NAME).exists():
        return False
    try:
        FolderLock(data).close()
    except FolderInUseError:
        return True
    return False


def _line(finding: Finding) -> str:
    mend = f"\n     -> {finding.mend}" if finding.mend else ""
    return f"{_SIGNS[finding.health]:>3}  {finding.name}: {finding.said}{mend}"


def _json(finding: Finding) -> str:
    return json.dumps(asdict(finding), ensure_ascii=False)
