"""Where a radio is and what it may be asked for: address, frequency, offset and mode, checked.

Settings and command line use it, so that a slip is told when it is written and not at AOS.
"""

from __future__ import annotations

import math
import re

#: From the 160 m band to the millimetre waves: what amateur and small satellites send on, Hz.
FREQUENCIES_HZ = (1_800_000.0, 250e9)
#: An oscillator that is further off, Hz, is broken: up to 100 ppm at 10 GHz.
MOST_OFFSET_HZ = 1e6
_MODE = re.compile(r"[A-Za-z0-9]*")


def frequency_problem(frequency_hz: float) -> str:
    """Why this is no frequency to tune to, or empty."""
    low, high = FREQUENCIES_HZ
    if low <= frequency_hz <= high:
        return ""
    told = f"{frequency_hz:g} is no frequency of a radio in Hz"
    for factor, unit in ((1e6, "MHz"), (1e3, "kHz"), (1e9, "GHz")):
        if low <= frequency_hz * factor <= high:
            return f"{told}; {frequency_hz:.12g} {unit} is written {frequency_hz * factor:.0f}"
    return f"{told}; such as 437525000"


def offset_problem(offset_hz: float) -> str:
    """Why this cannot be a radio's own error, or empty. It may be negative."""
    if math.isfinite(offset_hz) and abs(offset_hz) <= MOST_OFFSET_HZ:
        return ""
    return f"{offset_hz:g} is not a number of Hz from -{MOST_OFFSET_HZ:.0f} to {MOST_OFFSET_HZ:.0f}"


def mode_problem(mode: str) -> str:
    """Why this is not the name of a mode, or empty."""
    if _MODE.fullmatch(mode):
        return ""
    return f"{mode!r} is not the name of a mode such as 'FM' or 'PKTUSB'"


def address_problem(address: str) -> str:
    """Why no daemon can be reached there, or empty. An empty address names none."""
    host, _, port = address.rpartition(":")
    if not address or (host and port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        return ""
    return f"{address!r} is not host:port such as '127.0.0.1:4533'"
