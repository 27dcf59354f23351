"""Buckets of time in which history is summed up."""

from __future__ import annotations

#: Widths of envelope buckets, microseconds: 1 s to 4 weeks. Buckets start at multiples since 1970.
BUCKET_WIDTHS_US = tuple(
    seconds * 1_000_000
    for seconds in (
        *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800),
        *(3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2419200),
    )
)


def bucket_width_us(start_us: int, end_us: int, points: int) -> int:
    """The narrowest of BUCKET_WIDTHS_US that covers the range with at most ``points`` buckets."""
    for width in BUCKET_WIDTHS_US:
        if -(-end_us // width) - start_us // width <= points:
            return width
    return BUCKET_WIDTHS_US[-1]
