"""What a teacher shows on all screens now, and how many have answered it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import parse_qsl, urlsplit

#: Pupils whose answers are counted.
MOST_PUPILS = 2000


class SpotlightRecord(TypedDict):
    """``path``: of the page, with its query; ``answered`` and ``right``: so many pupils."""

    id: int
    path: str
    answered: int
    right: int


@dataclass(frozen=True, slots=True)
class _Shown:
    id: int
    path: str


class Spotlight:
    """Nothing of it is kept on the disk: it ends with the dashboard. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: _Shown | None = None
        self._count = 0
        self._answers: dict[str, bool] = {}

    def show(self, path: str) -> None:
        """From now on ``path`` is on all screens, and nobody has answered."""
        with self._lock:
            self._count += 1
            self._shown = _Shown(self._count, path)
            self._answers = {}

    def end(self) -> None:
        """Everybody looks at what he or she likes."""
        with self._lock:
            self._shown = None

    def note(self, path: str, query: Mapping[str, str], pupil: str, right: bool) -> None:
        """A pupil answered on a page: the last answer counts, where the page is the shown one."""
        with self._lock:
            is_this = self._shown is not None and _is_page(self._shown.path, path, query)
            if is_this and (pupil in self._answers or len(self._answers) < MOST_PUPILS):
                self._answers[pupil] = right

    def record(self) -> SpotlightRecord | None:
        """What is shown now; None: nothing."""
        with self._lock:
            if self._shown is None:
                return None
            return {
                "id": self._shown.id,
                "path": self._shown.path,
                "answered": len(self._answers),
                "right": sum(self._answers.values()),
            }


def _is_page(shown: str, path: str, query: Mapping[str, str]) -> bool:
    """Whether a request is for the shown page, whatever else stands in its query."""
    parts = urlsplit(shown)
    return parts.path == path and all(query.get(k) == v for k, v in parse_qsl(parts.query))
