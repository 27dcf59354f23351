"""What a tracker follows, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groundstation.model import Site
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.pointing import Pointing, doppler_hz


@dataclass(frozen=True, slots=True)
class Target:
    """What to follow from ``begin`` to ``end`` (aware), and on which frequencies.

    ``offset_hz`` is added to what the radio is told: its own error, measured. An ``uplink_hz``
    makes it transmit on another VFO. ``mode`` None leaves mode and passband alone.
    """

    elements: Elements
    site: Site
    begin: datetime
    end: datetime
    downlink_hz: float | None = None
    uplink_hz: float | None = None
    mode: str | None = None
    passband_hz: int = 0
    offset_hz: float = 0.0

    @property
    def length_s(self) -> float:
        """Seconds from begin to end."""
        return (self.end - self.begin).total_seconds()

    def receive_hz(self, there: Pointing) -> float | None:
        """Where the satellite is heard at ``there``."""
        if self.downlink_hz is None:
            return None
        shift = doppler_hz(there.range_rate_km_s, self.downlink_hz)
        return self.downlink_hz + shift + self.offset_hz

    def transmit_hz(self, there: Pointing) -> float | None:
        """Where to transmit so that the satellite hears it on its frequency."""
        if self.uplink_hz is None:
            return None
        return self.uplink_hz - doppler_hz(there.range_rate_km_s, self.uplink_hz) + self.offset_hz


@dataclass(frozen=True, slots=True)
class TrackState:
    """How it stands: the last commands and measurements, None where there are none yet.

    ``measured_at`` is the station's time at which ``measured_deg`` was, ``tuned_at`` the one from
    which on the radio is on ``receive_hz``.
    """

    commanded_deg: tuple[float, float] | None = None
    measured_deg: tuple[float, float] | None = None
    measured_at: datetime | None = None
    receive_hz: float | None = None
    tuned_at: datetime | None = None
    transmit_hz: float | None = None
    alarms: tuple[str, ...] = ()
    rotator_given_up: bool = False
    rig_given_up: bool = False
