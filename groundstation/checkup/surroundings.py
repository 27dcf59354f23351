"""What the station stands on: its clock, radios, orbits, database and web port."""

from __future__ import annotations

import importlib.util
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import urllib3

from decoders.words import Words
from groundstation.catalog import SatelliteCatalog
from groundstation.checkup.finding import Finding, well
from groundstation.elements import ElementsCatalog
from groundstation.errors import LinkError, StationError
from groundstation.links.registry import opener
from groundstation.model import from_us
from groundstation.naming import followed
from groundstation.orbit.ageing import timing_error_s
from groundstation.serve import check_port
from groundstation.settings import Config, LinkConfig
from groundstation.sound.addresses import is_sound_url
from groundstation.timekeeping import EARLIEST_US, ComputerTimes
from groundstation.words.reasons import reason_text

#: Pass times that are further off than this make somebody miss a pass, seconds.
LATE_S = 60.0
_WAIT_S = 3.0


def station_findings(
    config: Config, data: Path, words: Words, *, running: bool
) -> Iterator[Finding]:
    """What the settings name. ``running``: the station itself holds the radios and the port."""
    yield clock(words)
    if not config.links:
        said, mend = words("no [[links]] in the settings"), words("without one nothing is received")
        yield Finding(words("radio"), "doubtful", said, mend)
    catalog = SatelliteCatalog(data)
    for link in config.links:
        found = radio(link, words, running=running)
        yield found
        if is_sound_url(link.url):
            yield from _of_sound(found, link, config, catalog, words, running=running)
    yield elements(config, data, catalog, words)
    if config.storage.kind == "influx":
        yield database(config, words)
    for what, address in (("rotctld", config.tracking.rotator), ("rigctld", config.tracking.rig)):
        if address:
            yield controller(what, address, words)
    if config.notify.urls_env:
        yield messages(config, words)
    yield web_port(config, words, running=running)


def _of_sound(
    found: Finding,
    link: LinkConfig,
    config: Config,
    catalog: SatelliteCatalog,
    words: Words,
    *,
    running: bool,
) -> Iterator[Finding]:
    # Heavy, and few stations have it.
    from groundstation.checkup.sound import listening, sound

    yield listening(link, config, catalog, words)
    if found.health == "well" and not running:
        yield from sound(link, words)


def clock(words: Words) -> Finding:
    """Whether something keeps the computer's time."""
    name, times = words("clock"), ComputerTimes()
    now_us, kept = times.wall_us(), times.is_synchronised()
    said = words("it says %(time)s", time=f"{from_us(now_us):%Y-%m-%d %H:%M:%S} UTC")
    if now_us < EARLIEST_US:
        return Finding(name, "bad", said, words("set it: sudo date -u -s '2026-12-31 23:59:59'"))
    if kept is False:
        return Finding(
            name,
            "doubtful",
            words("%(said)s, and nothing keeps it", said=said),
            words("sudo timedatectl set-ntp true; without a network set it before each pass"),
        )
    return well(name, words("%(said)s, kept by the network", said=said) if kept else said)


def radio(link: LinkConfig, words: Words, *, running: bool) -> Finding:
    """Whether its device or server is there and may be used."""
    name = words("radio %(name)s", name=link.name)
    if running:
        return well(name, words("%(url)s: the station has it", url=link.url))
    try:
        port = opener(link.url)()
    except LinkError as error:
        return Finding(name, "bad", reason_text(str(error), words.language))
    except StationError as error:
        return Finding(name, "bad", str(error))
    port.close()
    return well(name, words("%(url)s answers", url=link.url))


def elements(config: Config, data: Path, definitions: SatelliteCatalog, words: Words) -> Finding:
    """Whether the orbits of the satellites that are followed are known and fresh."""
    name = words("elements")
    catalog = ElementsCatalog(data / "elements")
    if catalog.problems:
        return Finding(name, "bad", "; ".join(catalog.problems))
    mend = words("in a network: groundstation elements update; else: elements import FILE")
    missing, late, oldest = [], [], 0.0
    for item in config.satellites:
        found = followed(item.id, definitions.index, lambda n: bool(catalog.of((n,))), catalog.all)
        known = catalog.for_norad(found.norad) if found and found.norad else None
        if known is None:
            missing.append(item.id)
            continue
        age_days = (datetime.now(UTC) - known.epoch).total_seconds() / 86_400
        oldest = max(oldest, age_days)
        if timing_error_s(known, age_days) > LATE_S:
            late.append(item.id)
    if missing:
        said = words("none of %(names)s", names=", ".join(missing))
        return Finding(name, "bad", said, mend)
    if late:
        said = words(
            "those of %(names)s are so old that passes are more than a minute off",
            names=", ".join(late),
        )
        return Finding(name, "doubtful", said, mend)
    if not config.satellites:
        return well(name, words("no [[satellites]] in the settings: none is needed"))
    return well(name, words("the oldest are of %(n)s days ago", n=f"{oldest:.1f}"))


def database(config: Config, words: Words) -> Finding:
    """Whether InfluxDB answers; nothing is written there."""
    name, storage = "InfluxDB", config.storage
    if storage.token_env and not os.environ.get(storage.token_env):
        return Finding(
            name,
            "bad",
            words("the variable %(name)s is not set", name=storage.token_env),
            words("put the token into it: export %(name)s=...", name=storage.token_env),
        )
    url = f"{storage.url.rstrip('/')}/ping"
    try:
        answer = urllib3.request("GET", url, timeout=_WAIT_S, retries=False)
    except urllib3.exceptions.HTTPError as error:
        said = words("%(url)s does not answer: %(reason)s", url=storage.url, reason=error)
        mend = words("start it, or correct [storage] url; frames are kept meanwhile")
        return Finding(name, "bad", said, mend)
    version = answer.headers.get("X-Influxdb-Version", "")
    return well(
        name, words("%(url)s answers %(version)s", url=storage.url, version=version).strip()
    )


def controller(what: str, address: str, words: Words) -> Finding:
    """Whether somebody listens where the rotator or the radio should be."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_WAIT_S).close()
    except OSError as error:
        said = words("%(place)s does not answer: %(reason)s", place=address, reason=error.strerror)
        return Finding(what, "bad", said, words("start %(program)s there", program=what))
    return well(what, words("%(url)s answers", url=address))


def messages(config: Config, words: Words) -> Finding:
    """Whether notices of passes can be sent."""
    name, variable = words("messages"), config.notify.urls_env
    if importlib.util.find_spec("apprise") is None:
        said = words("the package apprise is not installed")
        return Finding(name, "bad", said, "pip install 'nanosat-groundstation[notify]'")
    if not os.environ.get(variable):
        said = words("the variable %(name)s is not set", name=variable)
        mend = words("put the addresses into it: export %(name)s=...", name=variable)
        return Finding(name, "bad", said, mend)
    return well(name, words("addresses are in %(name)s", name=variable))


def web_port(config: Config, words: Words, *, running: bool) -> Finding:
    """Whether the pages can be served."""
    name, dashboard = words("web port"), config.dashboard
    place = f"{dashboard.host}:{dashboard.port}"
    if running:
        return well(name, words("%(url)s: the station has it", url=place))
    try:
        check_port(dashboard, patience_s=0.0)
    except StationError as error:
        return Finding(name, "bad", str(error))
    return well(name, words("%(place)s is free", place=place))
