"""One row of a packet as an XTCE parameter type and parameter."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, assert_never
from xml.etree.ElementTree import Element, SubElement

from decoders.bits import Field
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
from decoders.definition.interchange.affine import line_of
from decoders.definition.interchange.conversion import Losses
from decoders.definition.interchange.xtce_names import (
    BIG,
    HEADER_BITS,
    LITTLE,
    OURS,
    TEXT_ENCODINGS,
)
from decoders.definition.limits import Limits
from decoders.definition.model import Parameter

if TYPE_CHECKING:
    from decoders.definition.calibration import Calibration

#: Enumerations of so few bits get a label for every value, as readers want one for each.
_MOST_LABELLED_BITS = 8
_MOST_BITS = 8 * 65_536


def parameter_type(field: Field, name: str, losses: Losses) -> Element:
    """The ``…ParameterType`` element called ``name`` of a field; losses are noted."""
    row = field.row
    _note_losses(field, losses)
    if row.kind == "ascii":
        return _text(field, name)
    if row.kind == "bytes":
        return _binary(field, name)
    if row.kind == "time" and is_written(row):
        return _time(field, name)
    if isinstance(row.calibration, Enumeration):
        return _enumerated(field, name, row.calibration)
    if row.kind == "bool":
        element = Element("BooleanParameterType", name=name)
        _integer(element, row, field.bits)
        return element
    return _number(field, name)


def _note_losses(field: Field, losses: Losses) -> None:
    row = field.row
    if not is_written(row):
        kind = type(row.calibration).__name__.lower()
        told = "binary-coded decimals become plain numbers"
        if row.kind != "bcd":
            told = f"calibration {kind!r} is left out, values are raw"
        losses.add(told, field.name)
        if row.unit or row.limits:
            losses.add("units and limits go with a calibration that is left out", field.name)
    if row.sentinel:
        losses.add("raw values that mean 'no value' become numbers", field.name)
    if row.const is not None:
        losses.add("constants are not checked", field.name)
    if row.crc:
        losses.add("check values are not checked", field.name)
    if row.kind == "ascii":
        losses.add("texts keep their fill of zeros or spaces", field.name)


def is_written(row: Parameter) -> bool:
    """Whether XTCE has the engineering value of the row, not only its raw one."""
    if row.kind == "bcd":
        return False
    if row.kind == "time":
        return line_of(row.calibration) is not None
    if isinstance(row.calibration, Table | Polynomial | Enumeration):
        return True
    return row.calibration is None or line_of(row.calibration) is not None


def unsigned(name: str, bits: int) -> Element:
    """The type of a number that has no row: headers, packet marks and gaps."""
    element = Element("IntegerParameterType", name=name, signed="false")
    SubElement(element, "UnitSet")
    _encode(element, "unsigned", bits, BIG)
    return element


def binary(name: str, bits: int) -> Element:
    """The type of bytes or bits that have no row."""
    element = Element("BinaryParameterType", name=name)
    SubElement(element, "UnitSet")
    size = SubElement(SubElement(element, "BinaryDataEncoding"), "SizeInBits")
    SubElement(size, "FixedValue").text = str(bits)
    return element


def parameter(field: Field, name: str, type_name: str) -> Element:
    """The ``Parameter`` element: labels, explanation, and what only our programs read."""
    row = field.row
    element = Element("Parameter", name=name, parameterTypeRef=type_name)
    element.set("shortDescription", row.labels.get("en") or name.replace("_", " "))
    if doc := row.docs.get("en"):
        SubElement(element, "LongDescription").text = doc
    if name != field.name:
        aliases = SubElement(element, "AliasSet")
        SubElement(aliases, "Alias", nameSpace=OURS, alias=field.name)
    kept = {
        **{f"label_{code}": text for code, text in row.labels.items() if code != "en"},
        **{f"doc_{code}": text for code, text in row.docs.items() if code != "en"},
        "group": row.group,
        "display": row.display,
        "quantity": row.quantity if is_written(row) else "",
    }
    ancillary(element, kept.items())
    return element


def ancillary(element: Element, pairs: Iterable[tuple[str, str]]) -> None:
    """Facts that XTCE has no element for, where other programs pass them over."""
    found = [(key, text) for key, text in pairs if text]
    if found:
        into = SubElement(element, "AncillaryDataSet")
        for key, text in found:
            SubElement(into, "AncillaryData", name=f"{OURS}:{key}").text = text


def _units(element: Element, unit: str) -> None:
    into = SubElement(element, "UnitSet")
    if unit:
        SubElement(into, "Unit", description=unit).text = unit


def _integer(element: Element, row: Parameter, bits: int) -> Element:
    _units(element, row.unit if is_written(row) else "")
    encoding = "twosComplement" if row.kind == "i" else "unsigned"
    return _encode(element, encoding, bits, LITTLE if _is_little(row, bits) else BIG)


def _is_little(row: Parameter, bits: int) -> bool:
    return row.endian == "little" and bits > 8 and bits % 8 == 0


def _encode(element: Element, encoding: str, bits: int, order: str) -> Element:
    return SubElement(
        element,
        "IntegerDataEncoding",
        sizeInBits=str(bits),
        encoding=encoding,
        byteOrder=order,
    )


def _number(field: Field, name: str) -> Element:
    row = field.row
    calibrator = _calibrator(row.calibration, field) if is_written(row) else None
    is_float = row.kind == "f" or calibrator is not None
    element = Element(f"{'Float' if is_float else 'Integer'}ParameterType", name=name)
    if not is_float:
        element.set("signed", "true" if row.kind == "i" else "false")
        element.set("sizeInBits", str(max(field.bits, 1)))
    else:
        element.set("sizeInBits", "64")
    if row.kind == "f":
        _units(element, row.unit if is_written(row) else "")
        order = LITTLE if row.endian == "little" else BIG
        encoding = SubElement(element, "FloatDataEncoding", sizeInBits=str(field.bits))
        encoding.set("encoding", "IEEE754_1985")
        encoding.set("byteOrder", order)
    else:
        encoding = _integer(element, row, field.bits)
    if calibrator is not None:
        SubElement(encoding, "DefaultCalibrator").append(calibrator)
    if is_written(row):
        _alarm_ranges(element, row.limits)
    return element


def _calibrator(calibration: Calibration | None, field: Field) -> Element | None:
    match calibration:
        case Polynomial(coefficients):
            return _polynomial(coefficients)
        case Table():
            return _spline(calibration, field)
        case Linear() | Divide() | Formula():
            line = line_of(calibration)
            return None if line is None else _polynomial(reversed(line))
        case None | Logarithm() | TextNumber() | Enumeration() | Flags():
            return None
        case _:
            assert_never(calibration)


def _polynomial(coefficients: Iterable[float]) -> Element:
    element = Element("PolynomialCalibrator")
    for exponent, coefficient in enumerate(coefficients):
        SubElement(element, "Term", coefficient=repr(float(coefficient)), exponent=str(exponent))
    return element


def _spline(table: Table, field: Field) -> Element:
    """Ours is held constant beyond both ends: said with two more points where raw is whole."""
    points = list(table.points)
    if field.row.kind != "f":
        low, high = raw_range(field.row, field.bits)
        if low < points[0][0]:
            points.insert(0, (float(low), points[0][1]))
        if high > points[-1][0]:
            points.append((float(high), points[-1][1]))
    element = Element("SplineCalibrator", order="1", extrapolate="true")
    for raw, value in points:
        SubElement(element, "SplinePoint", order="1", raw=repr(raw), calibrated=repr(value))
    return element


def _alarm_ranges(element: Element, limits: Limits | None) -> None:
    if limits is None or not (limits.warning or limits.critical):
        return
    ranges = SubElement(SubElement(element, "DefaultAlarm"), "StaticAlarmRanges")
    for tag, span in (("WarningRange", limits.warning), ("CriticalRange", limits.critical)):
        if span is not None:
            ends = {"minInclusive": span[0], "maxInclusive": span[1]}
            finite = {key: repr(end) for key, end in ends.items() if math.isfinite(end)}
            SubElement(ranges, tag, finite)


def _enumerated(field: Field, name: str, calibration: Enumeration) -> Element:
    row = field.row
    element = Element("EnumeratedParameterType", name=name)
    _integer(element, row, field.bits)
    into = SubElement(element, "EnumerationList")
    raws = sorted(calibration.words)
    if field.bits <= _MOST_LABELLED_BITS:
        low, high = raw_range(row, field.bits)
        raws = [*range(low, high + 1)]
    for raw in raws:
        SubElement(into, "Enumeration", value=str(raw), label=calibration.apply(raw))
    _enumeration_alarms(element, row.limits)
    return element


def _enumeration_alarms(element: Element, limits: Limits | None) -> None:
    if limits is None or not (limits.warning_words or limits.critical_words):
        return
    into = SubElement(SubElement(element, "DefaultAlarm"), "EnumerationAlarmList")
    for level, words in (("warning", limits.warning_words), ("critical", limits.critical_words)):
        for word in sorted(words):
            SubElement(into, "EnumerationAlarm", alarmLevel=level, enumerationLabel=word)


def _text(field: Field, name: str) -> Element:
    element = Element("StringParameterType", name=name)
    _units(element, field.row.unit if is_written(field.row) else "")
    charset = TEXT_ENCODINGS[field.row.encoding]
    encoding = SubElement(element, "StringDataEncoding", encoding=charset)
    if field.bits:
        size = SubElement(encoding, "SizeInBits")
        SubElement(SubElement(size, "Fixed"), "FixedValue").text = str(field.bits)
        if field.row.until:
            SubElement(size, "TerminationChar").text = field.row.until.hex().upper()
    else:
        _rest(SubElement(encoding, "Variable", maxSizeInBits=str(_MOST_BITS)), field.start)
    return element


def _binary(field: Field, name: str) -> Element:
    if field.bits:
        return binary(name, field.bits)
    element = Element("BinaryParameterType", name=name)
    SubElement(element, "UnitSet")
    _rest(SubElement(SubElement(element, "BinaryDataEncoding"), "SizeInBits"), field.start)
    return element


def _rest(size: Element, start: int) -> None:
    """As many bits as a space packet, whose length its header tells, has from ``start`` on."""
    dynamic = SubElement(size, "DynamicValue")
    SubElement(dynamic, "ParameterInstanceRef", parameterRef="PKT_LEN", useCalibratedValue="false")
    intercept = 8 - (start - HEADER_BITS)
    SubElement(dynamic, "LinearAdjustment", slope="8", intercept=str(intercept))


def _time(field: Field, name: str) -> Element:
    row = field.row
    element = Element("AbsoluteTimeParameterType", name=name)
    encoding = SubElement(element, "Encoding", units="seconds")
    line = line_of(row.calibration)
    if row.calibration is not None and line is not None:
        encoding.set("scale", repr(line[0]))
        encoding.set("offset", repr(line[1]))
    order = LITTLE if _is_little(row, field.bits) else BIG
    _encode(encoding, "unsigned", field.bits, order)
    reference = SubElement(element, "ReferenceTime")
    SubElement(reference, "Epoch").text = row.epoch
    return element
