"""The scheduler's state through JSON and back."""

from __future__ import annotations

import json

import pytest

from groundstation.model.schedule import AntennaStatus, ScheduledPass, ScheduleStatus

PASS = ScheduledPass("iss", "ISS", 25544, 1, 2, 65.4, True, "", False)
FULL = ScheduleStatus(
    state="tracking",
    planned_us=1_767_225_600_000_000,
    doubt="the clock",
    problems=("no elements of A", "nor of B"),
    now=(PASS,),
    next=PASS,
    antenna=AntennaStatus(
        *("iss", "ISS", 1, 2, "127.0.0.1:4533", "127.0.0.1:4532", (10.0, 20.5), (9.9, 20.0)),
        receive_hz=437_500_000.5,
        radio_given_up=True,
    ),
    alarms=("it does not move",),
    problem="a mistake",
)


@pytest.mark.parametrize("status", [FULL, ScheduleStatus()])
def test_it_comes_back_from_json_as_it_was(status: ScheduleStatus) -> None:
    text = json.dumps(status.to_json(), allow_nan=False)
    assert ScheduleStatus.from_json(json.loads(text)) == status


@pytest.mark.parametrize("data", [{}, {"state": "waiting", "next": {"name": "ISS"}}])
def test_what_is_none_is_refused(data: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        ScheduleStatus.from_json(data)
