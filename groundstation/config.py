"""``station.toml``: what this station is. Each key has a default but the site's place."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from decoders.definition.node import Node, Problems, toml_data
from decoders.errors import DefinitionError
from decoders.framing.registry import FRAMINGS, deframer
from decoders.words import LANGUAGES
from groundstation.errors import ConfigError
from groundstation.link_url import link_url_problem
from groundstation.model import Site
from groundstation.mount import mount_problem
from groundstation.radio_settings import (
    MOST_OFFSET_HZ,
    address_problem,
    frequency_problem,
    mode_problem,
)
from groundstation.settings import (
    MODEM,
    AlarmsConfig,
    Config,
    DashboardConfig,
    HooksConfig,
    LinkConfig,
    NotifyConfig,
    SatelliteConfig,
    StorageConfig,
    TrackingConfig,
)
from groundstation.sound.addresses import is_sound_url

__all__ = [
    "AlarmsConfig",
    "Config",
    "DashboardConfig",
    "HooksConfig",
    "LinkConfig",
    "NotifyConfig",
    "SatelliteConfig",
    "StorageConfig",
    "TrackingConfig",
    "load_config",
]

_HOST_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})")
STORAGE_KINDS = ("sqlite", "influx")
#: At which severity people are told of an alarm.
NOTIFY_AT = ("critical", "warning", "never")
_OTHERS = ("tracking", "notify", "alarms", "hooks")


def load_config(path: Path) -> Config:
    """Read and check ``station.toml``; raises ConfigError, a sentence for each mistake in it."""
    text = _text(path)
    try:
        data = toml_data(text, str(path))
    except DefinitionError as error:
        raise ConfigError(str(error)) from None
    problems = Problems(text, str(path), data)
    config = _config(Node(data, (), problems), path.parent)
    if problems.errors:
        found = sorted(problems.errors, key=lambda error: error.line or 0)
        raise ConfigError("\n".join(map(str, found)))
    return config


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # Windows editors add a mark
    except FileNotFoundError:
        raise ConfigError(
            f"{path} was not found; write one (see docs/connect-a-radio.md) or name yours with -c"
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error


def _config(top: Node, folder: Path) -> Config:
    top.only(("site", "links", "satellites", "storage", "dashboard", *_OTHERS))
    site = top.child("site")
    site.only((*_names(Site), "min_elevation_deg", "horizon", "timezone"))
    return Config(
        site=_site(site),
        min_elevation_deg=site.within("min_elevation_deg", 10.0, -5, 90),
        horizon=_horizon(site, folder),
        timezone=_timezone(site),
        links=_links(top),
        satellites=_satellites(top),
        storage=_storage(top.child("storage")),
        dashboard=_dashboard(top.child("dashboard")),
        tracking=_tracking(top.child("tracking")),
        notify=_notify(top.child("notify")),
        alarms=_alarms(top.child("alarms")),
        hooks=_hooks(top.child("hooks")),
    )


def _names(kind: type[Any]) -> tuple[str, ...]:
    """The keys of a table: the fields of what is made of it."""
    return tuple(item.name for item in fields(kind))


def _site(node: Node) -> Site:
    return Site(
        name=node.text("name", "Ground station"),
        latitude_deg=node.within("latitude_deg", None, -90, 90),
        longitude_deg=node.within("longitude_deg", None, -180, 180),
        altitude_m=node.within("altitude_m", 0.0, -500, 9000),
    )


def _horizon(node: Node, folder: Path) -> Path | None:
    name = node.text("horizon")
    if not name:
        return None
    if not (folder / name).is_file():
        problem = f"{name!r}: there is no such file beside the settings in {folder}"
        node.wrong("horizon", problem)
    return folder / name


def _timezone(node: Node) -> str:
    name = node.text("timezone", "UTC")
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        # A system without a time zone database (Windows) knows none, and that is no mistake.
        if zones := available_timezones():
            near = get_close_matches(name, zones, n=1) or ["Asia/Bishkek"]
            node.wrong("timezone", f"{name!r} is not the name of a time zone such as {near[0]!r}")
    return name


def _links(top: Node) -> tuple[LinkConfig, ...]:
    links: list[LinkConfig] = []
    for number, node in enumerate(top.children("links"), 1):
        link = _link(node, number)
        if link.name in {other.name for other in links}:
            node.wrong("name", f"{link.name!r}: each link needs a name of its own")
        links.append(link)
    return tuple(links)


def _link(node: Node, number: int) -> LinkConfig:
    node.only(_names(LinkConfig))
    url = node.text("url", required=True)
    if "url" in node.data and (problem := link_url_problem(url)):
        node.wrong("url", problem)
    link = LinkConfig(
        name=node.text("name", f"link-{number}"),
        url=url,
        framing=node.choice("framing", tuple(FRAMINGS), "kiss"),
        satellite=node.text("satellite") or None,
        simulated=node.flag("simulated"),
        options=node.child("options").data,
        satellites=node.texts("satellites"),
    )
    if is_sound_url(url):
        return _sound_link(node, link)
    if link.satellites:
        node.wrong("satellites", "only a link of sound listens for several; write satellite = ID")
    try:
        deframer(link.framing, link.options)
    except DefinitionError as error:
        node.wrong("options", str(error))
    return link


def _sound_link(node: Node, link: LinkConfig) -> LinkConfig:
    """How a satellite sends is a fact of its definition, and no setting of the link."""
    for key in ("framing", "options"):
        if key in node.data:
            told = "the downlink of the satellite says it: leave it out on a link of sound"
            node.wrong(key, told)
    if link.satellite and link.satellites:
        node.wrong("satellites", "write satellite or satellites, not both")
    return replace(link, framing=MODEM)


def _satellites(top: Node) -> tuple[SatelliteConfig, ...]:
    found = []
    for node in top.children("satellites"):
        node.only(_names(SatelliteConfig))
        found.append(
            SatelliteConfig(
                _word(node, "id"),
                node.integer("priority", 1, 0, 1000),
                _frequency(node, "frequency_hz"),
            )
        )
    return tuple(found)


def _word(node: Node, key: str) -> str:
    """A text, or a number that somebody wrote without quotation marks."""
    value = node.data.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return str(value)
    text = node.text(key, required=True).strip()
    if key in node.data and not text:
        node.wrong(key, "it is empty: write an id, a NORAD number or a name")
    return text


def _frequency(node: Node, key: str) -> float | None:
    if key not in node.data:
        return None
    value = node.number(key)
    if value is not None and (problem := frequency_problem(value)):
        node.wrong(key, problem)
    return value


def _storage(node: Node) -> StorageConfig:
    node.only(_names(StorageConfig))
    default = StorageConfig()
    url = node.text("url", default.url)
    if not url.startswith(("http://", "https://")):
        node.wrong("url", f"{url!r} is not an address such as {default.url!r}")
    elif "@" in url:
        # Not quoted: messages and pages show the address, and this one holds a password.
        node.wrong("url", "it holds a password: put that into the variable of token_env")
    return StorageConfig(
        kind=node.choice("kind", STORAGE_KINDS, default.kind),
        url=url,
        bucket=node.text("bucket", default.bucket),
        org=node.text("org", default.org),
        token_env=_variable(node, "token_env", "never the token itself"),
    )


def _dashboard(node: Node) -> DashboardConfig:
    node.only(_names(DashboardConfig))
    return DashboardConfig(
        host=node.text("host", "127.0.0.1"),
        port=node.integer("port", 8080, 1, 65535),
        language=node.choice("language", LANGUAGES, "en"),
        hosts=_hosts(node),
    )


def _hosts(node: Node) -> tuple[str, ...]:
    """Names that a browser's address line can have, without http:// and port."""
    names = node.texts("hosts")
    for name in names:
        if not _HOST_NAME.fullmatch(name):
            node.wrong("hosts", f"{name!r} is no name such as 'station.school.kg' (without port)")
    return names


