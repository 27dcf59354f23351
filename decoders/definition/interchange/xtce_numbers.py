"""Integers, floats, words, truth values and times of XTCE as rows (XTCE 1.2, DataEncodingType)."""

from __future__ import annotations

from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from decoders.definition.expression import parse_expression
from decoders.definition.interchange import formulas
from decoders.definition.interchange.polynomials import polynomial_keys
from decoders.definition.interchange.xtce_calibrators import NONE, Calibrated, calibrated
from decoders.definition.interchange.xtce_kinds import Context, Gap, Scalar
from decoders.definition.interchange.xtce_limits import limits_of, unit_of
from decoders.definition.interchange.xtce_names import BIG, LITTLE
from decoders.definition.interchange.xtce_system import Space
from decoders.definition.interchange.xtce_values import Reader, whole_number
from decoders.errors import DefinitionError

_MOST_BITS = 64
_MOST_WORDS = 4096
#: Words of numbers in an unusual encoding are told for each raw value, of which there are few.
_MOST_CODED_BITS = 8
_FLOATS = (16, 32, 64)
_IEEE = ("IEEE754", "IEEE754_1985", "IEEE-754")
_MIL = ("MILSTD_1750A", "MIL-1750A")
_MIL_BITS = (32, 48)
_SIGNED = ("twosComplement", "twosCompliment", "signed")
_LSB = "leastSignificantBitFirst"


class Coded(NamedTuple):
    """How a number stands in its bits. ``formula``: the number, as one of the raw value.

    ``span``: its lowest and highest value; None: not known.
    """

    keys: dict[str, Any]
    formula: str
    span: tuple[float, float] | None


def integer(kind: Element, encoding: Element, space: Space, reader: Reader) -> Scalar | Gap:
    """An integer encoding of any type but a time; a gap where its value cannot be said."""
    coded = coded_integer(encoding, reader)
    if isinstance(coded, Gap):
        return coded
    if kind.tag == "BooleanParameterType":
        return _truth(kind, coded, space)
    if kind.tag == "EnumeratedParameterType":
        return _words(kind, encoding, coded, space, reader)
    return _number(kind, encoding, coded, space, reader)


def real(kind: Element, encoding: Element, space: Space, reader: Reader) -> Scalar | Gap:
    """A float encoding of any type but a time."""
    coded = coded_float(encoding, reader)
    if isinstance(coded, Gap):
        return coded
    if kind.tag not in ("FloatParameterType", "IntegerParameterType"):
        bits = reader.bits(encoding, "sizeInBits", 32)
        return _gap(bits, kind, "has floats for its values", reader)
    return _number(kind, encoding, coded, space, reader)


