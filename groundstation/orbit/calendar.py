"""Passes as a calendar (iCalendar, RFC 5545), for phones and everything else that keeps dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo

from decoders.words import ENGLISH, Words
from groundstation.model import Site
from groundstation.orbit.passes import Pass
from groundstation.orbit.where_to_look import calendar_title, look_there

#: Octets of a line before its CR LF (RFC 5545, 3.1).
_MAX_OCTETS = 75


def to_ical(
    passes: Iterable[Pass],
    site: Site,
    *,
    made: datetime,
    window: tuple[datetime, datetime],
    orbits: Mapping[int, str] | None = None,
    alarm_min: float | None = 10,
    sequence: int = 0,
    words: Words = ENGLISH,
    zone: tzinfo = UTC,
    notes: Mapping[int, str] | None = None,
) -> str:
    """A calendar with one event a pass, lines ended by CR LF and folded by octets.

    ``made`` (aware) is the time of writing. An open AOS or LOS is the ``window``'s edge.
    ``orbits`` names the revolution of a pass by its position among ``passes`` (see
    :func:`.revolution.revolution_of_month`): with it an event keeps its UID when newer elements
    move the pass by seconds, and replaces the older event in the calendar if ``sequence`` has
    grown. Without it the UID is made of the minute of TCA.
    ``alarm_min`` minutes before AOS the phone rings; None for no alarm. Descriptions are in
    ``words`` and speak of the local time of ``zone``; ``notes`` are put before them, by position.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//nanosat-groundstation//passes//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(calendar_title(site.name, words))}",
    ]
    place = re.sub(r"[^a-z0-9]+", "-", site.name.casefold()).strip("-") or "site"
    place += f"{site.latitude_deg:+.3f}{site.longitude_deg:+.3f}"
    seen: Counter[str] = Counter()
    for position, one in enumerate(passes):
        number = orbits.get(position) if orbits else None
        uid = f"{one.norad}-{number if number is not None else f'{one.tca:%Y%m%dT%H%M}'}"
        seen[uid] += 1
        if seen[uid] > 1:
            uid += f"-{seen[uid]}"  # a horizon cut the passage into several
        lines += _event(
            one,
            f"{uid}@{place}",
            site,
            made,
            window,
            alarm_min,
            sequence,
            " ".join(filter(None, ((notes or {}).get(position), look_there(one, zone, words)))),
        )
    lines.append("END:VCALENDAR")
    return "".join(fold(line) + "\r\n" for line in lines)


def _event(
    one: Pass,
    uid: str,
    site: Site,
    made: datetime,
    window: tuple[datetime, datetime],
    alarm_min: float | None,
    sequence: int,
    description: str,
) -> list[str]:
    begin, end = one.aos or window[0], one.los or window[1]
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_time(made)}",
        f"SEQUENCE:{sequence}",
        f"DTSTART:{_time(begin)}",
        f"DTEND:{_time(end)}",
        f"SUMMARY:{_text(f'{one.satellite} {one.max_elevation_deg:.0f}°')}",
        f"LOCATION:{_text(site.name)}",
        f"GEO:{site.latitude_deg:.5f};{site.longitude_deg:.5f}",
        f"DESCRIPTION:{_text(description)}",
        "TRANSP:TRANSPARENT",
    ]
    if alarm_min is not None:
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:-PT{round(alarm_min)}M",
            f"DESCRIPTION:{_text(one.satellite)}",
            "END:VALARM",
        ]
    lines.append("END:VEVENT")
    return lines


def _time(when: datetime) -> str:
    """UTC to the second, as ``20260822T212859Z``."""
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """Escaped as a TEXT value (RFC 5545, 3.3.11)."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return "".join(c for c in value if c.isprintable())


def fold(line: str) -> str:
    """A content line broken so that none exceeds 75 octets, and no letter is torn."""
    parts = [""]
    room = _MAX_OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append("")
            room = _MAX_OCTETS - 1  # the blank that marks a continuation counts
        parts[-1] += letter
        room -= size
    return "\r\n ".join(parts)
