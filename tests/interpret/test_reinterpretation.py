"""Corrected definitions correct history, all of it; a lost file is made again."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import groundstation.interpret.work
from groundstation.config import StorageConfig
from groundstation.interpret.redo import redo
from groundstation.storage.journal import JournalWriter
from tests.storage.interpreted import SECOND, START, Folder, told

A = """
[satellite]
name = "A-1"
[[packets]]
name = "beacon"
match = { prefix = "A5 5A 01 02" }
parameters = [
  { name = "kind", type = "u8" },
  { name = "volts", type = "u16", divide = 1000, unit = "V" },
]
"""
#: Claims only kind 1, and calls its row by another name.
A_NARROWED = """
[satellite]
name = "A-1"
[[packets]]
name = "beacon"
match = { prefix = "A5 5A 01 02", bytes = [ { at = 4, value = 1 } ] }
parameters = [
  { name = "kind", type = "u8" },
  { name = "battery", type = "u16", divide = 100, unit = "V" },
]
"""
B = """
[satellite]
name = "B-1"
[[packets]]
name = "report"
match = { prefix = "A5 5A 01 02 02" }
parameters = [ { name = "level", type = "u16" } ]
"""


def frame(kind: int, number: int) -> bytes:
    return b"\xa5\x5a\x01\x02" + bytes([kind]) + number.to_bytes(2)


def frames(count: int = 400) -> list[bytes]:
    rng = random.Random(3)
    return [frame(rng.choice((1, 2, 3)), rng.randrange(65536)) for _ in range(count)]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    found = Folder(tmp_path / "data", a_1=A)
    found.receive(frames())
    found.interpret()
    yield found
    found.close()


def fresh(folder: Folder) -> Folder:
    """Another folder with the same receptions and today's definitions, interpreted at once."""
    path = folder.path.with_name("fresh")
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(folder.path / "satellites", path / "satellites")
    with sqlite3.connect(folder.path / "journal.db") as source:
        source.execute("VACUUM INTO ?", (str(path / "journal.db"),))
    source.close()
    found = Folder(path)
    found.interpret()
    return found


def assert_like_fresh(folder: Folder) -> None:
    other = fresh(folder)
    assert told(folder.path) == told(other.path)
    other.close()


def narrow(folder: Folder) -> None:
    folder.define("a-1", A_NARROWED)
    folder.define("b-1", B)


def test_narrowed_renamed_and_added(folder: Folder) -> None:
    """A claims two kinds, is narrowed and its row renamed; B is added and claims one of them."""
    assert len(folder.reader().frames_of("a-1", 1000)) == 400
    narrow(folder)
    folder.restart(batch=70)
    folder.interpret()
    reader = folder.reader()
    kinds = [one[4] for one in frames()]
    assert len(reader.frames_of("a-1", 1000)) == kinds.count(1)
    assert len(reader.frames_of("b-1", 1000)) == kinds.count(2)
    assert set(reader.latest("a-1")) == {"kind", "battery"}
    assert list(reader.series("a-1", "volts", START, START + 999 * SECOND, 10).mean) == []
    levels = reader.series("b-1", "level", START, START + 999 * SECOND, 1000)
    assert list(levels.mean) == [int.from_bytes(one[5:]) for one in frames() if one[4] == 2]
    assert_like_fresh(folder)


def test_while_frames_come(folder: Folder) -> None:
    """New frames are interpreted at once, by the new definitions, between steps of the old ones."""
    narrow(folder)
    folder.restart(batch=8)
    folder.work.open()
    for number in range(40):
        folder.receive([frame(1 + number % 3, number)], [START + number])
        assert folder.work.advance()
        assert folder.work.place() == 401 + number
        assert folder.work.advance()
        folder.work.open()
    folder.interpret()
    assert_like_fresh(folder)


def test_restarted_in_the_middle(folder: Folder) -> None:
    narrow(folder)
    for _ in range(6):
        folder.restart(batch=60)
        folder.work.open()
        folder.work.advance()
    folder.define("a-1", A)  # and corrected once more before that is done
    folder.restart(batch=60)
    folder.interpret()
    assert_like_fresh(folder)


def test_hidden_at_once(folder: Folder) -> None:
    """From the moment a definition changes no value of the older one is shown."""
    narrow(folder)
    folder.restart(batch=10)
    folder.work.open()
    reader = folder.reader()
    assert reader.latest("a-1") == {}
    assert reader.verdicts(range(1, 401)) == {}
    folder.work.advance()
    newest = reader.latest("a-1")
    assert set(newest) <= {"kind", "battery"}
    assert all(sample.seq > 390 for sample in newest.values())


def test_a_broken_definition_is_told_once_and_the_one_before_stays(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groundstation.interpret.work, "_LOOK_S", 0.0)
    folder.restart()
    folder.work.open()
    folder.said.clear()
    folder.define("a-1", A.replace('"u16"', '"u61x"'))
    for _ in range(3):
        folder.work.open()
    (told_,) = folder.said
    assert "a-1.toml" in told_
    assert len(folder.reader().verdicts(range(1, 401))) == 400
    folder.define("a-1", A_NARROWED)
    folder.interpret()
    assert_like_fresh(folder)


