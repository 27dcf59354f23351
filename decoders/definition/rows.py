"""One row of a packet: TOML table to Parameter, Group or Derived."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from decoders import quantities
from decoders.coding.crc import CRCS
from decoders.definition.alarm_table import alarm, check_alarm
from decoders.definition.bounds import EPOCH_YEARS, MOST_BYTES
from decoders.definition.calibration import (
    Calibration,
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
from decoders.definition.limit_table import check_limits, limits
from decoders.definition.model import Derived, Group, Item, Parameter
from decoders.definition.node import Node, told
from decoders.suggest import nearest

_ABOUT = (
    *("label", "label_ru", "label_ky", "doc", "doc_ru", "doc_ky", "unit", "limits", "group"),
    *("display", "quantity", "unproved", "alarm"),
)
_CALIBRATIONS = ("scale", "divide", "polynomial", "table", "log", "formula", "enum", "flags")
_PLACE = ("at", "when", "repeat", "count_from")
PARAMETER_KEYS = (
    *("name", "type", "endian", "bit_order", "size", "size_from", "digits", "bits", "epoch"),
    *("offset", "const", "sentinel", "crc", "until", "number", "encoding"),
    *_ABOUT,
    *_CALIBRATIONS,
    *_PLACE,
)
GROUP_KEYS = ("name", "parameters", "size", *_PLACE)
DERIVED_KEYS = ("name", "expression", *_ABOUT)

#: How the characters of a text may be written; the first is usual.
ENCODINGS = ("latin-1", "utf-8", "utf-16-be", "utf-16-le", "cp1252")

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TYPE = re.compile(r"([ui])([1-9]\d?)|f(16|32|64)|(bool|ascii|bytes|bcd|time)")
_ALLOWED_TYPES = "u1..u64, i2..i64, f16, f32, f64, bool, ascii, bytes, bcd, time"
_MOST_REPEATS = 10_000
_MOST_BYTES = 65_535
#: Keys that give a length -> the types that have one.
_SIZE_KEYS = {
    "size": ("ascii", "bytes"),
    "size_from": ("ascii", "bytes"),
    "digits": ("bcd",),
    "bits": ("bool", "time"),
}
_UNIX = "1970-01-01T00:00:00Z"


def item(node: Node, defaults: Mapping[str, str]) -> Item | None:
    """A parameter, a group (a row with ``parameters``) or a gap (``{ skip = bits }``)."""
    if "skip" in node.data:
        node.only(("skip",))
        bits = node.integer("skip", 8, 1, 8 * _MOST_BYTES) or 8
        return Parameter(name="", kind="skip", bits=bits)
    if "parameters" in node.data:
        return _group(node, defaults)
    return _parameter(node, defaults)


def items(nodes: list[Node], defaults: Mapping[str, str]) -> tuple[Item, ...]:
    """All rows that could be read."""
    return tuple(found for node in nodes if (found := item(node, defaults)) is not None)


def _group(node: Node, defaults: Mapping[str, str]) -> Group:
    node.only(GROUP_KEYS)
    count, to_end = _repeat(node)
    return Group(
        name=_name(node) if "name" in node.data else "",
        items=items(node.children("parameters"), defaults),
        at=node.integer("at", None, 0, 8 * MOST_BYTES),
        bits=8 * (node.integer("size", 0, 1, _MOST_BYTES) or 0),
        count=count,
        count_from=node.expression("count_from"),
        to_end=to_end,
        when=node.expression("when"),
    )


def _parameter(node: Node, defaults: Mapping[str, str]) -> Parameter | Group | None:
    node.only(PARAMETER_KEYS)
    name = _name(node)
    kind, bits = _type(node)
    if not kind:
        return None
    _check_size_keys(node, kind)
    endian, bit_order = _byte_and_bit_order(node, kind, bits, defaults)
    count, to_end = _repeat(node)
    repeats = count is not None or to_end or "count_from" in node.data
    parameter = Parameter(
        name="" if repeats else name,
        kind=kind,
        bits=bits,
        endian=endian,
        bit_order=bit_order,
        at=None if repeats else node.integer("at", None, 0, 8 * MOST_BYTES),
        calibration=_calibration(node, kind, bits),
        unit=node.text("unit"),
        limits=limits(node),
        labels=node.labels(),
        docs=node.in_languages("doc"),
        group=node.text("group"),
        display=node.text("display"),
        quantity=_quantity(node, kind),
        unproved=node.flag("unproved"),
        when=None if repeats else node.expression("when"),
        size_from=node.expression("size_from"),
        until=_until(node, kind),
        encoding=_encoding(node, kind),
        const=_const(node, kind, bits),
        sentinel=_sentinel(node),
        epoch=_epoch(node, kind),
        crc=node.choice("crc", CRCS, "") if "crc" in node.data else "",
        alarm=alarm(node),
        vocabulary=node.problems.vocabulary,
    )
    check_limits(node, parameter)
    check_alarm(node, parameter)
    if not repeats:
        return parameter
    return Group(
        name=name,
        items=(parameter,),
        at=node.integer("at", None, 0, 8 * MOST_BYTES),
        count=count,
        count_from=node.expression("count_from"),
        to_end=to_end,
        when=node.expression("when"),
    )


def derived(node: Node) -> Derived | None:
    """A value computed from others."""
    node.only(DERIVED_KEYS)
    name = _name(node)
    if "expression" not in node.data:
        node.wrong("", "the key 'expression' is missing")
    expression = node.expression("expression")
    if expression is None:
        return None
    found = Derived(
        name=name,
        expression=expression,
        unit=node.text("unit"),
        limits=limits(node),
        labels=node.labels(),
        docs=node.in_languages("doc"),
        group=node.text("group"),
        display=node.text("display"),
        quantity=_quantity(node, "derived"),
        unproved=node.flag("unproved"),
        alarm=alarm(node),
    )
    check_limits(node, found)
    check_alarm(node, found)
    return found


def _quantity(node: Node, kind: str) -> str:
    id = node.text("quantity")
    problem = quantities.problem(id, kind, node.text("unit")) if id else ""
    if problem:
        node.wrong("quantity", problem)
        return ""
    return id


def _name(node: Node) -> str:
    name = node.text("name", required=True)
    if "name" in node.data and not _NAME.fullmatch(name):
        node.wrong(
            "name", f"{name!r} is not a name: lower-case letters, digits and _, letter first"
        )
    return name


def _type(node: Node) -> tuple[str, int]:
    """Kind and bits; 0 bits: given by ``size_from`` or the rest of the packet."""
    word = node.text("type", required=True)
    match = _TYPE.fullmatch(word)
    if not match or (match[1] == "i" and match[2] == "1") or int(match[2] or 0) > 64:
        if "type" in node.data:
            near = nearest(word, ("u8", "u16", "u32", "i8", "i16", "i32", "f32", "f64", "ascii"))
            hint = f" ({near})" if near.startswith("did") else ""
            node.wrong("type", f"{word!r} is not a type{hint}; allowed: {_ALLOWED_TYPES}")
        return "", 0
    if match[1]:
        return match[1], int(match[2])
    if match[3]:
        return "f", int(match[3])
    kind = match[4]
    if kind in ("ascii", "bytes"):
        return kind, 8 * (node.integer("size", 0, 1, _MOST_BYTES) or 0)
    if kind == "bcd":
        return kind, 4 * (node.integer("digits", 2, 1, 16) or 2)
    if kind == "time":
        return kind, node.integer("bits", 32, 8, 64) or 32
    return kind, node.integer("bits", 1, 1, 64) or 1


def _check_size_keys(node: Node, kind: str) -> None:
    """Keys of a length that the type does not have would say nothing."""
    for key, kinds in _SIZE_KEYS.items():
        if key in node.data and kind not in kinds:
            node.wrong(key, f"goes with type {' or '.join(map(repr, kinds))}")
    if "size" in node.data and "size_from" in node.data:
        node.wrong("size_from", "'size' stands here already")


def _byte_and_bit_order(
    node: Node, kind: str, bits: int, defaults: Mapping[str, str]
) -> tuple[str, str]:
    endian = node.choice("endian", ("big", "little"), defaults["endian"])
    bit_order = node.choice("bit_order", ("msb", "lsb"), defaults["bit_order"])
    natural = "little" if bit_order == "lsb" else "big"
    if bits > 8 and bits % 8 and kind not in ("ascii", "bytes"):
        # Which byte comes first means nothing when the bits do not fill bytes.
        if "endian" in node.data and endian != natural:
            node.wrong("endian", f"{bits} bits in {bit_order} order cannot be {endian} endian")
        endian = natural
    return endian, bit_order


def _repeat(node: Node) -> tuple[int | None, bool]:
    if node.data.get("repeat") == "end":
        return None, True
    return node.integer("repeat", None, 1, _MOST_REPEATS), False


def _calibration(node: Node, kind: str, bits: int) -> Calibration | None:
    given = [key for key in _CALIBRATIONS if key in node.data]
    if len(given) > 1:
        node.wrong(given[1], f"a row has one calibration, and {given[0]!r} stands here already")
    offset = node.number("offset", 0.0) or 0.0
    if "number" in node.data:
        return _text_number(node, kind, bits)
    if not given:
        return Linear(1.0, offset) if offset else None
    key = given[0]
    if kind in ("ascii", "bytes"):
        node.wrong(key, f"type {kind!r} has no calibration")
        return None
    if kind == "time" and key in ("enum", "flags"):
        node.wrong(key, "a time has no words; use a whole number, such as u32")
        return None
    if key in ("scale", "divide"):
        number = node.number(key)
        if number == 0:
            node.wrong(key, "must not be 0")
        if not number:
            return None
        return Linear(number, offset) if key == "scale" else Divide(number, offset)
    if offset and key != "log":
        node.wrong("offset", f"goes with 'scale' or 'divide', not with {key!r}")
    return _other_calibration(node, key, bits)


def _other_calibration(node: Node, key: str, bits: int) -> Calibration | None:
    if key == "polynomial":
        coefficients = node.numbers(key)
        return Polynomial(coefficients) if coefficients else None
    if key == "enum":
        return Enumeration(node.words(key, -(1 << 63), (1 << 64) - 1, "a whole raw number"))
    if key == "flags":
        last = max(bits - 1, 0)
        return Flags(node.words(key, 0, last, f"a bit number from 0 to {last}"))
    if key == "formula":
        expression = node.expression(key)
        if expression is not None and expression.names - {"raw"}:
            node.wrong(key, "may use only the name 'raw'; use a derived value for more")
        return Formula(expression) if expression is not None else None
    if key == "log":
        return _logarithm(node.child(key))
    return _table(node)


def _logarithm(node: Node) -> Logarithm | None:
    keys = ("scale", "base", "gain", "offset")
    node.only(keys)
    numbers = {name: node.number(name) for name in keys if name in node.data}
    found = Logarithm(**{name: n for name, n in numbers.items() if n is not None})
    if found.base <= 0 or found.base == 1:
        node.wrong("base", f"{found.base:g} has no logarithm: above 0, and not 1")
        return None
    for name in ("scale", "gain"):
        if getattr(found, name) == 0:
            node.wrong(name, "must not be 0")
            return None
    return found


def _text_number(node: Node, kind: str, bits: int) -> TextNumber | None:
    """Text that is a number, with the row's other calibration behind it."""
    base = {"decimal": 10, "hex": 16}.get(node.choice("number", ("decimal", "hex"), "decimal"))
    if kind != "ascii":
        node.wrong("number", "goes with type 'ascii'")
    rest = {key: value for key, value in node.data.items() if key != "number"}
    further = _calibration(Node(rest, node.path, node.problems), "i", 64)
    return TextNumber(base or 10, further)


