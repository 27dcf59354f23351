"""Compaction as a command: less room, the same frames and the same values."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from groundstation.cli.compact import compact
from groundstation.cli.export import export
from groundstation.cli.redecode import redecode
from groundstation.folder_lock import FolderLock
from groundstation.model import Reception, from_us
from groundstation.storage.journal import FILE_NAME, JournalReader
from tests.storage.interpreted import SECOND, START, Folder

COUNT = 4321
DEFINITION = """
[satellite]
name = "School-1"
[[packets]]
name = "power"
match = { prefix = "A5 5A 01 02" }
parameters = [
  { name = "battery", type = "u16", divide = 1000, unit = "V" },
  { name = "rest", type = "bytes" },
]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = Folder(tmp_path / "data", school=DEFINITION)
    head = bytes.fromhex("A55A0102")
    found.receive([head + (4000 + n % 100).to_bytes(2) + bytes(80) for n in range(COUNT)])
    found.interpret()
    found.close()
    return found.path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(compact, ["--data", str(folder), *words])


def frames(folder: Path) -> list[Reception]:
    with JournalReader(folder) as journal:
        return journal.after(0, COUNT + 1)


def values(folder: Path) -> str:
    result = CliRunner().invoke(export, ["--data", str(folder)])
    assert result.exit_code == 0
    return result.stdout


def test_all_is_there_in_less_room(folder: Path) -> None:
    before, exported = frames(folder), values(folder)
    size = (folder / FILE_NAME).stat().st_size
    bound = from_us(START + 3000 * SECOND).isoformat()
    planned = run(folder, "--older-than", bound)
    assert planned.output.startswith("3000 frames up to number 3000")
    assert "with --apply it is done" in planned.output
    assert (folder / FILE_NAME).stat().st_size == size
    done = run(folder, "--older-than", bound, "--apply")
    assert done.exit_code == 0, done.output
    assert "3000 frames up to number 3000" in done.output
    assert (folder / FILE_NAME).stat().st_size < size * 0.45
    assert frames(folder) == before
    assert values(folder) == exported
    assert "no frame is so old" in run(folder, "--older-than", bound, "--apply").output


def test_values_are_made_again_of_compressed_frames(folder: Path) -> None:
    exported = values(folder)
    assert run(folder, "--older-than", "2100-01-01", "--apply").exit_code == 0
    (folder / "telemetry.db").unlink()
    assert CliRunner().invoke(redecode, ["--data", str(folder)]).exit_code == 0
    assert values(folder) == exported


def test_a_clock_that_was_ahead_holds_nothing_up(tmp_path: Path) -> None:
    found = Folder(tmp_path, school=DEFINITION)
    ahead = START + 10**6 * SECOND
    found.journal.append(
        [Reception(0, ahead, "tnc", b"one", unsynchronised=True)]
        + [Reception(0, START + n * SECOND, "tnc", b"more") for n in range(9)]
    )
    found.close()
    bound = from_us(START + 5 * SECOND).isoformat()
    assert run(tmp_path, "--older-than", bound).output.startswith("6 frames up to number 6")


def test_a_running_station_is_left_alone(folder: Path) -> None:
    with FolderLock(folder):
        result = run(folder, "--older-than", "2100-01-01", "--apply")
    assert result.exit_code == 2
    assert "another station (process " in result.output


def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    assert "there is no folder" in run(tmp_path / "other").output
    assert "there is no journal" in run(tmp_path, "--apply").output
    assert list(tmp_path.glob("journal*")) == []
    assert "is no time" in run(tmp_path, "--older-than", "soon").output
