"""Whether the computer's clock is right: a Raspberry Pi has no battery, and jumps.

Order is the number of a reception, never its time. Here it is found out what a time is worth: the
kernel says whether the clock is kept by the network or a receiver of GPS, and beside it runs a
counter since the computer was started, which nobody sets. Where they part, the clock jumped.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from groundstation.errors import StoreError
from groundstation.model import from_us, iso, to_us
from groundstation.model.status import ClockStatus
from groundstation.unbroken import unbroken

#: What parts clock and counter by more at once is a jump; network time slews smaller ones.
STEP_US = 1_000_000
#: No clock that is right says an earlier time: this program was not there yet.
EARLIEST_US = to_us(datetime(2026, 1, 1, tzinfo=UTC))
#: A clock this far behind the newest reception is wrong, or was.
BEHIND_US = 60_000_000
#: How far a computer's quartz is off at most: 200 ppm is a bad one.
DRIFT = 200e-6
#: How often times that can be corrected now are looked for.
_CORRECT_EVERY_S = 60.0
#: ``TIME_ERROR`` of adjtimex(2): the clock is not synchronised.
_TIME_ERROR = 5
#: More than struct timex has on any system (208 bytes on 64-bit Linux); modes 0 only reads.
_TIMEX_BYTES = 512


class Moment(NamedTuple):
    """A time of the station, and what it is worth; see :class:`groundstation.model.Reception`."""

    now_us: int
    unsynchronised: bool = False
    uptime_us: int | None = None


class Times(Protocol):
    """Where the clock is read; the computer's is :class:`ComputerTimes`."""

    def wall_us(self) -> int:
        """What the clock says, microseconds since 1970 UTC."""
        ...

    def uptime_us(self) -> int:
        """Since the start of the computer, sleep included; nobody sets it."""
        ...

    def is_synchronised(self) -> bool | None:
        """Whether something keeps the clock; None: the system does not say."""
        ...

    def boot(self) -> str:
        """What tells this start of the computer from others."""
        ...


class ComputerTimes:
    """This computer's."""

    def wall_us(self) -> int:
        """See the protocol."""
        return time.time_ns() // 1000

    def uptime_us(self) -> int:
        """See the protocol."""
        if sys.platform == "linux":
            return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
        return time.monotonic_ns() // 1000

    def is_synchronised(self) -> bool | None:
        """See the protocol; from adjtimex(2) on Linux."""
        if sys.platform != "linux":
            return None
        try:
            found = int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)))
        except (OSError, AttributeError):
            return None
        return None if found < 0 else found != _TIME_ERROR

    def boot(self) -> str:
        """See the protocol. Where the system has no name for it: when it was, roughly."""
        try:
            return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        except OSError:
            return f"started {(self.wall_us() - self.uptime_us()) // 60_000_000}"


class Journal(Protocol):
    """What is kept of it: :class:`groundstation.storage.journal.JournalWriter`."""

    def begin_boot(self, boot: str, from_seq: int) -> None:
        """See there."""
        ...

    def note_step(self, at_us: int, step_us: int) -> None:
        """See there."""
        ...

    def correct_times(self, uptime_us: int, offset_us: int, drift: float) -> int:
        """See there."""
        ...


@dataclass(frozen=True, slots=True)
class _Step:
    at_us: int
    step_us: int


