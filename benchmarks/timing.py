"""How the benchmarks measure: the best of several rounds, taken in turn with the peers.

The best round is the one that the rest of the machine disturbed least; rounds in turn
mean that a machine that slows down slows everybody down.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping


def rates(
    work: Mapping[str, tuple[int, Callable[[], object]]], rounds: int = 5
) -> dict[str, float]:
    """Items a second of each ``name: (items in one call, call)``."""
    best = dict.fromkeys(work, 0.0)
    for _ in range(rounds):
        for name, (items, call) in work.items():
            start = time.perf_counter()
            call()
            best[name] = max(best[name], items / (time.perf_counter() - start))
    return best


def again(count: int, call: Callable[[], object]) -> tuple[int, Callable[[], object]]:
    """``call`` made ``count`` times without keeping what it gives."""

    def work() -> None:
        for _ in range(count):
            call()

    return count, work


def show(found: Mapping[str, float], unit: str, against: str) -> None:
    """A line each, with the ratio to ``against``."""
    width = max(map(len, found))
    for name, rate in found.items():
        print(
            f"{name:<{width}}  {rate:>14,.0f} {unit}  {rate / found[against]:>10,.2f} x {against}"
        )
