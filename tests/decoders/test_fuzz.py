"""Mutations of everything that is decoded: see tests/fuzz.py."""

import os
from concurrent.futures import ProcessPoolExecutor

from tests.fuzz import fuzz, targets

#: Inputs a target. A framing searches; a definition does the same with each, so fewer tell as much.
MUTATIONS = {
    "framing": 10_000,
    "definition": 2_000,
    "text": 10_000,
    "layer": 5_000,
    "importer": 1_000,
    "elements": 3_000,
}


def test_mutated_input_does_nothing_but_what_is_documented() -> None:
    """An undocumented exception fails in the worker and comes back here."""
    chosen = targets()
    counts = [MUTATIONS[kind] for kind, _ in chosen]
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        outcomes = list(pool.map(fuzz, chosen, counts))
    assert [outcome.tried for outcome in outcomes] == counts
    assert [outcome for outcome in outcomes if outcome.complaints] == []
