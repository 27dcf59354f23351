"""Follow one pass: the antenna on the satellite, the radio on its shifted frequency.

Rotator and radio have a thread each, so that one that hangs cannot hold up the other. A controller
that fails is tried again a few times; then there is an alarm, the antenna is told to stop, and it
is left alone for the rest of the pass: a program must not fight a motor. One that is not there is
waited for until the pass is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from groundstation.clock import Clock
from groundstation.mount import Mount
from groundstation.orbit.pointing import Pointing, pointings
from groundstation.tracking.antenna_work import AntennaWork
from groundstation.tracking.guard import RETRY_S
from groundstation.tracking.hamlib import Rig, Rotator
from groundstation.tracking.radio_work import RadioWork
from groundstation.tracking.running import Running
from groundstation.tracking.target import Target, TrackState
from groundstation.unbroken import Mistakes

_PATH_STEP_S = 1.0


@dataclass(slots=True)
class Tracker:
    """One pass with the controllers there are; ``run`` returns after it.

    ``clock`` is the station's; ``period_s`` the station seconds between two updates; ``alarm`` is
    called with one sentence, from any thread.
    """

    target: Target
    mount: Mount
    clock: Clock
    rotator: Rotator | None = None
    rig: Rig | None = None
    period_s: float = 0.2
    alarm: Callable[[str], None] = lambda sentence: None
    running: Running = field(init=False)

    def __post_init__(self) -> None:
        self.running = Running(self.target, self.clock, self.period_s, self.alarm)

    @property
    def state(self) -> TrackState:
        """How it stands now."""
        return self.running.state

    def now(self) -> datetime:
        """The station's time."""
        return self.running.now()

    def track(self) -> tuple[list[float], list[Pointing]]:
        """Seconds since the begin of the pass, one apart, and the satellite then.

        Raises ElementsError where the elements give no position.
        """
        times = [*np.arange(0.0, self.target.length_s, _PATH_STEP_S).tolist(), self.target.length_s]
        instants = [self.target.begin + timedelta(seconds=second) for second in times]
        return times, pointings(self.target.elements, self.target.site, instants)

    def run(self, stop: threading.Event) -> TrackState:
        """Prepare, follow and park; ends with the pass or when ``stop`` is set.

        Raises ElementsError where the elements give no position.
        """
        times, track = self.track()
        work: list[AntennaWork | RadioWork] = []
        if self.rotator is not None:
            work.append(AntennaWork(self.running, self.rotator, self.mount, times, track))
        if self.rig is not None:
            work.append(RadioWork(self.running, self.rig))
        threads = [threading.Thread(target=self._follow, args=(item, stop)) for item in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.state

    def _follow(self, work: AntennaWork | RadioWork, stop: threading.Event) -> None:
        """Its part of the pass. A mistake there is told, and it begins anew for what is left."""
        mistakes = Mistakes(work.name, self.running.alarm)
        while not mistakes.attempt(lambda: work.follow(stop)):
            if self.running.over or self.running.sleep(stop, RETRY_S):
                mistakes.attempt(lambda: work.follow(stop))  # stop, and close
                return
