"""Every link layer against what was received off air, and against other programs' encoders.

The files under tests/data/bits and tests/data/link name their sources. A list of frames is
complete: exactly these must come out of the stream, at these places.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decoders.coding import golay
from decoders.coding.convolutional import code
from decoders.coding.crc import crc
from decoders.errors import DefinitionError
from decoders.frame import BadFrame, Deframed, Frame
from decoders.framing.kiss import kiss_encode
from decoders.framing.registry import BIT_FRAMINGS, BYTE_FRAMINGS, bit_deframer, deframer
from decoders.framing.sync import SyncDeframer
from decoders.symbols import Symbols, from_bits, from_packed
from tests.decoders.coded_frames import BLOCKS, NOISY, STREAMS, load, stream_of


def run(name: str, options: dict[str, Any], symbols: Symbols, chunk: int = 0) -> list[Deframed]:
    machine = bit_deframer(name, options)
    chunk = chunk or max(len(symbols), 1)
    pieces = [symbols[at : at + chunk] for at in range(0, len(symbols), chunk)]
    return [frame for piece in pieces for frame in machine.feed(piece)] + machine.flush()


def good(found: list[Deframed]) -> list[Frame]:
    return [frame for frame in found if isinstance(frame, Frame)]


@pytest.mark.parametrize("name", sorted(STREAMS))
def test_exactly_the_frames_that_were_sent(name: str) -> None:
    framing, options = STREAMS[name]
    symbols, wanted = stream_of(name)
    found = run(framing, options, symbols)
    frames = good(found)
    assert [frame.data.hex() for frame in frames] == [item["decoded_hex"] for item in wanted]
    for frame, item in zip(frames, wanted, strict=True):
        assert frame.bit_index == item.get("bit_index", frame.bit_index)
        assert frame.sync_errors == item.get("sync_errors", frame.sync_errors)
        check_corrections(frame, item)
    assert all(bad.reason for bad in found if isinstance(bad, BadFrame))
    assert run(framing, options, symbols, chunk=701) == found


def check_corrections(frame: Frame, item: dict[str, Any]) -> None:
    """As many corrections in each code as the reference counted."""
    assert frame.corrected.get("golay") == item.get("golay_errors", frame.corrected.get("golay"))
    if "viterbi_bit_errors" in item:
        # Of two paths as likely either may be taken, but never a less likely one.
        assert frame.corrected["viterbi"] <= item["viterbi_bit_errors"]
        if frame.corrected["viterbi"] < item["viterbi_bit_errors"]:
            return
    if "rs_byte_errors" in item:
        errors = item["rs_byte_errors"]
        assert frame.corrected["rs"] == (sum(errors) if isinstance(errors, list) else errors)


def test_one_ax5043_transmission_comes_once() -> None:
    """Each flag of its preamble looks like the sync word: all lead to the same frame."""
    symbols, wanted = stream_of("ax5043_cape3")
    (frame,) = good(run("ax5043", {}, symbols))
    assert {item["decoded_hex"] for item in wanted} == {frame.data.hex()}
    assert frame.bit_index in {item["bit_index"] for item in wanted}


@pytest.mark.parametrize("name", sorted(NOISY))
def test_where_only_soft_decisions_decode(name: str) -> None:
    framing, options = NOISY[name]
    hard, wanted = stream_of(name)
    soft = np.frombuffer(bytes.fromhex(load("bits", name)["soft_i8_hex"]), np.int8)
    assert good(run(framing, options, hard)) == []
    found = run(framing, options, soft)
    assert [frame.data.hex() for frame in good(found)] == [item["decoded_hex"] for item in wanted]
    assert run(framing, options, soft, chunk=701) == found


@pytest.mark.parametrize("name", ["aausat_4", "ao40_ao73", "ao40_qa", "usp_orbicraft"])
def test_soft_decisions_of_real_recordings(name: str) -> None:
    framing, options = STREAMS[name]
    _, wanted = stream_of(name)
    soft = np.frombuffer(bytes.fromhex(load("bits", name)["soft_i8_hex"]), np.int8)
    found = good(run(framing, options, soft))
    assert [frame.data.hex() for frame in found] == [item["decoded_hex"] for item in wanted]


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_blocks(name: str) -> None:
    framing, options = BLOCKS[name]
    for item in load("link", name)["frames"]:
        own = {"size": item["frame_size"]} if "frame_size" in item else {}
        own |= {"basis": item["basis"]} if "basis" in item else {}
        coded = bytes.fromhex(item["coded_hex"])
        if set(coded) <= {0, 1}:  # this file has a bit in each byte
            coded = np.packbits(np.frombuffer(coded, np.uint8)).tobytes()
        (found,) = bit_deframer(framing, {**options, **own}).decode_block(coded)
        if item["decoded_hex"] is None:
            assert isinstance(found, BadFrame)
            assert found.reason
        else:
            assert isinstance(found, Frame), found
            assert found.data.hex() == item["decoded_hex"]


def test_fx25_through_its_line_code() -> None:
    for item in load("link", "fx25")["frames"]:
        if "nrzi_line_bits_hex" in item:
            symbols = from_packed(bytes.fromhex(item["nrzi_line_bits_hex"]))[: item["nbits"]]
            frames = [frame.data.hex() for frame in good(run("fx25", {}, symbols))]
            assert frames == [item["decoded_hex"]]


def plain_ax25(frame: bytes, level: int = 0) -> list[int]:
    """The line bits of a plain AX.25 frame between flags: FCS, stuffing and NRZI, bit by bit after
    AX.25 2.2, section 3."""
    fcs = 0xFFFF
    for byte in frame:
        for bit in range(8):
            fcs = fcs >> 1 ^ (0x8408 if (fcs ^ byte >> bit) & 1 else 0)
    content = frame + (fcs ^ 0xFFFF).to_bytes(2, "little")
    stuffed, ones = [], 0
    for bit in (byte >> n & 1 for byte in content for n in range(8)):
        stuffed.append(bit)
        ones = ones + 1 if bit else 0
        if ones == 5:
            stuffed.append(0)
            ones = 0
    flags = [0, 1, 1, 1, 1, 1, 1, 0] * 4
    line = []
    for bit in (*flags, *stuffed, *flags):
        level ^= 1 - bit
        line.append(level)
    return line


def fx25_line(errors: int) -> tuple[list[int], str]:
    """The line bits of a codeword with so many wrong bits, and the frame in it."""
    item = next(f for f in load("link", "fx25")["frames"] if "nrzi_line_bits_hex" in f)
    packed = np.frombuffer(bytes.fromhex(item["nrzi_line_bits_hex"]), np.uint8)
    bits = np.unpackbits(packed)[: item["nbits"]].tolist()
    middle = len(bits) // 3
    for at in range(errors):
        bits[middle + 8 * at] ^= 1
    return bits, item["decoded_hex"]


@pytest.mark.parametrize("chunk", [1, 7, 64, 10_000])
@pytest.mark.parametrize("errors", [0, 2])
def test_a_channel_of_fx25_gives_plain_ax25_too(chunk: int, errors: int) -> None:
    one, two = (bytes.fromhex("86a240404040e09c6086829898e103f0") + b for b in (b"one", b"two!"))
    coded, inside = fx25_line(errors)
    bits = [*plain_ax25(one), *coded, *plain_ax25(two), *([0, 1] * 3000)]
    machine = bit_deframer("fx25")
    found: list[Deframed] = []
    for at in range(0, len(bits), chunk):
        found += machine.feed(from_bits(np.array(bits[at : at + chunk], np.uint8)))
    found += machine.flush()
    assert [frame.data.hex() for frame in found if isinstance(frame, Frame)] == [
        one.hex(),
        inside,
        two.hex(),
    ]
    # What the code mended is not told as damaged.
    assert [frame for frame in found if isinstance(frame, BadFrame)] == []


#: Framings whose sync word can be broken bit by bit before anything else is decoded.
TOLERANT = sorted(
    name
    for name, (framing, options) in STREAMS.items()
    if isinstance(bit_deframer(framing, options), SyncDeframer)
    and framing not in ("ax100-rs", "astrocast-fx25")  # their line code spreads an error
)


@pytest.mark.parametrize("name", TOLERANT)
def test_sync_tolerance_is_exact(name: str) -> None:
    framing, options = STREAMS[name]
    symbols, wanted = stream_of(name)
    machine = bit_deframer(framing, options)
    assert isinstance(machine, SyncDeframer)
    word: Any = machine.patterns[0].sync
    first = wanted[0]
    places = [first["bit_index"] + position for position in word.positions]
    right = [p for p, bit in zip(places, word.bits, strict=True) if (symbols[p] > 0) == bool(bit)]
    spare = word.errors - first["sync_errors"]
    for count, decodes in ((spare, True), (spare + 1, False)):
        broken = symbols.copy()
        broken[right[:count]] *= -1
        found = [f for f in good(run(framing, options, broken)) if f.bit_index == places[0]]
        assert [frame.data.hex() for frame in found] == [first["decoded_hex"]] * decodes
        if decodes:
            assert found[0].sync_errors == word.errors
    if spare < len(right) - 1:
        found = run(framing, {**options, "sync_errors": word.errors + 1}, broken)
        assert first["decoded_hex"] in [frame.data.hex() for frame in good(found)]


@pytest.mark.parametrize("framing", sorted(BIT_FRAMINGS))
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), cuts=st.lists(st.integers(0, 6000), max_size=6))
def test_any_chunking_of_noise_gives_the_same(framing: str, seed: int, cuts: list[int]) -> None:
    options = {"sync": "5A5A"} if framing == "syncword" else {}
    noise = np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), 6000)
    edges = [0, *sorted(cuts), len(noise)]
    machine = bit_deframer(framing, options)
    found = [f for a, b in pairwise(edges) for f in machine.feed(noise[a:b])]
    assert found + machine.flush() == run(framing, options, noise)


@pytest.mark.parametrize("framing", sorted(BYTE_FRAMINGS))
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400), cuts=st.lists(st.integers(0, 400), max_size=6))
def test_any_chunking_of_bytes_gives_the_same(framing: str, data: bytes, cuts: list[int]) -> None:
    stream = bytes(b"\x00\x01\x02\xc0\xdb\xdc\n{"[byte % 8] for byte in data)
    edges = [0, *sorted(cuts), len(stream)]
    whole, pieces = deframer(framing), deframer(framing)
    expected = [*whole.feed(stream), *whole.flush()]
    found = [f for a, b in pairwise(edges) for f in pieces.feed(stream[a:b])]
    assert [*found, *pieces.flush()] == expected


SYNCWORD = {
    "sync": "2DD4",
    "sync_errors": 1,
    "whitening": "cc11xx",
    "crc": "crc16-cc1101",
}


def test_a_cheap_radio_described_by_parameters_alone() -> None:
    """The radio of Reaktor Hello World and the one of Lucky-7 by the general description."""
    for name, options in (
        ("reaktor_hello_world", {**SYNCWORD, "sync": "352E352E", "sync_errors": 4}),
        ("si4463_lucky_7", {**SYNCWORD, "whitening": "si446x", "size": 35}),
    ):
        symbols, wanted = stream_of(name)
        frames = [frame.data.hex() for frame in good(run("syncword", options, symbols))]
        assert frames == [item["decoded_hex"] for item in wanted]


def test_a_frame_behind_one_that_the_end_cuts_off_is_given() -> None:
    """The false start announces 255 bytes, which never come; the true frame is whole."""
    content = b"\x05hello"
    whole = b"\x2d\xd4" + content + crc("crc16-cc1101", content).to_bytes(2)
    cut = b"\x2d\xd4\xffwhatever"
    machine = deframer("syncword", {"sync": "2DD4", "crc": "crc16-cc1101"})
    assert machine.feed(cut + whole) == []
    first, second = machine.flush()
    assert (first.bit_index, second.bit_index) == (0, 8 * len(cut))
    assert isinstance(first, BadFrame) and first.reason == "the stream ends inside the frame"
    assert isinstance(second, Frame) and second.data == b"hello"


@pytest.mark.parametrize(
    ("framing", "stream", "frames"),
    [
        ("slip", "C0 41 DB DC 42 C0 C0 DB DD C0", [b"A\xc0B", b"\xdb"]),
        ("cobs", "03 11 22 02 33 00 01 01 00", [b"\x11\x22\x00\x33", b"\0"]),
        ("length", "0002 4142 0001 43", [b"AB", b"C"]),
        ("lines", b"hello\r\n48 49\n\n".hex(), [b"hello", b"HI"]),
        ("lines", b"radio_rx  48495f\r\n".hex(), [b"HI_"]),
        ("lines", b"+RCV=50,5,a,b,c,-99,40\r\n".hex(), [b"a,b,c"]),
        ("lines", b'{"data": "SEk=", "crc_error": false}\n'.hex(), [b"HI"]),
    ],
)
def test_byte_framings(framing: str, stream: str, frames: list[bytes]) -> None:
    found = deframer(framing).decode_block(bytes.fromhex(stream))
    assert [frame.data for frame in found] == frames
    assert len(good(found)) == len(frames)


def test_tinygs_messages_carry_time_and_crc() -> None:
    line = b'{"data":"SEk=","unix_GS_time":1700000000,"crc_error":true}\n'
    (found,) = deframer("lines").decode_block(line)
    assert found == BadFrame(
        b"HI", "the receiver says that the CRC is wrong", time_us=1_700_000_000_000_000
    )


@pytest.mark.parametrize(
    ("framing", "stream", "reason"),
    [
        ("cobs", "05 11 00", "points beyond the end"),
        ("slip", "C0 41 DB 00 C0", "wrong escape at byte 1"),
        ("length", "FFFF 41", "out of step"),
        ("length", "0005 41", "ends inside the frame"),
        ("lines", b'{"data": 5}\n'.hex(), "not a message"),
    ],
)
def test_bad_bytes_are_kept_with_the_reason(framing: str, stream: str, reason: str) -> None:
    (found,) = deframer(framing).decode_block(bytes.fromhex(stream))
    assert isinstance(found, BadFrame)
    assert reason in found.reason
    assert found.data


def test_bytes_that_no_code_vouches_for_are_a_frame_where_a_csp_header_fits() -> None:
    """Noise behind a sync word was taken for a frame of one byte."""
    for size, kind in ((0, BadFrame), (3, BadFrame), (4, Frame)):
        coded = golay.encode(size).to_bytes(3) + bytes(range(size))
        (found,) = deframer("u482c").decode_block(coded)
        assert type(found) is kind


@pytest.mark.parametrize(
    ("framing", "options", "message"),
    [
        ("kis", {}, "did you mean 'kiss'?"),
        ("kiss", {"max_fram": 1}, "has no option 'max_fram'; did you mean 'max_frame'?"),
        ("ccsds-rs", {"basis": "daul"}, "is not 'dual' or 'conventional'"),
        ("ccsds-rs", {"size": 500, "interleave": 2}, "more than 446"),
        ("ccsds-rs", {"scrambler": "ccsd"}, "did you mean 'ccsds'?"),
        ("ccsds-concatenated", {"convolutional": "171"}, "is not a convolutional code"),
        ("syncword", {}, "needs the option 'sync'"),
        ("syncword", {"sync": "xyz"}, "is not a sync word"),
        ("syncword", {"sync": "2DD4", "sync_errors": 9}, "is not 0..7"),
        ("syncword", {"sync": "2DD4", "crc": "crc99"}, "there is no CRC"),
        ("smog-ra", {"size": 127}, "is not an even number"),
        ("lines", {"content": "xml"}, "is not one of"),
    ],
)
def test_wrong_names_and_options_are_told(
    framing: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        deframer(framing, options)
    assert message in str(caught.value)


def test_bits_of_a_byte_framing_are_refused() -> None:
    with pytest.raises(DefinitionError, match="a framing of bytes"):
        bit_deframer("kiss")


def test_packed_bits_and_symbols_are_the_same() -> None:
    symbols, wanted = stream_of("ax100_asm_ty_2")
    packed = np.packbits(symbols > 0).tobytes()
    frames = bit_deframer("ax100-golay").feed(packed)
    assert [frame.data.hex() for frame in good(frames)] == [f["decoded_hex"] for f in wanted]
    kiss = deframer("kiss").feed(kiss_encode(b"A"))
    assert kiss == [Frame(b"A")]


def test_a_frame_whose_end_was_never_heard_is_none() -> None:
    """Zeros are a codeword of Reed-Solomon, and of a convolutional code: padding is no frame."""
    word = np.unpackbits(np.frombuffer(bytes.fromhex("1ACFFC1D"), np.uint8))
    for heard, frames in ((1000, 0), (8 * 2 * 250, 1)):
        bits = np.concatenate([word, np.zeros(heard // 2, np.uint8)])
        symbols = from_bits(code("171,133").encode(bits)) * np.int8(100)
        options = {"basis": "dual", "convolutional": "171,133"}
        assert len(good(run("ccsds-concatenated", options, symbols))) == frames


def test_mobitex_nx_with_its_callsign() -> None:
    symbols, wanted = stream_of("mobitex_nx_beesat_9")
    for frame, data in zip(
        good(run("mobitex-nx", {"callsign": True}, symbols)), wanted, strict=True
    ):
        assert frame.data[2:8] == b"DP0BEM"
        assert frame.data[10:].hex() == data["decoded_hex"]
