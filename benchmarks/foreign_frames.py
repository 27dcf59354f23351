"""Frames of nobody we know: hams, other satellites of the same protocols, and noise; seeded."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection

from decoders.layers.registry import LAYERS

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TEXTS = (
    "!4903.50N/07201.75W-Test 001234",
    "=4237.14N/07118.83W#PHG5630/W1,MAn Anytown digi",
    ">Net Control Center",
    "_10090556c220s004g005t077r000p000P000h50b09900wRSW",
    "T#005,199,000,255,073,123,01101001",
    ":BLN1     :Meeting tonight at seven",
    "CQ CQ CQ de {} pse k",
    "the quick brown fox jumps over the lazy dog ",
)
#: Lengths that satellites use for their frames, so that strangers may use them too.
_USUAL = (16, 27, 31, 48, 64, 66, 83, 92, 112, 128, 145, 190, 200, 211, 212, 223, 240, 255, 256)
_APPLICATIONS = ("APRS", "CQ", "BEACON", "APDW16", "APRX29", "TELEM", "ID")


def callsign(chance: random.Random, taken: Collection[str]) -> str:
    """A ham's, which none of the satellites has."""
    while True:
        head = "".join(chance.choices(_LETTERS, k=chance.choice((1, 2))))
        tail = "".join(chance.choices(_LETTERS, k=chance.choice((2, 3))))
        found = f"{head}{chance.randrange(10)}{tail}"[:6]
        if chance.random() < 0.1:
            found = "N0CALL"
        if found not in taken:
            return found


def payload(chance: random.Random) -> bytes:
    """Telemetry of somebody: numbers, small numbers in a sea of zeros, text, fill."""
    length = chance.choice((chance.randrange(300), chance.choice(_USUAL)))
    kind = chance.randrange(5)
    if kind == 0:
        return chance.randbytes(length)
    if kind == 1:
        return bytes(chance.choices((0, 0, 0, 0, 1, 2, 3, 10, 255), k=length))
    if kind == 2:
        return bytes([chance.choice((0, 0xFF, 0x55, 0xAA, chance.randrange(256)))]) * length
    if kind == 3:
        start = chance.randrange(256)
        return bytes((start + n) & 0xFF for n in range(length))
    return text(chance).ljust(length)[:length].encode()


def text(chance: random.Random) -> str:
    """What hams write."""
    return chance.choice(_TEXTS) * chance.randrange(1, 4)


def ax25(chance: random.Random, taken: Collection[str]) -> bytes:
    """A ham's UI frame."""
    fields: dict[str, int | str | bool | None] = {
        "source": callsign(chance, taken),
        "source_ssid": chance.randrange(16),
        "destination": chance.choice((*_APPLICATIONS, callsign(chance, taken))),
    }
    if chance.random() < 0.3:
        fields["digipeaters"] = f"{callsign(chance, taken)}-1*,WIDE2-2"
    return LAYERS["ax25"].wrap(payload(chance), fields)


def aprs(chance: random.Random, taken: Collection[str]) -> bytes:
    """N0CALL>APRS and the like, with text."""
    fields = {"source": chance.choice(("N0CALL", "NOCALL", callsign(chance, taken)))}
    return LAYERS["ax25"].wrap(text(chance).encode(), {**fields, "destination": "APRS"})


def aprs_text(chance: random.Random, taken: Collection[str]) -> bytes:
    """The same as plain text, as some programs pass it on."""
    return f"{callsign(chance, taken)}>APRS,WIDE1-1:{text(chance)}".encode()


def csp(chance: random.Random, taken: Collection[str]) -> bytes:
    """Another satellite with the same on-board computer, its CRC right."""
    layer = chance.choice(("csp", "csp", "csp-swapped", "csp2"))
    fields = {
        "priority": chance.randrange(4),
        "source": chance.choice((1, 2, 4, 5, chance.randrange(32))),
        "destination": chance.choice((9, 10, 6, chance.randrange(32))),
        "source_port": chance.choice((0, 7, chance.randrange(64))),
        "destination_port": chance.choice((0, 30, chance.randrange(64))),
        "crc": chance.randrange(2),
    }
    return LAYERS[layer].wrap(payload(chance), fields)


def ccsds(chance: random.Random, taken: Collection[str]) -> bytes:
    """Space packets, bare or in TM frames of another spacecraft."""
    inner = payload(chance) or b"\0"
    if chance.random() < 0.5:
        header = {"service": chance.choice((3, 1, 5)), "subtype": chance.choice((25, 1, 2))}
        inner = LAYERS["pus"].wrap(inner, header)
    frame = LAYERS["space-packet"].wrap(inner, {"apid": chance.randrange(2047)})
    layer = chance.choice(("", "tm-frame", "tm-frame-fecf"))
    if layer:
        spacecraft = chance.choice((0, chance.randrange(1024)))
        frame = LAYERS[layer].wrap(frame, {"spacecraft_id": spacecraft})
    return frame


def noise(chance: random.Random, taken: Collection[str]) -> bytes:
    """Bits without a sender, of lengths that somebody uses too."""
    if chance.random() < 0.3:
        return payload(chance)
    return chance.randbytes(chance.choice((chance.randrange(1, 300), *_USUAL)))


KINDS: dict[str, Callable[[random.Random, Collection[str]], bytes]] = {
    "AX.25 of hams": ax25,
    "APRS text in AX.25": aprs,
    "APRS as text": aprs_text,
    "CSP": csp,
    "CCSDS": ccsds,
    "noise": noise,
}
