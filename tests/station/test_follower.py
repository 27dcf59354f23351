"""Followers: their work goes on from its place, whatever happens."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from groundstation.catalog import SatelliteCatalog
from groundstation.errors import StoreError
from groundstation.followers.follower import Follower
from groundstation.interpret.work import InterpreterWork
from groundstation.model import Reception
from groundstation.storage.journal import JournalWriter
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.links.devices import wait_until
from tests.station.frames import SATELLITE, beacon

QUICK = (0.01, 0.05)


class Counting:
    """Work that counts up to ``wanted``; refuses or fails as the test asks."""

    def __init__(self) -> None:
        self.done = 0
        self.wanted = 0
        self.error: Exception | None = None
        self.closed = False
        self.backlog = 0
        self.set_apart = ""
        self.left_out = 0

    def open(self) -> None:
        if self.error is not None:
            raise self.error

    def advance(self) -> bool:
        if self.done >= self.wanted:
            return False
        self.done += 1
        return True

    def has_news(self) -> bool:
        return self.done < self.wanted

    def place(self) -> int:
        return self.done

    def close(self) -> None:
        self.closed = True


def test_it_works_when_there_is_news() -> None:
    work, news = Counting(), threading.Condition()
    follower = Follower("test", work, news)
    follower.start()
    for wanted in (3, 40):
        with news:
            work.wanted = wanted
            news.notify_all()
        wait_until(lambda: follower.state.seq == wanted)  # noqa: B023 - used at once
    follower.stop()
    assert work.closed


def test_an_outage_shows_and_it_goes_on() -> None:
    said: list[str] = []
    work, news = Counting(), threading.Condition()
    work.error, work.wanted = StoreError("the store is down; start it"), 7
    follower = Follower("test", work, news, say=said.append, retry_s=QUICK)
    follower.start()
    wait_until(lambda: follower.state.error)
    assert (follower.state.seq, follower.state.error) == (0, "the store is down; start it")
    work.error = None
    wait_until(lambda: follower.state.seq == 7 and follower.state.error is None)
    follower.stop()
    assert said == [
        "test: the store is down; start it; it goes on by itself when this is solved",
        "test: goes on",
    ]


def test_a_mistake_of_the_program_does_not_end_it() -> None:
    said: list[str] = []
    work, news = Counting(), threading.Condition()
    work.error, work.wanted = ZeroDivisionError("oh"), 2
    follower = Follower("test", work, news, say=said.append, retry_s=QUICK)
    follower.start()
    wait_until(lambda: said)
    work.error = None
    wait_until(lambda: follower.state.seq == 2)
    follower.stop()
    assert said[0].startswith("test: mistake in the program: ZeroDivisionError('oh')")


def test_stopping_in_a_long_pause_is_quick() -> None:
    work, news = Counting(), threading.Condition()
    work.error = StoreError("down")
    follower = Follower("test", work, news, retry_s=(600, 600))
    follower.start()
    wait_until(lambda: follower.state.error)
    follower.stop()
    assert work.closed
    assert not [thread for thread in threading.enumerate() if thread.name == "follower test"]


def test_frames_are_interpreted_as_they_are_journalled(tmp_path: Path) -> None:
    """The interpreter as a follower: at once, in order, and again from its place."""
    journal = JournalWriter(tmp_path)
    catalog = SatelliteCatalog()
    for first in (0, 30):
        work = InterpreterWork(tmp_path, catalog)
        follower = Follower("telemetry", work, journal.news)
        follower.start()
        for number in range(first, first + 30):
            journal.append([Reception(0, number, "tnc", beacon(number))])
            time.sleep(0.001)
        wait_until(lambda: follower.state.seq == first + 30)  # noqa: B023 - used at once
        follower.stop()
    reader = TelemetryReader(tmp_path, catalog)
    found = reader.series(SATELLITE, "uptime", 0, 60, 100)
    assert list(found.mean) == list(range(60))
    reader.close()
    journal.close()


def test_one_that_is_at_work_is_told_to_end_without_waiting() -> None:
    at_work, let_go = threading.Event(), threading.Event()

    class Hanging(Counting):
        def advance(self) -> bool:
            at_work.set()
            let_go.wait()
            return super().advance()

    work = Hanging()
    follower = Follower("test", work, threading.Condition())
    follower.start()
    assert at_work.wait(60)
    follower.end()  # returns, though the work goes on
    assert not work.closed
    let_go.set()
    wait_until(lambda: work.closed)
    follower.stop()
