"""Passes as a calendar, from the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundstation.cli.sky import Sky
    from groundstation.orbit.passes import Pass


def pass_calendar(
    found: Sequence[Pass], sky: Sky, antennas: Mapping[int, int] | None = None
) -> str:
    """The whole calendar. ``antennas`` tells which one is for a pass, by its position."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from groundstation.orbit.calendar import to_ical
    from groundstation.orbit.revolution import revolution_of_month
    from groundstation.words.language import in_language

    elements = {(item.norad, item.name): item for item in sky.elements}
    now = datetime.now(UTC)
    words = in_language(sky.config.dashboard.language if sky.config is not None else "en")
    notes = {
        position: f"{words('antenna').capitalize()} {number}."
        for position, number in (antennas or {}).items()
    }
    return to_ical(
        found,
        sky.site,
        made=now,
        window=(sky.start, sky.end),
        orbits={
            position: revolution_of_month(elements[one.norad, one.satellite], one.tca)
            for position, one in enumerate(found)
        },
        # Grows from one export to the next: calendars take the later one.
        sequence=int(now.timestamp()) // 60 - 29_000_000,
        words=words,
        zone=ZoneInfo(sky.timezone),
        notes=notes,
    )
