"""Everything the pages read: the data folder, the definitions, the elements, the settings."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dashboard.data.alarm_counts import Counting
from dashboard.data.spotlight import Spotlight
from dashboard.data.status import StatusFile
from decoders.definition.model import Satellite
from decoders.value import Decoded
from groundstation.catalog import SatelliteCatalog
from groundstation.config import Config
from groundstation.elements import ElementsCatalog
from groundstation.model import Reception, Sample, Site
from groundstation.model.status import StationStatus
from groundstation.storage import journal
from groundstation.storage.accounts import Accounts
from groundstation.storage.alarm_list import AlarmList
from groundstation.storage.boards import Boards
from groundstation.storage.chosen_values import ChosenValues
from groundstation.storage.frames import FrameReader
from groundstation.storage.notes import Notes
from groundstation.storage.telemetry.connection import identity
from groundstation.storage.telemetry.reader import TelemetryReader

#: Answers of one kind that are kept.
_MOST_KEPT = 4096


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
        #: What the interpreter made of the journal.
        self.telemetry = TelemetryReader(folder, self.catalog)
        self._heard_up_to: dict[tuple[str, int], int] = {}
        #: What calls somebody, and what people made of it.
        self.alarms = AlarmList(folder, self.telemetry)
        #: Who may change something.
        self.accounts = Accounts(folder)
        self.spotlight = Spotlight()
        #: What teachers put together.
        self.boards = Boards(folder)
        self.chosen_values = ChosenValues(folder)
        self.notes = Notes(folder)
        self.counting = Counting(self.alarms, lambda: self.status().now_us())

    def status(self) -> StationStatus:
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

    def decode(self, reception: Reception) -> list[Decoded]:
        """What the bytes of the one reception that is looked at mean by today's definitions: the
        frame's own packet, then those behind it."""
        try:
            return self._decode(reception)
        except Exception as error:
            # A decoder should not raise; if it does, the bytes are there to be looked at.
            fault = f"mistake in the decoder: {error!r}"
            return [Decoded(reception.raw, None, None, error=fault)]

    def _decode(self, reception: Reception) -> list[Decoded]:
        raw, time_us = reception.raw, reception.received_us
        decoder = self.catalog.decoder
        own = decoder.decode(raw, reception.satellite, time_us, reception.supposed)
        if own.satellite is None:
            return [own]
        further = decoder.further(raw, own.satellite, time_us)
        return [own, *(packet.decoded() for packet in further)]

    def latest(self, satellite: str) -> Mapping[str, Sample]:
        """The newest sample of each parameter that was heard here, or, where none was, that was
        imported. Raises StoreError."""
        with self.journal() as journal:
            return self.telemetry.latest(satellite, lambda seq: self._heard(journal, seq))

    def _heard(self, journal: journal.JournalReader, seq: int) -> int:
        """The newest reception up to ``seq`` that was heard here, 0: none.

        A long import is looked through once: what was appended stays.
        """
        key = journal.id, seq
        found = self._heard_up_to.get(key)
        if found is None:
            newest = journal.newest_heard(seq)
            if len(self._heard_up_to) >= _MOST_KEPT:
                self._heard_up_to.clear()
            found = self._heard_up_to[key] = newest.seq if newest else 0
        return found

    def journal(self) -> journal.JournalReader:
        """A reader for one thread; raises StoreError while there is no journal."""
        return journal.JournalReader(self.folder)

    def frames(self) -> FrameReader:
        """Receptions with their interpretation, for one thread; raises StoreError as above."""
        return FrameReader(self.journal(), self.telemetry)

    def journal_identity(self) -> tuple[int, int] | None:
        """Changes when another file takes the place of the journal; None: there is none."""
        return identity(self.folder / journal.FILE_NAME)

    def has_journal(self) -> bool:
        """Whether there is a journal at all."""
        return self.journal_identity() is not None

    def disk(self) -> dict[str, int]:
        """Bytes of the disk that holds the data folder: ``free`` and ``total``."""
        usage = shutil.disk_usage(self.folder)
        return {"free": usage.free, "total": usage.total}

    def close(self) -> None:
        """Close what is open."""
        self.telemetry.close()
