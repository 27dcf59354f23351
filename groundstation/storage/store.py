"""What every telemetry store can do: one protocol, checked by one set of contract tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from groundstation.model import Sample, Series

#: Widths of envelope buckets, microseconds: 1 s to 4 weeks. Buckets start at multiples since 1970.
BUCKET_WIDTHS_US = tuple(
    seconds * 1_000_000
    for seconds in (
        *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800),
        *(3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2419200),
    )
)


class TelemetryStore(Protocol):
    """Samples in, latest values and history out. Writing the same samples again changes nothing."""

    def write(self, samples: Sequence[Sample]) -> None:
        """Keep ``samples``, all or none as far as the database can; raises StoreError."""
        ...

    def latest(self, satellite: str) -> Mapping[str, Sample]:
        """The sample with the highest ``seq`` of each parameter, by parameter name."""
        ...

    def series(
        self, satellite: str, parameter: str, start_us: int, end_us: int, points: int
    ) -> Series:
        """Samples with ``start_us <= time < end_us``, or their envelope if more than ``points``.

        The envelope's bucket is the narrowest of BUCKET_WIDTHS_US with at most ``points`` buckets
        over the range (the widest when none is wide enough); its buckets are whole: the
        first and the last may reach beyond the range. Invalid and text samples are left out.
        """
        ...

    def close(self) -> None:
        """Release the connection; the store is not used afterwards."""
        ...


def bucket_width_us(start_us: int, end_us: int, points: int) -> int:
    """The narrowest of BUCKET_WIDTHS_US that covers the range with at most ``points`` buckets."""
    for width in BUCKET_WIDTHS_US:
        if -(-end_us // width) - start_us // width <= points:
            return width
    return BUCKET_WIDTHS_US[-1]
