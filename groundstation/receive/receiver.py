"""From the bytes of one link to receptions: deframe, note what happened, hand over to the
journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from decoders.frame import BadFrame, Deframed
from groundstation.model import Reception
from groundstation.receive.arrival import Arrival
from groundstation.receive.damage import MOSTLY_DAMAGED, Damage
from groundstation.timekeeping import Moment

#: How far a live modem's time stamp may be from the station's clock to be believed. A TNC without
#: a clock of its own starts in 1970.
MAX_STAMP_DIFFERENCE_US = 3600 * 1_000_000


class Inlet(Protocol):
    """Where receptions go: :class:`groundstation.receive.intake.Intake`."""

    def put(self, receptions: Sequence[Reception]) -> None:
        """Take receptions, in order."""
        ...

    def full(self) -> bool:
        """Whether no more should be received now."""
        ...


class Finder(Protocol):
    """What finds frames in a link's bytes: a deframer, or :class:`groundstation.sound.ear.Ear`."""

    def feed(self, data: bytes) -> Sequence[Deframed | Arrival]:
        """Take the next bytes and give what is complete by now, in order."""
        ...

    def flush(self) -> Sequence[Deframed | Arrival]:
        """The stream ends or breaks: give what is left over, and begin anew."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of everything that one link brings.

    ``satellite``: the only one heard there, as its setting says, or None. ``recorded``: time stamps
    in the stream are of another day, and right.
    """

    link: str
    satellite: str | None = None
    simulated: bool = False
    recorded: bool = False


class Receiver:
    """Takes one link's bytes; counts its frames. No frame that came in is dropped, and

    what a deframer discards is a reception too, with the reason, as long as it is no flood
    (:mod:`groundstation.receive.damage`). ``moment``: the time now, and what it is worth.
    ``expected``: the satellite whose pass is being tracked, or None. ``say`` tells the operator
    that a link brings hardly a frame.
    """

    def __init__(
        self,
        origin: Origin,
        finder: Finder,
        inlet: Inlet,
        moment: Callable[[], Moment],
        expected: Callable[[], str | None] = lambda: None,
        say: Callable[[str], None] = lambda text: None,
    ):
        self.frames = 0
        self.bad_frames = 0
        self.damage = Damage(None) if origin.recorded else Damage()
        self._say = say
        self._origin = origin
        self._finder = finder
        self._inlet = inlet
        self._moment = moment
        self._expected = expected

    def ready(self) -> bool:
        """False while so many frames wait for the disk that no more should be read."""
        return not self._inlet.full()

    def take(self, data: bytes) -> None:
        """The next bytes: all frames that they complete are one commit."""
        self._put(self._found(lambda: self._finder.feed(data), data))

    def interrupted(self) -> None:
        """The stream broke: half a frame is kept as damaged, and the next one starts clean."""
        self._put(self._found(self._finder.flush, b""))

    def _found(
        self, find: Callable[[], Sequence[Deframed | Arrival]], data: bytes
    ) -> list[Arrival]:
        """What ``find`` finds. Where it fails against all rules, ``data`` is kept as it is."""
        try:
            return [each if isinstance(each, Arrival) else Arrival(each) for each in find()]
        except Exception as error:
            return [Arrival(BadFrame(data, f"mistake in the framing: {error!r}"))] if data else []

    def _put(self, found: list[Arrival]) -> None:
        kept = self._kept(found)
        if kept:
            now = self._moment()
            # A microsecond apart: a database that goes by time keeps them in their order.
            self._inlet.put([self._reception(each, now, index) for index, each in enumerate(kept)])

    def _kept(self, found: list[Arrival]) -> list[Arrival]:
        """All frames, and damaged pieces as long as they are no flood."""
        bad = [each.item for each in found if isinstance(each.item, BadFrame)]
        self.bad_frames += len(bad)
        self.frames += len(found) - len(bad)
        bad_bytes = sum(len(item.data) for item in bad)
        good_bytes = sum(len(each.item.data) for each in found) - bad_bytes
        if self.damage.judge(good_bytes, bad_bytes) and self.damage.mostly:
            self._say(MOSTLY_DAMAGED)
        if not bad:
            return found
        return [
            each
            for each in found
            if not isinstance(each.item, BadFrame) or self.damage.is_kept(len(each.item.data))
        ]

    def _reception(self, arrival: Arrival, now: Moment, index: int) -> Reception:
        origin, item = self._origin, arrival.item
        now_us = now.now_us + index
        received_us = self._time_us(item.time_us, now_us)
        # A recording's own time does not come from this computer's clock.
        doubtful = now.unsynchronised and not (origin.recorded and item.time_us is not None)
        found = Reception(
            0,
            received_us,
            # A KISS TNC with several radios tells them apart by port; port 0 is the usual one.
            f"{origin.link}:{item.port}" if item.port else origin.link,
            item.data,
            simulated=origin.simulated,
            unsynchronised=doubtful,
            uptime_us=_moved(now.uptime_us, received_us - now.now_us) if doubtful else None,
            signal=arrival.signal,
        )
        if isinstance(item, BadFrame):
            return replace(found, error=item.reason, damaged=True)
        expected = None if origin.recorded else self._expected()
        supposed = arrival.supposed or expected
        return replace(found, satellite=origin.satellite, supposed=supposed)

    def _time_us(self, stamp_us: int | None, now_us: int) -> int:
        if stamp_us is None:
            return now_us
        near = abs(stamp_us - now_us) <= MAX_STAMP_DIFFERENCE_US
        return stamp_us if near or self._origin.recorded else now_us


def _moved(uptime_us: int | None, by_us: int) -> int | None:
    return None if uptime_us is None else uptime_us + by_us
