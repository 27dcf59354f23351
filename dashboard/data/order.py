"""Which satellites come first: the station's own by priority, then those heard."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.data.station_data import StationData
from groundstation.naming import followed


def configured(data: StationData) -> list[str]:
    """Ids of the definitions that the station's settings name, the highest priority first.

    Empty where the station follows all that there are.
    """
    index = data.catalog.index
    if data.config and data.config.satellites:
        ranked = sorted(data.config.satellites, key=lambda item: -item.priority)
        words = [item.id for item in ranked]
    else:
        words = list(data.status().satellites)
        if len(words) >= len(index):
            return []
    meant = (followed(word, index, lambda norad: True, lambda: ()) for word in words)
    return list(dict.fromkeys(item.id for item in meant if item and item.id in index))


def in_order(data: StationData, heard: Iterable[str]) -> list[str]:
    """The station's own, then those ``heard``, the last one first."""
    return list(dict.fromkeys([*configured(data), *heard]))
