"""Everything the pages read: the data folder, the definitions, the elements, the settings."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dashboard.status import Status, StatusFile
from decoders.definition.model import Satellite
from decoders.value import Decoded
from groundstation.catalog import SatelliteCatalog
from groundstation.config import Config, StorageConfig
from groundstation.elements import ElementsCatalog
from groundstation.errors import StoreError
from groundstation.model import Reception, Sample, Series, Site
from groundstation.storage import journal, sqlite
from groundstation.storage.registry import open_store
from groundstation.storage.store import TelemetryStore

#: After a failure a database server is not asked again for so long, seconds.
SERVER_REST_S = 15.0

_Answer = TypeVar("_Answer")


class StationData:
    """The data folder as the dashboard sees it; safe to use from several threads.

    ``config`` None: the defaults, with the site that the running station names.
    """

    def __init__(self, folder: Path, config: Config | None = None):
        self.folder = folder
        self.config = config
        self.catalog = SatelliteCatalog(folder)
        self.elements = ElementsCatalog(folder / "elements")
        self._status = StatusFile(folder)
        self._lock = threading.Lock()
        self._store: TelemetryStore | None = None
        self._store_identity: tuple[int, int] | None = None
        self._storage = config.storage if config else StorageConfig()
        self._is_server = self._storage.kind != "sqlite"
        self._store_problem = ""
        self._patience_until = 0.0

    def status(self) -> Status:
        """The station's state now."""
        return self._status.read()

    @property
    def site(self) -> Site | None:
        """Where the antenna stands; None while nobody has said it."""
        return self.status().site or (self.config.site if self.config else None)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the site."""
        try:
            return ZoneInfo(self.config.timezone if self.config else "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")

    def satellite(self, id: str) -> Satellite | None:
        """A definition, or None."""
        return self.catalog.satellites.get(id)

    def names(self) -> dict[str, str]:
        """Names of all satellites by id."""
        return {id: item.name for id, item in self.catalog.index.items()}

    def decode(self, reception: Reception) -> Decoded:
        """What the bytes of a reception mean by today's definitions."""
        known = reception.satellite if reception.satellite in self.catalog.satellites else None
        return self.catalog.decoder.decode(reception.raw, known, reception.received_us)

    def journal(self) -> journal.JournalReader:
        """A reader for one thread; raises StoreError while there is no journal."""
        return journal.JournalReader(self.folder)

    def journal_identity(self) -> tuple[int, int] | None:
        """Changes when another file takes the place of the journal; None: there is none."""
        return _identity(self.folder / journal.FILE_NAME)

    def has_journal(self) -> bool:
        """Whether there is a journal at all."""
        return self.journal_identity() is not None

    def latest(self, satellite: str) -> Mapping[str, Sample]:
        """Latest samples by parameter; raises StoreError."""
        return self._ask(lambda store: store.latest(satellite))

    def series(
        self, satellite: str, parameter: str, start_us: int, end_us: int, points: int
    ) -> Series:
        """History of a parameter; raises StoreError."""
        return self._ask(lambda store: store.series(satellite, parameter, start_us, end_us, points))

    def _ask(self, question: Callable[[TelemetryStore], _Answer]) -> _Answer:
        """Ask the store. A server that failed is left alone for a while: pages must not wait."""
        if time.monotonic() < self._patience_until:
            raise StoreError(self._store_problem)
        try:
            return question(self._open_store())
        except StoreError as error:
            if self._is_server:
                self._store_problem = str(error)
                self._patience_until = time.monotonic() + SERVER_REST_S
            raise

    def _open_store(self) -> TelemetryStore:
        """The store, opened at first use and again when its file was replaced."""
        identity = None
        with self._lock:
            if not self._is_server:
                identity = _identity(self.folder / sqlite.FILE_NAME)
                if identity is None:
                    raise StoreError("no values are stored yet: the station has not written any")
            if self._store is None or identity != self._store_identity:
                if self._store is not None:
                    self._store.close()
                self._store = None
                self._store = open_store(self._storage, self.folder, read_only=True)
                self._store_identity = identity
            return self._store

    def disk(self) -> dict[str, int]:
        """Bytes of the disk that holds the data folder: ``free`` and ``total``."""
        usage = shutil.disk_usage(self.folder)
        return {"free": usage.free, "total": usage.total}

    def close(self) -> None:
        """Close the store."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
