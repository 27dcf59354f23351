"""Orbit Mean-Elements Messages (CCSDS 502.0-B-3) in JSON, XML and KVN, and their fields."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from groundstation.errors import ElementsError
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.tle import read_tle

#: What every message says.
REQUIRED = (
    "EPOCH",
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "BSTAR",
    "NORAD_CAT_ID",
)
#: What a message may say about itself for SGP4 to be the right theory for it.
ALLOWED = {
    "TIME_SYSTEM": ("UTC",),
    "REF_FRAME": ("TEME",),
    "CENTER_NAME": ("EARTH",),
    "MEAN_ELEMENT_THEORY": ("SGP4", "SGP/SGP4"),
}
#: Where records with two lines have the name.
_NAME_KEYS = ("tle0", "name", "satname", "object_name", "tle_line0")
#: Numbers that a message may have beside those that it must.
_NUMBERS = (
    *("MEAN_MOTION_DOT", "MEAN_MOTION_DDOT", "EPHEMERIS_TYPE", "ELEMENT_SET_NO", "REV_AT_EPOCH"),
)
#: No field of a message is as long.
_LONGEST = 100
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")
_EPOCH = re.compile(
    r"(\d{4})-(?:(\d{2})-(\d{2})|(\d{3}))[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|\+00:00)?\Z"
)


def read_json(
    text: str, source: str, errors: list[ElementsError], warnings: list[str]
) -> Iterator[Elements]:
    """Elements of a JSON object or a list of them; bad records go to ``errors``."""
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except ElementsError as error:
        errors.append(ElementsError(error.problem, source=source))
        return
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        errors.append(ElementsError(f"not JSON: {error}", source=source, line=line))
        return
    for number, record in enumerate(_records(data), start=1):
        if not isinstance(record, dict):
            quote = json.dumps(record)[:200]
            problem = f"record {number} is not an object with named fields"
            errors.append(ElementsError(problem, source=source, quote=quote))
            continue
        lines = _lines_in(record)
        if lines is not None:
            yield from read_tle(lines, source, errors, warnings)
        else:
            fields = {
                str(key).upper(): str(value) for key, value in record.items() if value is not None
            }
            yield from attempt(fields, source, None, _title(number, fields), errors)


def _records(data: object) -> list[object]:
    """The records of a document: a list, the one list in an object, or the object itself."""
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        if len(lists) == 1 and lists[0] and isinstance(lists[0][0], dict):
            return lists[0]
    return [data]


def _lines_in(record: Mapping[str, object]) -> str | None:
    """The two lines that a record holds as text, with its name above; None: it holds none.

    As SatNOGS DB writes them (tle0 to tle2), tle.ivanstanojevic.me (name, line1, line2), and N2YO
    (info, tle).
    """
    keys = {key.casefold(): value for key, value in record.items()}
    info = keys.get("info")
    about = {**keys, **(info if isinstance(info, dict) else {})}
    name = next((about[key] for key in _NAME_KEYS if isinstance(about.get(key), str)), "")
    for one, two in (("tle1", "tle2"), ("line1", "line2"), ("tle_line1", "tle_line2")):
        if isinstance(keys.get(one), str) and isinstance(keys.get(two), str):
            return f"{name}\n{keys[one]}\n{keys[two]}"
    both = keys.get("tle")
    if isinstance(both, str) and "\n" in both.strip():
        return f"{name}\n{both}" if both.lstrip().startswith("1 ") else both
    return None


def _refuse_constant(name: str) -> NoReturn:
    raise ElementsError(f"{name} is not a number that elements can have")


def read_xml(text: str, source: str, errors: list[ElementsError]) -> Iterator[Elements]:
    """Elements of an ``<ndm>`` or ``<omm>`` document; bad messages go to ``errors``."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        errors.append(ElementsError("an XML file with a document type is refused", source=source))
        return
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        errors.append(ElementsError(f"not XML: {error}", source=source, line=error.position[0]))
        return
    except UnicodeError:
        problem = "not XML: there is half a character in it (a lone surrogate)"
        errors.append(ElementsError(problem, source=source))
        return
    messages = [node for node in root.iter() if _local(node.tag) == "omm"]
    if not messages:
        errors.append(ElementsError("the XML has no <omm> message", source=source, line=1))
    for number, message in enumerate(messages, start=1):
        fields = {
            _local(node.tag): node.text.strip()
            for node in message.iter()
            if node.text and node.text.strip()
        }
        yield from attempt(fields, source, None, _title(number, fields), errors)


def _local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def _title(number: int, fields: Mapping[str, str]) -> str:
    norad = fields.get("NORAD_CAT_ID", "?")
    return f"record {number}, {fields.get('OBJECT_NAME', '')} {norad}"


