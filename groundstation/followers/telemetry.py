"""Journal -> telemetry store: each frame decoded into samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from decoders.definition.model import Satellite
from decoders.reassembly import Reassembler
from groundstation.errors import StoreError
from groundstation.model import Reception
from groundstation.storage.samples import FrameDecoder, samples
from groundstation.storage.store import TelemetryStore


class TelemetrySink:
    """Brings samples to a store, which is opened when it is first needed.

    ``open_store`` may raise StoreError (a server that is down): the follower tries again.
    ``satellites``: for telemetry that spans frames; what a restart cuts in two, ``groundstation
    redecode`` joins.
    """

    def __init__(
        self,
        decoder: FrameDecoder,
        open_store: Callable[[], TelemetryStore],
        satellites: Iterable[Satellite] = (),
    ):
        self._decoder = decoder
        self._reassembler = Reassembler(satellites)
        self._open_store = open_store
        self._store: TelemetryStore | None = None

    def open(self) -> None:
        """Open the store and see that it takes something; raises StoreError."""
        if self._store is not None:
            return
        store = self._open_store()
        try:
            store.write([])
        except StoreError:
            store.close()
            raise
        self._store = store

    def take(self, receptions: Sequence[Reception]) -> None:
        """Decode ``receptions`` and keep their values; raises StoreError."""
        found = [
            sample
            for item in receptions
            for sample in samples(self._decoder, item, self._reassembler)
        ]
        if found and self._store is not None:
            self._store.write(found)

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()
            self._store = None
