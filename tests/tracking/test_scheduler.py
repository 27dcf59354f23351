"""The station's schedule: what is planned, followed, kept, and what a wrong clock does to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundstation.clock import Clock
from groundstation.config import TrackingConfig
from groundstation.elements import ElementsCatalog
from groundstation.model import to_us
from groundstation.mount import Mount
from groundstation.orbit.elements import Elements, to_omm_csv
from groundstation.orbit.passes import find_passes
from groundstation.tracking.conductor import Conductor, Watched
from groundstation.tracking.planner import clock_doubt, make_plan
from groundstation.tracking.scheduler import Scheduler
from groundstation.tracking.wanted import Orders, Wanted
from groundstation.tracking.watch import MotionWatch
from tests.links.devices import wait_until
from tests.orbit.truth import BISHKEK, cases, elements_of, when
from tests.tracking.controllers import Hostile, daemon

ISS = elements_of(cases("passes_consensus.json")[0])
START = when("2026-08-22T06:00:00Z")
PASSES = find_passes(ISS, BISHKEK, START, START + timedelta(days=1))
ZARYA = Wanted("iss", "ISS", ISS.norad, 1, 437_800_000)


def orders(folder: Path, tracking: TrackingConfig | None = None, *more: Wanted) -> Orders:
    return Orders(BISHKEK, folder / "elements", (ZARYA, *more), 10.0, tracking or TrackingConfig())


def bring(folder: Path, *elements: Elements) -> None:
    ElementsCatalog(folder / "elements").import_text(to_omm_csv(elements), "test")


class Station:
    """What a conductor is connected to."""

    def __init__(self, begin: datetime, speed: float = 1.0):
        self.clock = Clock(time.time_ns() // 1000, to_us(begin), speed)
        self.newest: datetime | None = None
        self.kept: list[Watched] = []
        self.said: list[str] = []
        self.fail: Exception | None = None

    def keep(self, item: Watched) -> None:
        if self.fail is not None:
            raise self.fail
        self.kept.append(replace(item))

    def parts(self) -> dict[str, object]:
        return {
            "newest_frame": lambda: self.newest,
            "keep": self.keep,
            "announce": lambda plan, now: None,
            "say": self.said.append,
        }

    def conductor(self, wanted: Orders, **other: object) -> Conductor:
        return Conductor(wanted, self.clock, **{**self.parts(), **other})  # type: ignore[arg-type]

    def jump(self, to: datetime) -> None:
        self.clock.jump_to_us(to_us(to))


@contextmanager
def scheduled(station: Station, wanted: Orders) -> Iterator[Scheduler]:
    scheduler = Scheduler(lambda: station.conductor(wanted), station.said.append)
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.stop()


def test_the_plan_is_that_of_the_pass_search(tmp_path: Path) -> None:
    bring(tmp_path, ISS)
    plan = make_plan(orders(tmp_path), START, None)
    ahead = [item for item in plan.passes if item.aos >= START]
    assert len(ahead) == len(PASSES)
    for item, one in zip(ahead, PASSES, strict=True):
        assert one.aos and one.los
        assert abs(item.aos - one.aos) < timedelta(milliseconds=1)
        assert abs(item.los - one.los) < timedelta(milliseconds=1)
    assert all(item.taken is None and item.reason == "" for item in ahead)  # nothing to drive
    assert (plan.problems, plan.doubt) == ((), None)
    assert plan.coming(START) == ahead[0]
    assert plan.on(ahead[0].aos) == [ahead[0]]


def test_priority_decides_who_gets_the_antenna(tmp_path: Path) -> None:
    twin = replace(ISS, norad=1, name="TWIN", mean_anomaly_deg=ISS.mean_anomaly_deg - 5)
    bring(tmp_path, ISS, twin)
    wanted = orders(tmp_path, TrackingConfig(rotator="x:1"), Wanted("twin", "Twin", 1, priority=2))
    plan = make_plan(wanted, START, None)
    ahead = [item for item in plan.passes if item.aos >= START]
    mine = [item for item in ahead if item.wanted.id == "twin"]
    assert mine
    assert all(item.taken == (item.aos, item.los) for item in mine)
    others = [item for item in ahead if item.wanted.id == "iss"]
    # Minutes apart: of the other one only what is left over, or nothing, and the reason is told.
    assert all(item.taken != (item.aos, item.los) for item in others)
    assert all(item.taken or "Twin" in item.reason for item in others)


def test_what_is_missing_or_bad_is_a_problem_in_one_sentence(tmp_path: Path) -> None:
    bring(tmp_path, ISS)
    (tmp_path / "hills.csv").write_text("0,5\n10,north\n")
    wanted = replace(
        orders(tmp_path, None, Wanted("ghost", "Ghost", 99_999)), horizon=tmp_path / "hills.csv"
    )
    plan = make_plan(wanted, START, None)
    assert len(plan.passes) > 3
    assert len(plan.problems) == 2
    assert "hills.csv:2" in plan.problems[0]
    assert plan.problems[1].startswith("there are no elements of Ghost (NORAD 99999)")


def test_a_satellite_that_never_sets_is_to_be_pointed_at_by_hand(tmp_path: Path) -> None:
    (yamal,) = (
        elements_of(case)
        for case in cases("passes_consensus.json")
        if case["id"] == "geo-yamal601-bishkek-always"
    )
    bring(tmp_path, ISS, yamal)
    plan = make_plan(orders(tmp_path, None, Wanted("yamal", "Yamal", yamal.norad)), START, None)
    assert {item.wanted.id for item in plan.passes} == {"iss"}
    (problem,) = plan.problems
    assert "(NORAD 44307) does not set here, so it has no passes" in problem
    assert "by hand, to azimuth 215." in problem


def test_a_clock_that_is_plainly_wrong() -> None:
    assert clock_doubt(START, None, None) is None
    assert clock_doubt(START, START + timedelta(seconds=50), START + timedelta(days=2)) is None
    late = clock_doubt(START, START + timedelta(minutes=2), None)
    assert late is not None
    assert "a frame was received on 2026-08-22 06:02 UTC: set the clock" in late
    old = clock_doubt(START, None, START + timedelta(days=4))
    assert old is not None
    assert "there are elements of 2026-08-26: set the clock" in old


def test_passes_are_watched_and_kept_at_los(tmp_path: Path) -> None:
    bring(tmp_path, ISS)
    first, second = PASSES[:2]
    assert first.aos and first.los and second.aos and second.los
    station = Station(first.aos - timedelta(seconds=30))
    conductor = station.conductor(orders(tmp_path))
    conductor.step()
    kept = [item for item in station.kept if item.span]
    assert kept == []  # what was before is asked of the journal: no span
    assert abs(conductor.status.next.aos_us - to_us(first.aos)) < 1000
    station.jump(first.aos + timedelta(seconds=100))
    conductor.step()
    assert [item.satellite for item in conductor.status.now] == ["iss"]
    station.jump(second.aos - timedelta(seconds=20))
    wait_until(lambda: conductor.step() or any(item.span for item in station.kept))
    over = next(item for item in station.kept if item.span)
    assert over.span is not None
    # The clock jumped into it and out of it: nothing else was watched.
    assert (over.span[0] - first.aos).total_seconds() == pytest.approx(100, abs=2)
    assert over.span[1] - over.span[0] < timedelta(seconds=3)
    assert abs(over.planned.aos - first.aos) < timedelta(milliseconds=1)


def test_a_pass_is_watched_from_aos_to_los(tmp_path: Path) -> None:
    bring(tmp_path, ISS)
    low = min(PASSES, key=lambda one: one.duration_s or 0)
    assert low.aos and low.los
    station = Station(low.aos - timedelta(seconds=20), speed=60.0)
    conductor = station.conductor(orders(tmp_path))
    while not any(item.span for item in station.kept):
        conductor.step()
        time.sleep(0.02)
    over = next(item for item in station.kept if item.span)
    assert over.span == (over.planned.aos, over.planned.los)


def test_new_elements_make_a_new_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    station = Station(START)
    conductor = station.conductor(orders(tmp_path))
    conductor.step()
    assert conductor.status.next is None
    assert "no elements of ISS" in conductor.status.problems[0]
    assert station.said == []  # they may be on their way
    monkeypatch.setattr("groundstation.tracking.conductor._PATIENCE_S", -1.0)
    conductor.step()
    conductor.step()
    assert len(station.said) == 1
    bring(tmp_path, ISS)
    monkeypatch.setattr("groundstation.tracking.conductor._LOOK_S", 0.0)
    conductor.step()
    assert conductor.status.next.satellite == "iss"
    assert conductor.status.problems == ()


def test_an_account_that_cannot_be_written_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(tmp_path, ISS)
    monkeypatch.setattr("groundstation.tracking.conductor._RETRY_S", 0.1)
    first = PASSES[0]
    assert first.aos and first.los
    station = Station(first.los - timedelta(seconds=2))
    conductor = station.conductor(orders(tmp_path))
    conductor.step()
    station.kept.clear()
    station.fail = OSError("the disk is full")
    station.jump(first.los + timedelta(hours=1))
    with pytest.raises(OSError, match="disk is full"):
        wait_until(conductor.step)
    assert station.kept == []
    station.fail = None
    wait_until(lambda: conductor.step() or station.kept)


def test_the_doubt_about_the_clock_is_said_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundstation.tracking.conductor._PATIENCE_S", -1.0)
    bring(tmp_path, ISS)
    station = Station(START)
    station.newest = START + timedelta(days=1)
    conductor = station.conductor(orders(tmp_path))
    conductor.step()
    assert "set the clock" in conductor.status.doubt
    assert [text for text in station.said if "set the clock" in text] == [
        f"passes: {conductor.status.doubt}"
    ]
    station.jump(START + timedelta(days=2))  # somebody sets it
    conductor.step()
    assert conductor.status.doubt is None


def test_the_antenna_follows_and_is_parked(tmp_path: Path) -> None:
    bring(tmp_path, ISS)
    first = PASSES[0]
    assert first.aos and first.los
    station = Station(first.aos - timedelta(seconds=90), speed=25.0)
    with Hostile(station.clock, rate_deg_s=6.0) as motor, daemon("rigctld") as rig:
        tracking = TrackingConfig(motor.address, "0-450", rig, 6.0, 6.0, mode="FM")
        with scheduled(station, orders(tmp_path, tracking)) as scheduler:
            wait_until(lambda: scheduler.status().state == "tracking")
            wait_until(lambda: (here := scheduler.status().antenna) and here.measured_deg)
            wait_until(lambda: any(item.tracking for item in station.kept))
            assert scheduler.status().alarms == ()
        assert motor.commands[-1] == "K"
    tracking_record = next(item.tracking for item in station.kept if item.tracking)
    assert tracking_record["alarms"] == []
    assert tracking_record["rotator"]["error_deg"]["median"] < 1.0
    assert tracking_record["radio"]["samples"] > 50
    assert "tracking ISS" in station.said[0]


def test_a_stuck_antenna_is_noticed_however_rarely_it_is_looked_at() -> None:
    for step in (0.2, 1.3, 4.0, 7.0):
        watch = MotionWatch(Mount.parse("0-450"))
        told = [watch.feed(n * step, (200.0 - n * step, 20.0), (5.7, 5.7)) for n in range(40)]
        first = next(n for n, text in enumerate(told) if text)
        assert "does not move" in str(told[first])
        assert first * step < 6.0 + step


@pytest.mark.parametrize("fault", ["stuck", "close"])
def test_a_bad_controller_is_an_alarm_and_nothing_more(tmp_path: Path, fault: str) -> None:
    bring(tmp_path, ISS)
    first = PASSES[0]
    assert first.los
    station = Station(first.los - timedelta(seconds=90), speed=20.0)
    with Hostile(station.clock, fault=fault, after=3) as motor:
        tracking = TrackingConfig(motor.address, "0-450", "", 6.0, 6.0)
        with scheduled(station, orders(tmp_path, tracking)) as scheduler:
            wait_until(lambda: scheduler.status().alarms)
            wait_until(lambda: station.kept and station.kept[-1].tracking)
            assert scheduler.status().problem is None
    assert station.kept[-1].tracking["alarms"]  # type: ignore[index]
    assert sum(text.startswith("ALARM: ") for text in station.said) == 1


def test_a_mount_that_is_none_and_a_controller_that_is_not_there(tmp_path: Path) -> None:
    bring(tmp_path, ISS)
    first = PASSES[0]
    assert first.aos
    for tracking, words in (
        (TrackingConfig("127.0.0.1:1", mount="sideways"), "is not a mount such as"),
        (TrackingConfig(rig="127.0.0.1:1"), "is the daemon running"),
    ):
        station = Station(first.aos, speed=10.0)
        with scheduled(station, orders(tmp_path, tracking)) as scheduler:
            wait_until(lambda s=scheduler: s.status().alarms)
            assert words in scheduler.status().alarms[0]
            assert scheduler.status().problem is None


def test_the_antenna_is_stopped_when_the_clock_jumps(tmp_path: Path) -> None:
    bring(tmp_path, ISS)
    first, second = PASSES[:2]
    assert first.aos and second.aos
    station = Station(first.aos + timedelta(seconds=30))
    with Hostile(station.clock) as motor:
        tracking = TrackingConfig(motor.address, "0-450", "", 6.0, 6.0)
        with scheduled(station, orders(tmp_path, tracking)) as scheduler:
            wait_until(lambda: any(c.startswith("P") for c in motor.commands))
            station.jump(second.aos - timedelta(minutes=30))
            wait_until(lambda: scheduler.status().state == "waiting")
            assert motor.commands[-1] in ("S", "K")
            station.jump(second.aos - timedelta(seconds=5))
            wait_until(lambda: motor.commands[-1].startswith("P"))


def test_a_mistake_in_a_part_is_said_once_and_survived(tmp_path: Path) -> None:
    bring(tmp_path, ISS)
    station = Station(PASSES[0].aos or START)

    def broken(plan: object, now: object) -> None:
        raise RuntimeError("a mistake")

    scheduler = Scheduler(
        lambda: station.conductor(orders(tmp_path), announce=broken), station.said.append
    )
    scheduler.start()
    wait_until(lambda: scheduler.status().problem == "a mistake")
    assert scheduler.status().next is not None
    before = threading.active_count()
    scheduler.stop()
    assert threading.active_count() < before
    assert [text for text in station.said if "a mistake" in text] == ["passes: a mistake"]
