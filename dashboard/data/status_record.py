"""The station's state as JSON."""

from __future__ import annotations

from dashboard.data.condition import clock_kind, condition
from dashboard.data.records import (
    AntennaRecord,
    ClockRecord,
    FollowerRecord,
    LinkRecord,
    ScheduledRecord,
    ScheduleRecord,
    StatusRecord,
)
from dashboard.data.station_data import StationData
from groundstation.model import Site, iso
from groundstation.model.pass_report import SiteRecord
from groundstation.model.schedule import AntennaStatus, ScheduledPass, ScheduleStatus
from groundstation.model.status import ClockStatus, FollowerStatus, LinkStatus


def status_record(
    data: StationData, problem: str | None, last_us: int | None = None
) -> StatusRecord:
    """The station now. ``problem``: why the journal cannot be read, or None; ``last_us``: time of
    the newest reception, to check the clock against."""
    status = data.status()
    now = condition(data, last_us)
    site = data.site
    return {
        "now": iso(status.now_us()),
        "speed": status.clock.speed,
        "clock": clock_kind(status),
        "running": status.is_running(),
        "started": iso(status.started_us) if status.started_us else None,
        "simulated": status.simulated,
        "site": _site(site) if site else None,
        "satellites": list(status.satellites),
        "line": list(now.line),
        "notices": [[notice.kind, notice.code, notice.detail] for notice in now.notices],
        "links": [_link(link) for link in status.links],
        "followers": {name: _follower(item) for name, item in status.followers.items()},
        "journal": data.has_journal(),
        "journal_error": status.journal_error or problem,
        "alarms": data.counting.counts(),
        "schedule": _schedule(status.schedule) if status.schedule else None,
        "spotlight": data.spotlight.record(),
        "timekeeping": _clock(status.timekeeping) if status.timekeeping else None,
    }


def _site(site: Site) -> SiteRecord:
    return {
        "name": site.name,
        "latitude_deg": site.latitude_deg,
        "longitude_deg": site.longitude_deg,
        "altitude_m": site.altitude_m,
    }


def _link(link: LinkStatus) -> LinkRecord:
    return {
        "name": link.name,
        "url": link.url,
        "framing": link.framing,
        "state": link.state,
        "detail": link.detail,
        "listens": link.listens,
        "bytes": link.bytes,
        "frames": link.frames,
        "bad_frames": link.bad_frames,
        "simulated": link.simulated,
        "last_byte": iso(link.last_byte_us) if link.last_byte_us else None,
    }


def _follower(item: FollowerStatus) -> FollowerRecord:
    return {
        "seq": item.seq,
        "lag": item.lag,
        "error": item.error,
        "backlog": item.backlog,
        "set_apart": item.set_apart,
        "left_out": item.left_out,
    }


def _clock(clock: ClockStatus) -> ClockRecord:
    return {
        "synchronised": clock.synchronised,
        "wrong": clock.wrong,
        "stepped": None if clock.stepped_at_us is None else iso(clock.stepped_at_us),
        "step_s": clock.step_us / 1e6,
    }


def _schedule(schedule: ScheduleStatus) -> ScheduleRecord:
    return {
        "state": schedule.state,
        "doubt": schedule.doubt,
        "problems": [*schedule.problems, *filter(None, (schedule.problem,))],
        "alarms": list(schedule.alarms),
        "now": [_scheduled(item) for item in schedule.now],
        "next": _scheduled(schedule.next) if schedule.next else None,
        "antenna": _antenna(schedule.antenna) if schedule.antenna else None,
    }


def _scheduled(item: ScheduledPass) -> ScheduledRecord:
    return {
        "satellite": item.satellite,
        "name": item.name,
        "norad": item.norad,
        "aos": iso(item.aos_us),
        "los": iso(item.los_us),
        "max_elevation_deg": item.max_elevation_deg,
        "taken": item.taken,
        "reason": item.reason,
        "simulated": item.simulated,
    }


def _antenna(item: AntennaStatus) -> AntennaRecord:
    return {
        "satellite": item.satellite,
        "name": item.name,
        "begin": iso(item.begin_us),
        "end": iso(item.end_us),
        "rotator": item.rotator,
        "radio": item.radio,
        "commanded_deg": item.commanded_deg,
        "measured_deg": item.measured_deg,
        "receive_hz": item.receive_hz,
        "rotator_given_up": item.rotator_given_up,
        "radio_given_up": item.radio_given_up,
    }
