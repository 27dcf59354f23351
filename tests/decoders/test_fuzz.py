"""Mutations of everything that is decoded: see tests/fuzz.py."""

import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.fuzz import fuzz, targets

MUTATIONS = 10_000


def test_mutated_input_does_nothing_but_what_is_documented() -> None:
    """An undocumented exception fails in the worker and comes back here."""
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        outcomes = list(pool.map(partial(fuzz, count=MUTATIONS), targets()))
    assert {outcome.tried for outcome in outcomes} == {MUTATIONS}
    assert [outcome for outcome in outcomes if outcome.complaints] == []
