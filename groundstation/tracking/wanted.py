"""What the scheduler is asked to do: light, so that a station without passes pays nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from groundstation.config import TrackingConfig
from groundstation.model import Site

if TYPE_CHECKING:
    from groundstation.elements import ElementsCatalog


@dataclass(frozen=True, slots=True)
class Wanted:
    """One satellite to follow. ``id`` and ``name`` are its definition's.

    Without a definition (not ``defined``) the id is its number, and its frames are kept but belong
    to nobody. ``frequency_hz`` is where it sends, None when nobody says.
    """

    id: str
    name: str
    norad: int
    priority: int = 1
    frequency_hz: float | None = None
    simulated: bool = False
    defined: bool = True


#: Satellites, and sentences about what nobody can be found for.
Found = tuple[Sequence[Wanted], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Orders:
    """All that the scheduler needs to know. ``elements``: the folder of the elements.

    ``find`` tells more satellites to follow, each time that a plan is made: what a name means is
    known when its elements have come.
    """

    site: Site
    elements: Path
    wanted: tuple[Wanted, ...]
    mask_deg: float
    tracking: TrackingConfig
    horizon: Path | None = None
    find: Callable[[ElementsCatalog], Found] = lambda catalog: ((), ())
