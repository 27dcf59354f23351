"""Satellites that never set where you are: they have no passes, but a place in the sky."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundstation.model import Site
from groundstation.orbit.horizon import Horizon
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.passes import Pass, find_all_passes
from groundstation.orbit.pointing import Pointing, pointing
from groundstation.orbit.where_to_look import compass

#: What does not set for so long never does: the Earth has turned once, with an hour to spare.
_A_DAY = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Standing:
    """A satellite that does not set. ``there``: where it stands at the begin of the window."""

    elements: Elements
    there: Pointing

    @property
    def sentence(self) -> str:
        """Where to point the antenna by hand."""
        there = self.there
        return (
            f"{self.elements.name} (NORAD {self.elements.norad}) does not set here, so it has no "
            f"passes: point the antenna by hand, to azimuth {there.azimuth_deg:.1f}° "
            f"({compass(there.azimuth_deg)}), elevation {there.elevation_deg:.1f}°"
        )


def standing(
    found: Iterable[Pass],
    elements: Mapping[int, Elements],
    site: Site,
    start: datetime,
    min_elevation_deg: float,
    horizon: Horizon | None = None,
) -> dict[int, Standing]:
    """Who of ``found`` never sets, by NORAD number. ``elements`` are by number, too.

    A pass that is open at both ends may only be longer than its window: it is looked at for a day
    from ``start``. Who stays above a mask that lies below the horizon sets all the same.
    Raises ElementsError, SiteError.
    """
    doubtful = {one.norad for one in found if one.aos is None and one.los is None}
    longer = find_all_passes(
        [elements[norad] for norad in sorted(doubtful)],
        site,
        start,
        start + _A_DAY,
        min_elevation_deg=max(min_elevation_deg, 0.0),
        horizon=horizon,
    )
    never = [one.norad for one in longer if one.aos is None and one.los is None]
    return {
        norad: Standing(elements[norad], pointing(elements[norad], site, start)) for norad in never
    }
