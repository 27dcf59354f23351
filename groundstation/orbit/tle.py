"""Two-line elements: strict reading of each set, and writing.

Columns are those of the format's definition (CelesTrak, "NORAD Two-Line Element Set Format");
the letters of Alpha-5 catalogue numbers are Space-Track's (A = 10 ... Z = 33, no I and no O).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from groundstation.errors import ElementsError
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.tle_lines import Line, Pair, lines_of, pairs

_ALPHA5 = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_MAX_ALPHA5 = 339_999
_LENGTH = 69
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)\Z")
_EXPONENT = re.compile(r"([+-]?)\.?(\d{1,5})([+-]\d)\Z")


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
    """Elements of a text that holds two-line or three-line sets, in order.

    Appends to ``errors`` what looks like elements and cannot be used (and goes on behind it), to
    ``warnings`` what was accepted though unusual, and how many lines were passed over.
    """
    found, others = pairs(lines_of(text))
    read = False
    for pair in found:
        try:
            yield _read_one(pair, source, warnings)
            read = True
        except ElementsError as error:
            errors.append(error)
    if others and read:
        told = "another line was" if others == 1 else f"{others} other lines were"
        warnings.append(f"{source or 'elements'}: {told} passed over")


def _read_one(pair: Pair, source: str, warnings: list[str]) -> Elements:
    """The set of two lines. Raises ElementsError, quoting the line that is wrong."""
    one, two = pair.one, pair.two
    if one is None or two is None:
        line, missing = (one, "2 after") if one else (two, "1 before")
        assert line is not None
        raise ElementsError(
            f"line {line.part} of an element set without its line {missing} it",
            source=source,
            line=line.number,
            quote=line.text,
        )
    try:
        return replace(_parse(pair.name, one, two, source, warnings), source=source)
    except ElementsError as error:
        number = error.line or one.number
        quote = error.quote or (two.text if number == two.number else one.text)
        raise ElementsError(error.problem, source=source, line=number, quote=quote) from None


def _parse(name: str, one: Line, two: Line, source: str, warnings: list[str]) -> Elements:
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


def _check_line(line: Line, source: str, warnings: list[str]) -> None:
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


def _norad(line: Line) -> int:
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


def _epoch(line: Line) -> datetime:
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


def _decimal(line: Line, start: int, stop: int, label: str) -> float:
    text = line.text[start:stop].strip()
    if not _DECIMAL.match(text):
        raise ElementsError(f"the {label} {text!r} is not a number", line=line.number)
    return float(text)


def _exponent(line: Line, start: int, stop: int, label: str) -> float:
    """``28098-4`` is 0.28098e-4; a blank field is 0."""
    text = line.text[start:stop].strip()
    if not text:
        return 0.0
    match = _EXPONENT.match(text)
    if match is None:
        raise ElementsError(f"the {label} {text!r} is not like 12345-6", line=line.number)
    sign, digits, power = match.groups()
    return float(f"{sign}0.{digits}e{power}")


def _integer(line: Line, start: int, stop: int, label: str) -> int:
    text = line.text[start:stop].strip()
    if text and not text.isdigit():
        raise ElementsError(f"the {label} {text!r} is not a number", line=line.number)
    return int(text or "0")


def _eccentricity(line: Line) -> float:
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
