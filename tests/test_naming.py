"""What a word for a satellite means: in settings, commands and pages alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groundstation.catalog import SatelliteCatalog
from groundstation.naming import Followed, elements_named, followed, near_names
from groundstation.orbit.elements import Elements
from tests.orbit.truth import cases, elements_of

ISS = elements_of(cases("passes_consensus.json")[0])
KNOWN = [
    replace(ISS, norad=norad, name=name)
    for norad, name in (
        (25544, "ISS (ZARYA)"),
        (49044, "ISS (NAUKA)"),
        (48274, "CSS (TIANHE)"),
        (53239, "CSS (WENTIAN)"),
        (57166, "METEOR-M2 3"),
        (59051, "METEOR-M2 4"),
        (99001, "QUETZAL-1"),  # a provisional number; the definition's is 45598
        (40000, "SWISSCUBE"),
    )
]
INDEX = SatelliteCatalog().index
QUETZAL = INDEX["quetzal-1"]


def meant(word: str, known: list[Elements] = KNOWN) -> Followed | None:
    return followed(word, INDEX, {item.norad for item in known}.__contains__, lambda: known)


def test_a_definition() -> None:
    assert QUETZAL.norad is not None
    right = Followed("quetzal-1", "Quetzal-1", QUETZAL.norad, QUETZAL)
    assert meant("quetzal-1", []) == right
    assert meant(str(QUETZAL.norad), []) == right
    assert meant(QUETZAL.name.upper(), []) == right
    with_elements = [*KNOWN, replace(ISS, norad=QUETZAL.norad, name="OBJECT A")]
    assert meant("quetzal-1", with_elements) == right


def test_a_definition_whose_number_has_no_elements_falls_back_to_its_name() -> None:
    assert meant("quetzal-1") == Followed("quetzal-1", "Quetzal-1", 99001, QUETZAL)


def test_a_number_or_a_name_without_a_definition() -> None:
    assert meant("57166") == Followed("57166", "METEOR-M2 3", 57166)
    assert meant("12345") == Followed("12345", "NORAD 12345", 12345)
    assert meant("swisscube") == Followed("40000", "SWISSCUBE", 40000)
    assert meant("NOAA 19") is None


def test_a_name_of_several_is_the_first_of_them_and_told() -> None:
    found = meant("meteor")
    assert found is not None
    assert (found.norad, found.name) == (57166, "METEOR-M2 3")
    assert found.note == (
        "'meteor' is in the names of 2 satellites (57166 METEOR-M2 3, 59051 METEOR-M2 4): "
        "METEOR-M2 3 is followed; write its number to be sure"
    )


def test_parts_that_fly_as_one_are_one() -> None:
    assert meant("CSS") == Followed("48274", "CSS (TIANHE)", 48274)
    assert meant("ISS") == Followed("iss", INDEX["iss"].name, 25544, INDEX["iss"])


def test_elements_of_an_id_whose_satellite_has_none_are_those_of_the_name() -> None:
    numbers = {"swiss": 1, "meteor": 57166}
    assert [e.norad for e in elements_named("swiss", KNOWN, numbers.get)] == [40000]
    assert [e.norad for e in elements_named("meteor", KNOWN, numbers.get)] == [57166]
    assert [e.norad for e in elements_named("ISS", KNOWN, numbers.get)] == [25544]
    assert [e.norad for e in elements_named("m2", KNOWN, numbers.get)] == [57166, 59051]
    assert [e.norad for e in elements_named("49044", KNOWN, numbers.get)] == [49044]


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("METEOR M2-3", "; did you mean 'METEOR-M2 3' or 'METEOR-M2 4'?"),
        ("swiss cube", "; did you mean 'SWISSCUBE'?"),
        ("voyager", ""),
        ("", ""),
    ],
)
def test_near_names(word: str, near: str) -> None:
    assert near_names(word, [item.name for item in KNOWN]) == near
