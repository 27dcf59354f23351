"""What the station does by its schedule, moment by moment: plan, follow, remember.

It is told the time by the station's clock, which may jump. Its thread belongs to
:class:`groundstation.tracking.scheduler.Scheduler`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundstation.clock import Clock
from groundstation.elements import ElementsCatalog
from groundstation.errors import MountError
from groundstation.model import from_us, to_us
from groundstation.model.pass_report import TrackingRecord
from groundstation.model.schedule import AntennaStatus, ScheduledPass, ScheduleStatus
from groundstation.tracking.antenna import AntennaPass
from groundstation.tracking.planner import PassPlan, PlannedPass, make_plan
from groundstation.tracking.wanted import Orders

#: The antenna is prepared so long before a pass: a slow one needs this to come round.
LEAD = timedelta(minutes=4)
#: A plan is made anew after this much station time.
KEEP = timedelta(hours=1)
#: The folder of elements is looked at so often, real seconds.
_LOOK_S = 5.0
#: A problem of the plan is said after so long, real seconds, if it is still there.
_PATIENCE_S = 6.0
#: The clock jumped when it differs from even running by more, station seconds.
_JUMP_S = 5.0
#: The account of a pass is written so long after LOS, real seconds: the last frames may be late.
_SETTLE_S = 3.0
#: An account that could not be written is tried again after so long, real seconds.
_RETRY_S = 10.0
#: And once more when frames from below the mask have come in too.
AFTER = timedelta(minutes=2, seconds=30)


@dataclass(slots=True)
class Watched:
    """A pass and from when to when of it the station was there; None: before this run.

    ``tracking`` is what antenna and radio did. ``due_s``: when its account is to be written, real
    seconds; infinite once it is, until the last frames are in.
    """

    planned: PlannedPass
    span: tuple[datetime, datetime] | None
    doubt: str | None = None
    tracking: TrackingRecord | None = None
    due_s: float = 0.0


class Conductor:
    """One for the station; all but :attr:`status` is for its one thread.

    ``newest_frame`` says when the last frame came. ``keep`` writes the account of a pass;
    ``announce`` hears of the plan and the time at every step. Both may raise. ``say`` gets
    sentences for the operator.
    """

    def __init__(
        self,
        orders: Orders,
        clock: Clock,
        *,
        newest_frame: Callable[[], datetime | None],
        keep: Callable[[Watched], None],
        announce: Callable[[PassPlan, datetime], None],
        say: Callable[[str], None],
    ) -> None:
        self._orders = orders
        self._clock = clock
        self._newest_frame = newest_frame
        self._keep = keep
        self._announce = announce
        self._say = say
        self.plan: PassPlan | None = None
        self._stamp: object = None
        self._looked_s = -math.inf
        self._made_s = 0.0
        self._last: tuple[datetime, float] | None = None
        self._watched: list[Watched] = []
        self._waiting: list[Watched] = []
        self._antenna: AntennaPass | None = None
        self._done: list[PlannedPass] = []
        self._on: tuple[PlannedPass, ...] = ()
        self._alarms: list[str] = []
        self._told: set[str] = set()
        self.status = ScheduleStatus()

    def step(self) -> None:
        """Do what is due. Raises what the parts raise; the next step goes on."""
        now, real_s = from_us(self._clock.now_us()), time.monotonic()
        jumped = self._jumped(now, real_s)
        before, self._last = self._last, (now, real_s)
        if jumped:
            self._drop_antenna()
            self._done.clear()
        try:
            if jumped or self._plan_is_old(now, real_s):
                self._make_plan(now)
            assert self.plan is not None
            self._complain(self.plan, real_s)
            self._watch(now, None if jumped or before is None else before[0])
            self._drive(now)
            self._on = tuple(self.plan.on(now))
            self._write(now, real_s)
            self._announce(self.plan, now)
        finally:
            self.status = self._record(now)

    def stop(self) -> None:
        """Stop the antenna, and keep what there is of passes that go on."""
        self._drop_antenna()
        for item in (*self._waiting, *self._watched):
            self._keep(item)

    @property
    def busy(self) -> bool:
        """Whether an antenna or a radio is being driven now."""
        return self._antenna is not None

    @property
    def heard(self) -> tuple[PlannedPass, ...]:
        """The passes that can be listened to now, safe to ask from any thread: the one that the
        antenna or the radio follows, else all that are on."""
        antenna = self._antenna
        return self._on if antenna is None else (antenna.planned,)

    def _jumped(self, now: datetime, real_s: float) -> bool:
        if self._last is None:
            return False
        speed = self._clock.speed
        expected = self._last[0] + timedelta(seconds=(real_s - self._last[1]) * speed)
        return abs((now - expected).total_seconds()) > _JUMP_S * max(1.0, speed)

    def _plan_is_old(self, now: datetime, real_s: float) -> bool:
        if self.plan is None or not timedelta(0) <= now - self.plan.made < KEEP:
            return True
        if real_s - self._looked_s < _LOOK_S:
            return False
        self._looked_s = real_s
        return self._stamp != ElementsCatalog(self._orders.elements).stamp()

    def _make_plan(self, now: datetime) -> None:
        first = self.plan is None
        self._stamp = ElementsCatalog(self._orders.elements).stamp()
        self.plan = make_plan(self._orders, now, self._newest_frame())
        if first:
            # Of passes before a crash or a power cut the journal may hold frames, but no account.
            past = [item for item in self.plan.passes if item.los < now]
            self._waiting = [Watched(item, None, self.plan.doubt) for item in past]
        self._made_s = time.monotonic()

    def _complain(self, plan: PassPlan, real_s: float) -> None:
        """Say what is wrong when it has been so for a while: elements may only just come."""
        if real_s - self._made_s > _PATIENCE_S:
            for sentence in (*plan.problems, *([plan.doubt] if plan.doubt else [])):
                self._tell(sentence)

    def _tell(self, sentence: str) -> None:
        """Each sentence once, not at every plan; those with the time in them by their kind."""
        kind = sentence.partition(" says ")[0]
        if kind not in self._told:
            self._told.add(kind)
            self._say(f"passes: {sentence}")

    def _watch(self, now: datetime, before: datetime | None) -> None:
        """Note which passes are on, and which are over. ``before``: when was looked last."""
        assert self.plan is not None
        for planned in self.plan.on(now):
            known = next((w for w in self._watched if w.planned.same(planned)), None)
            if known is None:
                begin = planned.aos if before is not None and before <= planned.aos else now
                self._watched.append(Watched(planned, (begin, now), self.plan.doubt))
            elif known.span is not None:
                known.planned, known.span = planned, (known.span[0], now)
        for item in list(self._watched):
            los = item.planned.los
            if los < now:
                self._watched.remove(item)
                if item.span is not None and before is not None and before <= los:
                    item.span = (item.span[0], los)
                item.due_s = time.monotonic() + _SETTLE_S
                self._waiting.append(item)
            elif now < item.planned.aos:
                self._watched.remove(item)  # the clock was set back: it was not this pass

    def _write(self, now: datetime, real_s: float) -> None:
        """Accounts that are due: soon after LOS, and once more when the last frame can be in."""
        for item in list(self._waiting):
            last = not item.planned.los <= now < item.planned.los + AFTER
            if real_s < item.due_s and not (last and item.due_s == math.inf):
                continue
            item.due_s = real_s + _RETRY_S  # in case of failure, so that it holds up no other
            self._keep(item)
            if last:
                self._waiting.remove(item)
            else:
                item.due_s = math.inf

    def _drive(self, now: datetime) -> None:
        antenna = self._antenna
        if antenna is not None:
            antenna.note()
            if antenna.over:
                self._drop_antenna()
            return
        assert self.plan is not None
        for planned in self.plan.passes:
            if planned.taken is None or any(planned.same(done) for done in self._done):
                continue
            if planned.taken[0] - LEAD <= now < planned.taken[1]:
                self._begin(planned)
                return

    def _begin(self, planned: PlannedPass) -> None:
        self._done = [*self._done[-20:], planned]
        self._alarms.clear()
        try:
            self._antenna = AntennaPass(
                planned, self._orders.site, self._orders.tracking, self._clock, self._alarm
            )
        except MountError as error:
            self._alarm(str(error))
            return
        self._say(f"tracking {planned.wanted.name}: {planned.aos:%H:%M:%S} UTC")
        if self._orders.tracking.rig and planned.wanted.frequency_hz is None:
            self._alarm(
                f"nobody says on which frequency {planned.wanted.name} sends, so the radio is not "
                "tuned: write frequency_hz under its [[satellites]]"
            )
        self._antenna.start()

    def _alarm(self, sentence: str) -> None:
        self._alarms.append(sentence)
        self._say(f"ALARM: {sentence}")

    def _drop_antenna(self) -> None:
        """End the antenna's work, if any, and remember what became of it."""
        antenna, self._antenna = self._antenna, None
        if antenna is None:
            return
        antenna.stop()
        antenna.note()
        for item in (*self._watched, *self._waiting):
            if item.planned.same(antenna.planned):
                item.tracking = antenna.record()

    def _record(self, now: datetime) -> ScheduleStatus:
        """For ``status.json``."""
        plan = self.plan
        if plan is None:
            return ScheduleStatus()
        coming = plan.coming(now)
        return ScheduleStatus(
            state="tracking" if self._antenna else "waiting",
            planned_us=to_us(plan.made),
            doubt=plan.doubt,
            problems=tuple(plan.problems),
            now=tuple(_scheduled(item) for item in plan.on(now)),
            next=None if coming is None else _scheduled(coming),
            antenna=None if self._antenna is None else _antenna_status(self._antenna),
            alarms=tuple(self._alarms),
        )


def _scheduled(item: PlannedPass) -> ScheduledPass:
    return ScheduledPass(
        satellite=item.wanted.id,
        name=item.wanted.name,
        norad=item.wanted.norad,
        aos_us=to_us(item.aos),
        los_us=to_us(item.los),
        max_elevation_deg=round(item.one.max_elevation_deg, 1),
        taken=item.taken is not None,
        reason=item.reason,
        simulated=item.wanted.simulated,
    )


def _antenna_status(antenna: AntennaPass) -> AntennaStatus:
    state = antenna.state
    return AntennaStatus(
        satellite=antenna.planned.wanted.id,
        name=antenna.planned.wanted.name,
        begin_us=to_us(antenna.target.begin),
        end_us=to_us(antenna.target.end),
        rotator=antenna.settings.rotator or None,
        radio=antenna.settings.rig or None,
        commanded_deg=state.commanded_deg,
        measured_deg=state.measured_deg,
        receive_hz=state.receive_hz,
        rotator_given_up=state.rotator_given_up,
        radio_given_up=state.rig_given_up,
        defined=antenna.planned.wanted.defined,
    )
