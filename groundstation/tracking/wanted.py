"""What the scheduler is asked to do: light, so that a station without passes pays nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from groundstation.config import TrackingConfig
from groundstation.model import Site


@dataclass(frozen=True, slots=True)
class Wanted:
    """One satellite to follow. ``id`` and ``name`` are its definition's.

    ``frequency_hz`` is where it sends, None when the definition does not say.
    """

    id: str
    name: str
    norad: int
    priority: int = 1
    frequency_hz: float | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Orders:
    """All that the scheduler needs to know. ``elements``: the folder of the elements."""

    site: Site
    elements: Path
    wanted: tuple[Wanted, ...]
    mask_deg: float
    tracking: TrackingConfig
    horizon: Path | None = None
