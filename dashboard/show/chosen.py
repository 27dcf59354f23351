"""The part of a frame that is chosen on its X-ray: its bits, its steps, and what to turn over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from dashboard.data.xray_records import StepRecord
from dashboard.show.i18n import current
from dashboard.show.i18n import gettext as _
from dashboard.show.xray import Part, Xray

#: Longer parts are not shown bit by bit.
_MOST_BITS = 128
#: Numbers of more bits have no place values of their own under each (see decoders.reading_steps).
_MOST_PLACES = 16


@dataclass(frozen=True, slots=True)
class BitCell:
    """One bit of the frame. ``place``: what a one is worth in its number, or empty.

    ``flips``: those of the page's address when this one is turned over too, or back.
    """

    bit: int
    digit: str
    byte: int
    place: str
    changed: bool
    flips: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is shown of one part.

    ``pieces``: its bytes in binary, each in pieces that belong to it or not; ``count``: its bits.
    """

    part: Part
    index: int
    doc: str
    state: str
    where: str
    count: int
    pieces: tuple[tuple[tuple[str, bool], ...], ...]
    steps: list[StepRecord]
    bits: tuple[BitCell, ...]


def chosen(xray: Xray, parts: Sequence[Part], name: str, code: str) -> Chosen | None:
    """The part of that name, a value before a header; None: there is none."""
    places = [index for index, part in enumerate(parts) if part.name == name]
    if not places:
        return None
    index = places[-1]
    part = parts[index]
    found = part.found
    bits = _bits(part)
    return Chosen(
        part=part,
        index=index,
        doc=xray.row_of(found.value).doc(code) if found else "",
        state=found.value.state if found else "",
        where=where_words(part.bits) if part.bits else "",
        count=len(bits),
        pieces=_pieces(xray.reception.raw, bits),
        steps=xray.steps(found, code) if found else [],
        bits=_cells(xray, part, bits),
    )


def where(bits: tuple[int, int]) -> str:
    """The bytes of the frame that hold a part."""
    first, last = bits[0] // 8, (sum(bits) - 1) // 8
    return str(first) if first >= last else f"{first}\N{EN DASH}{last}"


def where_words(bits: tuple[int, int]) -> str:
    """The same in words."""
    place = where(bits)
    return _("byte %(n)s", n=place) if place.isdecimal() else _("bytes %(range)s", range=place)


def _bits(part: Part) -> list[int]:
    """The very bits of a part, in the order of the frame: those of a value that does not fill its
    bytes may lie apart."""
    if part.bits is None:
        return []
    return sorted(part.found.bits) if part.found else list(range(part.bits[0], sum(part.bits)))


def _pieces(raw: bytes, bits: Sequence[int]) -> tuple[tuple[tuple[str, bool], ...], ...]:
    if not 0 < len(bits) <= _MOST_BITS:
        return ()
    inside = set(bits)
    pieces = []
    for byte in range(bits[0] // 8, bits[-1] // 8 + 1):
        runs = groupby(range(8 * byte, 8 * byte + 8), inside.__contains__)
        digits = f"{raw[byte]:08b}"
        pieces.append(
            tuple(("".join(digits[bit % 8] for bit in run), marked) for marked, run in runs)
        )
    return tuple(pieces)


def _cells(xray: Xray, part: Part, bits: Sequence[int]) -> tuple[BitCell, ...]:
    """The bits of a part in the order of the frame."""
    if len(bits) > _MOST_BITS:
        return ()
    places = _places(part)
    raw = xray.reception.raw
    return tuple(
        BitCell(
            bit=bit,
            digit=str(raw[bit // 8] >> (7 - bit % 8) & 1),
            byte=bit // 8,
            place=places.get(bit, ""),
            changed=bit in xray.flips,
            flips=",".join(map(str, sorted(xray.flips ^ {bit}))),
        )
        for bit in bits
    )


def _places(part: Part) -> dict[int, str]:
    """What a one in each bit is worth, for whole numbers that are not too long."""
    found = part.found
    if found is None or len(found.bits) > _MOST_PLACES:
        return {}
    kind = getattr(found.value.row, "kind", "")
    if kind not in ("u", "i", "bool", "time"):
        return {}
    worth = [1 << place for place in reversed(range(len(found.bits)))]
    if kind == "i":
        worth[0] = -worth[0]
    return dict(zip(found.bits, map(current().exact, worth), strict=True))
