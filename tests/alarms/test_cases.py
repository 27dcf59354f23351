"""The table of cases against the pure core, however the frames are cut into batches."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundstation.alarms.lifecycle import Acknowledgement, Shelf, standing
from groundstation.alarms.silence import WatchedPass, silences
from groundstation.alarms.state import State
from groundstation.model.alarms import Alarm, AlarmEvent, AlarmKey
from tests.alarms.cases import ID, TABLE, Sent, batch, sent, told, watch_of

CASES = [pytest.param(case, id=case["name"]) for case in TABLE["cases"]]


def test_the_table_is_whole() -> None:
    names = [case["name"] for cases in TABLE.values() for case in cases]
    assert len(set(names)) == len(names) >= 40


@pytest.mark.parametrize("case", CASES)
def test_events(case: dict[str, Any]) -> None:
    packets = sent(case)
    watch = watch_of(case, packets)
    events = watch.take(*batch(case, packets))
    assert [told(event) for event in events] == case["events"]
    assert sum(watch.state.sunless.values()) == case.get("sunless", 0)


@pytest.mark.parametrize("case", CASES)
def test_frame_by_frame_over_restarts(case: dict[str, Any]) -> None:
    packets = sent(case)
    assert [told(event) for event in cut(case, packets, range(1, len(packets)))] == case["events"]


def cut(case: dict[str, Any], packets: list[Sent], places: range | list[int]) -> list[AlarmEvent]:
    """Events where the packets are cut before these places, and the state is kept as text."""
    watch = watch_of(case, packets)
    events = []
    ends = [*sorted({place for place in places if _may_cut(packets, place)}), len(packets)]
    begin = 0
    for end in ends:
        events += watch.take(*batch(case, packets[begin:end]))
        watch.state = State.from_text(watch.state.to_text())
        begin = end
    return events


def _may_cut(packets: list[Sent], place: int) -> bool:
    return 0 < place < len(packets) and packets[place - 1].seq != packets[place].seq


@st.composite
def _any_case(draw: st.DrawFn) -> tuple[dict[str, Any], list[int]]:
    volts = st.sampled_from([4.0, 3.6, 3.52, 3.4, 3.2, 4.18, 4.3, 4.5, float("nan")])
    # Runs, so that there are alarms, and values one by one.
    runs = draw(st.lists(st.tuples(volts, st.integers(1, 15)), min_size=1, max_size=20))
    length = sum(times for _, times in runs)
    beacons = st.tuples(st.integers(0, length), volts)
    case = {
        "settings": {
            "count": draw(st.integers(1, 4)),
            "back": draw(st.integers(1, 4)),
            "missing_frames": draw(st.integers(0, 6)),
        },
        "row": draw(
            st.sampled_from(
                [
                    "",
                    "alarm = { dead_band = 0.05 }",
                    'alarm = { sets = [{ sun = "eclipse", warning = [3.0, 4.2] }] }',
                    'alarm = { sets = [{ when = "mode == 0", critical = [3.9, 4.2] }] }',
                ]
            )
        ),
        "volt": [value for value, times in runs for _ in range(times)],
        "mode": draw(st.lists(st.integers(0, 3), max_size=length)),
        "sun": draw(st.lists(st.integers(-1, 1), max_size=length)),
        "beacon": sorted(draw(st.lists(beacons, max_size=20))),
    }
    return case, draw(st.lists(st.integers(1, length + 20), max_size=8))


@given(_any_case())
@settings(deadline=None)  # others work on the machine, too
def test_no_cut_changes_anything(drawn: tuple[dict[str, Any], list[int]]) -> None:
    case, places = drawn
    packets = sent(case)
    assert cut(case, packets, places) == cut(case, packets, [])


@given(_any_case())
@settings(deadline=None)  # others work on the machine, too
def test_an_alarm_returns_before_the_next_one_of_its_kind(
    drawn: tuple[dict[str, Any], list[int]],
) -> None:
    case, _ = drawn
    events = cut(case, sent(case), [])
    watched = sorted(events, key=lambda event: (event.key.rule, event.key.parameter, event.seq))
    for _, mine in groupby(watched, key=lambda event: (event.key.rule, event.key.parameter)):
        active = None
        for event in mine:
            if event.kind == "triggered":
                assert active is None
                active = event.key
            assert event.key == active
            if event.kind == "returned":
                active = None


@pytest.mark.parametrize("case", TABLE["passes"], ids=lambda case: case["name"])
def test_passes(case: dict[str, Any]) -> None:
    passes = [
        WatchedPass(los, heard, last, *((after[0], 1000 + after[0]) if after else ()))
        for los, heard, last, *after in case["passes"]
    ]
    events = silences(ID, passes, case.get("most", 2))
    assert [told(event) for event in events] == case["events"]


@pytest.mark.parametrize("case", TABLE["people"], ids=lambda case: case["name"])
def test_standing(case: dict[str, Any]) -> None:
    severity, active = case["alarm"]
    alarm = Alarm(AlarmKey(ID, "limits", "volt", 7), severity, 1, returned_us=None if active else 2)
    seen = Acknowledgement(case["seen"], 3, "Aida") if "seen" in case else None
    shelf = Shelf(case["shelved_until"], 1, "Aida") if "shelved_until" in case else None
    assert standing(alarm, seen, shelf, case.get("now", 0)) == case["standing"]
