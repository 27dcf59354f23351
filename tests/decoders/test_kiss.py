"""KISS: tables of bytes; source of the format: Chepponis and Karn, 1987."""

import random
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decoders.frame import BadFrame, Deframed, Frame
from decoders.framing.kiss import MAX_FRAME, KissDeframer, kiss_encode


def deframe(*chunks: bytes, max_frame: int = MAX_FRAME) -> list[Deframed]:
    machine = KissDeframer(max_frame)
    return [frame for chunk in chunks for frame in machine.feed(chunk)]


FRAMES = [
    ("one frame", "C0 00 54 45 53 54 C0", [Frame(b"TEST")]),
    ("two ports", "C0 00 41 C0 C0 50 42 C0", [Frame(b"A"), Frame(b"B", port=5)]),
    ("shared FEND", "C0 00 41 C0 00 42 C0", [Frame(b"A"), Frame(b"B")]),
    ("escapes", "C0 00 DB DC DB DD C0", [Frame(b"\xc0\xdb")]),
    ("escaped escape, then DC", "C0 00 DB DD DC C0", [Frame(b"\xdb\xdc")]),
    ("idle fill", "C0 C0 C0 C0", []),
    ("noise first", "01 02 C0 00 41 C0", [BadFrame(b"\x01\x02", "bytes before"), Frame(b"A")]),
    ("wrong escape", "C0 00 41 DB 42 C0", [BadFrame(b"\x00A\xdbB", "wrong KISS escape at byte 2")]),
    ("escape cut by the end", "C0 00 41 DB C0", [BadFrame(b"\x00A\xdb", "wrong KISS escape")]),
    ("other command", "C0 06 01 C0", [BadFrame(b"\x06\x01", "KISS command 0x06")]),
    ("no data", "C0 00 C0", [BadFrame(b"\x00", "without data")]),
    (
        "time stamp before a frame",
        "C0 09 00 00 01 9A BC DE F0 12 C0 C0 00 41 C0 C0 00 42 C0",
        [Frame(b"A", time_us=0x019A_BCDE_F012 * 1000), Frame(b"B")],
    ),
    ("XON and XOFF between frames", "11 C0 13 11 C0 11 00 41 C0 13 C0", [Frame(b"A")]),
    # SMACK: CRC-16 of 80 41 42, worked out bit by bit (its check value for "123456789" is BB3D).
    ("SMACK", "C0 80 41 42 B1 89 C0", [Frame(b"AB")]),
    ("SMACK on port 5", "C0 D0 41 42 B1 98 C0", [Frame(b"AB", port=5)]),
    ("port 8 of plain KISS", "C0 80 41 42 43 44 C0", [Frame(b"ABCD", port=8)]),
    (
        "SMACK that is damaged",
        "C0 80 41 42 B1 89 C0 80 41 43 B1 89 C0",
        [Frame(b"AB"), BadFrame(bytes.fromhex("804143b189"), "the SMACK check value")],
    ),
    (
        "a time as text",
        f"C0 09 {b'2026-11-22T12:00:00.250Z'.hex()} C0 C0 00 41 C0",
        [Frame(b"A", time_us=1_795_348_800_250_000)],
    ),
    (
        "a time in seconds as text",
        f"C0 09 {b'1795348800.5'.hex()} C0 C0 00 41 C0",
        [Frame(b"A", time_us=1_795_348_800_500_000)],
    ),
    (
        "a time in milliseconds as text",
        f"C0 09 {b'1795348800500'.hex()} C0 C0 00 41 C0",
        [Frame(b"A", time_us=1_795_348_800_500_000)],
    ),
    ("a text that is no time", "C0 09 6E 6F 6F 6E C0", [BadFrame(b"\x09noon", "no time as text")]),
    ("time stamp cut short", "C0 09 00 01 C0", [BadFrame(b"\x09\x00\x01", "time stamp is not")]),
    (
        "time after the year 10000",
        f"C0 09 {'FF' * 8} C0",
        [BadFrame(b"\x09" + b"\xff" * 8, "time")],
    ),
]


