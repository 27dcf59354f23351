"""What a time is worth: clocks that are not set, jump, or start in 1970, and what is corrected."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from groundstation.model import Reception
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.timekeeping import ComputerTimes, Timekeeper
from tests.storage.interpreted import SECOND, START, Folder

DAY = 86_400 * SECOND
SCHOOL = """
[satellite]
name = "School-1"
[[packets]]
name = "power"
match = { prefix = "A5 5A 01 02" }
parameters = [ { name = "battery", type = "u16", divide = 1000, unit = "V" } ]
"""


@dataclass
class Computer:
    """A computer whose clock is wrong by ``error_us``; ``true_us`` goes on by :meth:`wait`."""

    true_us: int = START
    error_us: int = 0
    up_us: int = 100 * SECOND
    synchronised: bool | None = False
    name: str = "first"

    def wait(self, us: int) -> None:
        self.true_us += us
        self.up_us += us

    def wall_us(self) -> int:
        return self.true_us + self.error_us

    def uptime_us(self) -> int:
        return self.up_us

    def is_synchronised(self) -> bool | None:
        return self.synchronised

    def boot(self) -> str:
        return self.name


class Watched:
    """A station's clock on a folder."""

    def __init__(
        self, folder: Folder, computer: Computer, newest_us: int = 0, *, look: bool = True
    ):
        self.folder, self.computer = folder, computer
        self.said: list[str] = []
        with JournalReader(folder.path) as journal:
            first = journal.last_seq() + 1
        self.keeper = Timekeeper(folder.journal, newest_us, first, self.said.append, computer)
        if look:
            self.keeper.look()

    def receive(self, number: int) -> Reception:
        """A frame now."""
        now = self.keeper.moment()
        raw = bytes.fromhex("A55A0102") + number.to_bytes(2)
        item = Reception(
            *(0, now.now_us, "tnc", raw),
            unsynchronised=now.unsynchronised,
            uptime_us=now.uptime_us,
        )
        self.computer.wait(SECOND)
        return self.folder.journal.append([item])[0]

    def look(self) -> None:
        self.computer.wait(61 * SECOND)
        # The next look for times to correct is a minute away.
        self.keeper._correct_at_s = 0.0
        self.keeper.look()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, school=SCHOOL)


def received(folder: Folder) -> list[Reception]:
    with JournalReader(folder.path) as journal:
        return journal.after(0)


def test_a_clock_that_is_kept_marks_nothing(folder: Folder) -> None:
    watched = Watched(folder, Computer(synchronised=True))
    assert watched.receive(1) == Reception(1, START, "tnc", bytes.fromhex("A55A01020001"))
    assert watched.said == []
    status = watched.keeper.status()
    assert (status.synchronised, status.wrong, status.stepped_at_us) == (True, "", None)


def test_a_clock_that_starts_in_1970_is_corrected_when_it_is_set(folder: Folder) -> None:
    computer = Computer(error_us=-START + 5 * SECOND)
    watched = Watched(folder, computer)
    true = computer.true_us
    for number in range(5):
        watched.receive(number)
    assert watched.said == ["clock: it says 1970-01-01, and cannot be right: set it"]
    before = received(folder)
    assert [item.unsynchronised for item in before] == [True] * 5
    assert before[0].received_us == 5 * SECOND
    folder.interpret()
    computer.error_us, computer.synchronised = 0, True
    watched.look()
    after = received(folder)
    assert [item.received_us for item in after] == [true + n * SECOND for n in range(5)]
    assert [item.clock_us for item in after] == [item.received_us for item in before]
    assert not any(item.unsynchronised for item in after)
    assert "the times of 5 receptions are corrected" in watched.said[-1]
    assert "clock: it jumped by +" in watched.said[1]
    # What was made of them has the right times now, too, and nothing is there twice.
    folder.restart()
    folder.interpret()
    sample = folder.reader().series("school", "battery", true - DAY, true + DAY, 100)
    assert list(sample.times_us) == [item.received_us for item in after]
    assert folder.reader().series("school", "battery", 0, DAY, 100).times_us == []


def test_corrected_by_a_running_interpreter(folder: Folder) -> None:
    computer = Computer(error_us=-3 * DAY)
    watched = Watched(folder, computer)
    watched.receive(1)
    folder.interpret()
    computer.error_us, computer.synchronised = 0, True
    watched.look()
    watched.receive(2)
    folder.work._look_due_s = 0.0
    folder.interpret()
    assert folder.said[-2:] == [
        "times of receptions were corrected: they are interpreted again",
        "2 receptions are interpreted by today's definitions",
    ]
    series = folder.reader().series("school", "battery", START - 9 * DAY, START + DAY, 9)
    assert list(series.times_us) == [item.received_us for item in received(folder)]
    assert series.times_us[0] == START


