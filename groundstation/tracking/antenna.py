"""One pass on the antenna: a tracker in its own thread, and what is remembered of its work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np

from groundstation.clock import Clock
from groundstation.config import TrackingConfig
from groundstation.errors import ElementsError
from groundstation.model import Site
from groundstation.model.pass_report import Spread, TrackingRecord
from groundstation.mount import Mount
from groundstation.orbit.pointing import Pointing, pointings
from groundstation.tracking.controller import Controller
from groundstation.tracking.hamlib import Rig, Rotator
from groundstation.tracking.planner import PlannedPass
from groundstation.tracking.target import Target, TrackState
from groundstation.tracking.tracker import Tracker

#: Updates a second of station time; a demo's fast clock must not keep the processor busy.
PERIOD_S = 0.2
_SHORTEST_PERIOD_REAL_S = 0.05
#: A day of passes at five samples a second would be too many to keep: a long pass keeps fewer.
_MOST_SAMPLES = 20_000


class AntennaPass:
    """Follows ``planned`` with what ``settings`` name, from before its begin to its end.

    Raises MountError for a mount that is none. ``alarm`` is called with one sentence.
    """

    def __init__(
        self,
        planned: PlannedPass,
        site: Site,
        settings: TrackingConfig,
        clock: Clock,
        alarm: Callable[[str], None],
    ) -> None:
        assert planned.taken is not None
        self.planned = planned
        self.settings = settings
        self.target = Target(
            *(planned.elements, site, *planned.taken),
            downlink_hz=planned.wanted.frequency_hz,
            mode=settings.mode or None,
            passband_hz=settings.passband_hz,
            offset_hz=settings.offset_hz,
        )
        tunes = bool(settings.rig) and planned.wanted.frequency_hz is not None
        self.tracker = Tracker(
            self.target,
            Mount.parse(
                settings.mount,
                azimuth_rate_deg_s=settings.azimuth_rate_deg_s,
                elevation_rate_deg_s=settings.elevation_rate_deg_s,
            ),
            clock,
            rotator=Rotator(Controller("rotator", settings.rotator)) if settings.rotator else None,
            rig=Rig(Controller("radio", settings.rig)) if tunes else None,
            period_s=max(PERIOD_S, _SHORTEST_PERIOD_REAL_S * clock.speed),
            alarm=alarm,
        )
        self._alarm = alarm
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tracker", daemon=True)
        self._measured: list[tuple[datetime, tuple[float, float]]] = []
        self._tuned: list[tuple[datetime, float]] = []

    def start(self) -> None:
        """Begin: turn to where the satellite will rise, when it is time."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the antenna where it is; returns when its thread has ended."""
        self._stop.set()
        self._thread.join()

    @property
    def over(self) -> bool:
        """Whether the pass is done and the antenna parked."""
        return not self._thread.is_alive()

    @property
    def state(self) -> TrackState:
        """How it stands now."""
        return self.tracker.state

    def _run(self) -> None:
        try:
            self.tracker.run(self._stop)
        except ElementsError as error:
            self._alarm(str(error))
        except Exception as error:
            # A mistake here must be seen, and must not reach reception.
            self._alarm(f"mistake in the tracker: {error!r}; the antenna is left alone")

    def note(self) -> None:
        """Remember what was measured since the last look."""
        state = self.state
        if len(self._measured) + len(self._tuned) >= _MOST_SAMPLES:
            return
        when, looked = state.measured_at, state.measured_deg
        if when and looked and (not self._measured or self._measured[-1][0] != when):
            self._measured.append((when, looked))
        when, hertz = state.tuned_at, state.receive_hz
        if when and hertz and (not self._tuned or self._tuned[-1][0] != when):
            self._tuned.append((when, hertz))

    def record(self) -> TrackingRecord:
        """What became of it, for the account of the pass: errors against the predicted way."""
        state, begin, end = self.state, self.target.begin, self.target.end
        measured = [item for item in self._measured if begin <= item[0] <= end]
        tuned = [item for item in self._tuned if begin <= item[0] <= end]
        return {
            "rotator": None
            if self.tracker.rotator is None
            else {
                "given_up": state.rotator_given_up,
                "samples": len(measured),
                "error_deg": _spread(self._pointing_errors(measured)),
            },
            "radio": None
            if self.tracker.rig is None
            else {
                "given_up": state.rig_given_up,
                "samples": len(tuned),
                "error_hz": _spread(self._tuning_errors(tuned)),
            },
            "alarms": list(state.alarms),
        }

    def _there(self, times: list[datetime]) -> list[Pointing]:
        return pointings(self.target.elements, self.target.site, times)

    def _pointing_errors(self, measured: list[tuple[datetime, tuple[float, float]]]) -> list[float]:
        """Angles between where the antenna looked and the satellite, degrees."""
        there = self._there([when for when, _ in measured])
        looked = _directions(
            [azimuth for _, (azimuth, _) in measured], [e for _, (_, e) in measured]
        )
        was = _directions([p.azimuth_deg for p in there], [p.elevation_deg for p in there])
        half = np.linalg.norm(looked - was, axis=0) / 2
        errors: list[float] = np.degrees(2 * np.arcsin(np.clip(half, 0, 1))).tolist()
        return errors

    def _tuning_errors(self, tuned: list[tuple[datetime, float]]) -> list[float]:
        """How far the radio was off when it was tuned, hertz."""
        there = self._there([when for when, _ in tuned])
        wanted = [self.target.receive_hz(place) or 0.0 for place in there]
        return [abs(hz - truth) for (_, hz), truth in zip(tuned, wanted, strict=True)]


def _directions(azimuth_deg: list[float], elevation_deg: list[float]) -> Any:
    """Unit vectors; an elevation beyond 90 looks backwards."""
    azimuth, elevation = np.radians(azimuth_deg), np.radians(elevation_deg)
    return np.stack(
        (
            np.cos(elevation) * np.sin(azimuth),
            np.cos(elevation) * np.cos(azimuth),
            np.sin(elevation),
        )
    )


def _spread(errors: list[float]) -> Spread | None:
    if not errors:
        return None
    middle, most, worst = np.percentile(errors, (50, 95, 100))
    return {
        "median": round(float(middle), 3),
        "p95": round(float(most), 3),
        "worst": round(float(worst), 3),
    }
