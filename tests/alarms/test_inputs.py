"""What the core is given: sunlight by elements, passes without a frame, files of before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from groundstation.elements import ElementsCatalog
from groundstation.followers.alarms import AlarmWork
from groundstation.model import FlownPass, iso, to_us
from groundstation.orbit.sunlight import DARK, LIT, UNKNOWN, sunlight
from tests.alarms.cases import ID, START_US, satellite_text, sent, settings_of
from tests.alarms.folder import AlarmFolder, events, kept
from tests.orbit.truth import cases, elements_of, when

HOUR_US = 3_600_000_000
#: Passes of the ISS on which seven programs agree, with sunlight at three points of each.
PASSES = cases("passes_consensus.json")[0]
ISS = elements_of(PASSES)
LIGHT = [
    (to_us(when(one[name])), LIT if one[f"sunlit_{name}"] else DARK)
    for one in PASSES["expected_passes"]
    for name in ("aos", "tca", "los")
    if one[f"sunlit_{name}"] is not None
]


def times(found: list[tuple[int, int]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([time_us for time_us, _ in found], np.int64)


def test_sunlight_is_that_of_other_programs() -> None:
    expected = [light for _, light in LIGHT]
    assert sunlight([ISS], times(LIGHT)).tolist() == expected
    assert {LIT, DARK} == set(expected)
    one_by_one = [sunlight([ISS], times([one]))[0] for one in LIGHT]
    assert one_by_one == expected


def test_without_elements_of_the_time_nobody_knows() -> None:
    epoch = ISS.epoch
    asked = [epoch - timedelta(seconds=1), epoch + timedelta(days=15)]
    found = sunlight([ISS], times([(to_us(time), 0) for time in asked]))
    assert found.tolist() == [UNKNOWN, UNKNOWN]
    assert sunlight([], times(LIGHT[:2])).tolist() == [UNKNOWN, UNKNOWN]


SUN_CASE = {
    "volt": [3.6] * 4,
    "row": 'alarm = { sets = [{ sun = "sunlight", warning = [3.5, 4.2] },'
    ' { sun = "eclipse", warning = [3.7, 4.2] }] }',
}


@pytest.mark.parametrize("elements", [True, False], ids=["with elements", "without"])
def test_eclipse_entry(elements: bool, tmp_path: Path) -> None:
    if elements:
        ElementsCatalog(tmp_path / "elements").import_text("\n".join(PASSES["tle"]), "test")
    text = satellite_text(SUN_CASE).replace("norad = 99999", f"norad = {ISS.norad}")
    folder = AlarmFolder(tmp_path, text, settings_of(SUN_CASE))
    frames = [item.frame() for item in sent(SUN_CASE)]
    lit_us = next(time_us for time_us, light in LIGHT if light == LIT)
    dark_us = max(time_us for time_us, light in LIGHT if light == DARK)
    folder.receive(frames, [lit_us, lit_us + 1_000_000, dark_us, dark_us + 1_000_000])
    folder.follow()
    expected = ["4 triggered warning limits volt #4"] if elements else []
    assert events(kept(tmp_path)) == expected
    with folder.reader().connection() as connection:
        (state,) = connection.execute("SELECT state FROM watches").fetchone()
    assert ('"sunless":{"volt":4}' in state) == (not elements)
    folder.close()


def flown(number: int, high_deg: float = 50.0, there: bool = True) -> FlownPass:
    """The pass of the hour ``number``, ten minutes long, in which the account saw no frame."""
    aos_us = START_US + number * HOUR_US
    los_us = aos_us + 600_000_000
    watched = [{"from": iso(aos_us), "to": iso(los_us)}] if there else []
    report = {
        "predicted": {"max_elevation_deg": high_deg},
        "watched": watched,
        "span": {"from_us": aos_us - 120_000_000, "to_us": los_us + 120_000_000},
        "heard": {"frames": 0},
        "simulated": False,
    }
    return FlownPass(99999, aos_us, los_us, ID, report)  # type: ignore[arg-type]  # what is read


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[AlarmFolder]:
    """A satellite that was heard in its first pass."""
    case = {"volt": [4.0, 4.0]}
    folder = AlarmFolder(tmp_path, satellite_text(case), settings_of(case))
    folder.send(sent(case))
    folder.journal.save_pass(flown(0))
    folder.follow()
    yield folder
    folder.close()


def test_two_passes_without_a_frame(heard: AlarmFolder) -> None:
    heard.journal.save_pass(flown(1))
    heard.follow()
    assert kept(heard.path) == []
    heard.journal.save_pass(flown(2))
    heard.follow()
    (one,) = kept(heard.path)
    assert (one.key, one.active) == ((ID, "silent", "", 2), True)
    assert one.triggered_us == flown(2).los_us
    heard.receive([sent({"volt": [4.0]})[0].frame()], [START_US + 3 * HOUR_US], satellite=ID)
    heard.follow()
    assert events(kept(heard.path)) == [
        "2 triggered warning silent  #2",
        "3 returned warning silent  #2",
    ]
    live = kept(heard.path)
    heard.restart()
    heard.work.close()
    (heard.path / "telemetry.db").unlink()
    heard.follow()
    assert kept(heard.path) == live


def test_passes_that_say_nothing(heard: AlarmFolder) -> None:
    for number in range(1, 9):
        heard.journal.save_pass(flown(number, there=number % 2 == 0, high_deg=50.0))
    heard.follow()
    assert len(kept(heard.path)) == 1
    heard.alarms = AlarmWork(heard.work, heard.catalog, heard.settings, silent_least_deg=60.0)
    heard.follow()
    assert kept(heard.path) == []


def test_a_store_of_schema_3_gets_its_alarms(tmp_path: Path) -> None:
    case = {"volt": [3.4, 3.4, 3.4]}
    folder = AlarmFolder(tmp_path, satellite_text(case), settings_of(case))
    folder.send(sent(case))
    folder.interpret()
    folder.close()
    with closing(sqlite3.connect(tmp_path / "telemetry.db")) as store:
        # As schema 3 was: without what schema 4 adds.
        store.executescript(
            "DROP TABLE alarms; DROP TABLE watches; DELETE FROM sinks; PRAGMA user_version=3;"
        )
    again = AlarmFolder(tmp_path, satellite_text(case), settings_of(case))
    again.work.open()
    assert not again.work.backlog  # nothing is interpreted again for it
    again.follow()
    again.close()
    assert events(kept(tmp_path)) == ["2 triggered warning limits volt #2"]
