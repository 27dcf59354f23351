"""What is believed of what several detectors found."""

import pytest

from decoders.frame import Frame
from decoders.layers.ax25 import wrap
from decoders.modem.gathering import Found, Gathering

KINDS = ("narrow", "narrow", "box", "phase")
NOISE = Frame(bytes(range(24)))


def given(framing: str, item: Frame, *lines: int, kinds: tuple[str, ...] = KINDS) -> list[bytes]:
    found = [[Found(item, 100.0)] if line in lines else [] for line in range(len(kinds))]
    return [each.item.data for each in Gathering(framing, kinds, 5.0).gather(found)]


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


def test_what_nothing_checks_needs_half_of_many_detectors() -> None:
    """Two of the three that 4-FSK has gave a frame of one byte out of noise."""
    unchecked = Frame(b"\xd2", corrected={"golay": 3, "viterbi": 7})
    assert given("u482c", unchecked, 0) == []
    assert given("u482c", unchecked, 0, 2) == [unchecked.data]
    assert given("u482c", unchecked, 0, 1, 2, kinds=KINDS[1:]) == []
    checked = Frame(b"\xd2", corrected={"golay": 3, "rs": 0})
    assert given("u482c", checked, 0, kinds=KINDS[1:]) == [checked.data]
