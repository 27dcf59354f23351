"""Two-line elements: strict reading, and writing.

Columns are those of the format's definition (CelesTrak, "NORAD Two-Line Element Set Format");
the letters of Alpha-5 catalogue numbers are Space-Track's (A = 10 ... Z = 33, no I and no O).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from groundstation.errors import ElementsError
from groundstation.orbit.mean_elements import Elements

_ALPHA5 = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_MAX_ALPHA5 = 339_999
_LENGTH = 69
_MAX_NAME = 60
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)\Z")
_EXPONENT = re.compile(r"([+-]?)\.?(\d{1,5})([+-]\d)\Z")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


def alpha5_to_norad(text: str) -> int:
    """The catalogue number of five TLE columns such as ``25544`` or ``T0001`` (270001).

    Raises ElementsError for anything else.
    """
    digits = text.strip()
    if digits.isascii() and digits.isdigit():
        return int(digits)
    head, tail = text[:1], text[1:]
    if len(text) == 5 and head in _ALPHA5 and tail.isascii() and tail.isdigit():
        return (10 + _ALPHA5.index(head)) * 10_000 + int(tail)
    raise ElementsError(
        "not a catalogue number: five digits, or a capital letter (not I or O) and four digits",
        quote=text,
    )


def norad_to_alpha5(norad: int) -> str:
    """Five TLE columns of a catalogue number. Raises ElementsError above 339999 and below 0."""
    if not 0 <= norad <= _MAX_ALPHA5:
        raise ElementsError(
            f"catalogue number {norad} does not fit into a TLE (0 to {_MAX_ALPHA5})"
        )
    if norad < 100_000:
        return f"{norad:05d}"
    return f"{_ALPHA5[norad // 10_000 - 10]}{norad % 10_000:04d}"


def checksum(line: str) -> int:
    """Sum modulo 10 of the digits of the first 68 columns, a minus sign counting one."""
    return sum(int(c) if c in "0123456789" else c == "-" for c in line[:68]) % 10


def read_tle(
    text: str, source: str, errors: list[ElementsError], warnings: list[str]
) -> Iterator[Elements]:
    """Elements of a text of two-line or three-line sets, in order.

    Appends to ``errors`` what cannot be used (and goes on behind it), to ``warnings`` what was
    accepted though unusual.
    """
    lines = [
        _Line(number, line.rstrip("\r\n "))
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.startswith("#")
    ]
    at = 0
    while at < len(lines):
        used, outcome = _read_one(lines, at, source, warnings)
        at += used
        if isinstance(outcome, ElementsError):
            errors.append(outcome)
        else:
            yield outcome


def _read_one(
    lines: list[_Line], at: int, source: str, warnings: list[str]
) -> tuple[int, Elements | ElementsError]:
    """Read the set that begins at ``lines[at]``: how many lines it took, and what it is."""
    first = lines[at]
    name = ""
    used = 0
    if not _is_line(lines, at, "1"):
        if _is_line(lines, at, "2"):
            return 1, ElementsError(
                "line 2 of an element set without its line 1 before it",
                source=source,
                line=first.number,
                quote=first.text,
            )
        if not _is_line(lines, at + 1, "1") or len(first.text) > _MAX_NAME:
            return 1, _no_set(first, source)
        name = first.text.removeprefix("0 ").strip()
        used = 1
    one = lines[at + used]
    if not _is_line(lines, at + used + 1, "2"):
        return used + 1, ElementsError(
            "line 1 of an element set without its line 2 after it",
            source=source,
            line=one.number,
            quote=one.text,
        )
    two = lines[at + used + 1]
    try:
        return used + 2, replace(_parse(name, one, two, source, warnings), source=source)
    except ElementsError as error:
        line = error.line or one.number
        quote = error.quote or (two.text if line == two.number else one.text)
        return used + 2, ElementsError(error.problem, source=source, line=line, quote=quote)


def _is_line(lines: list[_Line], at: int, digit: str) -> bool:
    """Whether a line looks like line ``digit`` of a set (a satellite's name may begin so too)."""
    if at >= len(lines) or not lines[at].text.startswith((digit + " ", digit + "\t")):
        return False
    return len(lines[at].text) > 40 or "\t" in lines[at].text


def _no_set(line: _Line, source: str) -> ElementsError:
    if line.text.lstrip()[:1] == "<":
        problem = "this is a web page, not elements"
    elif line.text.lstrip()[:2] in ("1 ", "2 "):
        problem = "a line of an element set must begin in the first column"
    else:
        problem = "expected line 1 of an element set, or a name and then line 1"
    return ElementsError(problem, source=source, line=line.number, quote=line.text)


def _parse(name: str, one: _Line, two: _Line, source: str, warnings: list[str]) -> Elements:
    for line in (one, two):
        _check_line(line, source, warnings)
    norad = _norad(one)
    if _norad(two) != norad:
        raise ElementsError(
            f"line 2 is of catalogue number {two.text[2:7]}, line 1 of {one.text[2:7]}",
            line=two.number,
        )
    return Elements(
        name=name or str(norad),
        norad=norad,
        object_id=_object_id(one.text[9:17]),
        classification=one.text[7].strip().upper() or "U",
        epoch=_epoch(one),
        mean_motion_dot_rev_day2=_decimal(one, 33, 43, "first rate of the mean motion"),
        mean_motion_ddot_rev_day3=_exponent(one, 44, 52, "second rate of the mean motion"),
        bstar_per_earth_radius=_exponent(one, 53, 61, "drag term"),
        ephemeris_type=_integer(one, 62, 63, "ephemeris type"),
        element_set=_integer(one, 64, 68, "element set number"),
        inclination_deg=_decimal(two, 8, 16, "inclination"),
        raan_deg=_decimal(two, 17, 25, "right ascension of the node"),
        eccentricity=_eccentricity(two),
        argument_of_perigee_deg=_decimal(two, 34, 42, "argument of perigee"),
        mean_anomaly_deg=_decimal(two, 43, 51, "mean anomaly"),
        mean_motion_rev_day=_decimal(two, 52, 63, "mean motion"),
        revolution_at_epoch=_integer(two, 63, 68, "revolution number"),
    )


def _check_line(line: _Line, source: str, warnings: list[str]) -> None:
    text = line.text
    if not text.isascii() or not text.isprintable():
        stray = next(c for c in text if not c.isascii() or not c.isprintable())
        raise ElementsError(f"stray character {stray!r}", line=line.number)
    if len(text) not in (_LENGTH - 1, _LENGTH):
        raise ElementsError(
            f"the line has {len(text)} characters, it must have {_LENGTH}", line=line.number
        )
    blanks = (1, 8, 17, 32, 43, 52, 61, 63) if text[0] == "1" else (1, 7, 16, 25, 33, 42, 51)
    for column in blanks:
        if text[column] != " ":
            raise ElementsError(
                f"column {column + 1} must be blank, it is {text[column]!r}", line=line.number
            )
    if len(text) == _LENGTH - 1:
        warnings.append(f"{source or 'elements'}:{line.number}: no checksum, accepted without it")
    elif text[68] != str(checksum(text)):
        raise ElementsError(
            f"the checksum is {text[68]!r}, the digits before it give {checksum(text)}",
            line=line.number,
        )


def _norad(line: _Line) -> int:
    try:
        return alpha5_to_norad(line.text[2:7])
    except ElementsError as error:
        raise ElementsError(error.problem, line=line.number) from None


def _object_id(columns: str) -> str:
    """``98067A`` as ``1998-067A``; other texts (some analysts') as they are."""
    text = columns.strip()
    if re.fullmatch(r"\d{5}[A-Z]{1,3}", text) is None:
        return text
    return f"{_year(int(text[:2]))}-{text[2:]}"


def _year(two_digits: int) -> int:
    """57..99 are 1957..1999 and 00..56 are 2000..2056 (the format's rule)."""
    return two_digits + (1900 if two_digits >= 57 else 2000)


def _epoch(line: _Line) -> datetime:
    year_text, day_text = line.text[18:20], line.text[20:32].strip()
    if not year_text.strip().isdigit() or not re.fullmatch(r"\d{1,3}(\.\d*)?", day_text):
        raise ElementsError(f"the epoch {line.text[18:32]!r} is not yyddd.ddd", line=line.number)
    day, _, fraction = day_text.partition(".")
    if not 1 <= int(day) <= 366:
        raise ElementsError(f"the epoch's day is {day}, it must be 1 to 366", line=line.number)
    year_start = datetime(_year(int(year_text)), 1, 1, tzinfo=UTC)
    # Integer arithmetic: a float of days would lose half a microsecond.
    microseconds = round(int(fraction or "0") * 86_400_000_000 / 10 ** len(fraction))
    return year_start + timedelta(days=int(day) - 1, microseconds=microseconds)


def _decimal(line: _Line, start: int, stop: int, label: str) -> float:
    text = line.text[start:stop].strip()
    if not _DECIMAL.match(text):
        raise ElementsError(f"the {label} {text!r} is not a number", line=line.number)
    return float(text)


def _exponent(line: _Line, start: int, stop: int, label: str) -> float:
    """``28098-4`` is 0.28098e-4; a blank field is 0."""
    text = line.text[start:stop].strip()
    if not text:
        return 0.0
    match = _EXPONENT.match(text)
    if match is None:
        raise ElementsError(f"the {label} {text!r} is not like 12345-6", line=line.number)
    sign, digits, power = match.groups()
    return float(f"{sign}0.{digits}e{power}")


def _integer(line: _Line, start: int, stop: int, label: str) -> int:
    text = line.text[start:stop].strip()
    if text and not text.isdigit():
        raise ElementsError(f"the {label} {text!r} is not a number", line=line.number)
    return int(text or "0")


def _eccentricity(line: _Line) -> float:
    text = line.text[26:33].strip()
    if not text.isdigit():
        raise ElementsError(f"the eccentricity {text!r} is not seven digits", line=line.number)
    return int(text) / 10_000_000


def to_tle_lines(elements: Elements) -> tuple[str, str]:
    """Lines 1 and 2. Raises ElementsError for a catalogue number above 339999."""
    number = norad_to_alpha5(elements.norad)
    match = re.fullmatch(r"(\d{4})-(\d{3})([A-Z]{1,3})", elements.object_id)
    designator = elements.object_id[:8]
    if match:
        designator = f"{int(match[1]) % 100:02d}{match[2]}{match[3]}"
    day = (elements.epoch - datetime(elements.epoch.year, 1, 1, tzinfo=UTC)) / timedelta(days=1) + 1
    one = (
        f"1 {number}{elements.classification[:1]:1} {designator:8} "
        f"{elements.epoch.year % 100:02d}{day:012.8f} "
        f"{_signed(elements.mean_motion_dot_rev_day2)} "
        f"{_packed(elements.mean_motion_ddot_rev_day3)} {_packed(elements.bstar_per_earth_radius)} "
        f"{elements.ephemeris_type % 10} {elements.element_set % 10000:4d}"
    )
    two = (
        f"2 {number} {elements.inclination_deg:8.4f} {elements.raan_deg % 360:8.4f} "
        f"{min(round(elements.eccentricity * 1e7), 9_999_999):07d} "
        f"{elements.argument_of_perigee_deg % 360:8.4f} {elements.mean_anomaly_deg % 360:8.4f} "
        f"{elements.mean_motion_rev_day:11.8f}{elements.revolution_at_epoch % 100000:5d}"
    )
    return one + str(checksum(one)), two + str(checksum(two))


def _signed(value: float) -> str:
    """Ten columns such as `` .00001614`` or ``-.00000112``."""
    return f"{value:+.8f}".replace("+0.", " .").replace("-0.", "-.").replace("+", " ")


def _packed(value: float) -> str:
    """Eight columns such as `` 28098-4``: 0.28098e-4."""
    if abs(value) < 0.5e-14:
        return " 00000-0"
    mantissa, power = f"{abs(value):.4e}".split("e")
    exponent = int(power) + 1
    if exponent < -9:
        return " 00000-0"
    sign = "-" if value < 0 else " "
    return f"{sign}{mantissa.replace('.', '')}{'+' if exponent > 0 else '-'}{abs(exponent)}"
