"""Another place than the station's, as a query names it by its coordinates."""

from __future__ import annotations

import re

from dashboard.web.answers import RequestError
from groundstation.model import Site

_PART = r"(\.[0-9]{1,12})?"
_NONE = r"(\.0{1,12})?"
#: Degrees north and east.
PLACE = rf"^-?([0-8]?[0-9]{_PART}|90{_NONE}),-?((1[0-7][0-9]|[0-9]?[0-9]){_PART}|180{_NONE})$"
#: A hundredth of a degree is a kilometre at most: nobody's pointing changes, and what is computed
#: for a village serves all who live there.
_DIGITS = 2
_MOST_TOLD = 60


def place_of(text: str | None) -> Site | None:
    """The place of a text such as ``40.53,72.80``; None: none is given. Raises RequestError
    400."""
    if not text:
        return None
    if not re.fullmatch(PLACE, text):
        raise RequestError(
            400,
            f"place is {text[:_MOST_TOLD]!r}, it must be degrees north (-90 to 90) and east "
            "(-180 to 180) such as 40.53,72.80",
        )
    latitude, longitude = (round(float(part), _DIGITS) + 0.0 for part in text.split(","))
    return Site("", latitude, longitude)
