"""The disk is full: while frames come, while values are made, at the start, at the stop."""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from groundstation.model import Reception
from groundstation.storage.journal import JournalWriter
from tests.links.devices import wait_until
from tests.station.frames import beacon
from tests.station.running import COMMAND, ask
from tests.station.small_disk import SmallDisk, small_disk
from tests.torture.account import account
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.world import World, last_seq

#: The first of the frames that a phase finds in the journal already.
_OLD = 1_000_000


def run(scene: Scene) -> Outcome:
    """A phase after the other, each on a disk of its own."""
    chance, progress, total = scene.chance(), Progress("disk_full", scene.times), Outcome()
    phases = (_starting, _stopping, _interpreting, _receiving)
    for turn in range(scene.times):
        folder = scene.folder / f"{turn}"
        folder.mkdir()
        _add(total, _one(folder, phases[turn % len(phases)], chance))
        progress.at(turn)
    total.remark = "a quarter each: while frames come, while values are made, at start, at stop"
    return total


def _add(total: Outcome, one: Outcome) -> None:
    for name in ("sent", "acknowledged", "journal", "store", "browser"):
        setattr(total, name, (getattr(total, name) or 0) + (getattr(one, name) or 0))
    for problem in one.problems:
        total.expect(False, problem)


def _one(
    folder: Path,
    phase: Callable[[World, SmallDisk, random.Random, Outcome], None],
    chance: random.Random,
) -> Outcome:
    outcome = Outcome()
    with small_disk(folder / "data", megabytes=64) as disk, World(folder) as world:
        phase(world, disk, chance, outcome)
        code = world.finish()
        outcome.expect(code == 0, f"the station ended with {code}")
        # A page that is open while a whole history is interpreted skips what is old, by design.
        browser = None if phase is _interpreting else world.browser
        account(world.data, world.sent, world.witness.told, browser, outcome)
        missing = world.sent.keys() - world.witness.told
        outcome.expect(not missing, f"never kept: {len(missing)} frames")
    return outcome


def _receiving(world: World, disk: SmallDisk, chance: random.Random, outcome: Outcome) -> None:
    world.start()
    world.wait_for_pages()
    disk.fill(leave=chance.randrange(2_000_000))
    sent = _send_until_refused(world, disk, outcome)
    _expect_banner(world, "journal", outcome)
    for number in range(sent, sent + 300):  # these wait in memory
        world.send(number)
    time.sleep(chance.uniform(0.0, 2.0))
    disk.free()
    wait_until(lambda: last_seq(world.data) == sent + 300, what="the journal to go on")


def _interpreting(world: World, disk: SmallDisk, chance: random.Random, outcome: Outcome) -> None:
    journal = JournalWriter(world.data)
    now_us = time.time_ns() // 1000
    old = range(_OLD, _OLD + 60_000)
    journal.append([Reception(0, now_us, "old", beacon(number)) for number in old])
    journal.close()
    world.sent.update(old)
    world.start(wait=False)
    wait_until((world.data / "telemetry.db").exists)
    time.sleep(chance.uniform(0.0, 1.0))
    disk.fill(leave=chance.randrange(2_000_000))
    world.station.wait_open()
    world.send(*range(100))
    _expect_banner(world, "follower", outcome)
    outcome.expect(world.witness.wait_for(99, world.is_alive), "frames stopped before values")
    disk.free()


def _starting(world: World, disk: SmallDisk, chance: random.Random, outcome: Outcome) -> None:
    world.start()
    world.wait_for_pages()
    world.send(*range(20))
    world.settle()
    world.station.stop()
    disk.fill(leave=0)
    world.start()
    world.send(*range(20, 120))
    kept = world.witness.wait_for(119, world.is_alive)
    outcome.expect(kept, "a station that starts on a full disk keeps no frame")
    world.wait_for_pages()
    _expect_banner(world, "follower", outcome)
    disk.free()


def _stopping(world: World, disk: SmallDisk, chance: random.Random, outcome: Outcome) -> None:
    place = world.folder / "tmp"
    place.mkdir()
    world.environment["TMPDIR"] = str(place)
    world.start()
    world.wait_for_pages()
    disk.fill(leave=chance.randrange(2_000_000))
    sent = _send_until_refused(world, disk, outcome)
    world.send(*range(sent, sent + 50))
    wait_until(world.device.is_drained)
    outcome.expect(world.station.stop() == 0, "it does not stop in order on a full disk")
    recordings = list(place.glob("unsaved-frames-*.kss"))
    outcome.expect(len(recordings) == 1, f"{len(recordings)} recordings of unsaved frames")
    disk.free()
    for recording in recordings:
        replay = [*COMMAND, "replay", str(recording), "--data", str(world.data)]
        subprocess.run(replay, check=True, capture_output=True, timeout=60, env=os.environ)
    world.start()


def _send_until_refused(world: World, disk: SmallDisk, outcome: Outcome) -> int:
    """Send beacons until the journal refuses; returns how many. Values must stop before."""
    values_stopped = False
    for number in range(50_000):
        status = world.station.status()
        values_stopped = values_stopped or bool(
            status.get("followers", {}).get("telemetry", {}).get("error")
        )
        if status.get("journal_error"):
            outcome.expect(values_stopped, "values did not stop before frames")
            return number
        if number % 50 == 0 and not (disk.folder / "space-for-frames").exists():
            disk.fill(leave=50_000)  # somebody else takes that, too
        world.send(number)
        # In step with the journal: a page that missed thousands begins anew, by design.
        world.witness.wait_for(number, world.is_alive, seconds=0.1)
    raise AssertionError("the disk never got full")


def _expect_banner(world: World, code: str, outcome: Outcome) -> None:
    """The pages say it: a notice of this code."""

    def is_there() -> bool:
        status = ask(world.port, "/api/v1/status") or {}
        return any(notice[1] == code for notice in status.get("notices", ()))

    try:
        wait_until(is_there, 20)
    except AssertionError:
        outcome.expect(False, f"the pages do not say it ({code})")


FAULT = Fault(
    "disk_full",
    "the disk is full, in every phase; later there is space again",
    run,
    short=3,
    long=60,
)
