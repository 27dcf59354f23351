"""Texts and bytes of XTCE as rows (XTCE 1.2, StringDataEncodingType, BinaryDataEncodingType)."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from decoders.definition.interchange import formulas
from decoders.definition.interchange.xtce_kinds import Gap, Scalar
from decoders.definition.interchange.xtce_names import LITTLE, TEXT_ENCODINGS
from decoders.definition.interchange.xtce_system import Space
from decoders.definition.interchange.xtce_values import Reader

#: Names of XTCE -> ``encoding`` of a row; empty: a byte is a character.
_ENCODINGS = {theirs: ours for ours, theirs in TEXT_ENCODINGS.items()} | {"US-ASCII": ""}
#: What Yamcs's files refer to where a size is not given by any parameter.
_NO_PARAMETER = "_yamcs_ignore"
_MOST_TRUTH_BITS = 64


def text(kind: Element, encoding: Element, space: Space, reader: Reader) -> Scalar | Gap:
    """A string encoding."""
    box = encoding.find("SizeInBits")
    variable = encoding.find("Variable")
    where = variable if variable is not None else box
    if where is None:
        raise reader.refusals.error(encoding, "has no size")
    leading, end = where.find("LeadingSize"), where.find("TerminationChar")
    size, bits = _size(where, reader)
    if leading is not None:
        told = "readers differ whether it counts bits or bytes; the text is left as its bytes"
        return _opaque(leading, told, size, bits, space, reader)
    if size is None and bits is None and end is None:
        raise reader.refusals.error(where, "gives no size")
    keys: dict[str, Any] = {"type": "ascii"}
    if end is not None:
        keys["until"] = _terminator(end, reader)
    if bits is not None and bits % 8:
        reader.refusals.tell(encoding, f"has {bits} bits, not whole bytes; they are passed over")
        return Gap(bits)
    if bits is not None:
        keys["size"] = bits // 8
    if kind.tag == "BooleanParameterType":
        return _truth(kind, encoding, bits, space, reader)
    if kind.tag != "StringParameterType":
        told = f"is no text but a {kind.tag}; it is left as its bytes"
        return _opaque(encoding, told, size, bits, space, reader)
    charset = encoding.get("encoding", "UTF-8")
    if charset == "UTF-16" and "byteOrder" in encoding.attrib:
        charset += "LE" if encoding.get("byteOrder") == LITTLE else "BE"
    if charset not in _ENCODINGS:
        told = f"encoding {charset!r} is not known; the text is left as its bytes"
        return _opaque(encoding, told, size, bits, space, reader)
    if _ENCODINGS[charset]:
        keys["encoding"] = _ENCODINGS[charset]
    return Scalar(keys, space, size=size)


def binary(kind: Element, encoding: Element, space: Space, reader: Reader) -> Scalar | Gap:
    """A binary encoding."""
    where = encoding.find("SizeInBits")
    size, bits = (None, None) if where is None else _size(where, reader)
    if size is None and bits is None:
        raise reader.refusals.error(encoding, "gives no size")
    if bits is not None and bits % 8:
        reader.refusals.tell(encoding, f"has {bits} bits, not whole bytes; they are passed over")
        return Gap(bits)
    if encoding.find("FromBinaryTransformAlgorithm") is not None:
        told = "needs an algorithm; the value is left as its bytes"
        return _opaque(encoding, told, size, bits, space, reader)
    if kind.tag != "BinaryParameterType":
        told = f"are not bytes but a {kind.tag}; they are left as bytes"
        return _opaque(encoding, told, size, bits, space, reader)
    keys = {"type": "bytes", **({} if bits is None else {"size": bits // 8})}
    return Scalar(keys, space, size=size)


def _size(where: Element, reader: Reader) -> tuple[Element | None, int | None]:
    """(element of a size that varies, bits of one that does not); both None: no size is given."""
    for fixed in (where.find("FixedValue"), where.find("Fixed/FixedValue")):
        if fixed is not None:
            bits = reader.content(fixed)
            if bits <= 0:
                raise reader.refusals.error(fixed, f"{bits} is no size")
            return None, bits
    for tag in ("DynamicValue", "DiscreteLookupList", "Fixed/DynamicValue"):
        found = where.find(tag)
        if found is not None and found.find(f"*[@parameterRef='{_NO_PARAMETER}']") is None:
            return found, None
    return None, None


def _terminator(element: Element, reader: Reader) -> str:
    try:
        found = bytes.fromhex((element.text or "").strip().removeprefix("0x"))
    except ValueError:
        found = b""
    if not found:
        raise reader.refusals.error(element, f"{element.text!r} is not hex bytes such as 00")
    return found.decode("latin-1")


def _opaque(
    element: Element,
    problem: str,
    size: Element | None,
    bits: int | None,
    space: Space,
    reader: Reader,
) -> Scalar | Gap:
    """What cannot be said: its bytes, where their number is known."""
    if size is None and bits is None:
        raise reader.refusals.error(element, problem)
    reader.refusals.tell(element, problem)
    if bits is not None and bits % 8:
        return Gap(bits)
    keys: dict[str, Any] = {"type": "bytes", **({} if bits is None else {"size": bits // 8})}
    return Scalar(keys, space, size=size, opaque=True)


def _truth(
    kind: Element, encoding: Element, bits: int | None, space: Space, reader: Reader
) -> Scalar | Gap:
    """A truth value written as one of two texts; any other is no value."""
    one, zero = kind.get("oneStringValue", "True"), kind.get("zeroStringValue", "False")
    try:
        if bits is None or bits > _MOST_TRUTH_BITS:
            raise ValueError
        raws = [
            int.from_bytes(word.encode("ascii").ljust(bits // 8, b"\0")) for word in (one, zero)
        ]
    except ValueError:
        raise reader.refusals.error(encoding, "is no truth value that can be said") from None
    if any(raw >= 1 << bits for raw in raws):
        raise reader.refusals.error(encoding, "its texts are longer than their field")
    formula = f"1 if raw == {raws[0]} else (0 if raw == {raws[1]} else 0 / 0)"
    keys = {"type": "bool", "bits": bits, "formula": formula}
    return Scalar(keys, space, formulas.RAW, words={one: (raws[0],), zero: (raws[1],)})
