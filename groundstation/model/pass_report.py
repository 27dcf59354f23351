"""The account of a flown pass: what was predicted, and what happened.

It is plain JSON that is kept for ever, so its types describe that JSON key by key. Times are
ISO 8601 with ``Z``, angles degrees; units stand in the names of the others.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict


class PassRecord(TypedDict):
    """A pass as ``groundstation passes --format json`` prints it; None where an end is open."""

    norad: int
    satellite: str
    aos: str | None
    tca: str
    los: str | None
    max_elevation_deg: float
    aos_azimuth_deg: float | None
    tca_azimuth_deg: float
    los_azimuth_deg: float | None
    duration_s: float | None
    sunlit: bool
    elements_age_days: float
    timing_error_s: float


class WholePass(TypedDict):
    """A :class:`PassRecord` whose ends are known."""

    norad: int
    satellite: str
    aos: str
    tca: str
    los: str
    max_elevation_deg: float
    aos_azimuth_deg: float
    tca_azimuth_deg: float
    los_azimuth_deg: float
    duration_s: float
    sunlit: bool
    elements_age_days: float
    timing_error_s: float


class LightRecord(TypedDict):
    """When the satellite comes into sunlight, or goes out of it."""

    at: str
    sunlit: bool


class DetailRecord(TypedDict):
    """What ``passes --detail`` adds; lists are of AOS, TCA and LOS."""

    orbit: int
    range_km: list[float]
    frequency_hz: float | None
    doppler_hz: list[float] | None
    sunlit_at_aos_tca_los: list[bool]
    light_changes: list[LightRecord]
    sun_elevation_deg: float
    site_dark: bool
    visible: bool
    sun_separation_deg: float | None
    moon_separation_deg: float | None


class SiteRecord(TypedDict):
    """Where the antenna stood."""

    name: str
    latitude_deg: float
    longitude_deg: float
    altitude_m: float


class ElementsRecord(TypedDict):
    """What the prediction was made of; ``omm`` is the set itself."""

    epoch: str
    age_days: float
    source: str
    omm: str


class Span(TypedDict):
    """From when to when frames count as heard in the pass."""

    from_us: int
    to_us: int


#: From when to when the station was there.
Watch = TypedDict("Watch", {"from": str, "to": str})


class Gap(TypedDict("_GapEnds", {"from": str, "to": str})):
    """Silence between two frames; the elevation at both."""

    seconds: float
    elevation_deg: list[float]


class FrameEnd(TypedDict):
    """The first or the last frame."""

    seq: int
    time: str
    after_aos_s: float
    before_los_s: float
    azimuth_deg: float
    elevation_deg: float
    doppler_hz: float | None


class Rate(TypedDict):
    """Frames a second, and how long it was so."""

    seconds: float
    frames: int
    frames_per_s: float | None


class ElevationRate(Rate):
    """While the elevation was between two bounds."""

    low_deg: float
    high_deg: float


class DopplerRate(Rate):
    """While Doppler was between two bounds."""

    low_hz: float
    high_hz: float


class HeardRecord(TypedDict):
    """What came. ``outside_frames``: those of ``frames`` before AOS or after LOS; the tables and
    ``frames_per_s`` count them, and the time in which they came. ``links``: frames by link.

    ``waiting_frames``: the interpreter had not reached them, so that nobody knows whose they are;
    older accounts do not say.
    """

    frames: int
    bad_frames: int
    unknown_frames: int
    waiting_frames: NotRequired[int]
    bytes: int
    links: dict[str, int]
    first: FrameEnd | None
    last: FrameEnd | None
    frames_per_s: float | None
    outside_frames: int
    gap_s: float
    gaps: list[Gap]
    by_elevation: list[ElevationRate]
    by_doppler: list[DopplerRate] | None
    rose_early_by_s: float | None
    set_late_by_s: float | None


class Spread(TypedDict):
    """Median, 95th percentile and worst of some errors."""

    median: float
    p95: float
    worst: float


class RotatorRecord(TypedDict):
    """How the antenna followed."""

    given_up: bool
    samples: int
    error_deg: Spread | None


class RadioRecord(TypedDict):
    """How the radio was tuned."""

    given_up: bool
    samples: int
    error_hz: Spread | None


class TrackingRecord(TypedDict):
    """What antenna and radio did; None: there was none."""

    rotator: RotatorRecord | None
    radio: RadioRecord | None
    alarms: list[str]


#: A point of the way, a list in JSON: seconds after AOS, azimuth, elevation, range (km), and
#: Doppler (Hz) where a frequency is known.
TrackPoint = tuple[float, float, float, float, float | None]


class PassReport(TypedDict):
    """The whole account. ``track`` has some points of the way, ``watched`` is empty where nobody
    knows whether the station ran, ``doubt`` is a sentence where the times are not to be trusted.
    """

    version: int
    norad: int
    satellite: str
    name: str
    simulated: bool
    site: SiteRecord
    mask_deg: float
    frequency_hz: float | None
    orbit: int
    predicted: WholePass
    span: Span
    elements: ElementsRecord
    doubt: str | None
    watched: list[Watch]
    tracking: TrackingRecord | None
    heard: HeardRecord
    track: list[TrackPoint]
