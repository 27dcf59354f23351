"""Slips of the pen in addresses of links, and what was meant.

Without this the station would wait for ever for a device of such a name to be plugged in.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

_HOST_AND_PORT = re.compile(r"(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}")
_DEVICE_AND_SPEED = re.compile(r"(/dev/[^?:]+?|(?i:COM\d+))[:, ]\s*(\d{3,7})")
_RECORDINGS = (".kss", ".kiss", ".hex", ".bin", ".raw")
#: Files that are sound by their names.
SOUND_FILES = (".wav", ".ogg", ".oga", ".opus", ".flac")
_UNIX_NAME = re.compile(r"/?(?:dev/)?((?:tty|cu|rfcomm|pts)[A-Za-z0-9./_-]*)")
_WINDOWS_PORT = re.compile(r"(?i)(?:\\\\\.\\)?COM\d+")
_HOST = re.compile(r"(?i)(?:localhost|(?:\d{1,3}\.){3}\d{1,3}|[a-z0-9-]+(?:\.[a-z0-9-]+)+)")
#: What a path may be instead of a port.
_NO_PORTS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISREG, "a file"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a disk"),
)
_FORMS = "a device begins with / (such as /dev/ttyUSB0), on Windows it is COM3; a server is tcp://"


def misspelt(url: str, schemes: Iterable[str]) -> str:
    """What ``url`` was probably meant to be, as a sentence; empty: nothing is wrong with it.

    ``schemes``: the kinds of links there are.
    """
    if not url.strip():
        return "expected a device or an address, such as /dev/ttyUSB0 or tcp://127.0.0.1:8001"
    if url != url.strip():
        return f"there are blanks around it; write {url.strip()}"
    if not url.isprintable():
        return "it holds characters that cannot be seen; type it anew"
    if hint := _slashes(url, schemes):
        return hint
    return "" if "://" in url else _bare(url)


def _slashes(url: str, schemes: Iterable[str]) -> str:
    """A known kind of link whose ``://`` is not right."""
    kinds = "|".join(map(re.escape, schemes))
    found = re.fullmatch(rf"(?i)({kinds})(?!://)(?:[:;.,]?[/\\]{{1,2}}|[:;])(.*)", url)
    if found is None:
        return ""
    kind, rest = found[1].lower(), found[2]
    if kind == "file" and re.match(r"(?i)file[:;]/(?!/)", url):
        rest = "/" + rest
    return f"two slashes are missing; write {kind}://{rest}"


def _bare(url: str) -> str:
    """An address without ``://``: the path or name of a device, and what else people write."""
    device, _, query = url.partition("?")
    for rule in (_speed, _server, _recording, _name, _path):
        if hint := rule(device, query):
            return hint
    return ""


def _speed(device: str, query: str) -> str:
    if found := _DEVICE_AND_SPEED.fullmatch(device):
        return f"the speed is a setting; write {found[1]}?baud={found[2]}"
    head, ampersand, rest = device.partition("&")
    if ampersand:
        return f"the first setting begins with ?; write {head}?{rest}"
    return ""


def _server(device: str, query: str) -> str:
    if _HOST_AND_PORT.fullmatch(device) and not device.lower().startswith("com"):
        return f"a server's address begins with tcp://; write tcp://{device}"
    if re.fullmatch(r":?\d{1,5}", device):
        return f"a server's address has a host; write tcp://127.0.0.1:{device.lstrip(':')}"
    if _HOST.fullmatch(device) and not device.lower().endswith(_RECORDINGS + SOUND_FILES):
        return f"a server's address begins with tcp://; write tcp://{device}:8001"
    return ""


def _recording(device: str, query: str) -> str:
    if device.lower().endswith(_RECORDINGS):
        return f"this is no serial port; a recording is file://{device}"
    if device.lower().endswith(SOUND_FILES):
        return f"this is no serial port; a recording of sound is wav://{device}"
    if device == "-":
        return "raw samples on standard input are stdin://?rate=48000"
    return ""


def _name(device: str, query: str) -> str:
    if device.startswith("/") or _WINDOWS_PORT.fullmatch(device) or Path(device).is_char_device():
        return ""
    if _WINDOWS_PORT.fullmatch(device.rstrip(":")):
        return f"write {device.rstrip(':')}"
    if found := _UNIX_NAME.fullmatch(device):
        return f"a device is named with its folder; write /dev/{found[1]}"
    return f"{device!r} is neither a device nor a server; {_FORMS}"


def _path(device: str, query: str) -> str:
    """A path that is there and is no port."""
    if not device.startswith("/"):
        return ""
    if device.endswith("/") or device == "/dev":
        return "this is a folder; name the device in it, such as /dev/ttyUSB0"
    return no_file(Path(device), _NO_PORTS)


def no_file(path: Path, kinds: Iterable[tuple[Callable[[int], bool], str]]) -> str:
    """Why ``path``, if it is there, cannot be what is wanted: it is one of ``kinds``."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return ""  # not there yet, or not to be seen: opening it tells
    for is_kind, name in kinds:
        if is_kind(mode):
            hint = f"; a recording is file://{path}" if name == "a file" else ""
            return f"this is {name}, no port{hint}"
    return ""
