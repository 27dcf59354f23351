"""Backups of a station that receives, each restored: whatever was told before is in it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from groundstation.storage.journal import JournalReader
from tests.torture.account import account, in_journal, some
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.world import World

_PAUSE_S = 0.02
#: Of so many backups the values are made anew, too.
_REDECODED = 10


def run(scene: Scene) -> Outcome:
    """Each backup holds what was acknowledged when it was asked for, and can be gone on with."""
    progress, outcome = Progress("backup", scene.times), Outcome()
    chance, sizes = scene.chance(), list[int]()
    with World(scene.folder) as world:
        world.start()
        world.wait_for_pages()
        stop = threading.Event()
        sender = threading.Thread(target=_send, args=(world, stop), daemon=True)
        sender.start()
        try:
            for turn in range(scene.times):
                time.sleep(chance.uniform(0.0, 0.2))
                sizes.append(_one(world, turn, outcome, values=turn < _REDECODED))
                progress.at(turn)
        finally:
            stop.set()
            sender.join()
        code = world.finish()
        account(world.data, world.sent, world.witness.told, world.browser, outcome)
    outcome.expect(code == 0, f"the station ended with {code}")
    outcome.remark = f"{scene.times} backups restored, of {sizes[0]} to {sizes[-1]} frames"
    return outcome


def _send(world: World, stop: threading.Event) -> None:
    number = 0
    while not stop.is_set():
        world.send(number)
        number += 1
        stop.wait(_PAUSE_S)


def _one(world: World, turn: int, outcome: Outcome, *, values: bool) -> int:
    """Back up, restore, compare; how many frames it holds."""
    archive, there = world.folder / f"{turn}.zip", world.folder / f"restored-{turn}"
    told = set(world.witness.told)
    for words in (
        ("backup", "--data", str(world.data), "-o", str(archive)),
        ("restore", str(archive), "--data", str(there)),
        *([("redecode", "--data", str(there))] if values else []),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "groundstation", *words],
            capture_output=True,
            text=True,
            check=False,
        )
        outcome.expect(done.returncode == 0, f"{words[0]}: {done.stderr[-200:]}")
        if done.returncode:
            return 0
    kept = in_journal(there, outcome)
    lost = told - set(kept.values())
    outcome.expect(not lost, f"acknowledged, and not in backup {turn}: {some(lost)}")
    with JournalReader(there) as journal:
        count, last = journal.count(), journal.last_seq()
    outcome.expect(count == last, f"backup {turn} has holes: {count} receptions up to {last}")
    _remove(archive, there)
    return len(kept)


def _remove(archive: Path, there: Path) -> None:
    archive.unlink()
    for path in sorted(there.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    there.rmdir()


FAULT = Fault(
    "backup",
    "a backup while frames arrive, read back, restored elsewhere and gone on with",
    run,
    short=3,
    long=100,
)
