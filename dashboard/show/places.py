"""What lies below a satellite, in words that stand in any sentence without inflection."""

from __future__ import annotations

from dashboard.data.whereabouts import Whereabouts
from groundstation.orbit.where_to_look import point, within
from groundstation.words.language import Language

#: Countries that English names with an article.
_THE = {
    *("AE", "BS", "CC", "CF", "CK", "DO", "FK", "FO", "GB", "GM", "IO", "KM", "KY", "MH", "MP"),
    *("MV", "NL", "PH", "PN", "SB", "SC", "TC", "TF", "UM", "US", "VG", "VI"),
}
#: Distances are told in steps of so many kilometres: a sentence is no measurement.
_STEP_KM = 100


def place_words(where: Whereabouts, words: Language) -> str:
    """Such as ``Kazakhstan``, ``the coast of Chile``, ``the Pacific Ocean``, or empty: not told."""
    found = where.below
    if found is None:
        return ""
    names = [country(code, words) for code in found.countries]
    if len(names) == 1 and not found.sea:
        return names[0]
    if len(names) == 1:
        return words("the coast of %(country)s", country=names[0])
    if len(names) == 2:
        return words("the border of %(one)s and %(other)s", one=names[0], other=names[1])
    if found.land:
        return ""
    return _ocean(found.ocean, words)


def country(code: str, words: Language) -> str:
    """A country's name, in English with its article."""
    name = words.territory(code)
    return f"the {name}" if words.language == "en" and code in _THE else name


def _ocean(name: str, words: Language) -> str:
    return {
        "arctic": words("the Arctic Ocean"),
        "southern": words("the Southern Ocean"),
        "pacific": words("the Pacific Ocean"),
        "atlantic": words("the Atlantic Ocean"),
        "indian": words("the Indian Ocean"),
        "": words("the sea"),
    }[name]


def way_words(where: Whereabouts, words: Language) -> str:
    """Such as ``2,300 km from here in the south-west``; empty where no site is known."""
    if where.distance_km is None or where.direction_deg is None:
        return ""
    distance = round(where.distance_km / _STEP_KM) * _STEP_KM
    if not distance:
        return words("above our heads")
    return words(
        "%(distance)s km from here in the %(direction)s",
        distance=words.number(distance),
        direction=within(words)[point(where.direction_deg)],
    )
