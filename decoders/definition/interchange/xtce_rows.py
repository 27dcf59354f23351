"""One XTCE parameter with its type as a row of a definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from decoders.definition.interchange.conversion import Losses, without_empty
from decoders.definition.interchange.xtce_names import LITTLE, OURS
from decoders.definition.rows import PARAMETER_KEYS

_EPOCHS = {
    "TAI": "1958-01-01T00:00:00Z",
    "J2000": "2000-01-01T12:00:00Z",
    "UNIX": "1970-01-01T00:00:00Z",
    "POSIX": "1970-01-01T00:00:00Z",
    "GPS": "1980-01-06T00:00:00Z",
}
_BCD = ("BCD", "packedBCD")
_MOST_WORDS = 4096
_MOST_POWER = 32
_SIGNED = ("twosComplement", "twosCompliment", "signed")


def row(parameter: Element, kind: Element, losses: Losses) -> dict[str, Any]:
    """The row's keys without its name; a gap ``{"skip": bits}`` where ours has no type for it."""
    name = str(parameter.get("name"))
    about = _about(parameter)
    content = _content(kind, name, losses)
    if "skip" in content:
        return content
    keys = {**content, **_alarms(kind, name, losses), **about}
    if units := " ".join(unit.text or "" for unit in kind.iterfind("UnitSet/Unit")).strip():
        keys["unit"] = units
    return without_empty(keys)


def ours(element: Element) -> dict[str, str]:
    """What our own export kept for us as ancillary data."""
    return {
        str(data.get("name")).partition(":")[2]: data.text or ""
        for data in element.iterfind("AncillaryDataSet/AncillaryData")
        if str(data.get("name")).startswith(f"{OURS}:")
    }


def bits_of(keys: Mapping[str, Any]) -> int | None:
    """Length of a row, None when it varies."""
    if "skip" in keys:
        return int(keys["skip"])
    kind = str(keys["type"])
    if kind in ("ascii", "bytes"):
        return 8 * int(keys["size"]) if "size" in keys else None
    if kind == "bcd":
        return 4 * int(keys.get("digits", 2))
    if kind in ("bool", "time"):
        return int(keys.get("bits", 1 if kind == "bool" else 32))
    return int(kind[1:])


def _about(parameter: Element) -> dict[str, str]:
    short = parameter.get("shortDescription", "")
    if short == str(parameter.get("name")).replace("_", " "):
        short = ""
    kept = {key: text for key, text in ours(parameter).items() if key in PARAMETER_KEYS}
    doc = (parameter.findtext("LongDescription") or "").strip()
    return {"label": short, "doc": doc, **kept}


def _content(kind: Element, name: str, losses: Losses) -> dict[str, Any]:
    integer = kind.find(".//IntegerDataEncoding")
    real = kind.find(".//FloatDataEncoding")
    if (text := kind.find("StringDataEncoding")) is not None:
        return _text(text, name, losses)
    if (content := kind.find("BinaryDataEncoding")) is not None:
        return _binary(content, name, losses)
    if real is not None:
        bits = int(real.get("sizeInBits", 32))
        if bits not in (16, 32, 64) or real.get("encoding", "IEEE754").startswith("MIL"):
            losses.add("floats that are not IEEE 754 become gaps", name)
            return {"skip": bits}
        keys: dict[str, Any] = {"type": f"f{bits}", **_order(real, bits)}
        return {**keys, **_calibration(real, name, losses)}
    if integer is None:
        losses.add(f"{kind.tag} without an encoding that is understood becomes nothing", name)
        return {"skip": 8}
    bits = int(integer.get("sizeInBits", 8))
    if bits > 64:
        losses.add("integers of more than 64 bits become gaps", name)
        return {"skip": bits}
    return _integer(kind, integer, bits, name, losses)


def _order(encoding: Element, bits: int) -> dict[str, str]:
    little = encoding.get("byteOrder") == LITTLE and bits > 8 and bits % 8 == 0
    return {"endian": "little"} if little else {}


