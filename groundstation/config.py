"""``station.toml``: what this station is. Each key has a default but the site's place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from decoders.errors import DefinitionError
from decoders.framing.registry import FRAMINGS, deframer
from groundstation.model import Site
from groundstation.toml_table import Table

__all__ = [
    "Config",
    "DashboardConfig",
    "LinkConfig",
    "NotifyConfig",
    "SatelliteConfig",
    "StorageConfig",
    "TrackingConfig",
    "load_config",
]

LANGUAGES = ("en", "ru", "ky")
STORAGE_KINDS = ("sqlite", "influx")


@dataclass(frozen=True, slots=True)
class LinkConfig:
    """One ``[[links]]`` entry: where bytes come from and how frames are found in them.

    ``satellite``: id of the only satellite heard here, or None to identify each frame.
    ``simulated``: everything from it carries the SIMULATED mark. ``options``: the framing's own.
    """

    name: str
    url: str
    framing: str = "kiss"
    satellite: str | None = None
    simulated: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SatelliteConfig:
    """One ``[[satellites]]`` entry: a definition's id; a higher ``priority`` wins a clash."""

    id: str
    priority: int = 1


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
    """Where the web pages are served, and their first language."""

    host: str = "127.0.0.1"
    port: int = 8080
    language: str = "en"


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


def load_config(path: Path) -> Config:
    """Read and check ``station.toml``; raises ConfigError, one sentence that says what to do."""
    top = Table.load(path, "write one (see docs/connect-a-radio.md) or name yours with -c")
    site = top.table("site")
    config = Config(
        site=_site(site),
        min_elevation_deg=site.number("min_elevation_deg", 10.0, low=-5, high=90),
        horizon=_horizon(site, path.parent),
        timezone=_timezone(site),
        links=_links(top),
        satellites=_satellites(top),
        storage=_storage(top.table("storage")),
        dashboard=_dashboard(top.table("dashboard")),
        tracking=_tracking(top.table("tracking")),
        notify=_notify(top.table("notify")),
    )
    site.close()
    top.close()
    return config


def _site(table: Table) -> Site:
    return Site(
        name=table.text("name", "Ground station"),
        latitude_deg=table.number("latitude_deg", low=-90, high=90),
        longitude_deg=table.number("longitude_deg", low=-180, high=180),
        altitude_m=table.number("altitude_m", 0.0, low=-500, high=9000),
    )


def _horizon(table: Table, folder: Path) -> Path | None:
    name = table.text("horizon", "")
    if not name:
        return None
    if not (folder / name).is_file():
        raise table.wrong("horizon", f"there is no such file beside the settings in {folder}")
    return folder / name


def _timezone(table: Table) -> str:
    name = table.text("timezone", "UTC")
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        # A system without a time zone database (Windows) knows none, and that is no mistake.
        if zones := available_timezones():
            near = get_close_matches(name, zones, n=1) or ["Asia/Bishkek"]
            problem = f'expected the name of a time zone, such as "{near[0]}"'
            raise table.wrong("timezone", problem) from None
    return name


def _links(top: Table) -> tuple[LinkConfig, ...]:
    links: list[LinkConfig] = []
    for number, table in enumerate(top.tables("links"), 1):
        link = _link(table, number)
        if link.name in {other.name for other in links}:
            raise table.wrong("name", "each link needs a name of its own")
        links.append(link)
    return tuple(links)


def _link(table: Table, number: int) -> LinkConfig:
    link = LinkConfig(
        name=table.text("name", f"link-{number}"),
        url=table.text("url"),
        framing=table.text("framing", "kiss", allowed=tuple(FRAMINGS)),
        satellite=table.text("satellite", "") or None,
        simulated=table.boolean("simulated", False),
        options=table.mapping("options"),
    )
    try:
        deframer(link.framing, link.options)
    except DefinitionError as error:
        raise table.wrong("options", str(error)) from error
    table.close()
    return link


def _satellites(top: Table) -> tuple[SatelliteConfig, ...]:
    satellites = []
    for table in top.tables("satellites"):
        satellites.append(
            SatelliteConfig(table.text("id"), table.integer("priority", 1, low=0, high=1000))
        )
        table.close()
    return tuple(satellites)


def _storage(table: Table) -> StorageConfig:
    default = StorageConfig()
    storage = StorageConfig(
        kind=table.text("kind", default.kind, allowed=STORAGE_KINDS),
        url=table.text("url", default.url),
        bucket=table.text("bucket", default.bucket),
        org=table.text("org", default.org),
        token_env=table.text("token_env", default.token_env),
    )
    if not storage.url.startswith(("http://", "https://")):
        raise table.wrong("url", f'expected an address such as "{default.url}"')
    if storage.token_env and not storage.token_env.isidentifier():
        problem = "expected the name of an environment variable (never the token itself)"
        raise table.wrong("token_env", problem)
    table.close()
    return storage


def _dashboard(table: Table) -> DashboardConfig:
    dashboard = DashboardConfig(
        host=table.text("host", "127.0.0.1"),
        port=table.integer("port", 8080, low=1, high=65535),
        language=table.text("language", "en", allowed=LANGUAGES),
    )
    table.close()
    return dashboard


def _tracking(table: Table) -> TrackingConfig:
    tracking = TrackingConfig(
        rotator=_address(table, "rotator"),
        mount=table.text("mount", "0-360"),
        azimuth_rate_deg_s=table.number("azimuth_rate_deg_s", 5.0, low=0.1, high=180),
        elevation_rate_deg_s=table.number("elevation_rate_deg_s", 5.0, low=0.1, high=180),
        rig=_address(table, "rig"),
        mode=table.text("mode", ""),
        passband_hz=table.integer("passband_hz", 0, low=0, high=10_000_000),
        offset_hz=table.number("offset_hz", 0.0, low=-1e6, high=1e6),
        gap_s=table.number("gap_s", 60.0, low=0, high=86_400),
    )
    if not re.fullmatch(r"[A-Za-z0-9]*", tracking.mode):
        raise table.wrong("mode", 'expected the name of a mode, such as "FM" or "PKTUSB"')
    table.close()
    return tracking


def _notify(table: Table) -> NotifyConfig:
    notify = NotifyConfig(
        urls_env=table.text("urls_env", ""),
        minutes_before=table.number("minutes_before", 10.0, low=0, high=1440),
        min_elevation_deg=table.number("min_elevation_deg", 0.0, low=-5, high=90),
        language=table.text("language", "", allowed=("", *LANGUAGES)),
    )
    if notify.urls_env and not notify.urls_env.isidentifier():
        problem = "expected the name of an environment variable (never an address itself)"
        raise table.wrong("urls_env", problem)
    table.close()
    return notify


def _address(table: Table, key: str) -> str:
    address = table.text(key, "")
    host, _, port = address.rpartition(":")
    if address and not (host and port.isdecimal() and 0 < int(port) < 65536):
        raise table.wrong(key, 'expected host:port, such as "127.0.0.1:4533"')
    return address
