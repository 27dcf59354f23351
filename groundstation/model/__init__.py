"""Records that storage, followers, the command line and the dashboard share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from groundstation.model.pass_report import PassReport

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: ``damaged`` (its check failed), ``waiting`` (to be interpreted), ``unknown`` (nobody's),
#: ``undecoded`` (not all of it is understood) or ``decoded``.
FrameStatus: TypeAlias = Literal["decoded", "damaged", "unknown", "undecoded", "waiting"]

#: A raw or engineering value as it is stored; flags are a comma-separated text.
Scalar: TypeAlias = int | float | str | None


def to_us(when: datetime) -> int:
    """Aware ``when`` as integer microseconds since 1970-01-01T00:00:00Z."""
    return (when - _EPOCH) // timedelta(microseconds=1)


def from_us(time_us: int) -> datetime:
    """Microseconds since 1970-01-01T00:00:00Z as an aware UTC datetime."""
    return _EPOCH + timedelta(microseconds=time_us)


def iso(time_us: int) -> str:
    """ISO 8601 with milliseconds and ``Z``, such as ``2026-08-22T06:00:00.000Z``."""
    return from_us(time_us).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_exact(time_us: int) -> str:
    """As :func:`iso`, with microseconds where the time is no whole millisecond."""
    digits: Literal["milliseconds", "microseconds"]
    digits = "microseconds" if time_us % 1000 else "milliseconds"
    return from_us(time_us).isoformat(timespec=digits).replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the antenna stands: WGS84 degrees, metres above the ellipsoid."""

    name: str
    latitude_deg: float
    longitude_deg: float
    altitude_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Signal:
    """How a frame was heard that this program demodulated itself.

    ``eb_n0_db``: estimated energy of a bit over the noise's density, ``offset_hz``: how far the
    signal was from where it was expected; None where that cannot be told. ``repaired``: symbols
    that were changed until the frame's check passed; such a frame may be another one, 0: none.
    """

    eb_n0_db: float | None = None
    offset_hz: float | None = None
    repaired: int = 0


@dataclass(frozen=True, slots=True)
class Reception:
    """One frame as received: what happened, and nothing of what was made of it.

    ``seq`` orders receptions (times may jump); 0 before journalling. ``raw`` is what the deframer
    gave: frame bytes, or, with ``damaged`` True, the bytes that failed their check, and ``error``
    the reason. ``satellite``: the definition's id that the link's setting names, ``supposed`` the
    one that there was reason to expect (its pass was tracked), or None. ``imported``: taken from
    somebody's file, not heard here. ``unsynchronised``: nothing had set the station's clock, and
    ``received_us`` is what it said; ``clock_us``: what it said where ``received_us`` was corrected
    later, or None. ``uptime_us``: how long the computer was up, where that may serve to correct
    ``received_us``, or None. ``signal``: how it was heard, where this program demodulated it.
    """

    seq: int
    received_us: int
    link: str
    raw: bytes
    satellite: str | None = None
    supposed: str | None = None
    error: str | None = None
    damaged: bool = False
    simulated: bool = False
    imported: bool = False
    unsynchronised: bool = False
    clock_us: int | None = None
    uptime_us: int | None = None
    signal: Signal | None = None

    @property
    def repaired(self) -> int:
        """How many of its symbols were changed until its check passed."""
        return self.signal.repaired if self.signal else 0

    def numbered(self, seq: int) -> Reception:
        """The same with its place in the journal."""
        return replace(self, seq=seq)


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A reception and its interpretation by today's definitions.

    ``satellite`` and ``packet`` are a definition's id and one of its packets, or None when unknown;
    ``error`` says why it is damaged, unknown or undecodable, ``note`` why a sound one has no packet
    of its own. ``waiting``: it was not interpreted yet. ``imported``, ``unsynchronised`` and
    ``signal`` as in :class:`Reception`.
    """

    seq: int
    received_us: int
    link: str
    raw: bytes
    satellite: str | None = None
    packet: str | None = None
    error: str | None = None
    damaged: bool = False
    simulated: bool = False
    candidates: tuple[str, ...] = ()
    evidence_bits: int = 0
    waiting: bool = False
    note: str | None = None
    imported: bool = False
    unsynchronised: bool = False
    signal: Signal | None = None

    @property
    def status(self) -> FrameStatus:
        """What became of it, in a word."""
        if self.damaged:
            return "damaged"
        if self.waiting:
            return "waiting"
        if self.satellite is None:
            return "unknown"
        return "undecoded" if self.error or not (self.packet or self.note) else "decoded"


@dataclass(frozen=True, slots=True)
class FlownPass:
    """A pass that is over, as the journal keeps it: AOS and LOS as predicted, and what happened.

    ``satellite`` is the definition's id. ``report`` is what
    :func:`groundstation.passes.account.account` makes: plain JSON.
    """

    norad: int
    aos_us: int
    los_us: int
    satellite: str
    report: PassReport

    @property
    def key(self) -> str:
        """What names it in addresses and commands, such as ``25544-20260822T063010Z``."""
        return f"{self.norad}-{from_us(self.aos_us):%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True, slots=True)
class Sample:
    """One parameter at one time, as the telemetry store gives it.

    ``state`` is one of :data:`decoders.definition.limits.STATES`; an invalid sample has ``value``
    None. ``value`` is a number, or text for states, flags and strings. ``number``: which packet of
    its reception it came by; 0 is the frame's own, those behind it have higher numbers.
    """

    satellite: str
    parameter: str
    seq: int
    time_us: int
    raw: Scalar
    value: Scalar
    unit: str
    state: str
    simulated: bool = False
    number: int = 0

    @property
    def place(self) -> tuple[int, int]:
        """Orders samples of a parameter as they were sent."""
        return self.seq, self.number


@dataclass(frozen=True, slots=True)
class Series:
    """History of one numeric parameter, oldest first; all sequences have equal length.

    With ``bucket_us`` 0 each entry is one sample, and minimum, maximum and mean are equal.
    Otherwise entry i covers ``[times_us[i], times_us[i] + bucket_us)``.
    """

    satellite: str
    parameter: str
    unit: str
    bucket_us: int
    times_us: Sequence[int]
    minimum: Sequence[float]
    maximum: Sequence[float]
    mean: Sequence[float]
