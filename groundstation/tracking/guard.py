"""Patience with a controller, and its end: one guard for each kind of question or order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from groundstation.errors import ControllerAbsentError, ControllerError

#: Failures of one kind, one after the other, before it is given up: with a second between
#: them a daemon has time to start again.
MAX_FAILURES = 4
#: Seconds after a failure before the same is tried again.
RETRY_S = 1.0

_Result = TypeVar("_Result")


class Guard:
    """Counts the failures of one kind of question, tells of the last one, gives it up in time.

    ``who`` is asked, in the words of a message; ``lost`` says what the end costs. ``alarm`` is
    called with one sentence. ``seconds`` tells the station's time: after a failure nothing is
    asked before the next attempt is due, so that it holds up nothing else.

    A controller that is not there (nobody at its address) is never given up: it is told once,
    tried until the pass is over, and told when it answers.
    """

    def __init__(
        self, who: str, lost: str, alarm: Callable[[str], None], seconds: Callable[[], float]
    ) -> None:
        self.who = who
        self.lost = lost
        self.alarm = alarm
        self.given_up = False
        self._seconds = seconds
        self._failures = 0
        self._absences = 0
        self._again_s = float("-inf")

    @property
    def failing(self) -> bool:
        """Whether the last attempt failed."""
        return bool(self._failures or self._absences)

    def ask(self, question: Callable[[], _Result]) -> _Result | None:
        """The answer; None when there was none, when it is given up, or not yet due again."""
        if self.given_up or self._seconds() < self._again_s:
            return None
        try:
            result = question()
        except ControllerAbsentError as error:
            self._absent(error)
        except ControllerError as error:
            self._failed(error)
        else:
            self._answered()
            return result
        self._again_s = self._seconds() + RETRY_S
        return None

    def order(self, order: Callable[[], None]) -> bool:
        """Whether the controller did it."""

        def done() -> bool:
            order()
            return True

        return self.ask(done) is True

    def give_up(self, sentence: str) -> None:
        """No more for this pass, because of ``sentence``."""
        if not self.given_up:
            self.given_up = True
            self.alarm(sentence)

    def _absent(self, error: ControllerError) -> None:
        self._absences += 1
        if self._absences == MAX_FAILURES:
            self.alarm(f"{error} It is tried again until the pass is over")

    def _failed(self, error: ControllerError) -> None:
        self._failures += 1
        if self._failures >= MAX_FAILURES:
            self.give_up(f"{error}; {self.lost}")

    def _answered(self) -> None:
        if self._absences >= MAX_FAILURES:
            self.alarm(f"{self.who} answers now")
        self._failures = self._absences = 0
