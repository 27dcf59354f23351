"""Which names the dashboard answers to.

A page elsewhere can have its own name point at this computer (DNS rebinding), and a browser then
lets that page read what is served here. It cannot change the name that the browser asks for, so
names that are not ours are refused. An address is no name: no page elsewhere is called by it.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import ip_address

#: RFC 1035, 2.3.4; underscores are no host names, but Windows lets computers have them.
_MOST_CHARACTERS = 253
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_HOST = re.compile(r"(?P<name>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?")
_PORTS = 65535
#: RFC 6761, 6.3: browsers ask no server for names that end so.
_OF_THIS_COMPUTER = "localhost"


def host_name(header: str) -> str | None:
    """The name or address in a Host header (RFC 9110, 7.2), in small letters and without its port.

    None for what is no such header.
    """
    found = _HOST.fullmatch(header)
    if found is None or int(found["port"] or 0) > _PORTS:
        return None
    name = found["name"].lower()
    if name.startswith("["):
        return name[1:-1] if ":" in name and is_address(name[1:-1]) else None
    name = name.removesuffix(".")
    return name if is_host_name(name) else None


def is_host_name(name: str) -> bool:
    """Whether ``name``, in small letters, can be the name of a computer."""
    labels = name.split(".")
    return len(name) <= _MOST_CHARACTERS and all(map(_LABEL.fullmatch, labels))


def is_address(name: str) -> bool:
    """Whether ``name`` is an IP address."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class OurHosts:
    """The names of this dashboard: this computer's, and ``further`` ones of the settings."""

    def __init__(self, further: Iterable[str] = ()):
        own = socket.gethostname().lower().removesuffix(".")
        short = own.partition(".")[0]
        more = (name.strip().lower().removesuffix(".") for name in further)
        # Avahi and Bonjour call a computer by its short name and .local (RFC 6762).
        self._names = {own, short, f"{short}.local", _OF_THIS_COMPUTER, *more} - {""}

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        local = name.endswith(f".{_OF_THIS_COMPUTER}")
        return name in self._names or local or is_address(name)
