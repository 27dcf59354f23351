"""Units, alarms and valid ranges of a parameter type."""

from __future__ import annotations

import math
from typing import Any
from xml.etree.ElementTree import Element

from decoders.definition.interchange.xtce_values import Reader
from decoders.errors import DefinitionError

_LEVELS = ("warning", "critical")
_NOTHING = ("AncillaryDataSet", "AlarmMultiRanges")


def unit_of(kind: Element, reader: Reader) -> dict[str, str]:
    """``unit`` of a row: all units, with their powers."""
    parts = []
    for unit in kind.iterfind("UnitSet/Unit"):
        text = (unit.text or "").strip() or unit.get("description", "").strip()
        if unit.get("factor", "1").strip() not in ("1", "1.0"):
            reader.refusals.tell(unit, "has a factor: the unit is left out")
            return {}
        power = unit.get("power", "1").strip()
        if text:
            parts.append(text if power in ("1", "1.0") else f"{text}^{power.removesuffix('.0')}")
    return {"unit": " ".join(parts)} if parts else {}


def limits_of(
    kind: Element, reader: Reader, *, numbers: bool = False, words: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """``limits`` of a row of numbers, or of one with ``words``; what cannot be kept is told."""
    try:
        return _limits_of(kind, reader, numbers, words)
    except DefinitionError as error:
        reader.refusals.note(error)
        return {}


def _limits_of(
    kind: Element, reader: Reader, numbers: bool, words: frozenset[str]
) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    alarm = kind.find("DefaultAlarm")
    for part in alarm if alarm is not None else ():
        if part.tag == "StaticAlarmRanges" and numbers:
            limits |= _ranges(part, reader)
        elif part.tag == "EnumerationAlarmList" and words:
            limits |= _listed(part, words, reader)
        elif part.tag not in _NOTHING or len(part):
            reader.refusals.tell(part, "is left out")
    for part in kind.iterfind("ContextAlarmList"):
        reader.refusals.tell(part, "is left out: write its limits as sets of the row's 'alarm'")
    for valid in (*kind.iterfind("ValidRange"), *kind.iterfind("ValidRangeSet/ValidRange")):
        _valid(valid, limits, reader, numbers=numbers)
    return {"limits": _enclosed(limits)} if limits else {}


def _ranges(element: Element, reader: Reader) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for part in element:
        level = part.tag.removesuffix("Range").lower()
        if level not in _LEVELS or element.get("rangeForm", "outside") != "outside":
            reader.refusals.tell(part, "is left out: limits here are warning and critical, outside")
            continue
        limits[level] = _span(part, reader)
    return limits


def _span(element: Element, reader: Reader) -> list[float]:
    """[low, high], both inclusive."""
    low = reader.real(element, "minInclusive") if "minInclusive" in element.attrib else -math.inf
    high = reader.real(element, "maxInclusive") if "maxInclusive" in element.attrib else math.inf
    if "minExclusive" in element.attrib:
        low = max(low, math.nextafter(reader.real(element, "minExclusive"), math.inf))
    if "maxExclusive" in element.attrib:
        high = min(high, math.nextafter(reader.real(element, "maxExclusive"), -math.inf))
    if low > high:
        raise reader.refusals.error(element, f"begins at {low:g}, behind its end {high:g}")
    return [low, high]


def _listed(element: Element, words: frozenset[str], reader: Reader) -> dict[str, list[str]]:
    limits: dict[str, list[str]] = {}
    for alarm in element.iterfind("EnumerationAlarm"):
        level, label = alarm.get("alarmLevel", ""), alarm.get("enumerationLabel", "")
        if level in _LEVELS and label in words:
            limits.setdefault(level, []).append(label)
        elif level != "normal":
            reader.refusals.tell(alarm, f"alarm {level!r} of {label!r} is left out")
    return limits


def _valid(element: Element, limits: dict[str, Any], reader: Reader, *, numbers: bool) -> None:
    """A range outside of which a value is not valid: critical limits, where there are none yet."""
    of_calibrated = element.get("validRangeAppliesToCalibrated", "true") == "true"
    if not numbers or "critical" in limits or not of_calibrated:
        reader.refusals.tell(element, "is left out")
        return
    limits["critical"] = _span(element, reader)
    reader.refusals.tell(element, "is kept as critical limits")


def _enclosed(limits: dict[str, Any]) -> dict[str, Any]:
    """The same judgement with the warning range inside the critical one, as limits here want it."""
    warning, critical = limits.get("warning"), limits.get("critical")
    if not (warning and critical) or isinstance(warning[0], str):
        return limits
    inside = [max(warning[0], critical[0]), min(warning[1], critical[1])]
    if inside[0] > inside[1]:  # nothing is nominal: whatever is not critical is a warning
        inside = [critical[0], critical[0]]
    return {**limits, "warning": inside}
