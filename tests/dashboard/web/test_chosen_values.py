"""The values of the first page by a teacher's choice, else by the definition."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from groundstation.storage.audit import Actor, changes
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.school import Screen, app, teacher

__all__ = ["app", "teacher"]

PATH = "/api/v1/satellites/classroom-1/values"
MINE = ["uptime", "mode", "battery_current", "battery_voltage"]


def shown(screen: Screen) -> list[str]:
    return list(screen.get("/api/v1/satellites/classroom-1/now").json["values"])


def test_a_teacher_chooses_and_the_definition_chooses_again(
    station: StationFolder, app: Flask, teacher: Screen
) -> None:
    before = shown(teacher)
    assert teacher.get(PATH).json == {
        "satellite": "classroom-1",
        "chosen": False,
        "values": before,
    }
    pupil = Screen(app)
    assert pupil.post(f"{PATH}/choose", {"values": MINE}).status_code == 403
    assert pupil.post(f"{PATH}/forget", {}).status_code == 403
    assert "values/choose" not in pupil.get("/satellites/classroom-1/values").text
    answer = teacher.post(f"{PATH}/choose", {"values": MINE})
    assert answer.json == {"satellite": "classroom-1", "chosen": True, "values": MINE}
    assert shown(pupil) == MINE
    page = pupil.get("/").text
    assert page.index('data-parameter="uptime"') < page.index('data-parameter="mode"')
    # The chart begins with the first of them that is a number.
    assert '"chosen": ["uptime"]' in pupil.get("/satellites/classroom-1").text
    fields = {f"value{n}": name for n, name in enumerate([*MINE[::-1], "battery_charge", ""])}
    done = teacher.press("/satellites/classroom-1/values/choose", **fields)
    assert done.headers["Location"] == "/?satellite=classroom-1"
    assert shown(pupil) == [*MINE[::-1], "battery_charge"]
    assert teacher.post(f"{PATH}/forget", {}).json["chosen"] is False
    assert shown(pupil) == before
    lines = [(one.by, one.act, one.subject, one.detail) for one in changes(station.folder, 3)]
    assert lines[0] == ("Aida", "values by the definition", "classroom-1", "")
    assert lines[2] == ("Aida", "values chosen", "classroom-1", " ".join(MINE))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"values": MINE[:3]}, "values: 3 were chosen, it must be 4 to 6"),
        ({"values": [*MINE, "a", "b", "c"]}, "values has more than 6 entries"),
        ({"values": [*MINE, "battery_volts"]}, "did you mean 'battery_voltage'?"),
        ({"values": [*MINE, "mode"]}, "value 5: 'mode' is chosen twice"),
        ({"values": "mode"}, "values must be JSON of the type array"),
        ({"values": [1, 2, 3, 4]}, "values[0] must be JSON of the type string"),
        ({"value": MINE}, "'value' is no field of the body"),
    ],
)
def test_a_wrong_choice_is_told(teacher: Screen, given: Any, told: str) -> None:
    answer = teacher.post(f"{PATH}/choose", given)
    assert answer.status_code in (400, 404)
    assert told in answer.json["error"]
    assert teacher.get(PATH).json["chosen"] is False


def test_a_value_that_the_definition_has_no_more_is_left_out(teacher: Screen, app: Flask) -> None:
    app.extensions["groundstation"].data.chosen_values.choose(
        "classroom-1", ["gone", *MINE], 1, Actor("test")
    )
    assert teacher.get(PATH).json["values"] == MINE
    app.extensions["groundstation"].data.chosen_values.choose(
        "classroom-1", ["gone"], 1, Actor("test")
    )
    found = teacher.get(PATH).json
    assert found["chosen"] is False
    assert len(found["values"]) == 6
