"""What must not end with the one who listens to it, or with one bad thing that it meets."""

from __future__ import annotations

from collections.abc import Callable

#: A reason that is different each time is not said for ever.
_MOST_REASONS = 20


def unbroken(say: Callable[[str], None]) -> Callable[[str], None]:
    """``say``, whose failing ends nobody: a terminal may be closed, an output full."""

    def quietly(text: str) -> None:
        try:
            say(text)
        except Exception:
            return  # there is nobody left to tell

    return quietly


class Mistakes:
    """Says what failed, once for each reason; ``who`` failed comes first."""

    def __init__(self, who: str, say: Callable[[str], None]):
        self._who = who
        self._say = unbroken(say)
        self._said: set[str] = set()

    def attempt(self, work: Callable[[], object]) -> bool:
        """Do it; whatever fails is told. Whether it went well."""
        try:
            work()
        except Exception as error:
            self.tell(error)
            return False
        return True

    def tell(self, error: Exception) -> None:
        """Say that ``error`` was met, unless that was said."""
        reason = f"{self._who}: a mistake in the program: {error!r}; please report it"
        if reason not in self._said and len(self._said) < _MOST_REASONS:
            self._said.add(reason)
            self._say(reason)
