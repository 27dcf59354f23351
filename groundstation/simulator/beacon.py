"""The flying simulation: time passes, the satellite moves, and beacons reach the virtual port."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from decoders.definition.model import Satellite
from decoders.encode import Encoder
from decoders.framing.kiss import kiss_encode
from groundstation.clock import Clock
from groundstation.model import Site, from_us, to_us
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.passes import Pass
from groundstation.orbit.pointing import Pointing, pointing, pointings
from groundstation.simulator.flight import next_passes
from groundstation.simulator.port import VirtualPort
from groundstation.simulator.sky import Sky
from groundstation.simulator.spacecraft import Spacecraft
from groundstation.unbroken import Mistakes

PACKET = "beacon"
BEACON_S = 1.0
#: Between passes the demo's clock jumps to this long before the next one.
WAIT_BEFORE_S = 20.0
_WAIT_AFTER_S = 15.0
_COARSE_STEP_S = 30.0
_MASK_DEG = 10.0


class BeaconSimulator:
    """Flies ``satellite`` on ``elements`` and sends its beacons to ``port`` while it is in view.

    Near the horizon frames fade: the fewer degrees, the more are lost, as with a real antenna;
    where ``port`` is a :class:`Sky`, its noise decides.
    """

    def __init__(
        self,
        satellite: Satellite,
        elements: Elements,
        site: Site,
        port: VirtualPort | Sky,
        clock: Clock,
        *,
        seed: int = 1,
        say: Callable[[str], None] = lambda text: None,
    ):
        self._mistakes = Mistakes("the simulator", say)
        self._encoder = Encoder(satellite)
        self._elements, self._site = elements, site
        self._port, self._clock = port, clock
        self._random = random.Random(seed)
        self._craft = Spacecraft(random.Random(seed + 1))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._time = from_us(clock.now_us())
        self._pass: Pass | None = None
        self._seen: datetime | None = None
        self._in_view = False

    def start(self) -> None:
        """Begin to fly."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; returns when the thread has ended."""
        self._stopping.set()
        self._thread.join()

    def in_view(self) -> bool:
        """Whether a pass is on; safe to ask from any thread."""
        return self._in_view

    def _run(self) -> None:
        while not self._stopping.wait(BEACON_S / self._clock.speed):
            self._mistakes.attempt(lambda: self.tick(from_us(self._clock.now_us())))

    def tick(self, now: datetime) -> None:
        """Let the world move on to ``now``: physics, perhaps a beacon, perhaps a jump in time."""
        self._fly_to(now)
        where = pointing(self._elements, self._site, now)
        in_view = where.elevation_deg > _MASK_DEG
        self._craft.step(0.0, where.sunlit, in_view)
        self._in_view = in_view
        if in_view:
            self._seen = now
            self._beacon(where)
        else:
            self._skip_the_wait(now)

    def _fly_to(self, now: datetime) -> None:
        seconds = (now - self._time).total_seconds()
        if seconds <= 0:
            return
        steps = max(1, round(seconds / _COARSE_STEP_S))
        times = [self._time + timedelta(seconds=seconds * i / steps) for i in range(1, steps + 1)]
        for where in pointings(self._elements, self._site, times):
            self._craft.step(seconds / steps, where.sunlit, where.elevation_deg > _MASK_DEG)
        self._time = now

    def _beacon(self, where: Pointing) -> None:
        frame = self._encoder.encode(PACKET, self._craft.values())
        if isinstance(self._port, Sky):
            self._port.transmit(frame, where)
        elif self._random.random() < _chance_to_hear(where.elevation_deg):
            self._port.write(kiss_encode(frame))

    def _skip_the_wait(self, now: datetime) -> None:
        """Between passes: wait a little, then jump to shortly before the next one."""
        if self._pass is None or self._pass.los is None or self._pass.los < now:
            found = next_passes(self._elements, self._site, now)
            self._pass = found[0] if found else None
        if self._pass is None or self._pass.aos is None:
            return
        since_s = (now - self._seen).total_seconds() if self._seen else _WAIT_AFTER_S
        target = self._pass.aos - timedelta(seconds=WAIT_BEFORE_S)
        if target > now and since_s >= _WAIT_AFTER_S:
            self._clock.jump_to_us(to_us(target))


def _chance_to_hear(elevation_deg: float) -> float:
    """Nearly all frames above 20 degrees, most of them at 10."""
    return min(0.995, 0.75 + 0.025 * (elevation_deg - _MASK_DEG))