def _integer(
    kind: Element, encoding: Element, bits: int, name: str, losses: Losses
) -> dict[str, Any]:
    order = _order(encoding, bits)
    coding = encoding.get("encoding", "unsigned")
    if kind.tag.endswith("TimeParameterType"):
        return {"type": "time", "bits": bits, **order, **_time(kind, name, losses)}
    if kind.tag == "BooleanParameterType":
        return {"type": "bool", **({"bits": bits} if bits > 1 else {}), **order}
    if coding in _BCD and bits % 4 == 0:
        keys: dict[str, Any] = {"type": "bcd", "digits": bits // 4, **order}
        return {**keys, **_calibration(encoding, name, losses)}
    signed = coding in _SIGNED and bits > 1
    if coding not in ("unsigned", *_SIGNED):
        losses.add(f"integer encoding {coding!r} is read as unsigned", name)
    keys = {"type": f"{'i' if signed else 'u'}{bits}", **order}
    if kind.tag == "EnumeratedParameterType":
        return {**keys, "enum": _words(kind, name, losses)}
    return {**keys, **_calibration(encoding, name, losses)}


def _words(kind: Element, name: str, losses: Losses) -> dict[str, str]:
    """Labels by value; those that only say that a value has none are left out."""
    words: dict[str, str] = {}
    for item in kind.iterfind("EnumerationList/Enumeration"):
        first = int(item.get("value", 0))
        label = item.get("label", "")
        last = int(item.get("maxValue", first))
        if last - first > _MOST_WORDS:
            losses.add("words for very many values are given to the first alone", name)
            last = first
        for value in range(first, last + 1):
            if label != f"unknown ({value})":
                words[str(value)] = label
    return words


def _time(kind: Element, name: str, losses: Losses) -> dict[str, Any]:
    encoding = kind.find("Encoding")
    epoch = (kind.findtext("ReferenceTime/Epoch") or "").strip()
    keys: dict[str, Any] = {}
    if encoding is not None:
        if encoding.get("units", "seconds") != "seconds":
            losses.add("time units other than seconds are read as seconds", name)
        scale, offset = float(encoding.get("scale", 1)), float(encoding.get("offset", 0))
        if scale != 1:
            keys["scale"] = scale
        if offset:
            keys["offset"] = offset
    if not epoch:
        losses.add("times without an epoch count from 1970", name)
        return keys
    text = _EPOCHS.get(epoch, epoch)
    if len(text) == len("2000-01-01"):
        text += "T00:00:00"
    return {**keys, "epoch": text if text.endswith("Z") or "+" in text else f"{text}Z"}


def _calibration(encoding: Element, name: str, losses: Losses) -> dict[str, Any]:
    if encoding.find("ContextCalibratorList") is not None:
        losses.add("calibrations that depend on other parameters are left out", name)
    calibrator = encoding.find("DefaultCalibrator")
    if calibrator is None:
        return {}
    polynomial, spline = (
        calibrator.find("PolynomialCalibrator"),
        calibrator.find("SplineCalibrator"),
    )
    if polynomial is not None:
        terms = {
            int(term.get("exponent", 0)): float(term.get("coefficient", 0))
            for term in polynomial.iterfind("Term")
        }
        if max(terms, default=0) > _MOST_POWER:
            losses.add("polynomials of a very high degree are left out", name)
            return {}
        return polynomial_keys([terms.get(n, 0.0) for n in range(max(terms, default=0) + 1)])
    if spline is not None and spline.get("order", "1") == "1":
        points = sorted(
            [float(point.get("raw", 0)), float(point.get("calibrated", 0))]
            for point in spline.iterfind("SplinePoint")
        )
        return {"table": points}
    losses.add("calibrators other than polynomials and straight splines are left out", name)
    return {}


def polynomial_keys(coefficients: list[float]) -> dict[str, Any]:
    """The shortest keys for a polynomial, constant first: nothing, scale and offset, or all."""
    while len(coefficients) > 2 and coefficients[-1] == 0:
        coefficients = coefficients[:-1]
    if len(coefficients) > 2:
        return {"polynomial": coefficients}
    offset, scale = (*coefficients, 0.0, 0.0)[:2] if len(coefficients) < 2 else coefficients
    if scale == 0:
        return {"polynomial": [offset]} if len(coefficients) else {}
    keys = {"scale": scale} if scale != 1 else {}
    return {**keys, **({"offset": offset} if offset else {})}


def _alarms(kind: Element, name: str, losses: Losses) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    ranges = kind.find("DefaultAlarm/StaticAlarmRanges")
    for element in ranges if ranges is not None else ():
        level = element.tag.removesuffix("Range").lower()
        if level not in ("warning", "critical") or element.get("rangeForm", "outside") != "outside":
            losses.add("alarm ranges other than warning and critical are left out", name)
            continue
        low = element.get("minInclusive", element.get("minExclusive", "-inf"))
        high = element.get("maxInclusive", element.get("maxExclusive", "inf"))
        limits[level] = [float(low), float(high)]
    for alarm in kind.iterfind("DefaultAlarm/EnumerationAlarmList/EnumerationAlarm"):
        level = alarm.get("alarmLevel", "")
        if level in ("warning", "critical"):
            limits.setdefault(level, []).append(alarm.get("enumerationLabel", ""))
        elif level != "normal":
            losses.add("alarm levels other than warning and critical are left out", name)
    if kind.find("ContextAlarmList") is not None:
        losses.add("alarms that depend on other parameters are left out", name)
    return {"limits": limits} if limits else {}


def _text(encoding: Element, name: str, losses: Losses) -> dict[str, Any]:
    fixed = encoding.findtext("SizeInBits/Fixed/FixedValue")
    end = encoding.findtext("SizeInBits/TerminationChar")
    if fixed is not None:
        if end and int(end, 16):
            losses.add("what stands behind the end of a text is kept", name)
        return {"type": "ascii", "size": int(fixed) // 8}
    if end and int(end, 16):
        return {"type": "ascii", "until": bytes.fromhex(end).decode("latin-1")}
    return {"type": "ascii", **_dynamic(encoding.find(".//DynamicValue"), name, losses)}


def _binary(encoding: Element, name: str, losses: Losses) -> dict[str, Any]:
    size = encoding.find("SizeInBits")
    fixed = (
        None if size is None else size.findtext("FixedValue") or size.findtext("Fixed/FixedValue")
    )
    if fixed is None:
        return {"type": "bytes", **_dynamic(encoding.find(".//DynamicValue"), name, losses)}
    bits = int(fixed)
    if bits % 8:
        losses.add("binary parameters that are not whole bytes become gaps", name)
        return {"skip": bits}
    return {"type": "bytes", "size": bits // 8}


def _dynamic(value: Element | None, name: str, losses: Losses) -> dict[str, Any]:
    """A size given by another parameter; by a packet's length: the rest of the packet."""
    reference = None if value is None else value.find("ParameterInstanceRef")
    if value is None or reference is None:
        losses.add("lengths that are not given by one parameter are taken as the rest", name)
        return {}
    other = str(reference.get("parameterRef")).rpartition("/")[2]
    adjust = value.find("LinearAdjustment")
    slope, intercept = 1.0, 0.0
    if adjust is not None:
        slope, intercept = float(adjust.get("slope", 0)), float(adjust.get("intercept", 0))
    return {"size_from": (other, slope / 8, intercept / 8)}
