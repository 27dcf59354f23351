"""How packets are told apart by the values of rows that they share, as comparisons.

Our match rules speak of bytes, and the first that holds wins; other formats compare parameters,
and want exactly one packet to fit. So the bits that a rule fixes become comparisons of the rows
that lie in them, and a later packet must differ from every earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from decoders.bits import Field, read
from decoders.definition.interchange.conversion import Losses
from decoders.definition.interchange.fixed import Fixed
from decoders.definition.model import Match, PacketLayout, Parameter

#: The row that stands for the bytes that packets begin with, where their rows begin after them.
MARK = "packet_mark"
_MOST_MARK_BYTES = 8
_COMPARED = ("u", "i", "bool", "ascii")


@dataclass(frozen=True, slots=True)
class Rules:
    """``equal``: row -> raw value (a text: its text) that a packet must have.

    ``differ``: for each earlier packet that would fit as well, row -> value of which at least one
    must be otherwise.
    """

    equal: Mapping[str, int | str]
    differ: tuple[Mapping[str, int | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """``fields`` that all packets begin with, and the rules of each packet by its name."""

    fields: tuple[Field, ...]
    rules: Mapping[str, Rules]

    @property
    def rows(self) -> int:
        """How many of ``fields`` are rows of the packets."""
        return sum(field.name != MARK for field in self.fields)


def shared_part(
    packets: Sequence[tuple[PacketLayout, Fixed]],
    outside: Mapping[str, Mapping[str, int | str]],
    losses: Losses,
) -> Shared:
    """What ``packets`` share, up to the last row needed to tell them apart.

    ``outside``: comparisons of header fields by packet, which come before. Rules that cannot be
    said are noted in ``losses``.
    """
    common = _common([fixed.fields for _, fixed in packets])
    common = (*_mark(packets), *common)
    equal: dict[str, dict[str, int | str]] = {}
    needed = 0
    for layout, _ in packets:
        equal[layout.name] = dict(outside.get(layout.name, {}))
        known = _known_bits(layout.match)
        for index, field in enumerate(common):
            value = _fixed_value(field, known)
            if value is not None:
                equal[layout.name][field.name] = value
                known = {bit: v for bit, v in known.items() if bit not in _bits(field)}
                needed = max(needed, index + 1)
        _note_losses(layout, bool(known), losses)
    rules = _exclusive(equal, losses)
    if rules is None:
        alone = {layout.name: Rules(outside.get(layout.name, {})) for layout, _ in packets}
        return Shared((), alone)
    return Shared(common[:needed], rules)


def _common(packets: Sequence[tuple[Field, ...]]) -> tuple[Field, ...]:
    shared: list[Field] = []
    for fields in zip(*packets, strict=False):
        if any(_bare(field) != _bare(fields[0]) for field in fields):
            break
        shared.append(fields[0])
    return tuple(shared)


def _bare(field: Field) -> Field:
    """Without what does not change a value."""
    row = replace(field.row, const=None, labels={}, docs={}, group="", display="", quantity="")
    row = replace(row, unproved=False)
    return field._replace(row=row)


def _mark(packets: Sequence[tuple[PacketLayout, Fixed]]) -> tuple[Field, ...]:
    """A row for the prefix, when all have one of the same length that no row describes."""
    sizes = {len(layout.match.prefix) for layout, _ in packets}
    size = sizes.pop()
    starts = [field.frame_bits(0)[0] for _, fixed in packets for field in fixed.fields]
    if sizes or not 0 < size <= _MOST_MARK_BYTES or min(starts, default=8 * size) < 8 * size:
        return ()
    return (Field(MARK, Parameter(MARK, "u", 8 * size), 0, 8 * size),)


def _known_bits(match: Match) -> dict[int, int]:
    known: dict[int, int] = {}
    masked = [(offset, 0xFF, byte) for offset, byte in enumerate(match.prefix)]
    masked += [rule for rule in match.masked if rule[0] >= 0]
    for offset, mask, value in masked:
        for bit in range(8):
            if mask >> (7 - bit) & 1:
                known[8 * offset + bit] = value >> (7 - bit) & 1
    return known


def _fixed_value(field: Field, known: Mapping[int, int]) -> int | str | None:
    """The raw number or text of ``field`` when the rules fix all its bits."""
    bits = _bits(field)
    if field.row.kind not in _COMPARED or not all(bit in known for bit in bits):
        return None
    packet = bytearray(field.end_byte)
    for bit in bits:
        packet[bit // 8] |= known[bit] << (7 - bit % 8)
    raw = read(bytes(packet), field)
    return raw if isinstance(raw, str) else int(raw)


def _bits(field: Field) -> range:
    start, bits = field.frame_bits(0)
    return range(start, start + bits)


def _note_losses(layout: PacketLayout, rest: bool, losses: Losses) -> None:
    match = layout.match
    if rest or any(offset < 0 for offset, _, _ in match.masked):
        losses.add("match rules on bytes that no shared row describes are left out", layout.name)
    if match.length or match.minimum_length:
        losses.add("match rules on lengths are left out", layout.name)


def _exclusive(
    equal: Mapping[str, Mapping[str, int | str]], losses: Losses
) -> dict[str, Rules] | None:
    """Rules of which exactly one packet's can hold; None when there are no such rules."""
    rules: dict[str, Rules] = {}
    alike = False
    for name, own in equal.items():
        differ = []
        for earlier in rules:
            other = rules[earlier].equal
            if any(key in own and own[key] != value for key, value in other.items()):
                continue
            rest = {key: value for key, value in other.items() if key not in own}
            if rest:
                differ.append(rest)
            else:
                alike = True
                losses.add("packets that only other rules tell apart: choose their container", name)
        rules[name] = Rules(own, tuple(differ))
    return None if alike else rules
