"""What a lesson tells of its data: their name, and where they come from."""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import urlencode

from dashboard.lessons.material import Found
from dashboard.show import display
from groundstation.words.language import Language


class Source(TypedDict):
    """See :class:`dashboard.lessons.lesson.Lesson`."""

    source: str
    link: str
    simulated: bool


def fact(name: str, found: Found, words: Language) -> tuple[str, str]:
    """Which value it is."""
    return name, display.label(found.name, found.row, words.language)


def source(found: Found, words: Language) -> Source:
    """Where a value comes from."""
    if found.seq is None:
        told = words("Recorded example, %(name)s", name=found.satellite.name)
        frame = f"/satellites/{found.satellite.id}/examples/{found.example + 1}"
    else:
        told = words("Frame %(seq)s of %(name)s", seq=found.seq, name=found.satellite.name)
        frame = f"/frames/{found.seq}"
    link = f"{frame}?{urlencode({'value': found.name})}"
    return {"source": told, "link": link, "simulated": found.simulated}