def _until(node: Node, kind: str) -> bytes:
    text = node.text("until")
    if not text:
        return b""
    if kind not in ("ascii", "bytes"):
        node.wrong("until", "goes with type 'ascii' or 'bytes'")
    return text.encode("latin-1", "replace")


def _encoding(node: Node, kind: str) -> str:
    if "encoding" not in node.data:
        return ""
    if kind != "ascii":
        node.wrong("encoding", "goes with type 'ascii'")
    name = node.choice("encoding", ENCODINGS, "latin-1")
    if name.startswith("utf-16") and "until" in node.data:
        node.wrong("encoding", f"{name} has no single byte that could end a text: use 'size'")
    return "" if name == "latin-1" else name


def _table(node: Node) -> Table | None:
    points = node.data.get("table")
    ok = isinstance(points, list) and len(points) >= 2
    ok = ok and all(isinstance(p, list) and len(p) == 2 for p in points or ())
    numbers = [n for p in points or () for n in p] if ok else []
    ok = ok and all(isinstance(n, int | float) and math.isfinite(n) for n in numbers)
    if not ok or any(a[0] >= b[0] for a, b in pairwise(points or ())):
        node.wrong("table", "must be two or more [raw, value] pairs with rising raw values")
        return None
    return Table(tuple((float(x), float(y)) for x, y in points or ()))


