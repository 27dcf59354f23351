"""Settings of other stations as a ``station.toml``: place, rotator, radio, and transmitters.

* Gpredict keeps a place in ``NAME.qth`` (group ``[QTH]``: ``LOCATION``, ``LAT`` and ``LON`` in
  degrees, ``ALT`` in metres) and the transmitters of a satellite in ``NORAD.trsp`` (a group each:
  ``UP_LOW``, ``DOWN_LOW`` and others in hertz, ``MODE``, ``BAUD``).
* A SatNOGS station has environment variables, ``SATNOGS_STATION_LAT`` (degrees), ``_LON`` and
  ``_ELEV`` (metres), ``SATNOGS_ROT_MODEL`` and ``_ROT_PORT`` (an address with
  ``ROT_MODEL_NETROTCTL``), ``SATNOGS_RIG_IP`` and ``_RIG_PORT``, in a file, a line each. Its API
  token is secret and not taken.

Sources: Gpredict, ``data/sample.qth``, ``data/25544.trsp``, ``src/trsp-conf.c``; satnogs-client,
``satnogsclient/settings.py``, ``docs/userguide.rst``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from groundstation.history.foreign.source import Source

_GROUP = re.compile(r"\[(.*)\]")
_PAIR = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)")
#: More lines are no settings of a station.
MOST_LINES = 10_000
_NETWORK_ROTATOR = "ROT_MODEL_NETROTCTL"


class Place(NamedTuple):
    """Where a station stands; WGS84 degrees, metres."""

    name: str
    latitude_deg: float
    longitude_deg: float
    altitude_m: float


class Transmitter(NamedTuple):
    """What Gpredict calls a mode: its name and how it is modulated."""

    name: str
    frequency_hz: int
    mode: str


class Found(NamedTuple):
    """What one file says."""

    place: Place | None = None
    rotator: str = ""
    rig: str = ""
    norad: str = ""
    transmitters: Sequence[Transmitter] = ()


class Settings(NamedTuple):
    """``is_it`` tells the format by its lines."""

    is_it: Callable[[Sequence[str]], bool]
    read: Callable[[Source], Found]


def read_qth(source: Source) -> Found:
    """A place. Raises ForeignFileError."""
    keys = dict(_groups(source)).get("QTH", {})
    name = _text(keys, "LOCATION") or source.path.stem
    place = _place(source, name, keys, ("LAT", "LON", "ALT"))
    return Found(place=place)


def read_trsp(source: Source) -> Found:
    """The transmitters of a satellite, which the file's name tells. Raises ForeignFileError."""
    if not source.path.stem.isdecimal():
        raise source.wrong("its name must be the satellite's NORAD number, such as 25544.trsp")
    found = []
    for name, keys in _groups(source):
        if "DOWN_LOW" in keys:
            number, text = keys["DOWN_LOW"]
            if not text.isdecimal() or not 0 < int(text) < 1 << 40:
                raise source.wrong("DOWN_LOW is no frequency in hertz", number, text)
            found.append(Transmitter(name, int(text), _text(keys, "MODE")))
    if not found:
        raise source.wrong("there is no downlink in it")
    return Found(norad=source.path.stem, transmitters=found)


def read_satnogs(source: Source) -> Found:
    """Place, rotator and radio. Raises ForeignFileError."""
    keys = dict(_groups(source)).get("", {})
    names = ("SATNOGS_STATION_LAT", "SATNOGS_STATION_LON", "SATNOGS_STATION_ELEV")
    station = _text(keys, "SATNOGS_STATION_ID")
    place = _place(source, f"SatNOGS station {station}".strip(), keys, names)
    port = _text(keys, "SATNOGS_ROT_PORT")
    network = _text(keys, "SATNOGS_ROT_MODEL") == _NETWORK_ROTATOR and ":" in port
    host = _text(keys, "SATNOGS_RIG_IP")
    rig = f"{host}:{_text(keys, 'SATNOGS_RIG_PORT') or 4532}" if host else ""
    return Found(place=place, rotator=port if network else "", rig=rig)


