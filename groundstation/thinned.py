"""Messages of which many may come: the first ones at once, then one a minute that counts."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Messages that are said at once, and how long it takes until one more may be, seconds.
_AT_ONCE = 10
_EVERY_S = 60.0


class Thinned:
    """Says what it is called with; :meth:`look`, now and then, says the last of what was held."""

    def __init__(self, say: Callable[[str], None], now_s: Callable[[], float] = time.monotonic):
        self._say = say
        self._now_s = now_s
        self._left = float(_AT_ONCE)
        self._looked_s = now_s()
        self._held = ""
        self._count = 0

    def __call__(self, text: str) -> None:
        """Say ``text`` now, or hold it."""
        self._held = text
        self._count += 1
        self.look()

    def look(self) -> None:
        """Say the newest message that is held, and how many came before it, when it is time."""
        now_s = self._now_s()
        self._left = min(_AT_ONCE, self._left + (now_s - self._looked_s) / _EVERY_S)
        self._looked_s = now_s
        if self._count and self._left >= 1.0:
            self._left -= 1.0
            before = f" (and {self._count - 1} changes before it)" if self._count > 1 else ""
            self._say(self._held + before)
            self._held, self._count = "", 0
