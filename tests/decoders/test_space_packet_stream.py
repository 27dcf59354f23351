"""Files of space packets, as ccsdspy's users have them; packets made by hand after 133.0-B-2."""

from __future__ import annotations

import random

from decoders.frame import BadFrame, Frame
from decoders.framing.registry import deframer
from tests.decoders.test_packets import idle, packet


def deframe(*pieces: bytes) -> list[Frame | BadFrame]:
    machine = deframer("space-packets")
    return [*(frame for piece in pieces for frame in machine.feed(piece)), *machine.flush()]


def test_packets_of_any_length_in_any_pieces() -> None:
    packets = [packet(n, size) for n, size in enumerate((2, 7, 300, 2, 65_536))]
    stream = packets[0] + packets[1] + idle(40) + b"".join(packets[2:])
    wanted = [Frame(each) for each in packets]
    assert deframe(stream) == wanted
    chance, pieces = random.Random(1), []
    while stream:
        size = chance.randrange(1, 2000)
        pieces.append(stream[:size])
        stream = stream[size:]
    assert deframe(*pieces) == wanted


def test_what_trails_behind_is_told() -> None:
    one = packet(1)
    good, cut = deframe(one + packet(2, 50)[:20])
    assert good == Frame(one)
    assert isinstance(cut, BadFrame)
    assert cut.data == packet(2, 50)[:20]
    assert cut.reason == (
        "the stream ends inside a space packet, before the 56 bytes that it says it has"
    )
    (_, head) = deframe(one + b"\x00\x64")
    assert head.reason.endswith("before its header")  # type: ignore[union-attr]
    (_, fill) = deframe(one + b"\xff" * 9)
    assert isinstance(fill, BadFrame)
    assert fill.data == b"\xff" * 9
    assert "not a space packet" in fill.reason