class Timekeeper:
    """Reads the clock for what is received, and watches it; safe to call from many threads.

    ``newest_us``: when the newest reception that was here before came, or 0; ``first_seq``: the
    number that the next one gets. ``say`` tells the operator what is wrong with the clock, once
    each time it changes. Call :meth:`look` each second.
    """

    def __init__(
        self,
        journal: Journal,
        newest_us: int = 0,
        first_seq: int = 1,
        say: Callable[[str], None] = lambda text: None,
        times: Times | None = None,
    ):
        self._journal = journal
        self._newest_us = newest_us
        self._first_seq = first_seq
        self._say = unbroken(say)
        self._times = times or ComputerTimes()
        self._lock = threading.Lock()
        self._offset_us = self._times.wall_us() - self._times.uptime_us()
        self._synchronised = self._times.is_synchronised()
        self._steps: list[_Step] = []
        self._last_step: _Step | None = None
        #: How far it jumped in all since something last kept it.
        self._jumped_us = 0
        self._boot_noted = False
        self._correct_at_s = 0.0
        self._said = ""

    def moment(self) -> Moment:
        """Now."""
        with self._lock:
            now_us, uptime_us = self._read()
            if self._wrong(now_us):
                return Moment(now_us, True, uptime_us)
            if self._synchronised is False:
                return Moment(now_us, True, uptime_us)
            self._newest_us = max(self._newest_us, now_us)
            return Moment(now_us)

    def status(self) -> ClockStatus:
        """What the pages say of the clock."""
        with self._lock:
            now_us, _ = self._read()
            last = self._last_step
            return ClockStatus(
                synchronised=self._synchronised,
                wrong=self._wrong(now_us),
                stepped_at_us=last.at_us if last else None,
                step_us=last.step_us if last else 0,
            )

    def look(self) -> None:
        """See whether the clock was set or jumped; keep that, and correct what can be corrected.

        What the journal cannot take now is tried again at the next look.
        """
        with self._lock:
            self._synchronised = self._times.is_synchronised()
            now_us, uptime_us = self._read()
            wrong = self._wrong(now_us)
        if wrong != self._said:
            self._say(f"clock: {wrong}" if wrong else "clock: it is plausible again")
            self._said = wrong
        try:
            self._keep(uptime_us, vouched=self._synchronised is True and not wrong)
        except StoreError:
            return  # said by the intake; the next look tries again

    def _keep(self, uptime_us: int, *, vouched: bool) -> None:
        if not self._boot_noted:
            self._journal.begin_boot(self._times.boot(), self._first_seq)
            self._boot_noted = True
        while self._steps:
            step = self._steps[0]
            self._journal.note_step(step.at_us, step.step_us)
            with self._lock:
                self._steps.remove(step)
        if vouched and time.monotonic() >= self._correct_at_s:
            # Before it is done: a jump that is noticed meanwhile asks for another look.
            self._correct_at_s = time.monotonic() + _CORRECT_EVERY_S
            count = self._correct(uptime_us)
            if count:
                self._say(f"clock: it is set now; the times of {count} receptions are corrected")
        elif not vouched:
            self._correct_at_s = 0.0

    def _correct(self, uptime_us: int) -> int:
        try:
            return self._journal.correct_times(uptime_us, self._offset_us, DRIFT)
        except StoreError:
            self._correct_at_s = 0.0
            raise

    def _read(self) -> tuple[int, int]:
        """Clock and counter; a jump since the last reading is noticed.

        The caller holds the lock.
        """
        now_us, uptime_us = self._times.wall_us(), self._times.uptime_us()
        step_us = now_us - uptime_us - self._offset_us
        self._offset_us += step_us
        if abs(step_us) > STEP_US:
            before = _Step(now_us - step_us, step_us)
            self._steps.append(before)
            self._last_step = before
            self._synchronised = self._times.is_synchronised()
            self._jumped_us += step_us
            self._correct_at_s = 0.0
            self._say(
                f"clock: it jumped by {_length(step_us)}, from {iso(before.at_us)} to "
                f"{iso(now_us)}; frames keep their order by number"
            )
        if self._synchronised:
            self._jumped_us = 0
        return now_us, uptime_us

    def _wrong(self, now_us: int) -> str:
        """Why the clock cannot be right, or empty."""
        if now_us < EARLIEST_US:
            return f"it says {from_us(now_us):%Y-%m-%d}, and cannot be right: set it"
        if self._synchronised is not True and now_us < self._newest_us - BEHIND_US:
            return (
                f"it says {iso(now_us)}, but a frame was received at {iso(self._newest_us)}: it is "
                "wrong, or was then; set it"
            )
        if abs(self._jumped_us) > BEHIND_US:
            return (
                f"it jumped by {_length(self._jumped_us)} since the station was started, and "
                "nothing keeps it: set it, and restart the station when it is right"
            )
        return ""


def _length(step_us: int) -> str:
    """``+1 day, 0:00:02`` or ``-0:00:05``."""
    return f"{'-' if step_us < 0 else '+'}{timedelta(seconds=round(abs(step_us) / 1e6))}"
