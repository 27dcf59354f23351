"""What a teacher shows on all screens now, how many have it open, and how many have answered it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import parse_qsl, urlsplit

#: Pupils who are counted.
MOST_PUPILS = 2000


class SpotlightRecord(TypedDict):
    """``path``: of the page, with its query; ``opened``: browsers of pupils that opened it since it
    is shown; ``answered`` and ``right``: so many of them."""

    id: int
    path: str
    opened: int
    answered: int
    right: int


@dataclass(frozen=True, slots=True)
class _Shown:
    id: int
    path: str


class Spotlight:
    """Nothing of it is kept on the disk: it ends with the dashboard. Safe for several threads.

    ``language``: in which the teacher leads the class, None: nobody does yet.
    """

    def __init__(self) -> None:
        self.language: str | None = None
        self._lock = threading.Lock()
        self._shown: _Shown | None = None
        self._count = 0
        #: By pupil: whether the last answer is right, None: no answer yet.
        self._pupils: dict[str, bool | None] = {}

    def show(self, path: str) -> None:
        """From now on ``path`` is on all screens, and nobody has answered."""
        with self._lock:
            self._count += 1
            self._shown = _Shown(self._count, path)
            self._pupils = {}

    def end(self) -> None:
        """Everybody looks at what he or she likes."""
        with self._lock:
            self._shown = None

    def is_page(self, path: str, query: Mapping[str, str]) -> bool:
        """Whether a request is for the shown page, whatever else stands in its query."""
        with self._lock:
            return self._shown is not None and _is_page(self._shown.path, path, query)

    def note(
        self, path: str, query: Mapping[str, str], pupil: str, right: bool | None = None
    ) -> None:
        """A pupil has a page open; ``right`` is of the answer, None: none was given. Where the page
        is the shown one, the last answer counts."""
        with self._lock:
            is_this = self._shown is not None and _is_page(self._shown.path, path, query)
            if is_this and (pupil in self._pupils or len(self._pupils) < MOST_PUPILS):
                before = self._pupils.get(pupil)
                self._pupils[pupil] = before if right is None else right

    def record(self) -> SpotlightRecord | None:
        """What is shown now; None: nothing."""
        with self._lock:
            if self._shown is None:
                return None
            answers = [right for right in self._pupils.values() if right is not None]
            return {
                "id": self._shown.id,
                "path": self._shown.path,
                "opened": len(self._pupils),
                "answered": len(answers),
                "right": sum(answers),
            }


def _is_page(shown: str, path: str, query: Mapping[str, str]) -> bool:
    parts = urlsplit(shown)
    return parts.path == path and all(query.get(k) == v for k, v in parse_qsl(parts.query))