def coded_integer(encoding: Element, reader: Reader) -> Coded | Gap:
    """How an integer is encoded; a gap for what our language has no word for."""
    bits = reader.bits(encoding, "sizeInBits", 8)
    coding = encoding.get("encoding", "unsigned")
    if bits > _MOST_BITS:
        return _gap(bits, encoding, f"has {bits} bits, more than {_MOST_BITS}", reader)
    try:
        endian, formula = _order(encoding, bits, reader)
    except DefinitionError as error:
        return _noted_gap(bits, error, reader)
    top = 1 << bits
    if coding == "packedBCD" and bits % 4 == 0 and not endian and formula == formulas.RAW:
        return Coded({"type": "bcd", "digits": bits // 4}, "", (0, 10 ** (bits // 4) - 1))
    if coding == "unsigned" or (coding in _SIGNED and bits == 1):
        span: tuple[float, float] = (0, top - 1)
        return _made(Coded({"type": f"u{bits}", **endian}, formula, span), encoding, bits, reader)
    span = (-(top // 2), top // 2 - 1)
    if coding in _SIGNED and formula == formulas.RAW:
        return Coded({"type": f"i{bits}", **endian}, formula, span)
    if coding in _SIGNED:
        formula = formulas.twos_complement(bits, formula)
    elif coding in ("signMagnitude", "onesComplement") and formula == formulas.RAW and bits > 1:
        signed = {"signMagnitude": formulas.sign_magnitude}.get(coding, formulas.ones_complement)
        formula = signed(bits)
    else:
        return _gap(bits, encoding, f"encoding {coding!r} of {bits} bits is not known", reader)
    return _made(Coded({"type": f"u{bits}", **endian}, formula, span), encoding, bits, reader)


def coded_float(encoding: Element, reader: Reader) -> Coded | Gap:
    """How a float is encoded; a gap for what our language has no word for."""
    bits = reader.bits(encoding, "sizeInBits", 32)
    coding = encoding.get("encoding", "IEEE754_1985")
    try:
        endian, formula = _order(encoding, bits, reader)
    except DefinitionError as error:
        return _noted_gap(bits, error, reader)
    if formula == formulas.RAW and coding in _IEEE and bits in _FLOATS:
        return Coded({"type": f"f{bits}", **endian}, formula, None)
    if formula == formulas.RAW and coding in _MIL and bits in _MIL_BITS:
        return Coded({"type": f"u{bits}", **endian}, formulas.mil_1750a(bits), None)
    return _gap(bits, encoding, f"{coding} of {bits} bits cannot be said", reader)


def _made(coded: Coded, encoding: Element, bits: int, reader: Reader) -> Coded | Gap:
    if formulas.usable(coded.formula):
        return coded
    return _gap(bits, encoding, "orders its bits in a way that cannot be said", reader)


def _order(encoding: Element, bits: int, reader: Reader) -> tuple[dict[str, str], str]:
    """The key for the order of bytes, and the number as a formula of the raw value."""
    text = encoding.get("byteOrder", BIG).strip()
    turned = encoding.get("bitOrder", "mostSignificantBitFirst") == _LSB and bits > 1
    places = [whole_number(part) for part in text.split(",")]
    if text in (BIG, LITTLE):
        little = text == LITTLE and bits > 8
        if little and bits % 8:
            problem = f"{bits} bits do not fill bytes: readers differ where each bit stands"
            raise reader.refusals.error(encoding, problem)
        significances = None
    else:
        significances = [place for place in places if place is not None]
        if sorted(significances) != list(range(len(places))) or 8 * len(places) != bits:
            raise reader.refusals.error(encoding, f"byteOrder {text!r} does not tell {bits} bits")
        little = significances == sorted(significances) and bits > 8
        if little or significances == sorted(significances, reverse=True):
            significances = None
    if turned and (little or significances):
        raise reader.refusals.error(encoding, "bits and bytes are both turned round")
    endian = {"endian": "little"} if little else {}
    if turned:
        return endian, formulas.reversed_bits(bits)
    if significances:
        return endian, formulas.reordered_bytes(significances)
    return endian, formulas.RAW


def _number(kind: Element, encoding: Element, coded: Coded, space: Space, reader: Reader) -> Scalar:
    """A number with its calibration, or raw and without a unit where that cannot be said."""
    found = NONE
    contexts: tuple[Context, ...] = ()
    try:
        calibrator = encoding.find("DefaultCalibrator")
        if calibrator is not None:
            found = calibrated(calibrator, coded.span, reader)
        contexts = _contexts(encoding, coded, reader)
        keys, formula = _calibration(encoding, coded, found, reader)
    except DefinitionError as error:
        reader.refusals.note(error)
        told = "the value is left as it is before calibration, without unit and limits"
        reader.refusals.tell(kind, told)
        keys, _ = _calibration(encoding, coded, NONE, reader)
        return Scalar({**coded.keys, **keys}, space, coded.formula or None)
    about = {**unit_of(kind, reader), **limits_of(kind, reader, numbers=True)}
    plain = coded.formula or None
    return Scalar({**coded.keys, **keys, **about}, space, plain, formula, contexts=contexts)


def _calibration(
    encoding: Element, coded: Coded, found: Calibrated, reader: Reader
) -> tuple[dict[str, Any], str | None]:
    """Keys of a row, and the calibrated value as a formula of its raw value."""
    if coded.formula in (formulas.RAW, ""):
        whole = None if not coded.formula or found.formula is None else found.formula
        return found.keys, whole
    if found.formula is None:
        raise reader.refusals.error(encoding, "its encoding and its calibration cannot be joined")
    formula = formulas.of(found.formula, coded.formula)
    if not formulas.usable(formula):
        raise reader.refusals.error(encoding, "makes a formula that is too long")
    return {"formula": formula}, formula


def _contexts(encoding: Element, coded: Coded, reader: Reader) -> tuple[Context, ...]:
    found = []
    for context in encoding.iterfind("ContextCalibratorList/ContextCalibrator"):
        match, calibrator = context.find("ContextMatch"), context.find("Calibrator")
        if match is None or calibrator is None:
            raise reader.refusals.error(context, "has no ContextMatch and Calibrator")
        of_number = calibrated(calibrator, coded.span, reader)
        if of_number.formula is None or not coded.formula:
            raise reader.refusals.error(calibrator, "cannot be said as a formula")
        found.append(Context(match, of_number))
    return tuple(found)


def _truth(kind: Element, coded: Coded, space: Space) -> Scalar:
    """0 is false, everything else true (Yamcs's documentation; XTCE 1.2, BooleanDataType)."""
    bits = int(coded.keys["type"][1:]) if coded.keys["type"] != "bcd" else 4 * coded.keys["digits"]
    keys = {"type": "bool", **({"bits": bits} if bits > 1 else {})}
    one, zero = kind.get("oneStringValue", "True"), kind.get("zeroStringValue", "False")
    return Scalar(keys, space, formulas.RAW, words={zero: (0,)}, truth=one)


def _words(
    kind: Element, encoding: Element, coded: Coded, space: Space, reader: Reader
) -> Scalar | Gap:
    """A word for each number; a calibration of the number does not count (CCSDS 660.1-G-2)."""
    bits = reader.bits(encoding, "sizeInBits", 8)
    words = _labels(kind, reader)
    if coded.formula != formulas.RAW:
        if bits > _MOST_CODED_BITS or not coded.formula:
            return _gap(bits, kind, "has words for numbers in an unusual encoding", reader)
        number = parse_expression(coded.formula)
        raws = {raw: number.value({"raw": raw}) for raw in range(1 << bits)}
        words = {raw: words[int(value)] for raw, value in raws.items() if value in words}
    by_label: dict[str, tuple[int, ...]] = {}
    for raw, label in words.items():
        by_label[label] = (*by_label.get(label, ()), raw)
    enum = {str(raw): label for raw, label in words.items() if label != f"unknown ({raw})"}
    keys = {**coded.keys, "enum": enum, **limits_of(kind, reader, words=frozenset(by_label))}
    plain = formulas.RAW if coded.formula == formulas.RAW else None
    return Scalar(keys, space, plain, words=by_label)


def _labels(kind: Element, reader: Reader) -> dict[int, str]:
    labels: dict[int, str] = {}
    for item in kind.iterfind("EnumerationList/Enumeration"):
        try:
            first = reader.whole(item, "value")
            last = reader.whole(item, "maxValue", first)
        except DefinitionError as error:
            reader.refusals.note(error)
            continue
        label = item.get("label", "")
        if not label or not first <= last < first + _MOST_WORDS:
            reader.refusals.tell(item, f"a word for more than {_MOST_WORDS} values is left out")
            continue
        for value in range(first, last + 1):
            labels.setdefault(value, label)
    return labels


def seconds(
    encoding: Element, number: Element, reader: Reader
) -> tuple[Coded | Gap, dict[str, Any]]:
    """A count of seconds inside ``Encoding``: how it is encoded, and its scale and offset."""
    of = coded_float if number.tag == "FloatDataEncoding" else coded_integer
    coded = of(number, reader)
    units = {"seconds": 1.0, "picoSeconds": 1e-12, "days": 86_400.0}
    unit = encoding.get("units", "seconds")
    bits = reader.bits(number, "sizeInBits", 32 if of is coded_float else 8)
    if unit not in units or number.find("DefaultCalibrator") is not None:
        return _gap(bits, encoding, f"counts {unit}, or has a calibration of its own", reader), {}
    scale, offset = reader.real(encoding, "scale", 1.0), reader.real(encoding, "offset", 0.0)
    keys = polynomial_keys([offset * units[unit], scale * units[unit]])
    if not isinstance(coded, Gap) and coded.formula != formulas.RAW:
        return _gap(bits, number, "has a time in an unusual encoding", reader), {}
    return coded, keys


def _gap(bits: int, element: Element, problem: str, reader: Reader) -> Gap:
    reader.refusals.tell(element, f"{problem}; its {bits} bits are passed over")
    return Gap(bits)


def _noted_gap(bits: int, error: DefinitionError, reader: Reader) -> Gap:
    reader.refusals.note(error)
    return Gap(bits)
