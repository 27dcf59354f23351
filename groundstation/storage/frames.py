"""Receptions with their interpretation: the journal and ``telemetry.db`` read together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Self

from groundstation.errors import StoreError
from groundstation.model import FrameRow, Reception
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.interpretation import FrameVerdict
from groundstation.storage.telemetry.reader import TelemetryReader

#: What is said of a reception that the interpreter has not reached.
WAITING = "not interpreted yet; the station does it by itself"


class FrameReader:
    """For one thread. Without ``telemetry.db`` every frame waits to be interpreted."""

    def __init__(self, journal: JournalReader, telemetry: TelemetryReader):
        self._journal = journal
        self._telemetry = telemetry

    def after(self, seq: int, limit: int, satellite: str | None = None) -> list[FrameRow]:
        """Up to ``limit`` receptions with a higher ``seq``, oldest first."""
        if satellite is None:
            return self._rows(self._journal.after(seq, limit))
        return self._those(self._seqs(satellite, limit, after=seq))

    def before(
        self, seq: int | None = None, limit: int = 50, satellite: str | None = None
    ) -> list[FrameRow]:
        """Up to ``limit`` receptions with a lower ``seq`` (None: the newest), newest first."""
        if satellite is None:
            return self._rows(self._journal.before(seq, limit))
        return self._those(self._seqs(satellite, limit, before=seq))

    def get(self, seq: int) -> FrameRow | None:
        """The reception ``seq``, or None."""
        found = self._journal.get(seq)
        return self._rows([found])[0] if found else None

    def between(self, start_us: int, end_us: int, satellite: str | None = None) -> list[FrameRow]:
        """Receptions from ``start_us`` to before ``end_us``, by ``seq``.

        With ``satellite`` its own, and those of nobody: what is damaged has no sender.
        """
        rows = self._rows(list(self._journal.between(start_us, end_us)))
        return [row for row in rows if satellite is None or row.satellite in (None, satellite)]

    def _seqs(
        self, satellite: str, limit: int, *, after: int | None = None, before: int | None = None
    ) -> list[int]:
        try:
            return self._telemetry.frames_of(satellite, limit, after=after, before=before)
        except StoreError:
            return []  # nobody knows yet whose frames there are

    def _those(self, seqs: list[int]) -> list[FrameRow]:
        found = self._journal.those(seqs)
        return self._rows([found[seq] for seq in seqs if seq in found])

    def _rows(self, receptions: list[Reception]) -> list[FrameRow]:
        try:
            verdicts = self._telemetry.verdicts([item.seq for item in receptions])
        except StoreError:
            verdicts = {}
        return frame_rows(receptions, verdicts)

    def close(self) -> None:
        """Close the journal's file; the telemetry reader is its owner's."""
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def frame_rows(
    receptions: Iterable[Reception], verdicts: Mapping[int, FrameVerdict]
) -> list[FrameRow]:
    """Receptions with what is known of each."""
    return [frame_row(item, verdicts.get(item.seq)) for item in receptions]


def frame_row(item: Reception, verdict: FrameVerdict | None) -> FrameRow:
    """One reception; ``verdict`` None: it was not interpreted yet (or is damaged)."""
    happened = FrameRow(
        *(item.seq, item.received_us, item.link, item.raw),
        simulated=item.simulated,
        imported=item.imported,
        unsynchronised=item.unsynchronised,
        signal=item.signal,
    )
    if item.damaged:
        return replace(happened, error=item.error, damaged=True)
    if verdict is None:
        return replace(happened, error=WAITING, waiting=True)
    return replace(
        happened,
        satellite=verdict.satellite,
        packet=verdict.packet,
        error=verdict.error,
        simulated=verdict.simulated,
        candidates=verdict.candidates,
        evidence_bits=verdict.evidence_bits,
        note=verdict.note,
    )
