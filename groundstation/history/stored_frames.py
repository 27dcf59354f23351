"""Receptions of a data folder that are meant, in order, some at a time."""

from __future__ import annotations

from collections.abc import Iterator

from groundstation.errors import StoreError
from groundstation.history.selection import Selection
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.interpretation import FrameVerdict
from groundstation.storage.telemetry.reader import TelemetryReader

#: Receptions read at once.
CHUNK = 5000


def stored_frames(
    journal: JournalReader, telemetry: TelemetryReader, chosen: Selection
) -> Iterator[list[Reception]]:
    """Undamaged receptions in order of ``seq``. Raises StoreError."""
    after = 0
    while receptions := journal.after(after, CHUNK):
        after = receptions[-1].seq
        good = [r for r in receptions if not r.damaged and chosen.holds(r.received_us)]
        try:
            verdicts = telemetry.verdicts([item.seq for item in good])
        except StoreError:
            verdicts = {}
        yield [item for item in good if _is_meant(verdicts.get(item.seq), chosen)]


def _is_meant(verdict: FrameVerdict | None, chosen: Selection) -> bool:
    if chosen.satellite is None:
        return True
    if verdict is None or verdict.satellite != chosen.satellite:
        return False
    return chosen.packet is None or verdict.packet == chosen.packet
