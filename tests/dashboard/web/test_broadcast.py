"""One thread tells all live pages: places, slow pages, pages that stand still, the end."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from dashboard.data.station_data import StationData
from dashboard.data.tail import Tail
from dashboard.web import broadcast
from dashboard.web.broadcast import Broadcaster
from tests.dashboard.conftest import Served, wait_until
from tests.dashboard.sse import EventStream
from tests.dashboard.station_folder import StationFolder


@pytest.fixture
def app(station: StationFolder, make_app: Callable[[StationFolder], Flask]) -> Flask:
    return make_app(station)


@pytest.fixture
def broadcaster(app: Flask) -> Broadcaster:
    found: Broadcaster = app.extensions["broadcaster"]
    return found


@pytest.fixture
def tail(app: Flask) -> Tail:
    found: Tail = app.extensions["groundstation"].tail
    return found


@pytest.fixture
def lines() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The end of a browser, and the one that is told."""
    browser, ours = socket.socketpair()
    browser.settimeout(60)
    yield browser, ours
    browser.close()
    ours.close()


def numbers(text: bytes) -> list[int]:
    return [int(line[4:]) for line in text.split(b"\n") if line.startswith(b"id: ")]


def read_until(browser: socket.socket, last: int) -> bytes:
    text = b""
    while f"id: {last}\n".encode() not in text or not text.endswith(b"\n\n"):
        piece = browser.recv(1 << 16)
        assert piece
        text += piece
    return text


def test_the_head_then_the_state_then_each_reception(
    station: StationFolder, broadcaster: Broadcaster, lines: tuple[socket.socket, socket.socket]
) -> None:
    browser, ours = lines
    broadcaster.add(ours, b"head\r\n\r\n", None)
    text = read_until(browser, 23)
    assert text.startswith(b"head\r\n\r\nretry: 1000\nid: 23\nevent: snapshot\n")
    station.receive()
    assert numbers(read_until(browser, 24)) == [24]


def test_a_page_that_left_gives_its_place_back(
    broadcaster: Broadcaster, lines: tuple[socket.socket, socket.socket]
) -> None:
    browser, ours = lines
    assert broadcaster.listening == 0
    broadcaster.add(ours, b"", None)
    read_until(browser, 23)
    assert broadcaster.listening == 1
    browser.close()
    wait_until(lambda: broadcaster.listening == 0)


def test_a_slow_page_gets_from_the_journal_what_is_not_kept(
    station: StationFolder,
    tail: Tail,
    broadcaster: Broadcaster,
    lines: tuple[socket.socket, socket.socket],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It reads nothing until more was received than its connection and the ring can hold."""
    monkeypatch.setattr(tail, "_messages", deque(maxlen=5))
    browser, ours = lines
    broadcaster.add(ours, b"", None)
    for _ in range(600):
        station.receive()
    wait_until(lambda: tail.seq == 623)
    assert numbers(read_until(browser, 623)) == list(range(23, 624))


def test_what_is_interpreted_again_is_not_told_again(
    station: StationFolder,
    tail: Tail,
    broadcaster: Broadcaster,
    lines: tuple[socket.socket, socket.socket],
) -> None:
    """A store that is made anew begins at 1; pages that have heard of those hear the next ones."""
    browser, ours = lines
    broadcaster.add(ours, b"", None)
    read_until(browser, 23)
    for _ in range(3):
        station.receive()
    assert numbers(read_until(browser, 26)) == [24, 25, 26]
    with tail._lock:
        tail._seq = 0  # as _preload does where the place of the store went back
    station.receive()
    assert numbers(read_until(browser, 27)) == [27]
    assert tail.seq == 27


def test_a_page_that_came_before_the_first_look_misses_nothing(
    station: StationFolder, lines: tuple[socket.socket, socket.socket]
) -> None:
    """The dashboard was started again and could not read at once; then it resumes."""
    browser, ours = lines
    data = StationData(station.folder)
    slow = Tail(data)
    slow.problem = "the store is not ready"
    told = Broadcaster(slow, lambda: b"event: snapshot\n\n")
    told.start()
    told.add(ours, b"", 20)
    first = b""
    while b"event: snapshot\n\n" not in first:
        first += browser.recv(1 << 16)
    assert numbers(first) == []
    slow.start()
    assert numbers(read_until(browser, 23)) == [21, 22, 23]
    station.receive()
    assert numbers(read_until(browser, 24)) == [24]
    told.stop()
    slow.stop()
    data.close()


def test_a_page_that_stands_still_is_let_go(
    station: StationFolder,
    broadcaster: Broadcaster,
    lines: tuple[socket.socket, socket.socket],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(broadcast, "_STALLED_S", 0.5)
    _, ours = lines
    broadcaster.add(ours, b"x" * 5_000_000, None)  # more than a connection holds
    wait_until(lambda: broadcaster.listening == 0)


def test_a_silent_line_is_kept(
    broadcaster: Broadcaster,
    lines: tuple[socket.socket, socket.socket],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Proxies and phones close what is silent for a minute."""
    monkeypatch.setattr(broadcast, "_SILENCE_S", 0.2)
    browser, ours = lines
    broadcaster.add(ours, b"", None)
    text = b""
    while b"\n\n: here\n\n" not in text:
        text += browser.recv(1 << 16)


def test_what_cannot_be_read_again_ends_that_page_alone(
    station: StationFolder,
    tail: Tail,
    broadcaster: Broadcaster,
    lines: tuple[socket.socket, socket.socket],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other, theirs = socket.socketpair()
    other.settimeout(60)
    browser, ours = lines
    broadcaster.add(theirs, b"", None)
    read_until(other, 23)

    def broken(after: int, until: int) -> Iterator[bytes]:
        raise ZeroDivisionError("injected")
        yield b""

    monkeypatch.setattr(tail.replays, "between", broken)
    broadcaster.add(ours, b"", 20)
    text = b""
    while piece := browser.recv(1 << 16):
        text += piece
    assert b"event: snapshot" in text
    station.receive()
    assert numbers(read_until(other, 24)) == [24]
    other.close()


def test_beyond_the_most_pages_are_told_to_poll(
    station: StationFolder, serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(station.folder)
    streams = [EventStream(served.port) for _ in range(broadcast.MOST)]
    try:
        for stream in streams:
            stream.next("snapshot")
        with EventStream(served.port) as refused:
            assert refused.status == 503
        station.receive()
        assert [stream.next("frame").id for stream in streams] == [24] * broadcast.MOST
        assert b"groundstation_live_pages 1000.0" in served.get("/metrics")
    finally:
        for stream in streams:
            stream.close()


def test_the_end_of_the_dashboard_ends_every_page(
    station: StationFolder, serve: Callable[..., Served]
) -> None:
    served = serve(station.folder)
    with EventStream(served.port) as stream:
        stream.next("snapshot")
        served.process.terminate()
        with pytest.raises(ConnectionError):
            while True:
                stream.next()
        assert served.process.wait(60) == 0
