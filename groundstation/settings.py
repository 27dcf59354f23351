"""What the settings of a station hold; :mod:`groundstation.config` reads them from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groundstation.model import Site

#: The framing of a link of sound: what its samples are, this program's modem finds.
MODEM = "modem"


@dataclass(frozen=True, slots=True)
class LinkConfig:
    """One ``[[links]]`` entry: where bytes come from and how frames are found in them.

    ``satellite``: id of the only satellite heard here, or None to identify each frame.
    ``simulated``: everything from it carries the SIMULATED mark. ``options``: the framing's own.
    ``satellites``: on a link of sound, ids of those that are listened for at once; without them and
    ``satellite`` it is whoever is above the horizon of those that the station follows.
    """

    name: str
    url: str
    framing: str = "kiss"
    satellite: str | None = None
    simulated: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    satellites: tuple[str, ...] = ()

    @property
    def listened(self) -> tuple[str, ...]:
        """The ids that it names."""
        return self.satellites or ((self.satellite,) if self.satellite else ())


@dataclass(frozen=True, slots=True)
class SatelliteConfig:
    """One ``[[satellites]]`` entry: a definition's id, a NORAD number or a name.

    A higher ``priority`` wins a clash. ``frequency_hz``: where it is heard, None for the first
    downlink of its definition.
    """

    id: str
    priority: int = 1
    frequency_hz: float | None = None


@dataclass(frozen=True, slots=True)
class StorageConfig:
    """Where samples go. ``token_env``: name of the environment variable that holds the token.

    ``bucket`` is the database on InfluxDB 1.x. All but ``kind`` is for ``influx`` only.
    """

    kind: str = "sqlite"
    url: str = "http://127.0.0.1:8086"
    bucket: str = "groundstation"
    org: str = ""
    token_env: str = ""


@dataclass(frozen=True, slots=True)
class DashboardConfig:
    """Where the web pages are served, and their first language.

    ``hosts``: further names that browsers may call it by, beside this computer's own.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    language: str = "en"
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackingConfig:
    """``host:port`` of rotctld and rigctld, empty when there is none. ``mount``: azimuth range.

    ``gap_s``: what the antenna needs between two passes. ``offset_hz``: the radio's own error.
    ``mode`` and ``passband_hz`` are set once a pass; empty and 0 leave them alone.
    """

    rotator: str = ""
    mount: str = "0-360"
    rig: str = ""
    azimuth_rate_deg_s: float = 5.0
    elevation_rate_deg_s: float = 5.0
    mode: str = ""
    passband_hz: int = 0
    offset_hz: float = 0.0
    gap_s: float = 60.0


@dataclass(frozen=True, slots=True)
class NotifyConfig:
    """Whom to tell of a pass: ``urls_env`` names the environment variable with their addresses.

    They are told ``minutes_before`` AOS, of passes of at least ``min_elevation_deg``. ``language``
    empty: the dashboard's.
    """

    urls_env: str = ""
    minutes_before: float = 10.0
    min_elevation_deg: float = 0.0
    language: str = ""


@dataclass(frozen=True, slots=True)
class AlarmsConfig:
    """When something calls somebody, where a definition says nothing else.

    ``count`` values in a row outside their limits trigger, ``back`` within return; a silence of
    ``gap_minutes`` begins both counts anew. ``missing_frames``: so many frames without what came
    regularly; ``silent_passes``: so many passes of at least ``silent_min_elevation_deg`` without a
    frame; 0: never. ``fault_s``: so long something of the station must be wrong, and right again.
    ``notify``: at which severity the people of ``[notify]`` are told, or never.
    """

    count: int = 2
    back: int = 2
    gap_minutes: float = 30.0
    missing_frames: int = 50
    silent_passes: int = 2
    silent_min_elevation_deg: float = 20.0
    fault_s: float = 60.0
    notify: str = "critical"


@dataclass(frozen=True, slots=True)
class HooksConfig:
    """A program that is run at AOS, at LOS and on an alarm; empty: none.

    ``program``: its path, and arguments. ``timeout_s``: after so long it is ended.
    """

    program: tuple[str, ...] = ()
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Config:
    """The whole station. ``horizon``: file of azimuth_deg,elevation_deg lines, or None."""

    site: Site
    min_elevation_deg: float = 10.0
    horizon: Path | None = None
    timezone: str = "UTC"
    links: tuple[LinkConfig, ...] = ()
    satellites: tuple[SatelliteConfig, ...] = ()
    storage: StorageConfig = StorageConfig()
    dashboard: DashboardConfig = DashboardConfig()
    tracking: TrackingConfig = TrackingConfig()
    notify: NotifyConfig = NotifyConfig()
    alarms: AlarmsConfig = AlarmsConfig()
    hooks: HooksConfig = HooksConfig()
