"""Patience with a controller, and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from groundstation.errors import ControllerError

#: Failures of a controller, one after the other, before it is given up: with a second between
#: them a daemon has time to start again.
MAX_FAILURES = 4

_Result = TypeVar("_Result")


class Guard:
    """Counts a controller's failures, tells of the last one, and gives it up in time.

    ``name`` is used in the sentence that ``alarm`` is called with.
    """

    def __init__(self, name: str, alarm: Callable[[str], None]) -> None:
        self.name = name
        self.alarm = alarm
        self.given_up = False
        self._failures: dict[str, int] = {}

    def ask(self, question: Callable[[], _Result], kind: str = "question") -> _Result | None:
        """The answer, or None when the controller failed.

        Failures count for each ``kind``: a controller that answers questions may refuse orders.
        """
        try:
            result = question()
        except ControllerError as error:
            self._failures[kind] = self._failures.get(kind, 0) + 1
            if self._failures[kind] >= MAX_FAILURES:
                self.give_up(f"{error}; the {self.name} is left alone for this pass")
            return None
        self._failures[kind] = 0
        return result

    @property
    def failing(self) -> bool:
        """Whether the last attempt of some kind failed."""
        return any(self._failures.values())

    def order(self, order: Callable[[], None]) -> bool:
        """Whether the controller did it."""

        def done() -> bool:
            order()
            return True

        return self.ask(done, "order") is True

    def give_up(self, sentence: str) -> None:
        """No more for this pass, because of ``sentence``."""
        if not self.given_up:
            self.given_up = True
            self.alarm(sentence)
