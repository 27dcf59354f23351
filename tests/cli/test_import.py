"""``groundstation import`` as a whole: all of a file or nothing, and nothing counted as heard."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from decoders.framing.kiss import kiss_encode, kiss_stamp
from groundstation.cli import groundstation
from groundstation.config import load_config
from groundstation.errors import StoreError
from groundstation.folder_lock import FolderLock
from groundstation.history import take_in
from groundstation.history.foreign.source import Source
from groundstation.model import Reception, from_us, iso_exact
from groundstation.orbit.passes import find_passes
from groundstation.passes.account import Circumstances
from groundstation.passes.book import flown_pass, heard_anything
from groundstation.simulator.flight import elements_for
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.dashboard.station_folder import SATELLITE, SITE, StationFolder
from tests.station.frames import beacon

TIME = "2019-01-01 00:00:0{}|{}\n"


def run(*words: object) -> Result:
    return CliRunner().invoke(groundstation, ["import", *map(str, words)])


def lines(path: Path, *frames: bytes, name: str = "frames.txt") -> Path:
    file = path / name
    file.write_text("".join(TIME.format(n, raw.hex()) for n, raw in enumerate(frames)))
    return file


def journal(path: Path) -> list[Reception]:
    with JournalReader(path) as reader:
        return reader.after(0, 10_000)


def test_frames_come_in_with_times_and_values(tmp_path: Path) -> None:
    file = lines(tmp_path, beacon(7), beacon(8))
    result = run(file, "--data", tmp_path / "data")
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        f"{file}: hex, 2 frames from 2019-01-01T00:00:00.000Z to 2019-01-01T00:00:01.000Z: "
        "2 new, 0 there already, 0 damaged\n"
    )
    found = journal(tmp_path / "data")
    assert [(item.seq, item.raw, item.imported) for item in found] == [
        (1, beacon(7), True),
        (2, beacon(8), True),
    ]
    reader = TelemetryReader(tmp_path / "data")
    values = reader.samples(SATELLITE, [1, 2])
    uptimes = [s.value for seq in (1, 2) for s in values[seq] if s.parameter == "uptime"]
    assert uptimes == [7, 8]
    reader.close()


def test_files_go_in_by_time_and_none_twice(tmp_path: Path) -> None:
    late = lines(tmp_path, b"\1", b"\2", b"\3", name="a.txt")
    early = tmp_path / "b.txt"
    early.write_text("2019-01-01 00:00:00.5|09\n2018-01-01 00:00:00|08\n2019-01-01 00:00:00|01\n")
    assert run(late, early, "--data", tmp_path / "data").exit_code == 0
    assert [item.raw for item in journal(tmp_path / "data")] == [
        b"\x08",
        b"\1",
        b"\x09",
        b"\2",
        b"\3",
    ]
    again = run(early, late, "--data", tmp_path / "data")
    assert again.stdout.count(": 0 new") == 2
    assert len(journal(tmp_path / "data")) == 5


def test_a_file_with_something_wrong_brings_nothing_and_others_come(tmp_path: Path) -> None:
    good, bad = lines(tmp_path, b"\1"), tmp_path / "bad.txt"
    bad.write_text("2019-01-01 00:00:05|05\nhello\n")
    odd = tmp_path / "odd"
    odd.write_bytes(b"\x00\x01")
    result = run(bad, odd, tmp_path / "nowhere", good, "--data", tmp_path / "data")
    assert result.exit_code == 1
    assert f"{bad}:2: not hex bytes: 'hello'; nothing of this file is taken" in result.stderr
    assert f"{odd}: not recognised" in result.stderr
    assert f"{tmp_path}/nowhere: cannot be read: No such file" in result.stderr
    assert [item.raw for item in journal(tmp_path / "data")] == [b"\1"]
    assert run(bad, "--data", tmp_path / "none").exit_code == 1
    assert not (tmp_path / "none").exists()


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    file = lines(tmp_path, b"\1", b"\2")
    result = run(file, "--data", tmp_path / "data", "--dry-run")
    assert (result.exit_code, ": 2 new" in result.stdout) == (0, True)
    assert not (tmp_path / "data").exists()
    run(lines(tmp_path, b"\1", name="one.txt"), "--data", tmp_path / "data")
    assert ": 1 new, 1 there already" in run(file, "--data", tmp_path / "data", "--dry-run").stdout
    assert len(journal(tmp_path / "data")) == 1


def test_options(tmp_path: Path) -> None:
    file = tmp_path / "a.kss"
    file.write_bytes(kiss_encode(b"\1"))
    assert run(file, "--data", tmp_path / "data").exit_code == 1
    timed = run(file, "--data", tmp_path / "data", "--time", "2019-01-01T00:00:00.000001Z")
    assert timed.exit_code == 0
    named = run(file, "--data", tmp_path / "b", "--time", "2019-01-01", "--satellite", "cute")
    assert named.exit_code == 0
    assert iso_exact(journal(tmp_path / "data")[0].received_us) == "2019-01-01T00:00:00.000001Z"
    assert journal(tmp_path / "b")[0].satellite == "cute"
    file.write_bytes(kiss_stamp(0) + kiss_encode(b"\1") + b"\xc0\x05\x01\xc0")
    damaged = run(file, "--data", tmp_path / "c")
    assert (damaged.exit_code, "1 damaged" in damaged.stdout) == (1, True)
    assert len(journal(tmp_path / "c")) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--as", "hexx"), "'hexx': one of json, hex, kiss"),
        (("--satellite", "quetzal1"), "did you mean 'quetzal-1'?"),
        (("--time", "noon"), "'noon' is no time such as"),
    ],
)
def test_wrong_usage(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    result = run(lines(tmp_path, b"\1"), "--data", tmp_path / "data", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (tmp_path / "data").exists()


def test_not_while_a_station_runs(tmp_path: Path) -> None:
    with FolderLock(tmp_path / "data"):
        result = run(lines(tmp_path, b"\1"), "--data", tmp_path / "data")
    assert result.exit_code == 2
    assert "another station (process " in result.stderr
    assert not (tmp_path / "data/journal.db").exists()


def test_settings_are_printed_or_written_to_a_new_file(tmp_path: Path) -> None:
    qth, trsp = tmp_path / "a.qth", tmp_path / "25544.trsp"
    qth.write_text("[QTH]\nLOCATION=Talas\nLAT=42.5\nLON=72.2\nALT=1200\n")
    trsp.write_text("[APRS]\nDOWN_LOW=145825000\n")
    printed = run(qth, trsp)
    out = tmp_path / "station.toml"
    assert run(qth, trsp, "-o", out).exit_code == 0
    assert out.read_text() == printed.stdout
    config = load_config(out)
    assert (config.site.name, config.site.altitude_m) == ("Talas", 1200.0)
    assert (config.satellites[0].id, config.satellites[0].frequency_hz) == ("25544", 145_825_000)
    again = run(qth, "-o", out)
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    assert out.read_text() == printed.stdout
    mixed = run(qth, lines(tmp_path, b"\1"))
    assert (mixed.exit_code, "one after the other" in mixed.stderr) == (2, True)


def test_what_was_written_before_the_disk_was_full_is_known_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = [bytes([n]) * 20_000 for n in (1, 2, 3)]
    monkeypatch.setattr(take_in, "CHUNK", 2)
    taking = take_in.TakeIn()
    taking.read(Source(lines(tmp_path, *frames)), "hex")
    taking.compare(tmp_path)
    writer = JournalWriter(tmp_path / "data")
    (pages,) = writer._connection.execute("PRAGMA page_count").fetchone()
    writer._connection.execute(f"PRAGMA max_page_count={pages + 12}")  # SQLite's own full disk
    with pytest.raises(StoreError, match=r"is full; 2 frames were written before"):
        taking.write(writer)
    writer.close()
    taking.close()
    run(tmp_path / "frames.txt", "--data", tmp_path / "data")
    assert [item.raw for item in journal(tmp_path / "data")] == frames


def test_nothing_is_counted_as_heard_here(tmp_path: Path) -> None:
    station = StationFolder(tmp_path / "data")
    begin = station.clock.now_us() - 3_600_000_000
    elements = elements_for(SITE, from_us(begin), 60.0, station.satellite.name)
    hour = timedelta(hours=1)
    at = from_us(begin)
    one = find_passes(elements, SITE, at - hour, at + hour, min_elevation_deg=5.0)[0]
    assert one.tca
    file = tmp_path / "others.txt"
    file.write_text(f"{one.tca.isoformat()}|{beacon(1).hex()}\n")
    assert run(file, "--data", station.folder).exit_code == 0
    facts = Circumstances(SATELLITE, station.satellite.name, SITE, 5.0)
    assert not heard_anything(station.folder, one, SATELLITE)
    assert flown_pass(station.folder, one, elements, facts).report["heard"]["frames"] == 0
    with JournalReader(station.folder) as reader:
        assert reader.newest_heard() is None
    station.close()
