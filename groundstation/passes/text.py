"""A report as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from groundstation.model import FlownPass
from groundstation.model.pass_report import HeardRecord, PassReport, Spread, TrackingRecord
from groundstation.naming import is_number
from groundstation.orbit.ageing import age_words
from groundstation.passes.frames import Heard

#: Frames that are listed; the page has more, the journal all.
_MOST_FRAMES = 20


def pass_list(passes: Sequence[FlownPass]) -> Iterator[str]:
    """One line a pass."""
    if not passes:
        yield "No passes have been flown yet."
        return
    yield f"{'Pass':34}  {'AOS (UTC)':19}  {'max':>5}  {'frames':>6}  {'bad':>4}  Satellite"
    for flown in passes:
        report, heard = flown.report, flown.report["heard"]
        aos = report["predicted"]["aos"]
        mark = "  SIMULATED" if report["simulated"] else ""
        yield (
            f"{flown.key:34}  {aos[:10]} {aos[11:19]}  "
            f"{report['predicted']['max_elevation_deg']:4.1f}°  {heard['frames']:6}  "
            f"{heard['bad_frames']:4}  {report['name']}{mark}"
        )


def lines(report: PassReport, frames: Sequence[Heard]) -> Iterator[str]:
    """The whole report."""
    predicted, heard = report["predicted"], report["heard"]
    mark = "SIMULATED. " if report["simulated"] else ""
    yield f"{mark}Pass of {report['name']}, orbit {report['orbit']}, over {report['site']['name']}"
    for name, when, azimuth, height in (
        ("AOS", predicted["aos"], predicted["aos_azimuth_deg"], report["mask_deg"]),
        ("TCA", predicted["tca"], predicted["tca_azimuth_deg"], predicted["max_elevation_deg"]),
        ("LOS", predicted["los"], predicted["los_azimuth_deg"], report["mask_deg"]),
    ):
        yield (
            f"  {name}  {when[:10]} {when[11:19]} UTC  azimuth {azimuth:5.1f}  "
            f"elevation {height:4.1f}"
        )
    elements = report["elements"]
    yield (
        f"  elements of {elements['epoch'][:16].replace('T', ' ')} UTC, "
        f"{age_words(elements['age_days'])}: times good to about "
        f"{predicted['timing_error_s']:g} s"
    )
    if report["doubt"]:
        yield f"  {report['doubt']}"
    yield ""
    yield from _heard(heard)
    if is_number(report["satellite"]) and heard["unknown_frames"]:
        yield "  this satellite has no definition: unknown frames may be its own"
    yield from _rates(heard)
    yield from _tracking(report["tracking"])
    yield from _frames(frames)


def _heard(heard: HeardRecord) -> Iterator[str]:
    rate, waiting = heard["frames_per_s"], heard.get("waiting_frames")
    yield (
        f"{heard['frames']} frames ({rate or 0:.2f} a second), {heard['bad_frames']} damaged, "
        f"{heard['unknown_frames']} unknown"
        f"{f', {waiting} not interpreted yet' if waiting else ''}"
    )
    first, last = heard["first"], heard["last"]
    if first and last:
        yield (
            f"  first  {first['time'][11:19]}  {_apart(first['after_aos_s'], 'after AOS')}  "
            f"elevation {first['elevation_deg']:4.1f}{_hertz(first['doppler_hz'])}"
        )
        yield (
            f"  last   {last['time'][11:19]}  {_apart(last['before_los_s'], 'before LOS')}  "
            f"elevation {last['elevation_deg']:4.1f}{_hertz(last['doppler_hz'])}"
        )
    for seconds, words in (
        (heard["rose_early_by_s"], "rose early"),
        (heard["set_late_by_s"], "set late"),
    ):
        if seconds is not None:
            yield f"  frames from below the horizon: it {words} by at least {seconds:.0f} s"
    for gap in heard["gaps"]:
        yield (
            f"  gap of {gap['seconds']:.1f} s from {gap['from'][11:19]} to {gap['to'][11:19]}, "
            f"elevation {gap['elevation_deg'][0]:.1f} to {gap['elevation_deg'][1]:.1f}"
        )
    if heard["frames"] > 1 and not heard["gaps"]:
        yield f"  no gap longer than {heard['gap_s']:g} s"


def _apart(seconds: float, words: str) -> str:
    opposite = {"after AOS": "before AOS", "before LOS": "after LOS"}[words]
    return f"{abs(seconds):6.1f} s {words if seconds >= 0 else opposite}"


def _hertz(shift: float | None) -> str:
    return "" if shift is None else f"  Doppler {shift:+.0f} Hz"


def _rates(heard: HeardRecord) -> Iterator[str]:
    yield ""
    yield f"{'elevation':>15}  {'seconds':>7}  {'frames':>6}  a second"
    for row in heard["by_elevation"]:
        rate = "-" if row["frames_per_s"] is None else f"{row['frames_per_s']:.2f}"
        yield (
            f"{row['low_deg']:6.0f} to {row['high_deg']:4.0f}°  {row['seconds']:7.0f}  "
            f"{row['frames']:6}  {rate:>8}"
        )


def _followed(spread: Spread | None, unit: str, given_up: bool) -> str:
    shown = "not measured"
    if spread is not None:
        shown = (
            f"off by {spread['median']:g} {unit} in the middle, "
            f"{spread['p95']:g} for 95 %, {spread['worst']:g} at worst"
        )
    return shown + (", left alone after an alarm" if given_up else "")


def _tracking(tracking: TrackingRecord | None) -> Iterator[str]:
    if not tracking:
        return
    yield ""
    if rotator := tracking["rotator"]:
        yield f"rotator: {_followed(rotator['error_deg'], 'deg', rotator['given_up'])}"
    if radio := tracking["radio"]:
        yield f"radio: {_followed(radio['error_hz'], 'hz', radio['given_up'])}"
    for sentence in tracking["alarms"]:
        yield f"ALARM: {sentence}"


def _frames(frames: Sequence[Heard]) -> Iterator[str]:
    if not frames:
        return
    yield ""
    for item in frames[:_MOST_FRAMES]:
        values = "  ".join(f"{v.name} {v.text} {v.unit}".strip() for v in item.values)
        status = "" if item.status == "decoded" else f"{item.status} "
        yield f"{_clock(item.when)}  {item.elevation_deg:4.1f}°  {status}{item.packet}  {values}"
    if len(frames) > _MOST_FRAMES:
        yield f"... and {len(frames) - _MOST_FRAMES} more; --format html lists them"


def _clock(when: datetime) -> str:
    return f"{when:%H:%M:%S}"
