"""The type of a row in words, for readers who never saw ``u16 little``."""

from __future__ import annotations

from decoders.definition.model import Parameter
from decoders.words import Words


def type_words(row: Parameter, bits: int, words: Words) -> str:
    """Such as ``unsigned whole number of 16 bits, low byte first``; ``bits``: the field's length,
    which a row may leave open."""
    order = _order(row, bits, words)
    return f"{_kind(row, bits, words)}, {order}" if order else _kind(row, bits, words)


def _kind(row: Parameter, bits: int, words: Words) -> str:
    match row.kind:
        case "u" if bits > 1:
            return words("unsigned whole number of %(n)s bits", n=bits)
        case "i" if bits > 1:
            return words("signed whole number of %(n)s bits", n=bits)
        case "f":
            return words("floating-point number of %(n)s bits", n=bits)
        case "bcd":
            return words("decimal digits of four bits each")
        case "time":
            return words("time as a whole number of %(n)s bits", n=bits)
        case "ascii":
            return f"{words('text')}, {words.ngettext('%(n)s byte', '%(n)s bytes', bits // 8)}"
        case "bytes":
            return words.ngettext("%(n)s byte", "%(n)s bytes", bits // 8)
        case "bool" if bits > 1:
            return words("yes or no in %(n)s bits", n=bits)
        case "bool":
            return words("yes or no in one bit")
        case _:
            return words("one bit")


def _order(row: Parameter, bits: int, words: Words) -> str:
    """Which byte comes first, where there are several; else, which bit, where that is unusual."""
    if row.kind in ("ascii", "bytes") or bits <= 1:
        return ""
    if bits % 8 == 0 and bits > 8:
        low = row.endian == "little"
        return words("low byte first") if low else words("high byte first")
    return words("lowest bit first") if row.bit_order == "lsb" and bits % 8 else ""
