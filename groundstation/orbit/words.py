"""A pass in words: where to look and when, in English, Russian and Kyrgyz."""

from __future__ import annotations

from datetime import datetime, tzinfo

from groundstation.orbit.passes import Pass

_POINTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
#: By language: where one looks to, and where something is, at each of the eight points.
_TOWARDS = {
    "en": (
        "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west",
    ),
    "ru": (
        "север", "северо-восток", "восток", "юго-восток", "юг", "юго-запад", "запад",
        "северо-запад",
    ),
    "ky": (
        "түндүктү", "түндүк-чыгышты", "чыгышты", "түштүк-чыгышты", "түштүктү", "түштүк-батышты",
        "батышты", "түндүк-батышты",
    ),
}  # fmt: skip
_WITHIN = {
    "en": _TOWARDS["en"],
    "ru": (
        "севере", "северо-востоке", "востоке", "юго-востоке", "юге", "юго-западе", "западе",
        "северо-западе",
    ),
    "ky": (
        "түндүктө", "түндүк-чыгышта", "чыгышта", "түштүк-чыгышта", "түштүктө", "түштүк-батышта",
        "батышта", "түндүк-батышта",
    ),
}  # fmt: skip
_RISES = {
    "en": "At {time} look {point}.",
    "ru": "В {time} смотрите на {point}.",
    "ky": "{time}: {point} караңыз.",
}
_TOP = {
    "en": "Highest at {time}: {elevation:.0f}° in the {point}.",
    "ru": "Выше всего в {time}: {elevation:.0f}° на {point}.",
    "ky": "Эң бийик жери {time}: {point} {elevation:.0f}°.",
}
_SETS = {
    "en": "Sets at {time} in the {point}.",
    "ru": "Заходит в {time} на {point}.",
    "ky": "{time}: {point} батат.",
}
_LIGHT = {
    "en": ("It is in the Earth's shadow then.", "It is in sunlight then."),
    "ru": ("Он тогда в тени Земли.", "Он тогда освещён Солнцем."),
    "ky": ("Ал анда Жердин көлөкөсүндө.", "Ал анда Күн жарыгында."),
}
_ERROR = {
    "en": "Times are good to about {error:.3g} s.",
    "ru": "Время верно примерно до {error:.3g} с.",
    "ky": "Убакыт болжол менен {error:.3g} с тактыкта.",
}
_TITLE = {"en": "Passes over {site}", "ru": "Пролёты над {site}", "ky": "{site}: учуп өтүүлөр"}
LANGUAGES = tuple(_RISES)


def compass(azimuth_deg: float) -> str:
    """The nearest of the eight compass points N, NE, E ..."""
    return _POINTS[_point(azimuth_deg)]


def _point(azimuth_deg: float) -> int:
    return round(azimuth_deg / 45) % 8


def calendar_title(site: str, language: str) -> str:
    """What a calendar of passes over ``site`` is called."""
    return _TITLE[language].format(site=site)


def look_there(one: Pass, zone: tzinfo, language: str = "en") -> str:
    """Where to look for ``one`` and when, in the local time of ``zone``.

    Parts that are not known (an open AOS or LOS) are left out. ``language`` is one of LANGUAGES.
    """

    def clock(when: datetime) -> str:
        return f"{when.astimezone(zone):%H:%M}"

    sentences = []
    if one.aos is not None and one.aos_azimuth_deg is not None:
        towards = _TOWARDS[language][_point(one.aos_azimuth_deg)]
        sentences.append(_RISES[language].format(time=clock(one.aos), point=towards))
    within = _WITHIN[language]
    sentences.append(
        _TOP[language].format(
            time=clock(one.tca),
            elevation=one.max_elevation_deg,
            point=within[_point(one.tca_azimuth_deg)],
        )
    )
    if one.los is not None and one.los_azimuth_deg is not None:
        place = within[_point(one.los_azimuth_deg)]
        sentences.append(_SETS[language].format(time=clock(one.los), point=place))
    sentences.append(_LIGHT[language][int(one.sunlit)])
    sentences.append(_ERROR[language].format(error=one.timing_error_s))
    return " ".join(sentences)
