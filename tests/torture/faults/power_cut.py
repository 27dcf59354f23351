"""The power fails at a random moment under write: what the disk had for sure must be enough."""

from __future__ import annotations

import random
import shutil
import threading
import time
from pathlib import Path

from tests.links.devices import wait_until
from tests.station.running import Process, write_config
from tests.storage.interpreted import interpret, told
from tests.torture.account import check_file, in_journal, in_store, some
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.power import cut
from tests.torture.world import World, frozen, is_interpreted

#: Cuts of one station; the next begins with an empty folder.
_OF_ONE = 25
#: Each so-many-th copy is held against a fresh interpretation, value by value.
_FRESH = 10


class _Stream:
    """Sends beacons, some hundreds a second, while ``going``."""

    def __init__(self, world: World, chance: random.Random):
        self._world, self._chance = world, chance
        self.going = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()
        self.going.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._stopping.is_set():
            self.going.wait()
            many = self._chance.randint(1, 20)
            self._world.send(*range(number, number + many))
            number += many
            time.sleep(self._chance.uniform(0.0, 0.03))


def run(scene: Scene) -> Outcome:
    """Copies of the folder at random moments, each opened by a station of its own."""
    outcome, progress, done = Outcome(), Progress("power_cut", scene.times), 0
    outcome.sent = outcome.acknowledged = outcome.journal = outcome.store = 0
    torn = 0
    while done < scene.times:
        most = min(_OF_ONE, scene.times - done)
        torn += _one_station(scene, done, most, outcome)
        done += most
        progress.at(done)
    outcome.remark = (
        f"figures are sums over all copies; {torn:,} values that a cut had taken were made again"
    )
    return outcome


def _one_station(scene: Scene, first: int, most: int, outcome: Outcome) -> int:
    chance, torn = scene.chance(str(first)), 0
    folder = scene.folder / "living"
    folder.mkdir()
    with World(folder, pages=False) as world:
        world.start(wait=False)
        stream = _Stream(world, scene.chance(f"stream {first}"))
        try:
            for turn in range(most):
                stream.going.set()
                time.sleep(chance.uniform(0.0, 1.0))  # the first ones perhaps while it starts
                copy = scene.folder / "cut" / "data"
                with frozen(world.station.popen.pid):
                    told, sent = set(world.witness.told), len(world.sent)
                    if not world.data.is_dir():
                        continue
                    copy.parent.mkdir()
                    cut(world.data, copy, chance)
                stream.going.clear()  # a copy may take long to be looked through
                torn += _check(copy, told, outcome, fresh=(first + turn) % _FRESH == 0)
                shutil.rmtree(copy.parent)
                outcome.sent = (outcome.sent or 0) + sent
        finally:
            stream.stop()
    shutil.rmtree(folder)
    return torn


def _check(data: Path, told_: set[int], outcome: Outcome, *, fresh: bool) -> int:
    """Start a station on the copy; how many values it had to make again."""
    before = _stored(data)
    write_config(data.parent)
    station = Process(data.parent)
    try:
        # It runs when its status is there: before that, being told to stop simply ends it.
        wait_until(
            lambda: (
                station.popen.poll() is not None
                or (station.status().get("pid") == station.popen.pid and _is_ready(data))
            ),
            60,
            "the copy",
        )
        code = station.stop()
    finally:
        station.kill()
    outcome.expect(code == 0, f"a station did not start on a copy: {station.log()[-300:]}")
    if code:
        return 0
    check_file(data / "telemetry.db", outcome)
    kept, stored = in_journal(data, outcome), in_store(data)
    lost = told_ - set(kept.values())
    outcome.expect(not lost, f"acknowledged, and not in a copy's journal: {some(lost)}")
    outcome.expect(kept == stored, "not the same in journal and store of a copy")
    outcome.acknowledged = (outcome.acknowledged or 0) + len(told_)
    outcome.journal = (outcome.journal or 0) + len(kept)
    outcome.store = (outcome.store or 0) + len(stored)
    if fresh:
        _check_fresh(data, outcome)
    return len(stored) - before


def _is_ready(data: Path) -> bool:
    return (data / "journal.db").exists() and is_interpreted(data)


def _stored(data: Path) -> int:
    """How many values a torn store has before a station opens it, read from a further copy."""
    other = data.with_name("before")
    shutil.copytree(data, other)
    try:
        return len(in_store(other))
    except Exception:
        return 0  # not made yet, or too torn to be opened at all
    finally:
        shutil.rmtree(other)


def _check_fresh(data: Path, outcome: Outcome) -> None:
    kept = told(data)
    for path in data.glob("telemetry.db*"):
        path.unlink()
    interpret(data)
    outcome.expect(told(data) == kept, "a store is not what a fresh interpretation makes")


FAULT = Fault(
    "power_cut",
    "the power fails under write: copies of the data folder, fsync honoured, the rest torn",
    run,
    short=8,
    long=500,
)
