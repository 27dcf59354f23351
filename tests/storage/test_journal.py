"""The journal: order, durability, readers beside the writer, and what goes wrong."""

import sqlite3
import threading
from pathlib import Path

import pytest

from groundstation.errors import StoreError
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.storage.journal.salvage import is_damaged, salvage


def reception(number: int, satellite: str | None = "cpsat") -> Reception:
    return Reception(0, 1000 * number, "tnc", number.to_bytes(4), satellite)


def test_receptions_come_back_as_they_were(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    odd = Reception(0, 5, "tnc", b"\x00\xff", None, "cute", "no frame marker", True, True)
    numbered = writer.append([reception(1), odd])
    assert [item.seq for item in numbered] == [1, 2]
    with JournalReader(tmp_path) as reader:
        assert reader.after(0) == numbered
        assert reader.get(2) == numbered[1]
        assert reader.get(3) is None
        assert reader.last_seq() == 2
    writer.close()


def test_pages_in_both_directions(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    writer.append([reception(n, "cpsat" if n % 2 else None) for n in range(1, 11)])
    with JournalReader(tmp_path) as reader:
        assert [r.seq for r in reader.after(4, 3)] == [5, 6, 7]
        assert [r.seq for r in reader.before(None, 3)] == [10, 9, 8]
        assert [r.seq for r in reader.after(4, 9, until=6)] == [5, 6]
        assert [r.seq for r in reader.before(8, 2)] == [7, 6]
        assert sorted(reader.those([3, 9, 77])) == [3, 9]
        assert reader.count() == 10
    writer.close()


def test_numbers_are_never_given_twice(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    writer.append([reception(1), reception(2)])
    writer.close()
    with sqlite3.connect(tmp_path / "journal.db") as raw:
        raw.execute("DELETE FROM receptions")
    raw.close()
    writer = JournalWriter(tmp_path)
    assert writer.append([reception(3)])[0].seq == 3
    writer.close()


def test_commits_reach_the_disk_before_append_returns(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    modes = {
        name: writer._connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous")
    }
    assert modes == {"journal_mode": "wal", "synchronous": 2}  # 2 is FULL
    with JournalReader(tmp_path) as reader:
        before = reader.version()
        writer.append([reception(1)])
        assert reader.version() != before
        assert reader.last_seq() == 1
    writer.close()


def test_threads_do_not_disturb_each_other(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)

    def feed(link: int) -> None:
        for n in range(50):
            writer.append([reception(1000 * link + n)])

    threads = [threading.Thread(target=feed, args=(link,)) for link in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with JournalReader(tmp_path) as reader:
        found = reader.after(0)
    assert [item.seq for item in found] == list(range(1, 201))
    for link in range(4):  # each link's own order is kept
        own = [item.received_us for item in found if item.received_us // 1_000_000 == link]
        assert own == sorted(own)
        assert len(own) == 50
    writer.close()


def test_reader_without_a_journal(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no journal .*journal.db"):
        JournalReader(tmp_path)


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    JournalWriter(tmp_path).close()
    with JournalReader(tmp_path) as reader, pytest.raises(sqlite3.OperationalError):
        reader._connection.execute("DELETE FROM receptions")


def test_another_versions_journal_is_left_alone(tmp_path: Path) -> None:
    JournalWriter(tmp_path).close()
    with sqlite3.connect(tmp_path / "journal.db") as raw:
        raw.execute("PRAGMA user_version=99")
    raw.close()
    with pytest.raises(StoreError, match="schema 99, this program has 5: a newer version wrote it"):
        JournalWriter(tmp_path)


def test_a_frame_that_the_disk_changed_is_not_taken_for_whole(tmp_path: Path) -> None:
    """SQLite finds its pages in order; the bytes on one of them are not those that were written."""
    writer = JournalWriter(tmp_path)
    long = Reception(0, 2000, "tnc", bytes(range(256)) * 40)
    first, _, last = writer.append([reception(1), long, reception(3)])
    writer.close()
    path = tmp_path / "journal.db"
    assert is_damaged(path) == ""
    content = bytearray(path.read_bytes())
    content[content.index(bytes(range(256)) * 8) + 700] ^= 1
    path.write_bytes(content)
    assert is_damaged(path) == "frame 2 is not as it was written"
    found = salvage(tmp_path)
    assert (found.receptions, found.missing) == (2, 1)
    with JournalReader(tmp_path) as reader:
        assert reader.after(0) == [first, last]
