"""A definition as one C99 header for the flight software: structs of raw values and their encoders.

The header needs nothing but ``stdint.h`` and ``string.h``, allocates nothing, and writes the very
bytes that our decoder reads, whatever the processor's own byte order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from decoders.bits import Field
from decoders.coding.crc import CRCS, reflect
from decoders.convert import raw_range
from decoders.definition.calibration import (
    Divide,
    Enumeration,
    Flags,
    Formula,
    Linear,
    Logarithm,
    Polynomial,
    Table,
    TextNumber,
)
from decoders.definition.interchange.c_support import SUPPORT
from decoders.definition.interchange.conversion import Exported, Losses
from decoders.definition.interchange.fixed import fixed_part
from decoders.definition.interchange.time_and_parts import note_time_and_parts
from decoders.definition.model import PacketLayout, Parameter, Satellite

_WIDTHS = (8, 16, 32, 64)
#: Words of C and C++ that a row may be called, but a member of a struct may not.
_RESERVED = frozenset(
    (
        *("auto", "bool", "break", "case", "char", "class", "const", "continue", "default", "do"),
        *("delete", "double", "else", "enum", "export", "extern", "false", "float", "for", "goto"),
        *("friend", "if", "inline", "int", "long", "mutable", "namespace", "new", "operator"),
        *("private", "protected", "public", "register", "restrict", "return", "short", "signed"),
        *("sizeof", "static", "struct", "switch", "template", "this", "throw", "true", "try"),
        *("typedef", "typename", "union", "unsigned", "using", "virtual", "void", "volatile"),
        *("while", "catch"),
    )
)


def to_c_header(satellite: Satellite) -> Exported:
    """The header, and what it cannot express."""
    losses = Losses("C header")
    stem = c_name(satellite.id)
    guard = f"{stem.upper()}_TELEMETRY_H"
    parts = [
        f"/* Telemetry of {_comment(satellite.name)}, version {_comment(satellite.version)}.",
        f" * Made from {satellite.id}.toml: change that, then make this file again. */",
        f"#ifndef {guard}\n#define {guard}\n",
        SUPPORT,
    ]
    for packet in satellite.packets:
        parts += _packet(stem, packet, losses)
    note_time_and_parts(satellite, losses)
    if any(packet.derived for packet in satellite.packets):
        losses.add("derived values are left out, the ground computes them")
    if any(link.layers for link in satellite.downlinks):
        losses.add("headers of layers are left out: send these bytes inside them")
    parts.append(f"#endif /* {guard} */\n")
    return Exported("\n".join(parts), losses.sentences())


_SIGNS = {"+": "plus_", "-": "minus_"}


def c_name(text: str) -> str:
    """``text`` as an identifier of C; ``+Y`` and ``-Y``, as axes are called, stay apart."""
    signed = re.sub(r"(?<![a-zA-Z0-9])([+-])(?=\w)", lambda sign: _SIGNS[sign[1]], text)
    name = re.sub(r"[^a-zA-Z0-9_]", "_", signed)
    return name if name[:1].isalpha() else f"s_{name}"


def member_name(name: str) -> str:
    """A row's name as a member of the struct: reserved words get ``_`` behind them."""
    return f"{name}_" if name in _RESERVED else name


def _packet(stem: str, packet: PacketLayout, losses: Losses) -> Iterator[str]:
    name = f"{stem}_{packet.name}"
    fixed = fixed_part(packet, losses, in_order=False)
    if fixed.rest is not None:
        losses.add("bytes up to the end of a packet are left out", fixed.rest.name)
    ends = [field.end_byte for field in fixed.fields]
    size = max([len(packet.match.prefix), *ends])
    yield f"/* {_comment(packet.label())} */"
    yield f"#define {name.upper()}_SIZE {max(size, 1)}u"
    yield from _words(name.upper(), fixed.fields)
    yield "\n/* Raw values; what the definition fixes needs not be set. */"
    yield "typedef struct {"
    members = [field for field in fixed.fields if not _is_set(field.row)]
    for field in members:
        yield f"    {_member(field)}"
    if not members:
        yield "    uint8_t nothing; /* C wants one member */"
    yield f"}} {name}_t;\n"
    for field in members:
        yield from _from_engineering(name, field)
    yield from _encoder(name, packet, fixed.fields)


def _is_set(row: Parameter) -> bool:
    """Whether the encoder knows the value by itself."""
    return bool(row.crc) or row.const is not None


def _member(field: Field) -> str:
    row, bits = field.row, field.bits
    about = ", ".join(text for text in (row.labels.get("en", ""), _unit(row)) if text)
    note = f" /* {_comment(about)} */" if about else ""
    if row.kind in ("ascii", "bytes"):
        kind = "char" if row.kind == "ascii" else "uint8_t"
        return f"{kind} {member_name(field.name)}[{bits // 8}];{note}"
    return f"{_type(row, bits)} {member_name(field.name)};{note}"


