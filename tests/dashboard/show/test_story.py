"""The sentence on the first page: only what is known; normal is only what somebody judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.data.countries import Below
from dashboard.data.whereabouts import Whereabouts
from dashboard.show import story
from dashboard.show.places import place_words, way_words
from groundstation.catalog import SatelliteCatalog
from groundstation.model import Sample
from groundstation.orbit.passes import Pass
from groundstation.orbit.pointing import Pointing
from groundstation.words.language import in_language

NOW = datetime(2026, 8, 22, 12, tzinfo=UTC)
CATALOG = SatelliteCatalog()
EN = in_language("en")


def sample(name: str, value: float | str | None, state: str = "unlimited") -> Sample:
    return Sample("x", name, 1, 0, value, value, "", state)


def where(countries: tuple[str, ...], sea: bool = False, ocean: str = "") -> Whereabouts:
    point = Pointing(NOW, 30.0, 20.0, 900.0, 1.0, 47.0, 67.0, 420.0, True)
    below = Below(countries, sea, bool(countries), ocean)
    return Whereabouts(point, below, True, 780.0, 314.0, [], [], [], [])


def coming(begin_min: float, end_min: float) -> Pass:
    aos, los = (NOW + timedelta(minutes=m) for m in (begin_min, end_min))
    return Pass(
        *(1, "X", aos, aos, los, 225.0, 300.0, 44.0, 40.0),
        sunlit=True,
        elements_age_days=1.0,
        timing_error_s=0.1,
    )


def told(code: str) -> str:
    words = in_language(code)
    doing = story.doing_words(True, True, words)
    values = story.values_words(story.Judged(10, (), 0), {}, True, words)
    return story.sentence(
        (
            story.where_words(doing, where(("KZ",)), words),
            story.pass_words(coming(-5, 3), NOW, words),
            values,
        )
    )


def test_the_whole_sentence_in_three_languages() -> None:
    assert told("en") == (
        "Charging in sunlight over Kazakhstan, sets in the north-east in 3 min; "
        "all judged values normal (10)."
    )
    assert told("ru") == (
        "Заряжается на солнце, под ним Казахстан, зайдёт на северо-востоке через 3 мин; "
        "все оцениваемые значения в норме (10)."
    )
    assert told("ky").startswith("Күн жарыгында заряддалууда, астында Казакстан, ")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (where(("KG", "KZ")), "the border of Kyrgyzstan and Kazakhstan"),
        (where(("CL",), sea=True), "the coast of Chile"),
        (where(("US",)), "the United States"),
        (where((), True, "pacific"), "the Pacific Ocean"),
        (where((), True), "the sea"),
        (where(("A", "B", "C")), ""),
        (replace(where(("KG",)), below=None), ""),
        (replace(where(()), below=Below((), False, True, "")), ""),
    ],
)
def test_places(place: Whereabouts, words: str) -> None:
    assert place_words(place, EN) == words


def test_where_no_name_is_certain_the_way_is_told() -> None:
    unsure = replace(where(("KG",)), below=None)
    assert way_words(unsure, EN) == "800 km from here in the north-west"
    assert story.where_words("In sunlight", unsure, EN) == (
        "In sunlight, 800 km from here in the north-west"
    )
    nowhere = replace(unsure, distance_km=None, direction_deg=None)
    assert story.where_words("In sunlight", nowhere, EN) == "In sunlight"
    assert story.where_words("", nowhere, EN) == ""
    assert story.where_words("", None, EN) == ""


def test_passes_and_spans() -> None:
    assert story.pass_words(coming(12, 20), NOW, EN) == "rises in the south-west in 12 min"
    assert story.pass_words(coming(600, 610), NOW, EN) == "rises in the south-west in 10 h"
    assert story.pass_words(coming(-5, 0.1), NOW, EN) == "sets in the north-east in 1 min"
    assert story.pass_words(None, NOW, EN) == ""


def test_only_what_has_limits_is_judged() -> None:
    known = {
        "a": sample("a", 1, "nominal"),
        "b": sample("b", 2),
        "c": sample("c", None, "invalid"),
    }
    found = story.judged(known)
    assert found == story.Judged(1, (), 0)
    assert story.values_words(found, {}, True, EN) == "all judged values normal (1)"
    assert story.values_words(found, {}, False, EN) == "all judged values were normal (1)"
    nobody = story.judged({"b": known["b"], "c": known["c"]})
    assert "normal" not in story.values_words(nobody, {}, True, EN)
    known |= {"d": sample("d", 3, "warning"), "e": sample("e", 4, "critical")}
    wrong = story.judged(known)
    assert wrong == story.Judged(3, ("e", "d"), 1)
    labels = {"e": "Battery voltage"}
    assert story.values_words(wrong, labels, True, EN) == "critical: Battery voltage and 1 more"


@pytest.mark.parametrize(
    ("value", "answer"),
    [("sunlight, charging", True), ("sunlight", False), ("", False)],
)
def test_a_flag_says_whether_it_charges(value: str, answer: bool) -> None:
    rows = CATALOG.satellites["classroom-1"].rows()
    assert story.is_charging(rows, {"status": sample("status", value)}) is answer


def test_the_sign_of_a_current_says_nothing() -> None:
    rows = CATALOG.satellites["classroom-1"].rows()
    assert story.is_charging(rows, {"battery_current": sample("battery_current", 300)}) is None


def test_two_currents_do() -> None:
    rows = CATALOG.satellites["classroom-1"].rows()
    base = rows["battery_current"]
    both = {
        "into": replace(base, quantity="battery_charge_current"),
        "out": replace(base, quantity="battery_discharge_current"),
    }
    for into, out, answer in ((200, 10, True), (0, 120, False), (0, 0, None)):
        known = {"into": sample("into", into), "out": sample("out", out)}
        assert story.is_charging(both, known) is answer
    assert story.is_charging(both, {"into": sample("into", 5)}) is None


def test_nothing_is_said_of_nothing() -> None:
    assert story.sentence(("", "", "")) == ""
    assert story.doing_words(None, None, EN) == ""
    assert story.sentence(("", "rises in 5 min", "")) == "Rises in 5 min."
