"""What a request works with: the data, the tail of the journal, the sky."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from dashboard.sky import Sky
from dashboard.station_data import StationData
from dashboard.tail import Tail
from groundstation.errors import StoreError
from groundstation.model import Sample


@dataclass(frozen=True, slots=True)
class Context:
    """One for the whole process; all its parts may be used by several threads."""

    data: StationData
    tail: Tail
    sky: Sky
    language: str

    def latest(self, satellite: str) -> dict[str, Sample]:
        """The latest sample of each parameter: from the store, or later ones from the tail."""
        try:
            found = dict(self.data.latest(satellite))
        except StoreError:
            found = {}  # the tail knows the last ones without it; the station page says why
        for name, sample in self.tail.recent.latest(satellite).items():
            known = found.get(name)
            if known is None or sample.seq >= known.seq:
                found[name] = sample
        return found


def context() -> Context:
    """The context of the application that serves this request."""
    return cast(Context, current_app.extensions["groundstation"])