#: Formats of settings by name.
SETTINGS: dict[str, Settings] = {
    "gpredict-qth": Settings(lambda lines: _has(lines, r"\[QTH\]"), read_qth),
    "gpredict-trsp": Settings(lambda lines: _has(lines, r"(DOWN|UP)_LOW\s*=.*"), read_trsp),
    "satnogs-settings": Settings(
        lambda lines: _has(lines, r"(export\s+)?SATNOGS_[A-Z_]+\s*=.*"), read_satnogs
    ),
}


def station_toml(found: Sequence[Found]) -> str:
    """What the files say together as a ``station.toml`` to go on with."""
    text = "# Made by groundstation import from the settings of other programs.\n"
    for place in (each.place for each in found if each.place):
        text += f"\n[site]\nname = {_quoted(place.name)}\n"
        text += f"latitude_deg = {place.latitude_deg}\nlongitude_deg = {place.longitude_deg}\n"
        text += f"altitude_m = {place.altitude_m}\n"
    for each in found:
        text += "".join(_satellite(each))
    rotator = next((each.rotator for each in found if each.rotator), "")
    rig = next((each.rig for each in found if each.rig), "")
    if rotator or rig:
        text += "\n[tracking]\n"
        text += f"rotator = {_quoted(rotator)}\n" if rotator else ""
        text += f"rig = {_quoted(rig)}\n" if rig else ""
    return text


def _satellite(found: Found) -> Iterator[str]:
    """The first transmitter is the one to tune to; the others stand beside it as remarks."""
    if not found.transmitters:
        return
    first, *others = found.transmitters
    yield f"\n[[satellites]]\nid = {_quoted(found.norad)}\n"
    yield f"frequency_hz = {first.frequency_hz}  # {_remark(first)}\n"
    for other in others:
        yield f"# frequency_hz = {other.frequency_hz}  # {_remark(other)}\n"


def _remark(one: Transmitter) -> str:
    """On one line, without what TOML allows nowhere."""
    words = " ".join(f"{one.name} {one.mode}".split())
    return "".join(letter for letter in words if letter.isprintable())


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in plain) + '"'


def _has(lines: Sequence[str], pattern: str) -> bool:
    return any(re.fullmatch(pattern, line.strip()) for line in lines)


def _groups(source: Source) -> Iterator[tuple[str, dict[str, tuple[int, str]]]]:
    """Groups by name (empty: before the first) with their keys: line and text of each."""
    name, keys = "", dict[str, tuple[int, str]]()
    for number, line in source.lines():
        if number > MOST_LINES:
            raise source.wrong(f"settings of more than {MOST_LINES} lines", number)
        text = line.strip()
        if found := _GROUP.fullmatch(text):
            yield name, keys
            name, keys = found[1], {}
        elif pair := _PAIR.fullmatch(text):
            keys[pair[1]] = number, _unquoted(pair[2])
        elif text and not text.startswith(("#", ";")):
            raise source.wrong("neither a group nor KEY=VALUE", number, text)
    yield name, keys


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text


def _text(keys: dict[str, tuple[int, str]], name: str) -> str:
    return keys.get(name, (0, ""))[1]


def _place(
    source: Source, name: str, keys: dict[str, tuple[int, str]], names: tuple[str, str, str]
) -> Place:
    latitude, longitude, altitude = names
    return Place(
        name,
        _number(source, keys, latitude, 90),
        _number(source, keys, longitude, 180),
        _number(source, keys, altitude, 9000) if altitude in keys else 0.0,
    )


def _number(source: Source, keys: dict[str, tuple[int, str]], name: str, most: float) -> float:
    if name not in keys:
        raise source.wrong(f"there is no {name} in it")
    line, text = keys[name]
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not abs(number) <= most:
        raise source.wrong(f"{name} is no number from {-most} to {most}", line, text)
    return number