def read_kvn(text: str, source: str, errors: list[ElementsError]) -> Iterator[Elements]:
    """Elements of ``KEY = VALUE`` messages, one after the other; bad ones go to ``errors``."""
    fields: dict[str, str] = {}
    first_line = 1
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line or line.startswith("COMMENT"):
            continue
        key, equals, value = line.partition("=")
        if not equals:
            errors.append(
                ElementsError("expected KEY = VALUE", source=source, line=number, quote=line)
            )
            continue
        key = key.strip()
        if key in fields and key in ("CCSDS_OMM_VERS", "OBJECT_NAME"):
            yield from attempt(fields, source, first_line, _title(1, fields), errors)
            fields = {}
        if not fields:
            first_line = number
        fields[key] = _without_unit(value.strip())
    if fields:
        yield from attempt(fields, source, first_line, _title(1, fields), errors)


def _without_unit(value: str) -> str:
    """A value without a unit such as ``[deg]`` behind it."""
    return value[: value.rfind("[")].rstrip() if value.endswith("]") and "[" in value else value


def attempt(
    fields: Mapping[str, str],
    source: str,
    line: int | None,
    quote: str,
    errors: list[ElementsError],
) -> Iterator[Elements]:
    """The set of one message; what is wrong with it goes to ``errors``."""
    try:
        yield _from_fields(fields, source)
    except ElementsError as error:
        errors.append(ElementsError(error.problem, source=source, line=line, quote=quote))


def _from_fields(fields: Mapping[str, str], source: str) -> Elements:
    for key in (*REQUIRED, *_NUMBERS):
        if len(fields.get(key, "")) > _LONGEST:
            raise ElementsError(f"{key} has more than {_LONGEST} characters")
    for key, allowed in ALLOWED.items():
        found = fields.get(key, "").strip().upper()
        if found and found not in allowed:
            raise ElementsError(f"{key} is {found}, it must be {allowed[0]}")
    norad = _integer(fields, "NORAD_CAT_ID", None)
    return Elements(
        name=fields.get("OBJECT_NAME", "").strip() or str(norad),
        norad=norad,
        object_id=fields.get("OBJECT_ID", "").strip(),
        epoch=parse_epoch(_text(fields, "EPOCH")),
        mean_motion_rev_day=_number(fields, "MEAN_MOTION"),
        eccentricity=_number(fields, "ECCENTRICITY"),
        inclination_deg=_number(fields, "INCLINATION"),
        raan_deg=_number(fields, "RA_OF_ASC_NODE"),
        argument_of_perigee_deg=_number(fields, "ARG_OF_PERICENTER"),
        mean_anomaly_deg=_number(fields, "MEAN_ANOMALY"),
        bstar_per_earth_radius=_number(fields, "BSTAR"),
        mean_motion_dot_rev_day2=_number(fields, "MEAN_MOTION_DOT", 0.0),
        mean_motion_ddot_rev_day3=_number(fields, "MEAN_MOTION_DDOT", 0.0),
        classification=fields.get("CLASSIFICATION_TYPE", "").strip() or "U",
        ephemeris_type=_integer(fields, "EPHEMERIS_TYPE", 0),
        element_set=_integer(fields, "ELEMENT_SET_NO", 999),
        revolution_at_epoch=_integer(fields, "REV_AT_EPOCH", 0),
        source=fields.get("SOURCE", "").strip() or source,
    )


def _text(fields: Mapping[str, str], key: str) -> str:
    text = fields.get(key, "").strip()
    if not text:
        raise ElementsError(f"{key} is missing")
    return text


def _number(fields: Mapping[str, str], key: str, default: float | None = None) -> float:
    text = fields.get(key, "").strip()
    if not text and default is not None:
        return default
    if not _NUMBER.match(text):
        raise ElementsError(
            f"{key} is {text!r}, it must be a number" if text else f"{key} is missing"
        )
    return float(text)


def _integer(fields: Mapping[str, str], key: str, default: int | None) -> int:
    text = fields.get(key, "").strip()
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdigit()):
        raise ElementsError(
            f"{key} is {text!r}, it must be a whole number" if text else f"{key} is missing"
        )
    return int(text)


def parse_epoch(text: str) -> datetime:
    """A CCSDS time (calendar or day of year, any fraction, optional Z) as aware UTC.

    Digits beyond microseconds are rounded; a leap second (``23:59:60``) is the instant after it.
    Raises ElementsError.
    """
    match = _EPOCH.match(text)
    if match is None:
        raise ElementsError(f"the time {text!r} is not like 2026-08-22T03:16:08.605344")
    year, month, day, day_of_year, hour, minute, second, fraction = match.groups()
    if int(hour) > 23 or int(minute) > 59 or int(second) > 60:
        raise ElementsError(f"the time {text!r} does not exist")
    try:
        if day_of_year:
            start = datetime(int(year), 1, 1, tzinfo=UTC) + timedelta(days=int(day_of_year) - 1)
        else:
            start = datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        raise ElementsError(f"the time {text!r} does not exist") from None
    if start.year != int(year):
        raise ElementsError(f"the time {text!r} does not exist")
    microseconds = round(int(fraction) * 10 ** (6 - len(fraction))) if fraction else 0
    return start + timedelta(
        hours=int(hour), minutes=int(minute), seconds=int(second), microseconds=microseconds
    )
