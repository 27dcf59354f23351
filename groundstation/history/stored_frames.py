"""Receptions of a data folder that are meant, in order, some at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from groundstation.errors import StoreError
from groundstation.history.selection import Selection
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.interpretation import FrameVerdict
from groundstation.storage.telemetry.reader import TelemetryReader

#: Receptions read at once.
CHUNK = 5000


class Stored(NamedTuple):
    """A reception; ``simulated``: by its link's setting, or by the definition of its sender."""

    reception: Reception
    simulated: bool


def stored_frames(
    journal: JournalReader,
    telemetry: TelemetryReader,
    chosen: Selection,
    *,
    damaged: bool = False,
    repaired: bool = False,
) -> Iterator[list[Stored]]:
    """Receptions in order of ``seq``. Raises StoreError.

    ``damaged``: those whose check failed, too, where no satellite is chosen: they are nobody's.
    ``repaired``: those, too, whose symbols were changed until their check passed.
    """
    after = 0
    while receptions := journal.after(after, CHUNK):
        after = receptions[-1].seq
        some = [
            item
            for item in receptions
            if (damaged or not item.damaged)
            and (repaired or not item.repaired)
            and chosen.holds(item.received_us)
        ]
        try:
            verdicts = telemetry.verdicts([item.seq for item in some])
        except StoreError:
            verdicts = {}
        stored = (_stored(item, verdicts.get(item.seq)) for item in some)
        yield [
            each
            for each in stored
            if _is_meant(verdicts.get(each.reception.seq), chosen)
            and (each.simulated or not chosen.simulated)
        ]


def _stored(item: Reception, verdict: FrameVerdict | None) -> Stored:
    return Stored(item, item.simulated or (verdict is not None and verdict.simulated))


def _is_meant(verdict: FrameVerdict | None, chosen: Selection) -> bool:
    if chosen.satellite is None and chosen.packet is None:
        return True
    if verdict is None or chosen.satellite not in (None, verdict.satellite):
        return False
    return chosen.packet in (None, verdict.packet)
