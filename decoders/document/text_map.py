"""The bit map of a packet in plain text, in the manner of internet standards: a byte a column."""

from __future__ import annotations

from decoders.document import notation
from decoders.document.content import Packet
from decoders.explain import significant_bits
from decoders.words import Words

_COLUMNS = 32
_CELL = 2


def text_map(packet: Packet, words: Words) -> str:
    """Lines of 32 bits, two characters a bit; long names become their numbers in the table."""
    total = 8 * packet.size
    owners: list[str] = [""] * total
    mark = packet.layout.match.prefix
    for bit in range(8 * len(mark)):
        owners[bit] = mark.hex(" ").upper()
    short: dict[str, str] = {}
    for field in packet.fields:
        short[field.name] = str(packet.line_of(field).number)
        for bit in significant_bits(field):
            owners[bit] = field.name
    ruler = "".join(f"{7 - bit % 8:>{_CELL}}" for bit in range(_COLUMNS))
    lines = [f"      {ruler}"]
    above: list[str] = []
    for start in range(0, total, _COLUMNS):
        row = owners[start : start + _COLUMNS]
        lines.append(f"      {_edge(above, row)}")
        lines.append(f"{start // 8:>5} {_row(row, short)}")
        above = row
    lines.append(f"      {_edge(above, [])}")
    if packet.rest is not None:
        lines.append(f"      {packet.rest.name}: {words('the rest of the packet')}")
    elif packet.varying:
        lines.append(f"      {notation.depending(packet.varying, words)}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _edge(above: list[str], below: list[str]) -> str:
    """The line between two rows; open where one field goes on."""
    width = max(len(above), len(below))
    text = "+"
    for bit in range(width):
        both = bit < len(above) and bit < len(below)
        open_ = both and above[bit] == below[bit] != ""
        text += (" " if open_ else "-") * (_CELL - 1)
        text += "+" if not open_ or bit + 1 == width else " "
    return text


def _row(row: list[str], short: dict[str, str]) -> str:
    text = "|"
    start = 0
    for bit in range(1, len(row) + 1):
        if bit == len(row) or row[bit] != row[start]:
            width = (bit - start) * _CELL - 1
            name = row[start]
            shown = name if len(name) <= width else short.get(name, "")
            text += f"{shown[:width]:^{width}}|"
            start = bit
    return text
