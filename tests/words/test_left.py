"""What is left in English, counted: it may become less, and never more.

``left.json`` has the counts. Who adds words lowers them; who adds a definition whose words are not
known adds the words to ``groundstation/words/vocabulary.tsv``, or its own to the definition.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundstation.catalog import SatelliteCatalog
from groundstation.words.confirmed import confirmed, spoken, unconfirmed
from groundstation.words.left import KINDS, Share, left, shares
from groundstation.words.reasons import reason_text
from tests.words.spoken import reasons

COUNTS: dict[str, int] = json.loads(Path(__file__).with_name("left.json").read_text())
#: Of all texts of a kind, of all satellites, so many are said in each language.
NEARLY_ALL = 0.95
#: The satellite of lessons and demonstrations says nothing in English.
TAUGHT = "classroom-1"


@pytest.fixture(scope="module")
def catalog() -> SatelliteCatalog:
    return SatelliteCatalog()


@pytest.fixture(scope="module")
def counted(catalog: SatelliteCatalog) -> dict[str, Share]:
    each = [shares(satellite) for satellite in catalog.satellites.values()]
    return {
        kind: Share(sum(one[kind].total for one in each), sum(one[kind].left for one in each))
        for kind in KINDS
    }


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_does_not_grow(kind: str, counted: dict[str, Share]) -> None:
    assert counted[kind].left <= COUNTS[kind], "see: groundstation satellites words"


def test_reasons_that_are_left_do_not_grow() -> None:
    unknown = [reason for reason in reasons() if reason_text(reason, "ru") == reason]
    assert len(unknown) <= COUNTS["reason"], unknown


@pytest.mark.parametrize(("kind", "least"), [("label", 16_000), ("packet", 500), ("word", 2_500)])
def test_nearly_all_is_translated(kind: str, least: int, counted: dict[str, Share]) -> None:
    total, without = counted[kind]
    assert total > least
    assert (total - without) / total >= NEARLY_ALL


def test_what_is_confirmed_is_said_so() -> None:
    """A line of ``confirmed.tsv`` for what is said otherwise today confirms nothing."""
    assert confirmed().keys() <= set(spoken())
    assert len(unconfirmed()) + len(confirmed()) == len(set(spoken()))


def test_nothing_of_the_lessons_is_left(catalog: SatelliteCatalog) -> None:
    assert list(left(catalog.satellites[TAUGHT])) == []
