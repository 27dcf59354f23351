"""Old frames compressed within the journal: all that was received stays, in less room."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from groundstation.errors import StoreError
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.storage.journal.blocks import PER_BLOCK, pack, unpack

#: Blocks that a plan packs to tell how much room would be won.
_TRIED = 5
#: What a row of ``receptions`` takes beyond its raw bytes: numbers, texts, and the index by time.
_ROW_BYTES = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """``until_seq``: the last reception that would be compressed; ``receptions`` so many;
    ``bytes_now`` and ``bytes_then``: what they take, roughly."""

    until_seq: int
    receptions: int
    bytes_now: int
    bytes_then: int


def plan(folder: Path, before_us: int) -> Plan:
    """What compressing the receptions before the first one of ``before_us`` or later would bring.

    Changes nothing. Raises StoreError.
    """
    with JournalReader(folder) as journal:
        until = journal.compactable(before_us)
        first, count, raw_bytes = journal.uncompacted(until)
        now = raw_bytes + count * _ROW_BYTES
        before = then = 0
        step = max(PER_BLOCK, (until - first + 1) // _TRIED)
        for start in range(first, until + 1, step):
            if tried := journal.after(start - 1, PER_BLOCK, until=until):
                before += sum(len(item.raw) + _ROW_BYTES for item in tried)
                then += len(pack(tried))
    return Plan(until, count, now, round(now * then / before) if before else 0)


def compact(
    folder: Path, before_us: int, progress: Callable[[int, int], None] = lambda done, total: None
) -> Plan:
    """Compress those receptions, each block in a transaction of its own, and give back the room.

    No station may run on the folder. ``progress`` gets how many of how many are done. Returns what
    was done, with the file's sizes before and after. Raises StoreError; what was done until then
    stays, and nothing is lost.
    """
    done = 0
    with JournalReader(folder) as journal, closing(JournalWriter(folder)) as writer:
        before, until = _size(writer.path), journal.compactable(before_us)
        first, count, _ = journal.uncompacted(until)
        place = first - 1
        while done < count:
            old = journal.after(place, PER_BLOCK, until=until)
            writer.put_block(old, _packed(old))
            place = old[-1].seq
            done += len(old)
            progress(done, count)
    if done:
        _give_back(folder)
    return Plan(until, done, before, _size(writer.path))


def _packed(receptions: list[Reception]) -> bytes:
    """A block that was read back: nothing goes before it is sure that all of it is there."""
    block = pack(receptions)
    if unpack(block) != receptions:
        raise StoreError(
            f"receptions {receptions[0].seq} to {receptions[-1].seq} do not come back from a block "
            "as they are; they stay uncompressed, and so do those behind them"
        )
    return block


def _give_back(folder: Path) -> None:
    """Once nobody reads the file any more."""
    with closing(JournalWriter(folder)) as writer:
        free, size = shutil.disk_usage(folder).free, _size(writer.path)
        if free < size:
            raise StoreError(
                f"the frames are compressed, but {writer.path} could not be made smaller: that "
                f"needs {size // 1_000_000 + 1} MB, and {free // 1_000_000} MB are free; new "
                "frames use the room within it"
            )
        writer.shrink()


def _size(path: Path) -> int:
    return path.stat().st_size
