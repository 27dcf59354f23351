"""Addresses of links: the one place that reads them.

Light, so that the settings tell of a slip when it is written, and not when the port is opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

from decoders.suggest import nearest
from groundstation.errors import LinkUrlError
from groundstation.link_slips import SOUND_FILES, misspelt, no_file
from groundstation.sound.addresses import SOUND_SCHEMES, SoundAddress

#: Where software TNCs serve KISS.
DEFAULT_PORT = 8001

Setting: TypeAlias = int | float | str | bool
_YES = ("", "1", "on", "yes", "true")
_NO = ("0", "off", "no", "false")
_SETTINGS: Mapping[str, Mapping[str, Setting]] = {
    "bytesize": {str(bits): bits for bits in (5, 6, 7, 8)},
    "parity": {letter: letter for letter in "NEOMS"},
    "stopbits": {"1": 1, "1.5": 1.5, "2": 2},
    "rtscts": {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)},
    "xonxoff": {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)},
}


@dataclass(frozen=True, slots=True)
class SerialAddress:
    """``device``: a device or a pyserial URL, without our keys; ``settings``: pyserial's names."""

    device: str
    settings: Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A server of a byte stream."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class RecordingAddress:
    """A file; ``speed``: how many times as fast as a line of 9600 baud, None: at once."""

    path: Path
    speed: float | None


LinkAddress: TypeAlias = SerialAddress | TcpAddress | RecordingAddress | SoundAddress


def parse_link_url(url: str) -> LinkAddress:
    """What ``url`` names; raises LinkUrlError that says what is wrong with it."""
    if hint := misspelt(url, filter(None, _SCHEMES)):
        raise LinkUrlError(f"{url.strip() or '(empty)'}: {hint}")
    scheme = url.split("://")[0].lower() if "://" in url else ""
    if scheme not in _SCHEMES:
        hint = nearest(scheme, filter(None, _SCHEMES))
        raise LinkUrlError(f"{url}: there is no link of the kind {scheme}://; {hint}")
    return _SCHEMES[scheme](url)


def link_url_problem(url: str) -> str:
    """Why no link can have this address, or empty."""
    try:
        parse_link_url(url)
    except LinkUrlError as error:
        return str(error)
    return ""


def serial_address(url: str) -> SerialAddress:
    """A device or a pyserial URL, with ``?baud=9600`` and, if need be, ``bytesize``, ``parity``,
    ``stopbits``, ``rtscts`` and ``xonxoff``; 9600 baud 8N1 otherwise. Raises LinkUrlError."""
    device, _, query = url.partition("?")
    ours: dict[str, Setting] = {"baudrate": 9600}
    theirs = []
    seen: set[str] = set()
    for part in filter(None, query.split("&")):
        key, _, word = part.partition("=")
        if key in seen and (key == "baud" or key in _SETTINGS):
            raise LinkUrlError(f"{url}: {key} is set twice")
        seen.add(key)
        if key == "baud":
            ours["baudrate"] = _baud(url, word)
        elif key in _SETTINGS:
            if word not in _SETTINGS[key]:
                hint = nearest(word, filter(None, _SETTINGS[key]))
                raise LinkUrlError(f"{url}: {key}={word}: {hint}")
            ours[key] = _SETTINGS[key][word]
        elif "://" in device:
            theirs.append(part)
        else:
            hint = nearest(key, ("baud", *_SETTINGS))
            raise LinkUrlError(f"{url}: unknown setting {key!r}: {hint}")
    return SerialAddress(device + ("?" + "&".join(theirs) if theirs else ""), ours)


def remote_serial_address(url: str) -> SerialAddress:
    """``rfc2217://host:4000`` with the settings of a serial port. Raises LinkUrlError."""
    tcp_address(url.partition("?")[0], port_needed=True)
    return serial_address(url)


def _baud(url: str, word: str) -> int:
    if not (word.isdecimal() and 50 <= int(word) <= 4_000_000):
        raise LinkUrlError(f"{url}: baud={word}: expected a number such as 9600")
    return int(word)


def tcp_address(url: str, port_needed: bool = False) -> TcpAddress:
    """``tcp://host:8001``; without a port DEFAULT_PORT. Raises LinkUrlError."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = DEFAULT_PORT if parts.port is None and not port_needed else parts.port
        beyond = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    except ValueError:
        host, port, beyond = "", 0, ""
    if not host or not port or beyond or " " in host or url.endswith(":"):
        example = f"{url.partition('://')[0].lower()}://127.0.0.1:{DEFAULT_PORT}"
        raise LinkUrlError(f"{url}: expected a host and a port, such as {example}")
    return TcpAddress(host, port)


def recording_address(url: str) -> RecordingAddress:
    """``file://pass.kss``, ``file://pass.hex?speed=10``. Raises LinkUrlError."""
    name, _, query = url.partition("://")[2].partition("?")
    if os.name == "nt" and name[:1] == "/" and name[2:3] == ":":
        name = name[1:]  # file:///C:/pass.kss
    speed: float | None = None
    for key, word in parse_qsl(query, keep_blank_values=True):
        if key != "speed":
            raise LinkUrlError(f"{url}: unknown setting {key!r}; a recording knows speed only")
        speed = _speed(url, word)
    if not name:
        raise LinkUrlError(f"{url}: expected a file, such as file://recording.kss")
    path = Path(name).expanduser()
    if path.suffix.lower() in SOUND_FILES:
        raise LinkUrlError(f"{url}: sound is demodulated; write wav://{name}")
    if hint := no_file(path, ((stat.S_ISDIR, "a folder"),)):
        raise LinkUrlError(f"{url}: {hint.removesuffix(', no port')}, no recording")
    return RecordingAddress(path, speed)


def _speed(url: str, word: str) -> float:
    try:
        speed = float(word)
    except ValueError:
        speed = 0.0
    if not 0 < speed < 1e9:
        raise LinkUrlError(f"{url}: speed={word}: expected a number above 0")
    return speed


#: Scheme -> what reads the address. A bare device (``/dev/ttyUSB0``, ``COM3``) has none.
_SCHEMES: Mapping[str, Callable[[str], LinkAddress]] = {
    "": serial_address,
    "alt": serial_address,
    "file": recording_address,
    "hwgrep": serial_address,
    "loop": serial_address,
    "rfc2217": remote_serial_address,
    "socket": tcp_address,
    "spy": serial_address,
    "tcp": tcp_address,
    **SOUND_SCHEMES,
}
