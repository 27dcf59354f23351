"""Another place than the station's, as a query names it: by its coordinates, or by a name."""

from __future__ import annotations

import re

from flask import request

from dashboard.data.villages import VILLAGES
from dashboard.show.i18n import current, language
from dashboard.show.i18n import gettext as _
from dashboard.web.answers import RequestError
from decoders.suggest import hint
from groundstation.model import Site

_PART = r"(\.[0-9]{1,12})?"
_NONE = r"(\.0{1,12})?"
#: Degrees north and east.
PLACE = rf"^-?([0-8]?[0-9]{_PART}|90{_NONE}),-?((1[0-7][0-9]|[0-9]?[0-9]){_PART}|180{_NONE})$"
#: A hundredth of a degree is a kilometre at most: nobody's pointing changes, and what is computed
#: for a village serves all who live there.
_DIGITS = 2
_MOST_TOLD = 60
#: By what the query of a page names a place.
KEYS = ("of", "latitude", "longitude")
#: ``of`` of the station itself, where a browser would take its own village.
STATION = "station"


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


def asked_place() -> Site | None:
    """The place that the query of a page names by KEYS; None: the station's. Raises RequestError
    400 and 404."""
    wish, given = request.args.get("of"), request.args
    if wish == STATION:
        return None
    if not wish:
        texts = (given.get("latitude", "").strip(), given.get("longitude", "").strip())
        return place_of(",".join(texts)) if any(texts) else None
    found = {one.id: one for one in VILLAGES}
    if wish not in found:
        raise RequestError(404, f"there is no place {wish[:80]!r} in the list{hint(wish, found)}")
    return found[wish].site(language())


def asked_query() -> dict[str, str]:
    """What of the query names the place, for links that stay there."""
    return {name: request.args[name] for name in KEYS if request.args.get(name)}


def in_address(there: Site | None) -> dict[str, str] | None:
    """A place as the interface is asked for it, None: the station's."""
    return {"place": f"{there.latitude_deg},{there.longitude_deg}"} if there else None


def place_words(there: Site) -> str:
    """Its name with its coordinates, or these alone."""
    number = current().number
    north = _("%(n)s° north", n=number(there.latitude_deg, 2))
    if there.latitude_deg < 0:
        north = _("%(n)s° south", n=number(-there.latitude_deg, 2))
    east = _("%(n)s° east", n=number(there.longitude_deg, 2))
    if there.longitude_deg < 0:
        east = _("%(n)s° west", n=number(-there.longitude_deg, 2))
    return f"{there.name} ({north}, {east})" if there.name else f"{north}, {east}"
