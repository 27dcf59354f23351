"""The computer's clock jumps by a day while frames arrive, jumps back, and starts in 1970."""

from __future__ import annotations

import mmap
import random
import struct
import subprocess
import time
from pathlib import Path

from groundstation.storage.journal import JournalReader
from tests.links.devices import wait_until
from tests.peers import need
from tests.torture.account import account, some
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.witness import number_of
from tests.torture.world import World

_SHIM = Path(__file__).parents[1] / "clock_shim.c"
_DAY_S = 86_400
#: How wrong the clock becomes, in turn; None: the station is started with a clock of 1970.
_TURNS = (_DAY_S, -_DAY_S, None)
#: Frames before, during and after a wrong time.
_FRAMES = 5
#: How far a corrected time may be from the moment at which the frame was written to the device.
_NEAR_US = 5_000_000


class _Clock:
    """The clock of the station's computer, which differs from this program's."""

    def __init__(self, folder: Path):
        library, state = folder / "clock.so", folder / "clock"
        subprocess.run(
            [need("gcc"), "-shared", "-fPIC", "-O2", "-o", str(library), str(_SHIM)], check=True
        )
        state.write_bytes(bytes(16))
        with state.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 16)
        self.environment = {"LD_PRELOAD": str(library), "TORTURE_CLOCK": str(state)}
        self.set(0.0, kept=True)

    def set(self, wrong_by_s: float, *, kept: bool) -> None:
        """The clock is wrong by that from now on; ``kept``: something keeps it."""
        self._shared[:] = struct.pack("qq", round(wrong_by_s * 1e9), kept)

    def close(self) -> None:
        """Let go of the file."""
        self._shared.close()


def run(scene: Scene) -> Outcome:
    """Order is kept; wrong times are marked, said, and corrected once the clock is set."""
    chance, progress, outcome = scene.chance(), Progress("clock", scene.times), Outcome()
    clock = _Clock(scene.folder)
    with World(scene.folder) as world:
        world.environment = clock.environment
        world.start()
        world.wait_for_pages()
        written_us: dict[int, int] = {}
        for turn in range(scene.times):
            _turn(world, clock, _TURNS[turn % len(_TURNS)], chance, written_us, outcome)
            progress.at(turn)
        code = world.finish()
        account(world.data, world.sent, world.witness.told, world.browser, outcome)
    clock.close()
    outcome.expect(code == 0, f"the station ended with {code}")
    _times(world.data, written_us, scene.times, outcome)
    return outcome


def _turn(
    world: World,
    clock: _Clock,
    wrong_by_s: float | None,
    chance: random.Random,
    written_us: dict[int, int],
    outcome: Outcome,
) -> None:
    _send(world, chance, written_us)
    if wrong_by_s is None:
        world.settle()
        world.station.stop()
        clock.set(60 - time.time(), kept=False)
        world.start()
    else:
        clock.set(wrong_by_s, kept=False)
    first = max(written_us) + 1
    _send(world, chance, written_us)
    wait_until(lambda: _notices(world), 60, "the notice of a wrong clock")
    _marked(world, first, outcome)
    clock.set(0.0, kept=True)
    wait_until(lambda: not _notices(world), 60, "the end of the notice")
    wait_until(lambda: not _unmarked(world, first), 60, "the correction of the times")
    _send(world, chance, written_us)


def _send(world: World, chance: random.Random, written_us: dict[int, int]) -> None:
    for _ in range(_FRAMES):
        number = max(written_us, default=-1) + 1
        written_us[number] = time.time_ns() // 1000
        world.send(number)
        time.sleep(chance.uniform(0.0, 0.02))
    wait_until(lambda: number in world.witness.told, 60, "the last frame")


def _notices(world: World) -> bool:
    """Whether the pages say that the clock is wrong, and that predictions are with it."""
    status = world.status()
    return bool(status) and any(code == "clock" for _, code, _ in status["notices"])


def _unmarked(world: World, first: int) -> list[int]:
    """Beacons from ``first`` on whose times nobody vouches for."""
    return [n for n, _, unsynchronised in _received(world.data) if n >= first and unsynchronised]


def _marked(world: World, first: int, outcome: Outcome) -> None:
    marked = set(_unmarked(world, first))
    missing = {n for n, _, _ in _received(world.data) if n >= first} - marked
    outcome.expect(not missing, f"received by a wrong clock and not marked: {some(missing)}")


def _received(data: Path) -> list[tuple[int, int, bool]]:
    """(number, time, whether nobody vouches for it) of all beacons, in the order of ``seq``."""
    with JournalReader(data) as journal:
        found = journal.after(0, 1 << 30)
    return [
        (number, item.received_us, item.unsynchronised)
        for item in found
        if (number := number_of(item.raw)) is not None
    ]


def _times(data: Path, written_us: dict[int, int], turns: int, outcome: Outcome) -> None:
    received = _received(data)
    numbers = [number for number, _, _ in received]
    outcome.expect(numbers == sorted(numbers), "frames are not in the order in which they came")
    far = {n for n, us, _ in received if not 0 <= us - written_us[n] <= _NEAR_US}
    outcome.expect(not far, f"times that were not corrected: beacons {some(far)}")
    worst_s = max((us - written_us[n] for n, us, _ in received), default=0) / 1e6
    with JournalReader(data) as journal:
        steps = len(journal.clock_steps(10 * turns))
        corrected = sum(1 for item in journal.after(0, 1 << 30) if item.clock_us is not None)
    outcome.expect(steps >= turns, f"{steps} jumps noted in {turns} turns")
    outcome.remark = (
        f"{steps} jumps noted, {corrected} times corrected, at most {worst_s:.1f} s after the byte"
    )


FAULT = Fault(
    "clock",
    "the clock jumps by ±1 day in a pass and back, or starts in 1970, and is set later",
    run,
    short=3,
    long=50,
)
