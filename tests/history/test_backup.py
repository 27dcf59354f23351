"""Backup and restore as commands: what is written down comes back, or is refused."""

import json
import random
import threading
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from groundstation.cli.backup import backup
from groundstation.cli.restore import restore
from groundstation.history.backup import LIST
from groundstation.model import Reception
from groundstation.storage.journal import FILE_NAME, JournalReader, JournalWriter

COUNT = 500


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    writer = JournalWriter(path)
    writer.append([frame(number) for number in range(1, COUNT + 1)])
    writer.close()
    (path / "satellites").mkdir()
    (path / "satellites" / "ң.toml").write_text("# mine", "utf-8")
    (path / "station.toml").write_text('[site]\nname = "Талас"\n', "utf-8")
    (path / "telemetry.db").write_bytes(b"made again")
    (path / "status.json").write_text("{}")
    return path


def frame(number: int) -> Reception:
    return Reception(0, number * 1000, "tnc", random.Random(number).randbytes(100))


def make(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(backup, ["--data", str(folder), *words])


def unpack(archive: Path, folder: Path) -> Result:
    return CliRunner().invoke(restore, [str(archive), "--data", str(folder)])


@pytest.fixture
def archive(folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "backup.zip"
    result = make(folder, "-o", str(path))
    assert result.exit_code == 0, result.output
    assert f"{COUNT} frames up to number {COUNT}" in result.output
    return path


def frames(folder: Path) -> list[Reception]:
    with JournalReader(folder) as journal:
        return journal.after(0, 10**6)


def test_what_was_there_comes_back(folder: Path, archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as found:
        assert sorted(found.namelist()) == [LIST, FILE_NAME, "satellites/ң.toml", "station.toml"]
    there = tmp_path / "new" / "place"
    result = unpack(archive, there)
    assert result.exit_code == 0, result.output
    assert frames(there) == frames(folder)
    assert (there / "satellites" / "ң.toml").read_text("utf-8") == "# mine"
    assert sorted(path.name for path in there.iterdir()) == [
        FILE_NAME,
        "satellites",
        "station.toml",
    ]
    with JournalReader(there) as new, JournalReader(folder) as old:
        assert new.id == old.id
    writer = JournalWriter(there)
    assert writer.append([frame(0)])[0].seq == COUNT + 1
    writer.close()


def test_as_of_one_moment_while_frames_arrive(folder: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def receive() -> None:
        writer = JournalWriter(folder)
        number = COUNT
        while not stop.is_set():
            number += 1
            writer.append([frame(number)])
        writer.close()

    thread = threading.Thread(target=receive)
    thread.start()
    try:
        for turn in range(5):
            path = tmp_path / f"{turn}.zip"
            assert make(folder, "-o", str(path)).exit_code == 0
            there = tmp_path / str(turn)
            assert unpack(path, there).exit_code == 0
            found = frames(there)
            assert [item.seq for item in found] == list(range(1, len(found) + 1))
            assert [item.raw for item in found] == [frame(item.seq).raw for item in found]
    finally:
        stop.set()
        thread.join()


def test_nothing_is_written_over(folder: Path, archive: Path, tmp_path: Path) -> None:
    before = archive.read_bytes()
    assert "is there already" in make(folder, "-o", str(archive)).output
    assert archive.read_bytes() == before
    result = unpack(archive, folder)
    assert result.exit_code == 2
    assert "is not empty: name a new folder" in result.output
    assert (folder / "station.toml").exists()


def test_each_damage_is_found(archive: Path, tmp_path: Path) -> None:
    content = archive.read_bytes()
    chance = random.Random(4)
    found = 0
    for _ in range(60):
        place = chance.randrange(len(content))
        broken = tmp_path / "broken.zip"
        other = bytes([content[place] ^ 1 << chance.randrange(8)])
        broken.write_bytes(content[:place] + other + content[place + 1 :])
        there = tmp_path / "there"
        result = unpack(broken, there)
        if result.exit_code == 0:  # a time or a right of a file, which nobody needs
            assert len(frames(there)) == COUNT
            for path in sorted(there.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            there.rmdir()
            continue
        found += 1
        assert result.exit_code == 2, result.output
        assert "broken.zip" in result.output
        assert not there.exists()
    assert found > 40
    (tmp_path / "cut.zip").write_bytes(content[: len(content) // 2])
    assert "is damaged, or no backup" in unpack(tmp_path / "cut.zip", tmp_path / "there").output
    assert [path.name for path in tmp_path.glob("*.restoring")] == []


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "C:evil", "a\\evil"])
def test_nothing_is_unpacked_outside(archive: Path, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(archive) as found:
        contents = json.loads(found.read(LIST))
        journal = found.read(FILE_NAME)
    contents["files"] = {FILE_NAME: contents["files"][FILE_NAME]}
    contents["files"][name] = {"bytes": 0, "sha256": "0" * 64}
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(evil, "w") as out:
        out.writestr(FILE_NAME, journal)
        out.writestr(name, "")
        out.writestr(LIST, json.dumps(contents))
    result = unpack(evil, tmp_path / "in" / "there")
    assert result.exit_code == 2
    assert "nothing of a data folder" in result.output or "does not hold" in result.output
    assert not (tmp_path / "in").exists()


def test_a_list_that_says_too_little(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as found:
        contents = json.loads(found.read(LIST))
        journal = found.read(FILE_NAME)
    contents["files"] = {FILE_NAME: contents["files"][FILE_NAME]}
    contents["receptions"] += 1
    short = tmp_path / "short.zip"
    with zipfile.ZipFile(short, "w") as out:
        out.writestr(FILE_NAME, journal)
        out.writestr(LIST, json.dumps(contents))
    assert f"has {COUNT} frames instead of {COUNT + 1}" in unpack(short, tmp_path / "there").output
    assert not (tmp_path / "there").exists()


def test_a_damaged_journal_is_no_backup(folder: Path, tmp_path: Path) -> None:
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    content[5 * 4096 : 8 * 4096] = bytes(3 * 4096)
    path.write_bytes(content)
    result = make(folder, "-o", str(tmp_path / "backup.zip"))
    assert result.exit_code == 2
    assert "--recover" in result.output
    assert list(tmp_path.iterdir()) == [folder]


def test_a_backup_can_be_checked_alone(archive: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(backup, ["--check", str(archive)])
    assert result.exit_code == 0
    assert "read back and right" in result.output
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as out:
        out.writestr("a", "b")
    result = CliRunner().invoke(backup, ["--check", str(other)])
    assert result.exit_code == 2
    assert "is no backup of this program" in result.output
