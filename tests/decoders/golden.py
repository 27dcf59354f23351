"""What is expected of every row by its name: golden frames, and who read them first.

``tests/data/golden/ID.jsonl`` has a line a frame: ``packet``, ``frame`` (hex), ``reference`` (the
decoder, not ours, that read it, and its version), ``values`` (engineering) and ``raw`` by our
names. Frames are those of the definition, received ones where there are any, and the same with
other numbers in their rows, so that no two neighbours say the same. Its rows were paired
with ours by their place: both programs agree in each of some sixty frames of random numbers.
Where one agrees with ours in a part of the range only (a sign, say), the frames are of that part.
``fed``: what the reference was given, where it wants more or less around the packet.
``their_names.json`` says what the reference calls a row where its name is not ours.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from decoders.check import agrees
from decoders.decode import Decoder
from decoders.definition.model import PacketLayout, Parameter, Satellite, in_rows
from decoders.value import Decoded, Value

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Expected:
    """What one frame's packet says: engineering ``values`` and ``raw`` numbers by name."""

    satellite: str
    packet: str
    frame: bytes
    values: Mapping[str, Any] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)

    def wrong(self, found: Mapping[str, Value]) -> Iterator[str]:
        """One sentence for each value that is not as expected."""
        for name, wanted in self.values.items():
            value = found.get(name)
            if value is None or not (agrees(value, wanted) or alike(value.value, wanted)):
                yield f"{name} is {value and value.value!r}, expected {wanted!r}"
        for name, wanted in self.raw.items():
            value = found.get(name)
            if value is None or not alike(value.raw, wanted):
                yield f"{name} is raw {value and value.raw!r}, expected {wanted!r}"


def alike(found: object, wanted: object) -> bool:
    """Numbers within 1e-6, texts without what fills them up, bytes as hex."""
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return math.isclose(found, wanted, rel_tol=_CLOSE, abs_tol=1e-9)
    if isinstance(found, bytes):
        return found.hex() == str(wanted).lower()
    if isinstance(found, str) and isinstance(wanted, str):
        return found.rstrip("\0 ") == wanted or found.replace("Z", "") == wanted.replace(
            "+00:00", ""
        )
    return found == wanted


def golden(satellite: str) -> list[Expected]:
    """The golden frames of one satellite's packets."""
    path = GOLDEN / f"{satellite}.jsonl"
    if not path.exists():
        return []
    records = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Expected(
            satellite,
            record["packet"],
            bytes.fromhex(record["frame"]),
            record.get("values", {}),
            record.get("raw", {}),
        )
        for record in records
    ]


def expected(satellite: Satellite) -> list[Expected]:
    """Golden frames, and the examples in the definition."""
    examples = [
        Expected(satellite.id, example.packet, example.frame, example.expect)
        for example in satellite.examples
    ]
    return [*golden(satellite.id), *examples]


@dataclass(slots=True)
class Proof:
    """One packet layout, in whichever satellites it is, and what is expected of its frames."""

    layout: PacketLayout
    satellites: list[str] = field(default_factory=list)
    frames: list[tuple[Expected, Decoded]] = field(default_factory=list)

    def named(self) -> set[str]:
        """Rows that some frame expects by name."""
        known = self.layout.rows()
        names = {n for want, _ in self.frames for n in (*want.values, *want.raw)}
        return {row for name in names if (row := in_rows(name, known)) is not None}

    def marked(self) -> set[str]:
        """Rows that are marked unproved."""
        return set(self.layout.unproved_rows())

    def checks_itself(self) -> set[str]:
        """Constants and check values: where one is not as it must be, the decoder says so."""
        return {
            name
            for name, row in self.layout.rows().items()
            if isinstance(row, Parameter) and (row.const is not None or row.crc)
        }


def proofs(satellites: Mapping[str, Satellite]) -> list[Proof]:
    """Every distinct packet layout once: sisters inherit those of another satellite."""
    found: dict[str, list[Proof]] = {}
    for satellite in satellites.values():
        decoder = Decoder([satellite])
        wanted: dict[str, list[Expected]] = {}
        for want in expected(satellite):
            wanted.setdefault(want.packet, []).append(want)
        for layout in satellite.packets:
            same = found.setdefault(layout.name, [])
            proof = next((each for each in same if each.layout == layout), None)
            if proof is None:
                proof = Proof(layout)
                same.append(proof)
            proof.satellites.append(satellite.id)
            for want in wanted.get(layout.name, ()):
                proof.frames.append((want, decoder.decode(want.frame, satellite.id)))
    return [proof for each in found.values() for proof in each]