def _tracking(node: Node) -> TrackingConfig:
    node.only(_names(TrackingConfig))
    mode = node.text("mode")
    if problem := mode_problem(mode):
        node.wrong("mode", problem)
    mount = node.text("mount", "0-360")
    if problem := mount_problem(mount):
        node.wrong("mount", problem)
    return TrackingConfig(
        rotator=_address(node, "rotator"),
        mount=mount,
        azimuth_rate_deg_s=node.within("azimuth_rate_deg_s", 5.0, 0.1, 180),
        elevation_rate_deg_s=node.within("elevation_rate_deg_s", 5.0, 0.1, 180),
        rig=_address(node, "rig"),
        mode=mode,
        passband_hz=node.integer("passband_hz", 0, 0, 10_000_000),
        offset_hz=node.within("offset_hz", 0.0, -MOST_OFFSET_HZ, MOST_OFFSET_HZ),
        gap_s=node.within("gap_s", 60.0, 0, 86_400),
    )


def _notify(node: Node) -> NotifyConfig:
    node.only(_names(NotifyConfig))
    return NotifyConfig(
        urls_env=_variable(node, "urls_env", "never an address itself"),
        minutes_before=node.within("minutes_before", 10.0, 0, 1440),
        min_elevation_deg=node.within("min_elevation_deg", 0.0, -5, 90),
        language=node.choice("language", ("", *LANGUAGES), ""),
    )


def _alarms(node: Node) -> AlarmsConfig:
    node.only(_names(AlarmsConfig))
    usual = AlarmsConfig()
    least_deg = usual.silent_min_elevation_deg
    return AlarmsConfig(
        count=node.integer("count", usual.count, 1, 1000),
        back=node.integer("back", usual.back, 1, 1000),
        gap_minutes=node.within("gap_minutes", usual.gap_minutes, 0, 1e6),
        missing_frames=node.integer("missing_frames", usual.missing_frames, 0, 100_000),
        silent_passes=node.integer("silent_passes", usual.silent_passes, 0, 1000),
        silent_min_elevation_deg=node.within("silent_min_elevation_deg", least_deg, 0, 90),
        fault_s=node.within("fault_s", usual.fault_s, 0, 86_400),
        notify=node.choice("notify", NOTIFY_AT, usual.notify),
    )


def _hooks(node: Node) -> HooksConfig:
    node.only(_names(HooksConfig))
    text = node.data.get("program")
    program = (text,) if isinstance(text, str) else node.texts("program")
    if program and not Path(program[0]).is_absolute():
        node.wrong("program", f"{program[0]!r} is not a whole path such as '/home/pi/on-event.py'")
    return HooksConfig(program, node.within("timeout_s", HooksConfig().timeout_s, 0.1, 3600))


def _variable(node: Node, key: str, never: str) -> str:
    """The name of an environment variable, or nothing."""
    name = node.text(key)
    if name and not name.isidentifier():
        node.wrong(key, f"{name!r} is not the name of an environment variable ({never})")
    return name


def _address(node: Node, key: str) -> str:
    address = node.text(key)
    if problem := address_problem(address):
        node.wrong(key, problem)
    return address
