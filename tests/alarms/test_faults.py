"""What goes wrong with the station: which of it is written down, and becomes an alarm."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from groundstation.alarms.faults import FaultWatch, Wrong, events_of, still_wrong, wrongs
from groundstation.config import AlarmsConfig, Config, LinkConfig
from groundstation.model.alarms import Fault
from groundstation.model.schedule import AntennaStatus, ScheduleStatus
from groundstation.model.status import ClockStatus, FollowerStatus, LinkStatus, StationStatus
from groundstation.station import Station
from groundstation.storage.journal import JournalReader, JournalWriter
from tests.alarms.cases import satellite_text, settings_of
from tests.alarms.folder import AlarmFolder, kept
from tests.links.devices import TcpDevice, wait_until
from tests.links.link_contract import QUICK
from tests.orbit.truth import BISHKEK

GONE = Wrong("critical", "the device is not there")
LINK = ("link", "tnc")


def test_what_is_wrong() -> None:
    antenna = AntennaStatus("a", "A", 0, 1, rotator="127.0.0.1:4533", rotator_given_up=True)
    status = StationStatus(
        journal_error="the disk is full",
        links=(
            LinkStatus("tnc", "tcp://x", "kiss", "waiting", "nobody answers"),
            LinkStatus("new", "tcp://y", "kiss", "waiting", ""),
            LinkStatus("good", "tcp://z", "kiss", "open"),
            LinkStatus("file", "file://a", "kiss", "ended", "it is read"),
        ),
        followers={
            "influx": FollowerStatus(1, 3, "401"),
            "slow": FollowerStatus(1, 6000),
            "telemetry": FollowerStatus(1, 10),
        },
        schedule=ScheduleStatus(doubt="the clock is wrong", antenna=antenna, alarms=("it sticks",)),
    )
    assert wrongs(status) == {
        ("journal", ""): ("critical", "the disk is full"),
        ("link", "tnc"): ("critical", "nobody answers"),
        ("store", "influx"): ("warning", "401"),
        ("store", "slow"): ("warning", "slow lies behind the frames received"),
        ("clock", ""): ("warning", "the clock is wrong"),
        ("rotator", "127.0.0.1:4533"): ("warning", "it sticks"),
    }
    assert wrongs(StationStatus()) == {}
    unset = StationStatus(timekeeping=ClockStatus(wrong="it says 1970"))
    assert wrongs(unset) == {("clock", ""): ("warning", "it says 1970")}


def test_what_lasts_is_written_down_once() -> None:
    watch = FaultWatch(60)
    assert watch.look({LINK: GONE}, 0) == []
    assert watch.look({LINK: GONE}, 59) == []
    assert watch.look({}, 59.5) == []  # it was there for a moment
    assert watch.look({LINK: GONE}, 60) == []
    assert watch.look({LINK: GONE}, 120) == [(LINK, GONE, True)]
    assert watch.look({LINK: GONE}, 121) == [(LINK, GONE, True)]  # it could not be written
    watch.written(LINK, GONE, True)
    assert watch.look({LINK: GONE}, 122) == []
    assert watch.look({}, 130) == []
    assert watch.look({LINK: GONE}, 189) == []  # and gone again before the minute was over
    assert watch.look({}, 190) == []
    assert watch.look({}, 250) == [(LINK, GONE, False)]


@given(st.lists(st.tuples(st.sampled_from(["tnc", "usb"]), st.booleans()), max_size=30))
def test_alarms_of_the_journal(marks: list[tuple[str, bool]]) -> None:
    faults = [
        Fault(number, number, "link", subject, "critical", "gone", wrong)
        for number, (subject, wrong) in enumerate(marks, 1)
    ]
    active = set()
    for event in events_of(faults):
        assert event.key.seq <= event.seq
        if event.kind == "triggered":
            active.add(event.key)
        else:
            active.remove(event.key)
    assert {("link", key.parameter) for key in active} == still_wrong(faults).keys()


def test_a_link_that_is_down_is_an_alarm(tmp_path: Path) -> None:
    device = TcpDevice()
    config = Config(
        BISHKEK,
        links=(LinkConfig("tnc", device.url),),
        alarms=AlarmsConfig(fault_s=0),
    )
    station = Station(config, tmp_path, backoff=QUICK)
    station.start()
    wait_until(lambda: bool(followed(tmp_path)))
    (one,) = kept(tmp_path)
    assert (one.key.satellite, one.key.rule, one.key.parameter) == ("", "link", "tnc")
    assert one.severity == "critical" and "127.0.0.1" in one.detail
    device.plug()
    wait_until(lambda: not kept(tmp_path)[0].active)
    station.stop()
    device.unplug()
    with JournalReader(tmp_path) as journal:
        assert [bool(fault.wrong) for fault in journal.faults()] == [True, False]


def followed(path: Path) -> list[object]:
    try:
        return [*kept(path)]
    except Exception:
        return []  # the store is not there yet


def test_they_are_made_again_with_the_store(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path)
    for number, wrong in enumerate((True, False, True)):
        journal.add_fault(Fault(0, number, *LINK, *GONE, wrong))
    journal.close()
    folder = AlarmFolder(tmp_path, satellite_text({}), settings_of({}))
    folder.follow()
    before = kept(tmp_path)
    assert [one.active for one in before] == [False, True]
    folder.restart()
    folder.journal.add_fault(Fault(0, 9, *LINK, *GONE, False))
    folder.follow()
    folder.close()
    assert [one.active for one in kept(tmp_path)] == [False, False]
    (tmp_path / "telemetry.db").unlink()
    again = AlarmFolder(tmp_path, satellite_text({}), settings_of({}))
    again.follow()
    again.close()
    assert [one.returned_us for one in kept(tmp_path)] == [1, 9]
