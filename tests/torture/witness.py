"""Somebody else who reads the journal while the station writes it: what is told is acknowledged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from groundstation.errors import StoreError
from groundstation.storage.journal import JournalReader
from tests.station.frames import beacon

#: The uptime of a beacon, which carries its number: behind the address, "C1 01" and the counter.
_NUMBER = slice(20, 24)


def number_of(raw: bytes) -> int | None:
    """The number of a beacon; None for what is none, byte for byte."""
    number = int.from_bytes(raw[_NUMBER])
    return number if len(raw) > _NUMBER.stop and raw == beacon(number) else None


class Witness:
    """Follows the journal in a thread. ``told``: numbers of committed beacons."""

    def __init__(self, data: Path):
        self.told: set[int] = set()
        self._data = data
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="witness", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        self._thread.join()

    def wait_for(self, number: int, alive: Callable[[], bool], seconds: float = 60) -> bool:
        """Until ``number`` is committed; whether it is before the station ends."""
        deadline = time.monotonic() + seconds
        while number not in self.told:
            if not alive() or time.monotonic() > deadline:
                return number in self.told
            time.sleep(0.002)
        return True

    def _run(self) -> None:
        seq = 0
        while not self._stopping.is_set():
            try:
                with JournalReader(self._data) as journal:
                    version = -1
                    while not self._stopping.is_set():
                        if (now := journal.version()) != version:
                            version, seq = now, self._take(journal, seq)
                        time.sleep(0.002)
            except (StoreError, OSError):
                time.sleep(0.02)  # not made yet

    def _take(self, journal: JournalReader, seq: int) -> int:
        while found := journal.after(seq):
            seq = found[-1].seq
            self.told |= {n for item in found if (n := number_of(item.raw)) is not None}
        return seq