@pytest.mark.parametrize("step_us", [DAY, -DAY])
def test_a_jump_in_a_pass_keeps_the_order_and_is_said(folder: Folder, step_us: int) -> None:
    computer = Computer(synchronised=True)
    watched = Watched(folder, computer)
    watched.receive(1)
    computer.error_us, computer.synchronised = step_us, False
    watched.receive(2)
    watched.keeper.look()
    sign = "+" if step_us > 0 else "-"
    assert f"it jumped by {sign}1 day, 0:00:00" in watched.said[0]
    assert watched.keeper.status().wrong
    assert watched.keeper.status().step_us == step_us
    with JournalReader(folder.path) as journal:
        assert journal.clock_steps() == [(2, START + SECOND, step_us)]
    computer.error_us, computer.synchronised = 0, True
    watched.look()
    watched.receive(3)
    items = received(folder)
    assert [item.raw[-1] for item in items] == [1, 2, 3]
    times = [item.received_us for item in items]
    assert times[:2] == [START, START + SECOND] and times == sorted(times)
    assert [item.clock_us for item in items] == [None, START + SECOND + step_us, None]
    assert watched.keeper.status().wrong == ""


def test_a_station_that_was_restarted_corrects_what_the_last_one_received(folder: Folder) -> None:
    computer = Computer(error_us=-DAY)
    Watched(folder, computer).receive(1)
    again = replace(computer, error_us=0, synchronised=True)
    again.wait(100 * SECOND)
    Watched(folder, again)
    assert received(folder)[0].received_us == START


def test_what_came_before_the_first_look_is_corrected_too(folder: Folder) -> None:
    computer = Computer(error_us=-DAY)
    watched = Watched(folder, computer, look=False)
    watched.receive(1)
    computer.error_us, computer.synchronised = 0, True
    watched.look()
    assert received(folder)[0].received_us == START


def test_after_another_start_of_the_computer_nobody_knows(folder: Folder) -> None:
    computer = Computer(error_us=-DAY)
    Watched(folder, computer).receive(1)
    again = replace(computer, error_us=0, synchronised=True, name="second", up_us=5 * SECOND)
    watched = Watched(folder, again)
    item = received(folder)[0]
    assert (item.received_us, item.unsynchronised) == (START - DAY, True)
    assert watched.said == []


def test_a_clock_that_was_set_by_hand_keeps_its_times(folder: Folder) -> None:
    """A second off after hours is what a quartz does: who was right when, nobody knows."""
    computer = Computer()
    watched = Watched(folder, computer)
    watched.receive(1)
    computer.wait(20_000 * SECOND)
    computer.error_us, computer.synchronised = -4 * SECOND, True
    watched.look()
    item = received(folder)[0]
    assert (item.received_us, item.unsynchronised, item.uptime_us) == (START, True, None)


def test_a_clock_behind_the_newest_frame(folder: Folder) -> None:
    watched = Watched(folder, Computer(), newest_us=START + DAY)
    assert "but a frame was received at 2026-11-23T12:00:00.000Z" in watched.said[0]
    assert watched.receive(1).unsynchronised
    kept = Watched(folder, Computer(synchronised=True), newest_us=START + DAY)
    assert kept.said == []


def test_what_the_disk_refuses_is_kept_later(folder: Folder) -> None:
    computer = Computer(error_us=-DAY)
    watched = Watched(folder, computer)
    watched.receive(1)
    held = sqlite3.connect(folder.path / "journal.db", isolation_level=None)
    folder.journal._connection.execute("PRAGMA busy_timeout=0")
    held.execute("BEGIN IMMEDIATE")
    computer.error_us, computer.synchronised = 0, True
    watched.look()
    held.execute("ROLLBACK")
    held.close()
    watched.look()
    assert received(folder)[0].received_us == START
    with JournalReader(folder.path) as journal:
        assert len(journal.clock_steps()) == 1


def test_this_computer_answers() -> None:
    times = ComputerTimes()
    assert times.is_synchronised() in (True, False, None)
    assert 0 < times.uptime_us() <= times.uptime_us()
    assert times.boot() == times.boot()


@pytest.mark.skipif(shutil.which("adjtimex") is None, reason="Debian's adjtimex is not installed")
def test_the_kernel_is_asked_as_adjtimex_does() -> None:
    said = subprocess.run(["adjtimex", "--print"], capture_output=True, text=True, check=True)
    status = int(next(line for line in said.stdout.splitlines() if "status:" in line).split()[-1])
    assert ComputerTimes().is_synchronised() is (status & 0x40 == 0)


def test_a_full_journal_of_a_boot_is_corrected_once(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    writer.begin_boot("one", 1)
    writer.append(
        [Reception(0, n, "tnc", b"x", unsynchronised=True, uptime_us=n) for n in range(1, 4)]
    )
    assert writer.correct_times(10, START, 0.0) == 3
    assert writer.correct_times(10, START + DAY, 0.0) == 0
    with JournalReader(tmp_path) as journal:
        assert journal.corrections(0) == [(1, 1, 3)]
        assert journal.corrections(1) == []
    writer.close()
