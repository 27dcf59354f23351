"""A definition held against a decoder of satnogs-decoders: what both say of the same frames."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from decoders.suggest import nearest
from groundstation.errors import SatnogsError
from groundstation.satnogs import SatnogsDecoder, satnogs_names

if TYPE_CHECKING:
    from decoders.decode import Decoder
    from decoders.value import Decoded, Value

State = Literal["equal", "different", "only ours", "only theirs"]
#: Two programs multiply in another order, and some of theirs compute with 32 bits.
_CLOSE = 1e-6
#: What their decoders call the fields of an AX.25 header, which is no row of ours.
_AX25 = {
    "dest_callsign": "destination",
    "dest_ssid": "destination_ssid",
    "src_callsign": "source",
    "src_ssid": "source_ssid",
    "ctl": "control",
    "pid": "pid",
}


@dataclass(slots=True)
class Row:
    """One name in one packet. ``differing``: in how many frames; ``example``: the first of them."""

    packet: str
    name: str
    ours: int = 0
    theirs: int = 0
    both: int = 0
    differing: int = 0
    example: str = ""

    @property
    def state(self) -> State:
        """What is the case over all frames: one that differs is enough."""
        if self.differing:
            return "different"
        if self.both:
            return "equal"
        return "only ours" if self.ours else "only theirs"


@dataclass(slots=True)
class Comparison:
    """``frames``: how many both decoded; ``failed``: why others were not compared."""

    theirs: str
    frames: int = 0
    failed: list[str] = field(default_factory=list)
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether a value differs, or a frame could be read by one of them only."""
        return bool(self.failed) or any(row.state == "different" for row in self.rows.values())

    def row(self, packet: str, name: str) -> Row:
        """The row of that name, begun where it is new."""
        return self.rows.setdefault((packet, name), Row(packet, name))


def their_name(id: str) -> str:
    """Their decoder for our satellite ``id``. Raises SatnogsError: not installed, or none alike."""
    names = satnogs_names()
    alike = [name for name in names if _plain(name) == _plain(id)]
    if names and not alike:
        close = nearest(_plain(id), names)
        raise SatnogsError(f"satnogs-decoders has none called as {id!r}; use --with NAME; {close}")
    return alike[0] if alike else id


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def compare(id: str, name: str, frames: Iterable[bytes], decoder: Decoder) -> Comparison:
    """Our satellite ``id`` and their decoder ``name``, over ``frames``. Raises SatnogsError."""
    theirs = SatnogsDecoder(name)
    found = Comparison(name)
    for number, frame in enumerate(frames):
        ours, other = decoder.decode(frame, id), theirs.decode(frame)
        if problem := _unread(ours, other):
            found.failed.append(f"frame {number}: {problem}")
        else:
            found.frames += 1
            _add(found, ours, {value.name: value for value in other.values}, number)
    return found


def _unread(ours: Decoded, theirs: Decoded) -> str | None:
    if ours.error or ours.packet is None:
        return f"ours does not decode it: {ours.error}"
    return theirs.error


def _add(found: Comparison, ours: Decoded, theirs: Mapping[str, Value], number: int) -> None:
    packet = str(ours.packet)
    for value in ours.values:
        row = found.row(packet, value.name)
        row.ours += 1
        if value.name in theirs:
            _hold(row, value, theirs[value.name], number)
    names = {value.name for value in ours.values}
    for name, other in theirs.items():
        if name not in names and not _in_header(ours, name, other):
            found.row(packet, name).theirs += 1


def _hold(row: Row, ours: Value, theirs: Value, number: int) -> None:
    row.both += 1
    if same(ours.value, theirs.value) or same(ours.raw, theirs.value):
        return
    row.differing += 1
    if not row.example:
        raw = "" if ours.raw == ours.value else f" (raw {ours.raw!r})"
        row.example = f"frame {number}: ours {ours.value!r}{raw}, theirs {theirs.value!r}"


def _in_header(ours: Decoded, name: str, theirs: Value) -> bool:
    """Whether it is a field of the AX.25 header, and the same there."""
    layer = next((each for each in ours.layers if each.layer == "ax25"), None)
    return layer is not None and name in _AX25 and same(layer.fields[_AX25[name]], theirs.value)


def same(ours: object, theirs: object) -> bool:
    """Numbers within a millionth, texts without what fills them up, bytes as hex or as text; a text
    and a number where the text begins with it."""
    if isinstance(ours, str) and isinstance(theirs, int | float):
        ours = _number(ours)
    if isinstance(ours, bool | int | float) and isinstance(theirs, bool | int | float):
        return math.isclose(ours, theirs, rel_tol=_CLOSE, abs_tol=1e-9)
    return bool(_texts(ours) & _texts(theirs))


def _number(text: str) -> float | str:
    found = re.match(r"\s*[-+]?\d+(\.\d+)?", text)
    return float(found[0]) if found else text


def _texts(value: object) -> set[str]:
    if isinstance(value, bytes):
        return {value.hex(), value.decode("latin-1").rstrip("\0 ")}
    if isinstance(value, str):
        return {value.rstrip("\0 "), value.encode("latin-1", "replace").hex()}
    return {str(value)}