@pytest.mark.parametrize(("name", "stream", "expected"), FRAMES, ids=[row[0] for row in FRAMES])
def test_table(name: str, stream: str, expected: list[Deframed]) -> None:
    found = deframe(bytes.fromhex(stream))
    assert len(found) == len(expected)
    for got, wanted in zip(found, expected, strict=True):
        if isinstance(wanted, BadFrame):
            assert isinstance(got, BadFrame)
            assert got.data == wanted.data
            assert wanted.reason in got.reason
        else:
            assert got == wanted


def test_longest_frame_and_one_byte_more() -> None:
    longest = bytes(range(256)) * (MAX_FRAME // 256)
    assert deframe(kiss_encode(longest)) == [Frame(longest)]
    (bad,) = deframe(kiss_encode(longest + b"A"))
    assert isinstance(bad, BadFrame)
    assert bad.reason == "longer than 4096 bytes"


def test_overlong_stream_comes_out_whole_in_pieces() -> None:
    noise = b"\x00" + b"U" * 50_000
    found = deframe(b"\xc0" + noise + b"\xc0\x00A\xc0")
    assert found[-1] == Frame(b"A")
    assert b"".join(bad.data for bad in found[:-1]) == noise
    assert all(isinstance(bad, BadFrame) and len(bad.data) <= 8194 for bad in found[:-1])


def test_flush_gives_what_is_left_and_starts_anew() -> None:
    machine = KissDeframer()
    assert machine.feed(b"\xc0\x00half") == []
    (left,) = machine.flush()
    assert left == BadFrame(b"\x00half", "ends without a KISS frame marker")
    assert machine.flush() == []
    first, second = machine.feed(b"tail\xc0\x00A\xc0")
    assert isinstance(first, BadFrame)
    assert second == Frame(b"A")


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_any_chunking_gives_the_same(data: bytes, cuts: list[int]) -> None:
    # Bytes that matter are made likely.
    stream = bytes(b"\xc0\xdb\xdc\xdd\x00\x09AB"[b % 8] for b in data)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    chunks = [stream[a:b] for a, b in pairwise(edges)]
    assert deframe(*chunks, max_frame=20) == deframe(stream, max_frame=20)


@given(st.lists(st.binary(min_size=1, max_size=100), max_size=10))
def test_every_frame_comes_back(frames: list[bytes]) -> None:
    stream = b"".join(kiss_encode(frame) for frame in frames)
    assert deframe(stream) == [Frame(frame) for frame in frames]


def test_memory_does_not_grow_with_the_stream() -> None:
    noise = random.Random(1)
    machine = KissDeframer()
    tracemalloc.start()
    try:
        for _ in range(200):
            machine.feed(noise.randbytes(50_000))
        machine.feed(b"A" * 5_000_000)
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held < 200_000


def test_ports_beyond_a_nibble_are_refused() -> None:
    with pytest.raises(ValueError, match="port 16"):
        kiss_encode(b"A", port=16)


#: A UI frame of N0CALL to CQ, after AX.25 2.2, section 3.
AX25 = bytes.fromhex("86a240404040609c6086829898e103f0") + b"hello"


def test_a_modem_that_only_ends_frames() -> None:
    """Nothing before the first frame: it counts too, if it is one."""
    stream = (b"\0" + AX25 + b"\xc0") * 3
    assert deframe(stream) == [Frame(AX25)] * 3
    assert deframe(b"\x11" + stream) == [Frame(AX25)] * 3
    joined_late = stream[9:]
    first, *others = deframe(joined_late)
    assert isinstance(first, BadFrame)
    assert others == [Frame(AX25)] * 2


def test_the_end_of_a_frame_is_none_however_it_reads() -> None:
    """A station that starts in the middle of a frame of zeros: they read as empty addresses."""
    found = KissDeframer().feed(bytes(30) + b"\xc0" + kiss_encode(b"frame"))
    assert [type(item) for item in found] == [BadFrame, Frame]
    assert found[0].data == bytes(30)
