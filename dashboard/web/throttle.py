"""So many attempts from one address, then a pause that grows."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

#: Addresses that are remembered; the one that did nothing for longest is forgotten.
_MOST = 2000
#: Of IPv6 a household has as many addresses as it likes within this many bits (RFC 4291, 2.5.4).
_HOUSEHOLD_BITS = 64


@dataclass(slots=True)
class _Attempts:
    count: int = 0
    last_s: float = 0.0
    until_s: float = 0.0


class Throttle:
    """Lets ``free`` attempts through at once, then one after each pause.

    The pause begins with ``first_s`` and doubles up to ``most_s``. What is not tried for ``most_s``
    is forgotten. Safe to use from several threads.
    """

    def __init__(self, free: int, first_s: float, most_s: float):
        self._free, self._first_s, self._most_s = free, first_s, most_s
        self._known: OrderedDict[str, _Attempts] = OrderedDict()
        self._lock = threading.Lock()

    def attempt(self, address: str | None) -> float:
        """Seconds to wait before anything is tried; 0: go on, the attempt is counted."""
        key, now_s = _household(address), time.monotonic()
        with self._lock:
            found = self._known.setdefault(key, _Attempts())
            self._known.move_to_end(key)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
            if now_s < found.until_s:
                return found.until_s - now_s
            if now_s - found.last_s > self._most_s:
                found.count = 0
            found.count, found.last_s = found.count + 1, now_s
            if found.count >= self._free:
                doubled = self._first_s * 2.0 ** min(found.count - self._free, 30)
                found.until_s = now_s + min(doubled, self._most_s)
            return 0.0

    def forget(self, address: str | None) -> None:
        """It went well: the next attempt is the first one."""
        with self._lock:
            self._known.pop(_household(address), None)


def _household(address: str | None) -> str:
    """What counts as one address."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return address or ""
    mapped = getattr(found, "ipv4_mapped", None)
    if found.version == 6 and mapped is None:
        return str(ip_network((found, _HOUSEHOLD_BITS), strict=False))
    return str(mapped or found)
