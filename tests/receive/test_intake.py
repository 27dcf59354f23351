"""The intake: order, shared commits, a journal that refuses."""

from __future__ import annotations

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import groundstation.receive.intake
from groundstation.model import Reception
from groundstation.receive.intake import Intake
from groundstation.receive.rescue import rescue
from groundstation.storage.journal import JournalWriter
from tests.links.devices import wait_until
from tests.station.running import journal


def receptions(first: int, count: int, link: str = "tnc") -> list[Reception]:
    return [Reception(0, n, link, b"%d" % n) for n in range(first, first + count)]


@contextmanager
def no_more_than(size: int) -> Iterator[None]:
    """The kernel refuses to write beyond this file size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[JournalWriter]:
    writer = JournalWriter(tmp_path)
    yield writer
    writer.close()


def test_what_is_put_is_on_disk(writer: JournalWriter, tmp_path: Path) -> None:
    intake = Intake(writer)
    intake.put(receptions(0, 2))
    intake.put(receptions(2, 2500))
    assert [item.received_us for item in journal(tmp_path)] == list(range(2502))
    assert intake.last_seq == 2502
    assert intake.waiting() == []


def test_many_links_at_once(writer: JournalWriter, tmp_path: Path) -> None:
    intake = Intake(writer)

    def put(link: str) -> None:
        for n in range(0, 300, 3):
            intake.put(receptions(n, 3, link))

    threads = [threading.Thread(target=put, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = journal(tmp_path)
    assert [item.seq for item in found] == list(range(1, 1201))
    for name in "abcd":
        assert [item.received_us for item in found if item.link == name] == list(range(300))


def test_a_disk_that_refuses_for_a_while(writer: JournalWriter, tmp_path: Path) -> None:
    said: list[str] = []
    intake = Intake(writer, said.append)
    intake.put(receptions(0, 1))
    with no_more_than(8192):
        for n in range(1, 5):
            intake.put(receptions(n, 1))
        intake.retry(at_once=True)
        assert len(intake.waiting()) == 4
        assert intake.error is not None
        assert "cannot be written" in intake.error
    intake.put(receptions(5, 1))
    wait_until(lambda: intake.retry() or not intake.waiting())
    assert [item.received_us for item in journal(tmp_path)] == list(range(6))
    assert intake.error is None
    assert len(said) == 2
    assert "frames are kept in memory until it can" in said[0]
    assert said[1] == "the journal is written again; no frame was lost"


def test_memory_is_bounded(
    writer: JournalWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groundstation.receive.intake, "MAX_WAITING_BYTES", 100_000)
    intake = Intake(writer)
    with no_more_than(8192):
        count = 0
        while not intake.full():
            intake.put([Reception(0, count, "tnc", bytes(1000))])
            count += 1
        assert 60 < count < 100
    intake.retry(at_once=True)
    assert not intake.full()
    assert len(journal(tmp_path)) == count


def test_the_last_resort_is_a_recording(tmp_path: Path) -> None:
    sentence = rescue(receptions(5_000_000, 3), Path("data"), tmp_path)
    path = tmp_path / "unsaved-frames-5000000.kss"
    assert f"run: groundstation replay {path} --data data" in sentence
    assert "3 frames are lost" in rescue(receptions(1, 3), Path("data"), tmp_path / "nowhere")
