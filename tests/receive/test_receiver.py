"""From bytes to receptions: nothing that came in is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from decoders.framing.kiss import KissDeframer, kiss_encode, kiss_stamp
from groundstation.model import Reception
from groundstation.receive.receiver import Origin, Receiver
from groundstation.timekeeping import Moment
from tests.station.frames import beacon


class Inlet:
    """Keeps the batches that it is given."""

    def __init__(self) -> None:
        self.batches: list[list[Reception]] = []

    def put(self, receptions: Sequence[Reception]) -> None:
        self.batches.append(list(receptions))

    def full(self) -> bool:
        return len(self.batches) >= 3


NOON_US = 1_780_000_000_000_000


def moment() -> Moment:
    """The clock says noon, and something keeps it."""
    return Moment(NOON_US)


def receive(
    *parts: bytes, origin: Origin | None = None, expected: str | None = None
) -> tuple[Receiver, list[list[Reception]]]:
    inlet = Inlet()
    receiver = Receiver(
        origin or Origin("tnc"),
        KissDeframer(),
        inlet,
        moment,
        lambda: expected,
    )
    for part in parts:
        receiver.take(part)
    receiver.interrupted()
    return receiver, inlet.batches


def test_frames_of_one_read_are_one_batch() -> None:
    receiver, batches = receive(b"".join(kiss_encode(beacon(number)) for number in range(3)))
    assert [len(batch) for batch in batches] == [3]
    assert batches[0][2] == Reception(0, NOON_US + 2, "tnc", beacon(2))
    assert (receiver.frames, receiver.bad_frames) == (3, 0)


def test_frames_of_one_read_keep_their_order_in_time() -> None:
    _, (batch,) = receive(b"".join(kiss_encode(b"%d" % number) for number in range(2500)))
    assert [item.received_us - NOON_US for item in batch] == list(range(2500))


def test_a_frame_in_pieces() -> None:
    data = kiss_encode(beacon(7))
    _, batches = receive(*(data[index : index + 1] for index in range(len(data))))
    assert [item.raw for batch in batches for item in batch] == [beacon(7)]


def test_unknown_and_damaged_are_kept_with_the_reason() -> None:
    receiver, batches = receive(b"noise" + kiss_encode(b"whose?") + b"\xc0\x00\xdb\x01\xc0")
    noise, unknown, damaged = (item for batch in batches for item in batch)
    assert (noise.raw, noise.damaged, noise.satellite) == (b"noise", True, None)
    assert noise.error == "bytes before the first KISS frame marker"
    assert (unknown.raw, unknown.damaged) == (b"whose?", False)
    assert unknown.error is None  # whose it is, is not what happened
    assert (damaged.raw, damaged.damaged) == (b"\x00\xdb\x01", True)
    assert damaged.error == "wrong KISS escape at byte 1"
    assert (receiver.frames, receiver.bad_frames) == (1, 2)


def test_half_a_frame_is_kept_and_the_next_is_clean() -> None:
    inlet = Inlet()
    receiver = Receiver(Origin("tnc"), KissDeframer(), inlet, moment)
    receiver.take(kiss_encode(beacon(1))[:20])
    receiver.interrupted()
    receiver.take(kiss_encode(beacon(2)))
    half, whole = (item for batch in inlet.batches for item in batch)
    assert (half.raw, half.damaged) == (b"\x00" + beacon(1)[:18], True)
    assert (whole.raw, whole.damaged) == (beacon(2), False)


def test_a_radio_of_several_is_named_by_its_port() -> None:
    _, batches = receive(kiss_encode(b"abc", port=2))
    assert batches[0][0].link == "tnc:2"


def test_the_link_says_whose_frames_and_that_they_are_simulated() -> None:
    origin = Origin("tnc", "quetzal-1", simulated=True)
    _, batches = receive(kiss_encode(beacon(1)), origin=origin)
    assert (batches[0][0].satellite, batches[0][0].simulated) == ("quetzal-1", True)


def test_the_satellite_that_is_tracked_is_noted_as_supposed() -> None:
    _, batches = receive(kiss_encode(beacon(1)), expected="cute")
    assert (batches[0][0].satellite, batches[0][0].supposed) == (None, "cute")
    origin = Origin("tnc", recorded=True)  # of another day: nobody tracked it
    _, batches = receive(kiss_encode(beacon(1)), origin=origin, expected="cute")
    assert batches[0][0].supposed is None


@pytest.mark.parametrize(
    ("stamp_us", "recorded", "expected_us"),
    [
        (NOON_US - 5_000_000, False, NOON_US - 5_000_000),
        (0, False, NOON_US),  # a modem whose clock was never set
        (NOON_US + 86_400_000_000, False, NOON_US),
        (1_600_000_000_000_000, True, 1_600_000_000_000_000),
    ],
)
def test_the_time_a_modem_stamped(stamp_us: int, recorded: bool, expected_us: int) -> None:
    origin = replace(Origin("tnc"), recorded=recorded)
    _, batches = receive(kiss_stamp(stamp_us) + kiss_encode(b"abc"), origin=origin)
    assert [batch[0].received_us for batch in batches] == [expected_us]


def test_it_is_not_ready_while_the_intake_is_full() -> None:
    inlet = Inlet()
    receiver = Receiver(Origin("tnc"), KissDeframer(), inlet, moment)
    assert receiver.ready()
    for _ in range(3):
        receiver.take(kiss_encode(b"abc"))
    assert not receiver.ready()
