"""``status.json`` through JSON and back, and what a damaged one is."""

from __future__ import annotations

import json
import time

import pytest

from groundstation.clock import Clock
from groundstation.model import Site
from groundstation.model.schedule import ScheduleStatus
from groundstation.model.status import FollowerStatus, LinkStatus, StationStatus

FULL = StationStatus(
    written_us=1_767_225_600_000_000,
    started_us=1_767_225_500_000_000,
    pid=17,
    clock=Clock(1, 2, 30.0),
    site=Site("School 5", 42.8746, 74.5698, 800.0),
    simulated=True,
    satellites=("classroom-1", "quetzal-1"),
    links=(
        LinkStatus("tnc", "/dev/ttyUSB0", "kiss", "open", "", 3, 12_345, 200, 3, True),
        LinkStatus("other", "tcp://127.0.0.1", "kiss", "waiting", "nothing listens there"),
    ),
    followers={"influx": FollowerStatus(7, 3, "it does not answer", 5, "one point")},
    journal_error="no space is left",
    schedule=ScheduleStatus(state="tracking"),
)


@pytest.mark.parametrize("status", [FULL, StationStatus()])
def test_it_comes_back_from_json_as_it_was(status: StationStatus) -> None:
    text = json.dumps(status.to_json(), allow_nan=False)
    found = StationStatus.from_json(json.loads(text))
    assert found.to_json() == status.to_json()
    assert (found.links, found.followers, found.site) == (
        *(status.links, status.followers, status.site),
    )


def test_what_another_version_says_beside_is_left() -> None:
    said = FULL.to_json()
    said["links"][0]["colour"] = "red"
    said["weather"] = "fine"
    assert StationStatus.from_json(said).links == FULL.links


@pytest.mark.parametrize("wrong", [{}, {"written_us": "x"}, {"written_us": 1, "links": [{}]}, []])
def test_what_is_no_status(wrong: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        StationStatus.from_json(wrong)  # type: ignore[arg-type]


def test_one_that_was_not_written_lately_is_stopped() -> None:
    assert not FULL.is_running()
    assert not StationStatus().is_running()
    assert StationStatus(written_us=time.time_ns() // 1000).is_running()
