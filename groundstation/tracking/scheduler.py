"""The thread that follows the schedule. It may fail; reception does not notice.

Everything heavy (numpy, SGP4, skyfield) is imported in the thread, after reception has begun.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from groundstation.model.schedule import ScheduleStatus
from groundstation.unbroken import unbroken

if TYPE_CHECKING:
    from groundstation.tracking.conductor import Conductor
    from groundstation.tracking.planner import PlannedPass

#: Reception begins first.
_PATIENCE_S = 0.5
#: Pause between two steps, real seconds: while an antenna moves, and else.
_STEP_S = (0.1, 0.5)
#: After a failure.
_RETRY_S = 5.0


class Scheduler:
    """Lets the conductor that ``make`` makes act, step by step, until it is stopped.

    ``make`` is called in the thread, where it may import what is heavy, and again after it failed.
    ``say`` gets sentences for the operator.
    """

    def __init__(self, make: Callable[[], Conductor], say: Callable[[str], None]) -> None:
        self._make = make
        self._say = unbroken(say)
        self._pause_s = _STEP_S[1]
        self._conductor: Conductor | None = None
        self._problem: str | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        """Begin to plan, a little later."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the antenna and the thread."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def status(self) -> ScheduleStatus:
        """What it does now; ``problem``: why the last step failed, or None."""
        conductor = self._conductor
        status = ScheduleStatus() if conductor is None else conductor.status
        return replace(status, problem=self._problem)

    def expected(self) -> str | None:
        """The satellite whose pass is being tracked now; None for nobody that is defined."""
        antenna = self.status().antenna
        return antenna.satellite if antenna and antenna.defined else None

    def heard(self) -> tuple[PlannedPass, ...]:
        """The passes that can be listened to now."""
        conductor = self._conductor
        return () if conductor is None else conductor.heard

    def _run(self) -> None:
        if self._stopping.wait(_PATIENCE_S):
            return
        while not self._stopping.is_set():
            self._stopping.wait(self._pause_s if self._try(self._step) else _RETRY_S)
        if self._conductor is not None:
            self._try(self._conductor.stop)

    def _step(self) -> None:
        if self._conductor is None:
            self._conductor = self._make()
        self._conductor.step()
        self._pause_s = _STEP_S[0] if self._conductor.busy else _STEP_S[1]

    def _try(self, work: Callable[[], None]) -> bool:
        """Do it; whatever fails is said once and tried again later."""
        try:
            work()
        except Exception as error:
            problem = str(error) or repr(error)
            if problem != self._problem:
                self._say(f"passes: {problem}")
            self._problem = problem
            return False
        self._problem = None
        return True
