"""How much of what is damaged is kept, and when a link is said to bring little else."""

from __future__ import annotations

from decoders.framing.kiss import KissDeframer, kiss_encode
from groundstation.receive.damage import MOSTLY_DAMAGED, Damage
from groundstation.receive.receiver import Origin, Receiver
from groundstation.thinned import Thinned
from tests.receive.test_receiver import Inlet, moment
from tests.station.frames import beacon

NOISE = b"\xc0\x01" + bytes(range(60, 160))


class Time:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_a_flood_is_counted_and_an_hour_later_kept_again() -> None:
    time = Time()
    damage = Damage(kept_bytes=1000, now_s=time)
    assert [damage.is_kept(100) for _ in range(5)] == [True, True, True, False, False]
    assert (damage.left_out, damage.left_out_bytes) == (2, 200)
    time.now_s += 1800  # half an hour: 500 bytes more, and 100 were left
    assert [damage.is_kept(100) for _ in range(3)] == [True, True, False]
    time.now_s += 10 * 3600  # never more than at the start
    assert sum(damage.is_kept(100) for _ in range(9)) == 3
    assert "0 MB of damaged pieces were counted and not kept" in damage.told()


def test_of_a_recording_all_is_kept() -> None:
    damage = Damage(None)
    assert all(damage.is_kept(1_000_000) for _ in range(100))
    assert damage.told() == ""


def test_frames_are_kept_in_any_flood() -> None:
    inlet = Inlet()
    receiver = Receiver(Origin("tnc"), KissDeframer(), inlet, moment)
    receiver.damage = Damage(kept_bytes=1000)
    for number in range(50):
        receiver.take(20 * NOISE + kiss_encode(beacon(number)))
    kept = [item for batch in inlet.batches for item in batch]
    assert [item.raw for item in kept if not item.damaged] == [beacon(n) for n in range(50)]
    assert sum(item.damaged for item in kept) == 3
    assert receiver.frames == 50
    assert receiver.bad_frames == 1000
    assert receiver.damage.left_out == 997


def test_a_link_that_is_mostly_damaged_says_so_once() -> None:
    said: list[str] = []
    receiver = Receiver(Origin("tnc"), KissDeframer(), Inlet(), moment, say=said.append)
    receiver.take(30 * NOISE)
    assert said == []  # too little to be judged
    for _ in range(100):
        receiver.take(100 * NOISE)
    assert said == [MOSTLY_DAMAGED]
    assert receiver.damage.told() == MOSTLY_DAMAGED
    receiver.take(b"".join(kiss_encode(beacon(number)) for number in range(300)))
    assert receiver.damage.told() == ""


def test_messages_are_thinned() -> None:
    time, said = Time(), list[str]()
    thinned = Thinned(said.append, time)
    for number in range(50):
        thinned(f"change {number}")
    assert said == [f"change {number}" for number in range(10)]
    thinned.look()
    assert len(said) == 10
    time.now_s += 60
    thinned.look()
    assert said[10:] == ["change 49 (and 39 changes before it)"]
    thinned.look()
    assert len(said) == 11
    time.now_s += 3600
    for number in range(12):
        thinned(f"later {number}")
    assert len(said) == 21