def _unit(row: Parameter) -> str:
    match row.calibration:
        case None | Enumeration() | Flags():
            return row.unit
        case Linear() | Divide() | Polynomial() | Table() | Logarithm() | Formula() | TextNumber():
            return f"raw of {row.unit}" if row.unit else "raw"
        case _:
            assert_never(row.calibration)


def _type(row: Parameter, bits: int) -> str:
    if row.kind == "f":
        return "double" if bits == 64 else "float"
    width = next(width for width in _WIDTHS if bits <= width)
    return f"{'' if row.kind == 'i' else 'u'}int{width}_t"


def _words(prefix: str, fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        calibration = field.row.calibration
        if isinstance(calibration, Enumeration | Flags):
            for number, word in calibration.words.items():
                name = c_name(f"{prefix}_{field.name}_{word}").upper()
                value = f"(1u << {number})" if isinstance(calibration, Flags) else f"({number})"
                yield f"#define {name} {value}"


def _from_engineering(name: str, field: Field) -> Iterator[str]:
    """A function from the engineering value to the nearest raw one, held inside its range."""
    row, calibration = field.row, field.row.calibration
    if row.kind not in ("u", "i") or not isinstance(calibration, Linear | Divide):
        return
    low, high = raw_range(row, field.bits)
    if isinstance(calibration, Linear):
        raw = f"(value - ({calibration.offset!r})) / ({calibration.scale!r})"
    else:
        raw = f"(value - ({calibration.offset!r})) * ({calibration.divisor!r})"
    kind = _type(row, field.bits)
    yield f"static inline {kind} {name}_{field.name}_from(double value) {{"
    yield f"    double raw = {raw};"
    yield f"    if (raw <= {low}.0) return ({kind}){_integer(low)};"
    yield f"    if (raw >= {high}.0) return ({kind}){_integer(high)};"
    yield f"    return ({kind})(raw < 0 ? raw - 0.5 : raw + 0.5);"
    yield "}\n"


def _integer(number: int) -> str:
    """``INT64_MIN`` cannot be written as a plain number in C."""
    if number == -(1 << 63):
        return "INT64_MIN"
    return f"{number}{'ull' if number > 0x7FFFFFFF else ''}"


def _encoder(name: str, packet: PacketLayout, fields: tuple[Field, ...]) -> Iterator[str]:
    yield f"/* Write the packet into {name.upper()}_SIZE bytes at `out`. */"
    yield f"static inline void {name}_encode(const {name}_t *packet, uint8_t *out) {{"
    yield "    (void)packet;"
    yield f"    memset(out, 0, {name.upper()}_SIZE);"
    for field in fields:
        if not field.row.crc:
            yield f"    {_put(field)}"
    for index, byte in enumerate(packet.match.prefix):
        yield f"    if (!out[{index}]) out[{index}] = 0x{byte:02X};"
    for field in fields:
        if field.row.crc:
            yield f"    {_check_value(field)}"
    yield "}\n"


def _put(field: Field) -> str:
    row = field.row
    if row.kind in ("ascii", "bytes"):
        return _put_bytes(field)
    if row.const is not None:
        return _put_number(field, f"(uint64_t)({_integer(int(row.const))})")
    member = f"packet->{member_name(field.name)}"
    if row.kind == "f":
        return _put_number(field, f"gs_float{field.bits}({member})")
    return _put_number(field, f"(uint64_t){member}")


def _put_bytes(field: Field) -> str:
    size = field.bits // 8
    if field.row.const is not None:
        text = str(field.row.const).encode("latin-1", "replace").ljust(size, b"\0")[:size]
        source = '"' + "".join(f"\\x{byte:02x}" for byte in text) + '"'
    else:
        source = f"packet->{member_name(field.name)}"
    return f"gs_put_bytes(out, {field.start}u, (const uint8_t *){source}, {size}u);"


def _put_number(field: Field, value: str) -> str:
    row, bits = field.row, field.bits
    natural = "little" if row.bit_order == "lsb" else "big"
    if bits > 8 and row.endian != natural:
        value = f"gs_swap({value}, {bits}u)"
    order = "_lsb" if row.bit_order == "lsb" else ""
    return f"gs_put{order}(out, {field.start}u, {bits}u, {value});"


def _check_value(field: Field) -> str:
    model = CRCS[field.row.crc]
    polynomial = reflect(model.polynomial, model.width) if model.reflected else model.polynomial
    arguments = (
        f"out, {field.start // 8}u, {model.width}u, 0x{polynomial:X}u, 0x{model.initial:X}u, "
        f"{int(model.reflected)}, 0x{model.final_xor:X}u"
    )
    return _put_number(field, f"gs_crc({arguments})")


def _comment(text: str) -> str:
    return " ".join(text.replace("*/", "* /").split())
