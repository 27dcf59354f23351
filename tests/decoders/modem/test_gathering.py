"""What is believed of what several detectors found."""

import pytest

from decoders.frame import Frame
from decoders.layers.ax25 import wrap
from decoders.modem.gathering import Found, Gathering

KINDS = ("narrow", "narrow", "box", "phase")
NOISE = Frame(bytes(range(24)))


def given(framing: str, item: Frame, *lines: int) -> list[bytes]:
    found = [[Found(item, 100.0)] if line in lines else [] for line in range(len(KINDS))]
    return [each.item.data for each in Gathering(framing, KINDS, 5.0).gather(found)]


@pytest.mark.parametrize(
    ("lines", "count"), [((0,), 0), ((0, 1), 0), ((0, 2), 1), ((0, 1, 3), 1), ((2, 3), 1)]
)
def test_a_weak_check_needs_detectors_behind_two_filters(
    lines: tuple[int, ...], count: int
) -> None:
    """Two behind the same filter see the same noise."""
    assert given("hdlc", NOISE, *lines) == count * [NOISE.data]


def test_addresses_or_a_strong_check_need_no_second_one() -> None:
    addressed = Frame(wrap(b"hello", {"destination": "CQ", "source": "SIM1"}))
    assert given("hdlc", addressed, 0) == [addressed.data]
    assert given("ax100-rs", NOISE, 1) == [NOISE.data]