def test_a_question_is_answered_from_one_moment(folder: Folder) -> None:
    """A corrected definition drops tables; one that is being read is there until the answer."""
    with folder.reader()._snapshot() as connection:
        query = "SELECT name FROM sqlite_schema WHERE name LIKE 'values%'"
        (table,) = connection.execute(query).fetchone()
        narrow(folder)
        folder.restart()
        folder.interpret()
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 100


def test_a_removed_definition(folder: Folder) -> None:
    folder.define("a-1", None)
    folder.restart()
    folder.interpret()
    assert folder.reader().satellites() == {}
    assert folder.reader().latest("a-1") == {}
    assert_like_fresh(folder)


def test_nothing_is_done_for_nothing(folder: Folder) -> None:
    folder.work.close()
    before = (folder.path / "telemetry.db").read_bytes()
    folder.said.clear()
    folder.restart()
    folder.interpret()
    folder.work.close()
    assert folder.said == []
    assert (folder.path / "telemetry.db").read_bytes() == before


@pytest.mark.parametrize("how", ["deleted", "cut", "garbage", "middle", "empty", "old"])
@pytest.mark.parametrize("running", [True, False])
def test_a_lost_file_is_made_again(folder: Folder, how: str, running: bool) -> None:
    path = folder.path / "telemetry.db"
    expected = told(folder.path)
    if not running:
        folder.work.close()
    before = path.read_bytes()
    if how == "deleted":
        path.unlink()
    elif how == "cut":
        os.truncate(path, len(before) // 3)
    elif how == "garbage":
        path.write_bytes(random.Random(1).randbytes(len(before)))
    elif how == "middle":
        page = len(before) // 2 // 4096 * 4096
        path.write_bytes(before[:page] + b"\xaa" * 20_000 + before[page + 20_000 :])
    elif how == "empty":
        path.write_bytes(b"")
    else:  # restored from before the last frames came
        folder.receive(frames(40), [START + n for n in range(40)])
        folder.interpret()
        expected = told(folder.path)
        folder.work.close()
        path.write_bytes(before)
    if not running:
        folder.restart()
    folder.receive([frame(1, 9)], [START - 1])
    folder.interpret()
    folder.work.wait_for_check()
    folder.interpret()
    found = told(folder.path)
    assert len(found["frames"]) == len(expected["frames"]) + 1
    assert_like_fresh(folder)
    if running and how != "old":
        assert any("made again" in text for text in folder.said)


def test_a_closed_store_is_one_whole_file(folder: Folder) -> None:
    """The look through it ends with it: a copy of the one file has everything."""
    folder.receive(frames(20_000))
    folder.interpret()
    for _ in range(5):
        folder.restart()
        folder.work.open()
        folder.work.close()
        assert not (folder.path / "telemetry.db-wal").exists()


def test_redecode_leaves_no_damage_behind(folder: Folder) -> None:
    """What is found only when the whole file was looked through is made again as well."""
    folder.work.close()
    path = folder.path / "telemetry.db"
    whole = path.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    path.write_bytes(whole[:middle] + b"\xaa" * 20_000 + whole[middle + 20_000 :])
    said: list[str] = []
    redo(folder.path, folder.catalog, said.append, StorageConfig())
    assert any("made again" in text for text in said)
    folder.restart()
    assert_like_fresh(folder)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_another_journal(folder: Folder, tmp_path: Path) -> None:
    """Telemetry that was made from another journal is not believed."""
    folder.work.close()
    folder.journal.close()
    (folder.path / "journal.db").unlink()
    folder.journal = JournalWriter(folder.path)
    folder.receive([frame(2, 5)] * 3)
    folder.restart()
    folder.interpret()
    assert any("another journal" in text for text in folder.said)
    assert len(folder.reader().frames_of("a-1", 99)) == 3
    assert_like_fresh(folder)


def test_redo_tells_what_changed(folder: Folder) -> None:
    narrow(folder)
    folder.work.close()
    folder.restart()
    said: list[str] = []
    done, changes = redo(folder.path, folder.catalog, said.append, StorageConfig())
    kinds = [one[4] for one in frames()]
    assert done == 400
    assert changes.senders == {
        ("a-1", "b-1"): kinds.count(2),
        ("a-1", None): kinds.count(3),
    }
    assert changes.gone == {
        ("a-1", "volts"): 400,
        ("a-1", "kind"): kinds.count(2) + kinds.count(3),
    }
    assert changes.appeared == {
        ("a-1", "battery"): kinds.count(1),
        ("b-1", "level"): kinds.count(2),
    }
    assert changes.different == {}
    assert_like_fresh(folder)
    size = (folder.path / "telemetry.db").stat().st_size
    _, again = redo(folder.path, folder.catalog, said.append, StorageConfig())
    assert not again.satellites()
    assert (folder.path / "telemetry.db").stat().st_size <= size * 1.1


def test_redo_finds_a_value_that_is_wrong(folder: Folder) -> None:
    """Also what no definition explains: a value that somebody changed in the file."""
    folder.work.close()
    with sqlite3.connect(folder.path / "telemetry.db") as raw:
        (id,) = raw.execute("SELECT id FROM packets").fetchone()
        raw.execute(f"UPDATE values_{id}_0 SET c1 = c1 + 1 WHERE key < 6 << 10")
    raw.close()
    _, changes = redo(folder.path, folder.catalog, folder.said.append, StorageConfig())
    assert changes.different == {("a-1", "volts"): 5}
    assert_like_fresh(folder)
