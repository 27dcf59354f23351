"""Addresses that look like a device's but are none: told at once, with the right form.

Without this the station would wait for ever for a device of such a name to be plugged in.
"""

from __future__ import annotations

import re

_SCHEME = re.compile(r"(?i)(tcp|socket|file|rfc2217|loop|spy|alt|hwgrep):(?!//)(/?)(.*)")
_HOST_AND_PORT = re.compile(r"(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}")
_DEVICE_AND_SPEED = re.compile(r"(/dev/[^?:]+|(?i:COM\d+))[:,](\d{3,7})")
_RECORDINGS = (".kss", ".kiss", ".hex", ".bin", ".raw")


def misspelt(url: str) -> str:
    """What ``url`` was probably meant to be, as a sentence; empty: nothing is wrong with it."""
    if not url.strip():
        return "expected a device or an address, such as /dev/ttyUSB0 or tcp://127.0.0.1:8001"
    if url != url.strip():
        return f"there are blanks around it; write {url.strip()}"
    if found := _SCHEME.fullmatch(url):
        rest = found[2] + found[3] if found[1].lower() == "file" else found[3]
        return f"two slashes are missing; write {found[1].lower()}://{rest}"
    if found := _DEVICE_AND_SPEED.fullmatch(url):
        return f"the speed is a setting; write {found[1]}?baud={found[2]}"
    if _HOST_AND_PORT.fullmatch(url) and not url.lower().startswith("com"):
        return f"a server's address begins with tcp://; write tcp://{url}"
    if "://" not in url and url.lower().endswith(_RECORDINGS):
        return f"this is no serial port; a recording is file://{url}"
    return ""
