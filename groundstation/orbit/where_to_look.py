"""A pass in words: where to look and when."""

from __future__ import annotations

from datetime import datetime, tzinfo

from decoders.words import ENGLISH, Words
from groundstation.orbit.passes import Pass

_POINTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def compass(azimuth_deg: float) -> str:
    """The nearest of the eight compass points N, NE, E ..."""
    return _POINTS[point(azimuth_deg)]


def point(azimuth_deg: float) -> int:
    """The nearest of the eight compass points, counted from north over east."""
    return round(azimuth_deg / 45) % 8


def calendar_title(site: str, words: Words = ENGLISH) -> str:
    """What a calendar of passes over ``site`` is called."""
    return words("Passes over %(site)s", site=site)


def look_there(one: Pass, zone: tzinfo, words: Words = ENGLISH) -> str:
    """Where to look for ``one`` and when, in the local time of ``zone``.

    Parts that are not known (an open AOS or LOS) are left out.
    """

    def clock(when: datetime) -> str:
        return f"{when.astimezone(zone):%H:%M}"

    sentences = []
    if one.aos is not None and one.aos_azimuth_deg is not None:
        towards = _towards(words)[point(one.aos_azimuth_deg)]
        rises = words("At %(time)s look %(point)s.", time=clock(one.aos), point=towards)
        sentences.append(rises)
    inside = within(words)
    sentences.append(
        words(
            "Highest at %(time)s: %(elevation)s° in the %(point)s.",
            time=clock(one.tca),
            elevation=f"{one.max_elevation_deg:.0f}",
            point=inside[point(one.tca_azimuth_deg)],
        )
    )
    if one.los is not None and one.los_azimuth_deg is not None:
        place = inside[point(one.los_azimuth_deg)]
        sets = words("Sets at %(time)s in the %(point)s.", time=clock(one.los), point=place)
        sentences.append(sets)
    light = words("It is in sunlight then.")
    sentences.append(light if one.sunlit else words("It is in the Earth's shadow then."))
    error = f"{one.timing_error_s:.3g}"
    sentences.append(words("Times are good to about %(seconds)s s.", seconds=error))
    return " ".join(sentences)


def _towards(words: Words) -> tuple[str, ...]:
    """Where one looks to, at each of the eight points."""
    return (
        words.pgettext("look to the", "north"),
        words.pgettext("look to the", "north-east"),
        words.pgettext("look to the", "east"),
        words.pgettext("look to the", "south-east"),
        words.pgettext("look to the", "south"),
        words.pgettext("look to the", "south-west"),
        words.pgettext("look to the", "west"),
        words.pgettext("look to the", "north-west"),
    )


def within(words: Words) -> tuple[str, ...]:
    """Where something is, at each of the eight points."""
    return (
        words.pgettext("in the", "north"),
        words.pgettext("in the", "north-east"),
        words.pgettext("in the", "east"),
        words.pgettext("in the", "south-east"),
        words.pgettext("in the", "south"),
        words.pgettext("in the", "south-west"),
        words.pgettext("in the", "west"),
        words.pgettext("in the", "north-west"),
    )
