"""Another place than the station's, as a query names it by its coordinates."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dashboard.web.answers import RequestError
from groundstation.model import Site

#: Degrees as a query writes them.
DEGREES = r"^-?[0-9]{1,3}(\.[0-9]{1,12})?$"
_MOST = {"latitude": 90.0, "longitude": 180.0}
#: A hundredth of a degree is a kilometre at most: nobody's pointing changes, and what is computed
#: for a village serves all who live there.
_DIGITS = 2
_MOST_TOLD = 40


def asked_place(query: Mapping[str, str], name: str = "") -> Site | None:
    """The place of ``latitude`` and ``longitude``; None: neither is given. Raises RequestError
    400."""
    texts = {word: query.get(word, "").strip() for word in _MOST}
    if not any(texts.values()):
        return None
    latitude, longitude = (_degrees(word, text) for word, text in texts.items())
    return Site(name, latitude, longitude)


def _degrees(word: str, text: str) -> float:
    number = float(text) if re.fullmatch(DEGREES, text) else 999.0
    most = _MOST[word]
    if abs(number) > most:
        raise RequestError(
            400, f"{word} is {text[:_MOST_TOLD]!r}, it must be degrees from -{most:g} to {most:g}"
        )
    return round(number, _DIGITS) + 0.0  # no -0.0
