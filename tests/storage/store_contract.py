"""What every telemetry store must do; each implementation's test class inherits this one."""

from collections.abc import Iterator, Sequence

import pytest

from groundstation.model import Sample, Scalar
from groundstation.storage.store import TelemetryStore

SECOND = 1_000_000
#: A Sunday, 2026-11-22T12:00:00Z.
START = 1_795_348_800 * SECOND


def sample(
    seq: int,
    value: Scalar,
    *,
    time_us: int | None = None,
    name: str = "voltage",
    state: str = "nominal",
    raw: Scalar = 7,
    simulated: bool = False,
    satellite: str = "quetzal-1",
) -> Sample:
    when = START + seq * SECOND if time_us is None else time_us
    unit = "V" if name == "voltage" else ""
    return Sample(satellite, name, seq, when, raw, value, unit, state, simulated)


class StoreContract:
    """Inherit, and give the fixture ``store``: an empty store."""

    @pytest.fixture
    def store(self) -> Iterator[TelemetryStore]:
        raise NotImplementedError

    def test_empty(self, store: TelemetryStore) -> None:
        assert store.latest("quetzal-1") == {}
        series = store.series("quetzal-1", "voltage", START, START + SECOND, 10)
        assert (list(series.times_us), list(series.mean)) == ([], [])

    def test_latest_gives_back_what_was_written(self, store: TelemetryStore) -> None:
        written = [
            sample(1, 4.1, raw=4100),
            sample(1, 3, raw=3, name="counter"),
            sample(1, "safe", raw=0, name="mode", state="warning"),
            sample(1, None, raw=65535, name="temperature", state="invalid"),
            sample(1, None, raw=None, name="nothing", state="invalid"),
            sample(1, -7, raw=-7, name="current", state="critical", simulated=True),
            sample(1, 'a "quoted", \\ text\nof два lines', raw="x = 1, y", name="text"),
            sample(1, "", raw="", name="empty"),
        ]
        store.write(written)
        assert store.latest("quetzal-1") == {item.parameter: item for item in written}
        assert store.latest("cpsat") == {}

    def test_latest_goes_by_seq_not_by_time(self, store: TelemetryStore) -> None:
        store.write([sample(2, 2.0, time_us=START), sample(1, 1.0, time_us=START + 9 * SECOND)])
        assert store.latest("quetzal-1")["voltage"].value == 2.0

    def test_a_parameter_that_stays_away_keeps_its_last_value(self, store: TelemetryStore) -> None:
        store.write([sample(1, 1.0), sample(1, 5, name="counter")])
        store.write([sample(2, 6, name="counter")])
        latest = store.latest("quetzal-1")
        assert (latest["voltage"].seq, latest["counter"].seq) == (1, 2)

    def test_satellites_are_apart(self, store: TelemetryStore) -> None:
        store.write([sample(1, 1.0), sample(2, 2.0, satellite="cpsat")])
        assert store.latest("quetzal-1")["voltage"].value == 1.0
        assert self.points(store, satellite="cpsat") == [(START + 2 * SECOND, 2.0)]

    def test_series_of_samples(self, store: TelemetryStore) -> None:
        store.write([sample(seq, seq / 4) for seq in range(10)])
        series = store.series("quetzal-1", "voltage", START + 2 * SECOND, START + 5 * SECOND, 3)
        assert series.bucket_us == 0
        assert series.unit == "V"
        assert list(series.times_us) == [START + seq * SECOND for seq in (2, 3, 4)]
        assert list(series.mean) == list(series.minimum) == list(series.maximum) == [0.5, 0.75, 1.0]

    def test_series_leaves_out_invalid_and_text(self, store: TelemetryStore) -> None:
        store.write([sample(1, 1.5), sample(2, None, state="invalid"), sample(3, 2.5)])
        store.write([sample(seq, "safe", name="mode") for seq in range(3)])
        assert [value for _, value in self.points(store)] == [1.5, 2.5]
        assert self.points(store, name="mode") == []

    def test_writing_again_changes_nothing(self, store: TelemetryStore) -> None:
        samples = [sample(seq, float(seq)) for seq in range(50)]
        for _ in range(3):
            store.write(samples)
        assert [value for _, value in self.points(store)] == [float(seq) for seq in range(50)]
        envelope = store.series("quetzal-1", "voltage", START, START + 50 * SECOND, 5)
        assert sum(envelope.mean) / len(envelope.mean) == pytest.approx(24.5)

    def test_a_correction_replaces(self, store: TelemetryStore) -> None:
        store.write([sample(1, 1.0), sample(2, 2.0)])
        store.write([sample(1, 10.0)])
        assert [value for _, value in self.points(store)] == [10.0, 2.0]

    def test_two_frames_at_the_same_microsecond_are_two(self, store: TelemetryStore) -> None:
        store.write([sample(1, 1.0, time_us=START), sample(2, 2.0, time_us=START)])
        assert [value for _, value in self.points(store)] == [1.0, 2.0]

    @pytest.mark.parametrize(("points", "bucket_s"), [(60, 60), (59, 120), (7, 600), (1, 3600)])
    def test_envelope(self, store: TelemetryStore, points: int, bucket_s: int) -> None:
        values = [float(seq * 37 % 101) for seq in range(3600)]
        store.write([sample(seq, value) for seq, value in enumerate(values)])
        series = store.series("quetzal-1", "voltage", START, START + 3600 * SECOND, points)
        assert series.bucket_us == bucket_s * SECOND
        groups = [values[at : at + bucket_s] for at in range(0, 3600, bucket_s)]
        assert list(series.times_us) == [
            START + index * bucket_s * SECOND for index in range(len(groups))
        ]
        assert list(series.minimum) == [min(group) for group in groups]
        assert list(series.maximum) == [max(group) for group in groups]
        assert list(series.mean) == pytest.approx([sum(g) / len(g) for g in groups], rel=1e-12)

    def test_envelope_takes_whole_buckets_and_leaves_gaps_out(self, store: TelemetryStore) -> None:
        store.write([sample(seq, 1.0) for seq in range(120)])
        store.write([sample(3600 + seq, 3.0) for seq in range(120)])
        series = store.series(
            "quetzal-1", "voltage", START + 61 * SECOND, START + 3661 * SECOND, 100
        )
        assert series.bucket_us == 60 * SECOND
        assert [(t - START) // (60 * SECOND) for t in series.times_us] == [1, 60, 61]

    def test_spikes_are_in_the_envelope_of_a_month(self, store: TelemetryStore) -> None:
        day = 86_400
        store.write([sample(s, 1.0, time_us=START + s * 3600 * SECOND) for s in range(24 * 28)])
        store.write([sample(9999, 99.0, time_us=START + 5 * day * SECOND + 17)])
        series = store.series("quetzal-1", "voltage", START, START + 28 * day * SECOND, 29)
        assert series.bucket_us == day * SECOND
        assert max(series.maximum) == 99.0
        assert sum(value > 50 for value in series.maximum) == 1

    @staticmethod
    def points(
        store: TelemetryStore, *, name: str = "voltage", satellite: str = "quetzal-1"
    ) -> Sequence[tuple[int, float]]:
        series = store.series(satellite, name, START, START + 86_400 * SECOND, 1000)
        assert series.bucket_us == 0
        return list(zip(series.times_us, series.mean, strict=True))