def _const(node: Node, kind: str, bits: int) -> int | str | None:
    value: Any = node.data.get("const")
    if value is None:
        return None
    wanted = str if kind in ("ascii", "bytes") else int
    if not isinstance(value, wanted) or isinstance(value, bool):
        what = "a text" if wanted is str else "a whole number"
        node.wrong("const", f"{told(value)} is not {what}, as type {kind!r} needs")
        return None
    if isinstance(value, str) and not value.isascii() and any(ord(c) > 0xFF for c in value):
        node.wrong("const", f"{told(value)} has characters that are no single byte")
        return None
    low = -(1 << (bits - 1)) if kind == "i" else 0
    if isinstance(value, int) and not low <= value < low + (1 << bits):
        node.wrong("const", f"{value} is not {low}..{low + (1 << bits) - 1}, the raw values")
        return None
    return value


def _sentinel(node: Node) -> tuple[int | float, ...]:
    value = node.data.get("sentinel", [])
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(n, int | float) and not isinstance(n, bool) for n in found):
        node.wrong("sentinel", f"{told(value)} is not a raw number, or a list of them")
        return ()
    return tuple(found)


def _epoch(node: Node, kind: str) -> str:
    if kind != "time":
        if "epoch" in node.data:
            node.wrong("epoch", "goes with type 'time'")
        return ""
    epoch = node.moment("epoch", _UNIX)
    try:
        when = datetime.fromisoformat(epoch)
    except ValueError:
        node.wrong("epoch", f"{told(epoch)} is not a day or UTC time such as '2000-01-01'")
        return _UNIX
    if when.year not in EPOCH_YEARS:
        years = f"{EPOCH_YEARS.start} to {EPOCH_YEARS.stop - 1}"
        node.wrong("epoch", f"the year {when.year} is not {years}")
        return _UNIX
    return epoch if when.tzinfo is not None else f"{when.isoformat()}Z"
