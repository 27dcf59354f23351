"""What answers in JSON hold, key by key; times are ISO 8601 with ``Z``.

``dashboard/web/openapi.py`` describes the same to other programs.
"""

from __future__ import annotations

from typing import TypedDict

from dashboard.data.alarm_counts import AlarmCounts
from dashboard.data.spotlight import SpotlightRecord
from groundstation.model import FrameStatus, Scalar
from groundstation.model.pass_report import SiteRecord, WholePass


class FrameRecord(TypedDict):
    """A reception without its bytes; ``length`` is their number. ``imported``: not heard here;
    ``unsynchronised``: its time is of a clock that nothing had set. ``eb_n0_db``, ``offset_hz`` and
    ``repaired`` as in :class:`groundstation.model.Signal`, None where a TNC demodulated it."""

    seq: int
    received: str
    link: str
    satellite: str | None
    packet: str | None
    status: FrameStatus
    error: str | None
    note: str | None
    damaged: bool
    simulated: bool
    imported: bool
    unsynchronised: bool
    eb_n0_db: float | None
    offset_hz: float | None
    repaired: int | None
    length: int


class FrameBytes(FrameRecord):
    """A reception with its bytes, in hexadecimal."""

    raw: str


class ValueRecord(TypedDict):
    """One reading; its name is the key that it is put under."""

    raw: Scalar
    value: Scalar
    unit: str
    state: str


class ReadingRecord(ValueRecord):
    """The same with its reception."""

    time: str
    seq: int
    simulated: bool


class EventRecord(FrameRecord):
    """What a live page hears of one reception: the reception and its values."""

    values: dict[str, ValueRecord]


class LimitsRecord(TypedDict):
    """Ranges with None for open ends, and words."""

    warning: list[float | None] | None
    critical: list[float | None] | None
    warning_words: list[str]
    critical_words: list[str]


class DownlinkRecord(TypedDict):
    """One transmitter."""

    name: str
    frequency_hz: float | None
    modulation: str
    baud: float | None
    framing: str


class SatelliteRecord(TypedDict):
    """A definition in short."""

    id: str
    name: str
    norad: int | None
    callsigns: list[str]
    simulated: bool
    source: str
    version: str
    downlinks: list[DownlinkRecord]


class SatelliteListed(SatelliteRecord):
    """The same in the list of all: how many parameters, and when it was heard."""

    parameters: int
    heard: str | None


class ParameterRecord(TypedDict):
    """A definition's row: what a reading of it means."""

    name: str
    label: str
    doc: str
    unit: str
    quantity: str | None
    group: str
    group_label: str
    derived: bool
    limits: LimitsRecord | None


class SatelliteDescribed(SatelliteRecord):
    """A definition with its rows."""

    parameters: list[ParameterRecord]


class LatestRecord(TypedDict):
    """The newest readings of a satellite by parameter."""

    satellite: str
    simulated: bool
    parameters: dict[str, ReadingRecord]


class BandRecord(TypedDict):
    """What a parameter of words said for a time; value None: several words."""

    start: str
    end: str
    value: Scalar
    state: str | None


class SeriesRecord(TypedDict):
    """History of a parameter: samples (``bucket_s`` 0), or equal times; ``bands`` for words."""

    satellite: str
    parameter: str
    unit: str
    simulated: bool
    bucket_s: float
    bands: list[BandRecord] | None
    digits: int | None
    limits: LimitsRecord | None
    times: list[str]
    minimum: list[float]
    maximum: list[float]
    mean: list[float]


class ComingPass(WholePass):
    """A pass to come. ``trusted``: the station's clock can be right."""

    satellite_id: str | None
    name: str
    frequency_hz: float | None
    trusted: bool
    simulated: bool


class FlownRecord(TypedDict("_FlownKey", {"pass": str})):
    """A flown pass in a line."""

    satellite: str
    name: str
    aos: str
    los: str
    max_elevation_deg: float
    frames: int
    bad_frames: int
    timing_error_s: float
    doubt: str | None
    simulated: bool


class PointRecord(TypedDict):
    """A point of a track."""

    time: str
    azimuth_deg: float
    elevation_deg: float
    range_km: float
    range_rate_km_s: float
    latitude_deg: float
    longitude_deg: float
    altitude_km: float
    sunlit: bool


class SunRecord(TypedDict):
    """Where the Sun stands overhead."""

    latitude_deg: float
    longitude_deg: float


class TrackRecord(TypedDict):
    """Where a satellite is over a time, and the Sun at its start."""

    norad: int
    points: list[PointRecord]
    sun: SunRecord


class LinkRecord(TypedDict):
    """One link of the station."""

    name: str
    url: str
    framing: str
    state: str
    detail: str
    listens: str
    bytes: int
    frames: int
    bad_frames: int
    simulated: bool
    last_byte: str | None


class FollowerRecord(TypedDict):
    """One follower of the station."""

    seq: int
    lag: int
    error: str | None
    backlog: int
    set_apart: str
    left_out: int


class ClockRecord(TypedDict):
    """What the computer's clock is worth; ``wrong``: why it cannot be right, or empty."""

    synchronised: bool | None
    wrong: str
    stepped: str | None
    step_s: float


class ScheduledRecord(TypedDict):
    """A pass that is on or comes next."""

    satellite: str
    name: str
    norad: int
    aos: str
    los: str
    max_elevation_deg: float
    taken: bool
    reason: str
    simulated: bool


class AntennaRecord(TypedDict):
    """An antenna or a radio at work; directions are azimuth and elevation."""

    satellite: str
    name: str
    begin: str
    end: str
    rotator: str | None
    radio: str | None
    commanded_deg: tuple[float, float] | None
    measured_deg: tuple[float, float] | None
    receive_hz: float | None
    rotator_given_up: bool
    radio_given_up: bool


class ScheduleRecord(TypedDict):
    """What the scheduler does."""

    state: str
    doubt: str | None
    problems: list[str]
    alarms: list[str]
    now: list[ScheduledRecord]
    next: ScheduledRecord | None
    antenna: AntennaRecord | None


class StatusRecord(TypedDict):
    """The station: ``line`` is (shape, code), ``notices`` are (kind, code, detail).

    ``clock``: whose time ``now`` is, ``real``, ``simulated`` or ``recorded``.
    """

    now: str
    speed: float
    clock: str
    running: bool
    started: str | None
    simulated: bool
    site: SiteRecord | None
    satellites: list[str]
    line: list[str]
    notices: list[list[str]]
    links: list[LinkRecord]
    followers: dict[str, FollowerRecord]
    journal: bool
    journal_error: str | None
    alarms: AlarmCounts
    schedule: ScheduleRecord | None
    spotlight: SpotlightRecord | None
    timekeeping: ClockRecord | None


class SnapshotRecord(TypedDict):
    """What a listener needs before the first news."""

    seq: int
    status: StatusRecord
    satellites: dict[str, dict[str, ReadingRecord]]
    frames: list[EventRecord]
