"""What a form has sent along, so that a lesson asks the same question again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard.web.answers import instant, whole_number


@dataclass(frozen=True, slots=True)
class Kept:
    """``frame`` and ``value`` name a value; ``rises`` and ``sets`` a pass. None or empty: the
    newest are taken."""

    frame: int | None = None
    value: str = ""
    rises: datetime | None = None
    sets: datetime | None = None


def kept(query: Mapping[str, str]) -> Kept:
    """From the address; raises RequestError for what is no number or time."""
    frame, rises, sets = query.get("frame"), query.get("rises"), query.get("sets")
    return Kept(
        frame=whole_number("frame", frame, 1) if frame else None,
        value=query.get("value", "")[:100],
        rises=instant("rises", rises) if rises else None,
        sets=instant("sets", sets) if sets else None,
    )
