"""``/metrics``: every counter of the station, as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, current_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from dashboard.web.broadcast import Broadcaster
from dashboard.web.context import Context, context
from groundstation.model.status import StationStatus

metrics = Blueprint("metrics", __name__)

_PREFIX = "groundstation_"


@metrics.get("/metrics")
def all_metrics() -> Response:
    """As text; times are seconds since 1970, sizes bytes, counters end with ``_total``.

    After "Metric and label naming", https://prometheus.io/docs/practices/naming/.
    """
    broadcaster: Broadcaster = current_app.extensions["broadcaster"]
    registry = CollectorRegistry()
    registry.register(_Station(context(), broadcaster.listening))
    answer = Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "no-store"
    return answer


class _Station(Collector):
    """All that is known at one moment."""

    def __init__(self, here: Context, listening: int):
        self._here, self._listening = here, listening

    def collect(self) -> Iterator[Metric]:
        """See the base class."""
        here, status = self._here, self._here.data.status()
        running = status.is_running()
        yield _gauge("up", "Whether the station runs", running)
        if running:
            yield _gauge("start_time_seconds", "When it was started", status.started_us / 1e6)
        yield _counter("receptions", "Frames in the journal, damaged ones too", here.tail.seq)
        refused = bool(status.journal_error)
        yield _gauge("journal_refused", "Whether the journal cannot be written now", refused)
        yield _gauge("disk_free_bytes", "Room for the data folder", here.data.disk()["free"])
        yield _gauge("live_pages", "Browsers that listen", self._listening)
        yield from _clock(status)
        if running:
            yield from _links(status)
            yield from _followers(status)
        heard = {name: time_us / 1e6 for name, time_us in here.tail.recent.heard().items()}
        yield _gauges("last_frame_time_seconds", "Newest frame", "satellite", heard)


def _clock(status: StationStatus) -> Iterator[Metric]:
    clock = status.timekeeping
    if clock is None:
        return
    if clock.synchronised is not None:
        yield _gauge("clock_synchronised", "Whether something keeps the clock", clock.synchronised)
    yield _gauge("clock_wrong", "Whether the clock cannot be right", bool(clock.wrong))


def _links(status: StationStatus) -> Iterator[Metric]:
    links = {link.name: link for link in status.links}
    for name, told, counts in (
        ("bytes", "Bytes since the start", {n: link.bytes for n, link in links.items()}),
        ("frames", "Sound frames since the start", {n: link.frames for n, link in links.items()}),
        ("damaged", "Damaged ones since the start", {n: x.bad_frames for n, x in links.items()}),
    ):
        yield _counters(f"link_{name}", told, "link", counts)
    is_open = {name: link.state == "open" for name, link in links.items()}
    yield _gauges("link_open", "Whether its device is there", "link", is_open)
    last = {n: link.last_byte_us / 1e6 for n, link in links.items() if link.last_byte_us}
    yield _gauges("link_last_byte_time_seconds", "Its newest byte", "link", last)


def _followers(status: StationStatus) -> Iterator[Metric]:
    items = status.followers.items()
    for name, told, values in (
        ("seq", "Up to which reception all is done", {n: item.seq for n, item in items}),
        ("lag", "Receptions that wait", {n: item.lag for n, item in items}),
        ("backlog", "Receptions that are done anew", {n: item.backlog for n, item in items}),
        ("set_apart", "Receptions left out for good", {n: item.left_out for n, item in items}),
        ("waiting", "Whether something is in its way", {n: bool(x.error) for n, x in items}),
    ):
        yield _gauges(f"follower_{name}", told, "follower", values)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(_PREFIX + name, told, value=float(value))


def _counter(name: str, told: str, value: float) -> Metric:
    return CounterMetricFamily(_PREFIX + name, told, value=float(value))


def _gauges(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(_PREFIX + name, told, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), float(value))
    return family


def _counters(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(_PREFIX + name, told, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), float(value))
    return family
