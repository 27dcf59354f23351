"""Events that browsers missed, encoded once for all of them, however many reconnect."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import TypeAlias

from dashboard.data import events
from dashboard.data.station_data import StationData

#: Receptions of one block, and blocks that are kept.
_BLOCK = 200
_KEPT = 64

_Block: TypeAlias = tuple[tuple[int, bytes], ...]


class Replays:
    """Encoded frame events by number; safe to use from several threads."""

    def __init__(self, data: StationData):
        self._data = data
        self._lock = threading.Lock()
        self._blocks: OrderedDict[int, _Block] = OrderedDict()

    def between(self, after: int, until: int) -> Iterator[bytes]:
        """Events of receptions ``after < seq <= until``. Raises StoreError."""
        for number in range((after + 1) // _BLOCK, until // _BLOCK + 1):
            for seq, data in self._block(number, until):
                if after < seq <= until:
                    yield data

    def clear(self) -> None:
        """Forget all: history is interpreted anew."""
        with self._lock:
            self._blocks.clear()

    def _block(self, number: int, until: int) -> _Block:
        with self._lock:
            known = self._blocks.get(number)
            if known is None:
                known = self._encode(number, until)
                # Only a block that is full stays what it is.
                if (number + 1) * _BLOCK - 1 <= until:
                    self._blocks[number] = known
            if number in self._blocks:
                self._blocks.move_to_end(number)
            while len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
            return known

    def _encode(self, number: int, until: int) -> _Block:
        first, last = number * _BLOCK, min(until, (number + 1) * _BLOCK - 1)
        with self._data.journal() as journal:
            found = journal.after(first - 1, _BLOCK, until=last)
        return tuple((event.row.seq, event.data) for event in events.frames(self._data, found))
