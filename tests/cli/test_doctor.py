"""``groundstation doctor``: a damaged journal gives back every frame that can still be read."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from groundstation.cli.doctor import doctor
from groundstation.cli.report import report
from groundstation.errors import StoreError
from groundstation.model import FlownPass, Reception
from groundstation.model.alarms import Fault
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.storage.journal.pages import DamagedFile

PAGE = 4096


def receptions(count: int) -> list[Reception]:
    chance = random.Random(7)
    return [
        Reception(
            *(
                0,
                1_780_000_000_000_000 + n * 1_000_000,
                "tnc",
                chance.randbytes(chance.choice(SIZES)),
            ),
            satellite="cute" if n % 5 == 0 else None,
            supposed="quetzal-1" if n % 7 == 0 else None,
            error="wrong check value" if n % 11 == 0 else None,
            damaged=n % 11 == 0,
            simulated=n % 2 == 0,
        )
        for n in range(count)
    ]


#: Also frames that do not fit on a page.
SIZES = (0, 1, 40, 200, 256, 5000, 20_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    writer = JournalWriter(tmp_path)
    for item in receptions(1500):
        writer.append([item])
    writer.save_pass(FlownPass(25544, 5, 9, "cute", {"name": "Cute", "kept": "да"}))
    for wrong in (True, False):
        writer.add_fault(Fault(0, 7, "link", "tnc", "critical", "the cable is out", wrong))
    writer.close()
    return tmp_path


@pytest.fixture
def before(folder: Path) -> dict[int, Reception]:
    with JournalReader(folder) as journal:
        return {item.seq: item for item in journal.after(0, 9999)}


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(doctor, ["--data", str(folder), *words])


def recovered(folder: Path) -> dict[int, Reception]:
    with JournalReader(folder) as journal:
        return {item.seq: item for item in journal.after(0, 9999)}


def test_rows_by_pages_are_those_that_sqlite_reads(
    folder: Path, before: dict[int, Reception]
) -> None:
    with sqlite3.connect(folder / "journal.db") as raw:
        expected = {row[0]: (None, *row[1:]) for row in raw.execute("SELECT * FROM receptions")}
    raw.close()
    found = {
        row.number: row.columns
        for row in DamagedFile(folder / "journal.db").rows()
        if len(row.columns) == 17
    }
    assert found == expected
    assert len(found) == len(before)


def test_all_is_well(folder: Path) -> None:
    result = run(folder)
    assert result.exit_code == 0
    assert "ok  journal: 1500 frames, and each page of the file is whole" in result.output
    again = run(folder, "--recover")
    assert "is not damaged: nothing to recover" in again.output


@pytest.mark.parametrize("how", ["middle", "head", "cut", "schema"])
def test_recovery(folder: Path, before: dict[int, Reception], how: str) -> None:
    path = folder / "journal.db"
    content = bytearray(path.read_bytes())
    chance = random.Random(how)
    lost_pages = 0
    if how == "middle":
        for _ in range(12):
            start = chance.randrange(1, len(content) // PAGE) * PAGE
            content[start : start + PAGE] = chance.randbytes(PAGE)
        lost_pages = 12
    elif how == "head":
        content[: 2 * PAGE] = b"This is somebody's text.\n" * (2 * PAGE // 25) + bytes(17)
        lost_pages = 2
    elif how == "schema":
        content[100:PAGE] = bytes(PAGE - 100)
    else:
        del content[len(content) * 2 // 3 :]
        lost_pages = len(content) // PAGE // 2 + 1
    path.write_bytes(content)
    assert run(folder).exit_code == 1
    result = run(folder, "--recover")
    assert "frames and" in result.output, result.output
    found = recovered(folder)
    assert {seq: found[seq] for seq in found} == {seq: before[seq] for seq in found}
    # A page holds at most PAGE bytes of rows, the shortest of which have about 25.
    assert len(found) >= len(before) - lost_pages * PAGE // 25
    assert len(found) > len(before) // 3
    assert (folder / "journal.db.damaged-1").read_bytes() == bytes(content)
    if how != "cut":
        with JournalReader(folder) as journal:
            assert [flown.report["kept"] for flown in journal.passes()] in ([], ["да"])
            assert [fault.wrong for fault in journal.faults()] in ([], [True, False])
            assert how != "schema" or journal.faults()
    assert run(folder).exit_code == 0
    writer = JournalWriter(folder)
    assert writer.append([Reception(0, 1, "tnc", b"next")])[0].seq == max(found) + 1
    writer.close()


def test_a_journal_of_schema_1(tmp_path: Path) -> None:
    archive = Path(__file__).parents[1] / "data" / "folders" / "schema-1.zip"
    with zipfile.ZipFile(archive) as content:
        content.extract("journal.db", tmp_path)
    shutil.copytree(tmp_path, tmp_path / "good")
    path = tmp_path / "journal.db"
    path.write_bytes(bytes(PAGE) + path.read_bytes()[PAGE:])
    assert "56 frames" in run(tmp_path, "--recover").output
    JournalWriter(tmp_path / "good").close()
    kept, expected = recovered(tmp_path), recovered(tmp_path / "good")
    assert {seq: item.raw for seq, item in kept.items()} == {
        seq: item.raw for seq, item in expected.items()
    }
    assert [kept[seq].error for seq in kept] == [expected[seq].error for seq in kept]


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("empty", "the file is empty (0 bytes): its content was lost; copy the data folder first"),
        ("overwritten", "something overwrote it; copy the data folder first"),
        ("folder", "it is a folder; move that folder away"),
        ("cut", "the file is damaged (database disk image is malformed); copy the data folder"),
        ("newer", "a newer version wrote it; update the program"),
    ],
)
def test_what_is_said(folder: Path, how: str, told: str) -> None:
    """Of the station, of every command and of the doctor: file, fault and mend."""
    path = folder / "journal.db"
    if how == "empty":
        path.write_bytes(b"")
    elif how == "overwritten":
        path.write_bytes(b"no database " * 1000)
    elif how == "folder":
        path.unlink()
        path.mkdir()
    elif how == "newer":
        with sqlite3.connect(path) as raw:
            raw.execute("PRAGMA user_version=99")
        raw.close()
    else:
        os.truncate(path, 5000)
    if how != "cut":  # a short file is noticed by who reads beyond its end
        with pytest.raises(StoreError) as caught:
            JournalWriter(folder)
        assert str(path) in str(caught.value)
        assert told in str(caught.value)
        result = CliRunner().invoke(report, ["--data", str(folder)])
        assert (result.exit_code, told in result.output) == (2, True), result.output
    result = run(folder)
    assert result.exit_code == 1
    assert (
        told.partition(";")[0].partition(" (")[0] in result.output or "is damaged" in result.output
    )
    assert "Traceback" not in result.output


def test_nothing_to_read_leaves_all_as_it_was(folder: Path) -> None:
    path = folder / "journal.db"
    path.write_bytes(b"no database " * 1000)
    result = run(folder, "--recover")
    assert result.exit_code == 2
    assert "no frame can be read" in result.output
    assert path.read_bytes() == b"no database " * 1000
    assert not (folder / "recovered").exists()
