"""What a request works with: the data, the tail of the journal, the sky."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from dashboard.data.sky import Sky
from dashboard.data.station_data import StationData
from dashboard.data.tail import Tail
from groundstation.errors import StoreError
from groundstation.model import Sample


@dataclass(frozen=True, slots=True)
class Context:
    """One for the whole process; all its parts may be used by several threads."""

    data: StationData
    tail: Tail
    sky: Sky

    def latest(self, satellite: str) -> dict[str, Sample]:
        """The latest sample of each parameter; none while there is no store."""
        try:
            return dict(self.data.latest(satellite))
        except StoreError:
            return {}  # the station page says why


def context() -> Context:
    """The context of the application that serves this request."""
    return cast(Context, current_app.extensions["groundstation"])
