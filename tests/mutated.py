"""Mutations of inputs, and what a target does with them: work, and memory that it keeps."""

from __future__ import annotations

import gc
import random
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Protocol

from tests.work import work_of_at_most

#: Inputs are no longer than this, bytes.
LONGEST = 1200
#: Lines of Python that the input which took longest may need. All need fewer than 15,000.
MOST_WORK = 100_000
#: Memory that may grow while the same inputs are taken again, kB.
MOST_GROWN_KB = 200
#: How often an input that took longest is tried again; a busy machine slows some of them.
_TRIES_AGAIN = 10


@dataclass(frozen=True)
class Outcome:
    """What happened to one target.

    ``longest_ms`` and ``mean_us``: processor time of one input when the tables of its codes are
    built, to be printed; the longest is the shortest of several tries of one input, so that it is
    the input's. ``work``: lines of Python that the longest one needed.
    """

    name: str
    tried: int
    mean_us: float
    longest_ms: float
    work: int
    grown_kb: float
    most_work: int = MOST_WORK

    @property
    def complaints(self) -> list[str]:
        """What must not be."""
        return ["hangs"] * (self.work > self.most_work) + ["grows"] * (
            self.grown_kb > MOST_GROWN_KB
        )


class Target(Protocol):
    """Something that takes inputs."""

    def take(self, data: bytes) -> None:
        """Take one input; raises when something undocumented happens."""

    def rewind(self) -> None:
        """Go back to before the last input."""

    def settle(self) -> None:
        """The last input will not be tried again."""


def mutations(seeds: list[bytes], count: int, seed: int, longest: int = LONGEST) -> Iterator[bytes]:
    """Flipped bits, changed, dropped and doubled bytes, cuts, joins and pure noise."""
    rnd = random.Random(seed)
    uniform, noise = rnd.random, rnd.randbytes

    def below(end: int) -> int:
        return int(uniform() * end)  # a third of the time of randrange

    for _ in range(count):
        data = bytearray(seeds[below(len(seeds))])
        for _ in range((0, 1, 1, 2, 5, 20)[below(6)]):
            at = below(len(data) + 1)
            match below(6):
                case 0 if at < len(data):
                    data[at] ^= 1 << below(8)
                case 1 if at < len(data):
                    data[at] = below(256)
                case 2:
                    del data[at : at + 1 + below(8)]
                case 3:
                    data[at:at] = noise(1 + below(8))
                case 4:
                    del data[at:]
                case 5:
                    data[at:at] = data[: below(40)]
        yield bytes(data[:longest])


class Stateless:
    """What takes each input by itself."""

    def rewind(self) -> None:
        """Nothing was kept."""

    def settle(self) -> None:
        """Nothing was kept."""


def measure(
    name: str, inputs: Iterator[bytes], target: Target, most_work: int = MOST_WORK
) -> Outcome:
    """Take every input: timed, and the first of them again to see whether memory grows."""
    again = list(islice(inputs, 100))
    _take_all(target, again)
    gc.collect()
    gc.freeze()  # the inputs and tables are not what a pause would be spent on
    longest, total, tried, worst = 0.0, 0.0, 0, b""
    for data in chain(again, inputs):
        tried += 1
        took = _timed(target, data)
        total += took
        if took > longest and (surely := _surely(target, data, took, longest)) > longest:
            longest, worst = surely, data
        target.settle()
    with work_of_at_most(10 * most_work) as work:
        target.take(worst)
    target.settle()
    gc.collect()
    tracemalloc.start()
    _take_all(target, again)
    gc.collect()
    warm = tracemalloc.get_traced_memory()[0]
    _take_all(target, again)
    gc.collect()
    grown = (tracemalloc.get_traced_memory()[0] - warm) / 1024
    tracemalloc.stop()
    return Outcome(name, tried, total / tried * 1e6, longest * 1e3, work.lines, grown, most_work)


def _take_all(target: Target, inputs: list[bytes]) -> None:
    for data in inputs:
        _timed(target, data)
        target.settle()


def _timed(target: Target, data: bytes) -> float:
    start = time.process_time()
    try:
        target.take(data)
    except Exception as error:
        error.add_note(f"input {data.hex()}")
        raise
    return time.process_time() - start


def _surely(target: Target, data: bytes, took: float, longest: float) -> float:
    """The shortest of more tries of an input; whether it is the longest is all that matters."""
    for _ in range(_TRIES_AGAIN):
        target.rewind()
        took = min(took, _timed(target, data))
        if took <= longest:
            break
    return took
