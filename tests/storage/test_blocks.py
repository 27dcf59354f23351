"""Compacted receptions: blocks give back what was put in, and a journal answers as before."""

import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from groundstation.errors import StoreError
from groundstation.model import Reception, Signal
from groundstation.storage.journal import FILE_NAME, JournalReader, JournalWriter
from groundstation.storage.journal.blocks import MAX_BYTES, pack, unpack
from groundstation.storage.journal.salvage import salvage

CHANCE = random.Random(12)
US = 1_780_000_000_000_000


def reception(number: int) -> Reception:
    damaged = CHANCE.random() < 0.2
    return Reception(
        number,
        US + number * 10_000_000 + CHANCE.choice((0, 0, 0, -86_400_000_000)),
        CHANCE.choice(("tnc", "tnc:1", "ң 🛰")),
        CHANCE.randbytes(CHANCE.choice((0, 1, 60, 300))),
        CHANCE.choice((None, "cpsat")),
        CHANCE.choice((None, "cute")),
        "its check failed" if damaged else None,
        damaged,
        CHANCE.random() < 0.1,
        CHANCE.random() < 0.1,
        CHANCE.random() < 0.1,
        CHANCE.choice((None, None, 5)),
        None,
        CHANCE.choice((None, None, Signal(), Signal(7.25, -1200.0, 2), Signal(9.0, None, 0))),
    )


@pytest.mark.parametrize("count", [1, 2, 999])
def test_a_block_gives_back_what_was_put_in(count: int) -> None:
    numbers = sorted(CHANCE.sample(range(1, 5000), count))
    before = [reception(number) for number in numbers]
    assert unpack(pack(before)) == before


def test_a_damaged_block_is_no_block() -> None:
    block = pack([reception(number) for number in range(1, 200)])
    for _ in range(300):
        place = CHANCE.randrange(len(block))
        other = bytes([block[place] ^ 1 << CHANCE.randrange(8)])
        with pytest.raises(StoreError, match="block of compacted frames is damaged"):
            unpack(block[:place] + other + block[place + 1 :])
        with pytest.raises(StoreError, match="damaged"):
            unpack(block[:place])


def test_a_block_that_grows_without_end_is_refused() -> None:
    bomb = zlib.compress(bytes(MAX_BYTES + 1), 9)
    assert len(bomb) < MAX_BYTES // 900
    with pytest.raises(StoreError, match="longer than any of ours"):
        unpack(bomb)


QUESTIONS: dict[str, Callable[[JournalReader], object]] = {
    "count": lambda j: j.count(),
    "last": lambda j: j.last_seq(),
    "first page": lambda j: j.after(0, 40),
    "all": lambda j: j.after(0, 9999),
    "over the edge": lambda j: j.after(95, 40),
    "until": lambda j: j.after(3, 999, until=77),
    "within": lambda j: j.after(150, 20, until=160),
    "newest": lambda j: j.before(None, 70),
    "older": lambda j: j.before(120, 40),
    "oldest": lambda j: j.before(20, 40),
    "one": lambda j: [j.get(seq) for seq in (1, 50, 100, 101, 200, 201, 0, -5)],
    "those": lambda j: j.those([1, 3, 99, 100, 101, 150, 9000]),
    "day": lambda j: list(j.between(US, US + 10**9)),
    "day before": lambda j: list(j.between(US - 86_400_000_000, US)),
}


@pytest.mark.parametrize("blocks", [[50], [100], [30, 1, 69], [200]])
def test_a_journal_answers_as_before(tmp_path: Path, blocks: list[int]) -> None:
    writer = JournalWriter(tmp_path)
    writer.append([reception(number) for number in range(1, 201)])
    with JournalReader(tmp_path) as journal:
        before = {name: ask(journal) for name, ask in QUESTIONS.items()}
        everything = journal.after(0, 999)
    for count in blocks:
        part, everything = everything[:count], everything[count:]
        writer.put_block(part, pack(part))
    writer.shrink()
    with JournalReader(tmp_path) as journal:
        for name, ask in QUESTIONS.items():
            assert ask(journal) == before[name], name
    assert writer.append([reception(0)])[0].seq == 201
    writer.close()


def test_frames_in_blocks_are_recovered_from_a_damaged_file(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    before = writer.append([reception(number) for number in range(1, 3001)])
    for start in (0, 1000):
        part = before[start : start + 1000]
        writer.put_block(part, pack(part))
    writer.shrink()
    writer.close()
    path = tmp_path / FILE_NAME
    content = bytearray(path.read_bytes())
    content[: 2 * 4096] = bytes(2 * 4096)  # the head is gone, and with it the way to every table
    path.write_bytes(content)
    salvage(tmp_path)
    with JournalReader(tmp_path) as journal:
        found = journal.after(0, 9999)
    assert set(found) <= set(before)
    assert [item for item in found if item.seq <= 2000] == before[:2000]
    assert len(found) > 2900


def test_a_damaged_block_in_a_journal_is_said(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    before = writer.append([reception(number) for number in range(1, 11)])
    block = bytearray(pack(before[:5]))
    block[40] ^= 1
    writer.put_block(before[:5], bytes(block))
    with JournalReader(tmp_path) as journal:
        assert journal.after(5) == before[5:]
        with pytest.raises(StoreError, match="damaged"):
            journal.get(3)
    writer.close()
