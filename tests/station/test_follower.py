"""Followers: every reception once and in order, whatever the sink does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import groundstation.followers.follower
from groundstation.errors import StoreError
from groundstation.followers.follower import Follower
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader, JournalWriter
from tests.links.devices import wait_until

QUICK = (0.01, 0.05)


class Sink:
    """Remembers what it took; refuses or fails as the test asks."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.down = False
        self.poison = -1
        self.closed = False

    def open(self) -> None:
        if self.down:
            raise StoreError("the store is down; start it")

    def take(self, receptions: Sequence[Reception]) -> None:
        if self.down:
            raise StoreError("the store is down; start it")
        if any(item.received_us == self.poison for item in receptions):
            raise ZeroDivisionError
        self.taken += [item.received_us for item in receptions]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[JournalWriter]:
    writer = JournalWriter(tmp_path)
    yield writer
    writer.close()


def put(writer: JournalWriter, first: int, count: int = 1) -> None:
    writer.append([Reception(0, n, "tnc", b"") for n in range(first, first + count)])


def test_news_arrive_at_once_and_in_order(
    writer: JournalWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Looking without being told would come too late for this test.
    monkeypatch.setattr(groundstation.followers.follower, "_IDLE_S", 3600.0)
    sink = Sink()
    put(writer, 0, 1200)
    follower = Follower("test", writer, sink)
    follower.start()
    wait_until(lambda: len(sink.taken) == 1200)
    for n in range(1200, 1220):
        put(writer, n)
        wait_until(lambda: len(sink.taken) > n)  # noqa: B023 - used at once
    follower.stop()
    assert sink.taken == list(range(1220))
    assert sink.closed
    with JournalReader(tmp_path) as reader:
        assert reader.followers() == {"test": (1220, None)}


def test_it_goes_on_from_its_saved_place(writer: JournalWriter) -> None:
    put(writer, 0, 10)
    for _ in range(2):
        sink = Sink()
        follower = Follower("test", writer, sink)
        follower.start()
        wait_until(lambda: follower.state.seq >= 10)  # noqa: B023 - used at once
        follower.stop()
    assert sink.taken == []
    put(writer, 10)
    follower = Follower("test", writer, sink)
    follower.start()
    wait_until(lambda: sink.taken)
    follower.stop()
    assert sink.taken == [10]


def test_an_outage_shows_and_loses_nothing(writer: JournalWriter) -> None:
    said: list[str] = []
    sink = Sink()
    sink.down = True
    follower = Follower("test", writer, sink, say=said.append, retry_s=QUICK)
    follower.start()
    wait_until(lambda: follower.state.error)
    put(writer, 0, 700)
    time.sleep(0.2)
    assert follower.state.seq == 0
    assert follower.state.error == "the store is down; start it"
    sink.down = False
    wait_until(lambda: follower.state.seq == 700)
    wait_until(lambda: follower.state.error is None)
    follower.stop()
    assert sink.taken == list(range(700))
    assert said == [
        "test: the store is down; start it; it goes on by itself when this is solved",
        "test: goes on",
    ]


def test_one_bad_reception_is_passed_over(writer: JournalWriter) -> None:
    said: list[str] = []
    sink = Sink()
    sink.poison = 333
    put(writer, 0, 600)
    follower = Follower("test", writer, sink, say=said.append, retry_s=QUICK)
    follower.start()
    wait_until(lambda: follower.state.seq == 600)
    follower.stop()
    assert sink.taken == [n for n in range(600) if n != 333]
    assert said == ["test: reception 334 is passed over: ZeroDivisionError()"]


def test_stopping_in_a_long_pause_is_quick(writer: JournalWriter) -> None:
    sink = Sink()
    sink.down = True
    follower = Follower("test", writer, sink, retry_s=(3600, 3600))
    follower.start()
    wait_until(lambda: follower.state.error)
    follower.stop()
    wait_until(lambda: not [item for item in threading.enumerate() if item.name == "follower test"])
    assert sink.closed
