"""Every packet of a frame: glued ones, idle ones, those that span frames, and segments.

The streams are cut into frames here, after CCSDS 132.0-B-3 (TM), 732.0-B-4 (AOS) and 133.0-B-2.
"""

from __future__ import annotations

import random

import pytest

from decoders.coding.crc import crc
from decoders.decode import Decoder
from decoders.definition.parse import parse
from decoders.joining import MOST_WAITING

DEFINITION = """
[satellite]
name = "Example"
[[downlinks]]
name = "d"
framing = "kiss"
layers = {layers}
[[packets]]
name = "p"
match = {{ fields = {{ "space-packet.apid" = 100 }} }}
undescribed = "fill"
parameters = [ {{ name = "number", type = "u16" }}, {{ name = "rest", type = "bytes" }} ]
[[packets]]
name = "q"
match = {{ fields = {{ "space-packet.apid" = 101 }} }}
parameters = [ {{ name = "number", type = "u16" }} ]
"""


def decoder(layers: str) -> Decoder:
    return Decoder([parse(DEFINITION.format(layers=layers), id="example")])


TM = decoder('["tm-frame", "space-packet"]')
FECF = decoder('["tm-frame-fecf", "space-packet"]')
AOS = decoder('["aos-frame", "space-packet"]')
BARE = decoder('["space-packet"]')


def packet(number: int, size: int = 2, apid: int = 100, flags: int = 3, count: int = 0) -> bytes:
    data = number.to_bytes(2) + bytes(n & 0xFF for n in range(size - 2))
    return segment(data, apid, flags, count)


def segment(data: bytes, apid: int, flags: int, count: int) -> bytes:
    head = apid.to_bytes(2) + (flags << 14 | count).to_bytes(2) + (len(data) - 1).to_bytes(2)
    return head + data


def idle(size: int) -> bytes:
    return b"\x07\xff\xc0\x00" + (size - 7).to_bytes(2) + bytes([0xAA]) * (size - 6)


def tm(data: bytes, pointer: int, count: int, channel: int = 0, *, spacecraft: int = 18) -> bytes:
    first = spacecraft << 4 | channel << 1
    header = first.to_bytes(2) + bytes([count & 0xFF, count & 0xFF])
    return header + (3 << 11 | pointer).to_bytes(2) + data


def aos(data: bytes, pointer: int, count: int, channel: int = 0) -> bytes:
    header = (1 << 14 | 18 << 6 | channel).to_bytes(2) + count.to_bytes(3) + b"\0"
    return header + pointer.to_bytes(2) + data


def cut(packets: list[bytes], size: int, start: int = 0, wrap=tm, channel: int = 0) -> list[bytes]:
    """A virtual channel's packets in frames with ``size`` bytes of data, the last filled up."""
    stream, begins = b"", []
    for each in packets:
        begins.append(len(stream))
        stream += each
    missing = -len(stream) % size
    while 0 < missing < 7:
        missing += size
    if missing:
        begins.append(len(stream))
        stream += idle(missing)
    frames = []
    for number, at in enumerate(range(0, len(stream), size), start):
        pointer = next((begin - at for begin in begins if at <= begin < at + size), 0x7FF)
        frames.append(wrap(stream[at : at + size], pointer, number, channel))
    return frames


def read(known: Decoder, frames: list[bytes]) -> list[object]:
    """The value ``number`` of every packet, in the order in which they came down."""
    machine = known.joiner()
    found = []
    for frame in frames:
        packets = machine.feed(frame, "example")
        own = known.decode(frame, "example")
        assert own.error is None, own.error
        every = [
            *(each.decoded() for each in packets.joined),
            *([own] if own.packet else []),
            *(each.decoded() for each in packets.further),
        ]
        for each in every:
            assert each.error is None, each.error
            found.append(each.named["number"].value)
    return found


def test_all_packets_of_two_frames() -> None:
    """Three packets in two frames, the second in both: made by hand, not by the code above."""
    frames = [
        bytes.fromhex("0120000018000064c000000100010064c00100"),
        bytes.fromhex("0120010118030100020064c00200010003"),
    ]
    assert read(TM, frames) == [1, 2, 3]
    one = tm(packet(1) + packet(2), 0, 0)
    assert read(TM, [one]) == [1, 2]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_sent_comes_out(seed: int) -> None:
    chance = random.Random(seed)
    numbers = list(range(chance.randrange(1, 60)))
    packets: list[bytes] = []
    for number in numbers:
        packets.append(packet(number, chance.choice((2, 3, 5, 40, 300))))
        if chance.random() < 0.3:
            packets.append(idle(chance.randrange(7, 60)))
    size = chance.choice((7, 8, 11, 64, 211, 1109))
    assert read(TM, cut(packets, size, start=chance.randrange(256))) == numbers
    assert read(AOS, cut(packets, size, start=(1 << 24) - 3 & 0xFFFFF, wrap=aos)) == numbers


def test_channels_do_not_mix() -> None:
    one = cut([packet(n, 20) for n in range(10)], 33, channel=1)
    two = cut([packet(100 + n, 30) for n in range(10)], 33, start=77, channel=2)
    mixed = [frame for pair in zip(one, two, strict=False) for frame in pair]
    mixed += one[len(two) :] + two[len(one) :]
    found = read(TM, mixed)
    assert sorted(found) == [*range(10), *range(100, 110)]  # type: ignore[type-var]


@pytest.mark.parametrize("lost", range(1, 9))
def test_a_lost_frame_costs_only_what_lay_in_it(lost: int) -> None:
    frames = cut([packet(n, 20) for n in range(12)], 33)
    size, each = 33, 26
    found = read(TM, frames[:lost] + frames[lost + 1 :])
    whole = [
        n for n in range(12) if not (n * each < (lost + 1) * size and (n + 1) * each > lost * size)
    ]
    assert found == whole


def test_copies_of_a_frame_join_once() -> None:
    frames = cut([packet(n, 20) for n in range(6)], 33)
    machine = TM.joiner()
    joined = [
        each.decoded().named["number"].value
        for frame in frames
        for _ in range(2)
        for each in machine.feed(frame, "example").joined
    ]
    assert joined == read_joined(TM, frames)
    assert joined


def read_joined(known: Decoder, frames: list[bytes]) -> list[object]:
    machine = known.joiner()
    return [
        each.decoded().named["number"].value
        for frame in frames
        for each in machine.feed(frame, "example").joined
    ]


def test_bits_are_those_of_the_frame() -> None:
    frame = tm(packet(1) + idle(9) + packet(0x1234), 0, 0)
    (second,) = TM.further(frame, "example")
    found = second.decoded()
    start, length = found.named["number"].bits or (0, 0)
    assert int.from_bytes(frame[start // 8 : (start + length) // 8]) == 0x1234
    assert [header.layer for header in found.layers] == ["tm-frame", "space-packet"]
    assert found.layers[0].bits == (0, 48)
    assert found.layers[1].bits == (8 * (6 + 8 + 9), 48)


def test_an_unknown_packet_is_told_and_the_others_come() -> None:
    frame = tm(packet(1) + packet(2, apid=7) + packet(3), 0, 0)
    second, third = (each.decoded() for each in TM.further(frame, "example"))
    assert second.error == "no packet of example matches 2 bytes that begin 00 02"
    assert third.named["number"].value == 3
    first_unknown = tm(packet(2, apid=7) + packet(3), 0, 0)
    assert TM.decode(first_unknown, "example").packet is None
    (found,) = TM.further(first_unknown, "example")
    assert found.decoded().named["number"].value == 3


def test_idle_data_is_no_mistake() -> None:
    for frame in (tm(idle(30), 0, 0), tm(bytes(30), 0x7FE, 0), tm(b"abc", 0x7FF, 3)):
        found = TM.decode(frame, "example")
        assert (found.satellite, found.packet, found.error) == ("example", None, None)
        assert found.note
    leading = tm(idle(9) + packet(5), 0, 0)
    assert TM.decode(leading, "example").named["number"].value == 5


def test_fill_is_no_packet() -> None:
    for fill in (b"\xe0" * 20, b"\xff" * 20, bytes(20)):
        assert read(TM, [tm(packet(1) + fill, 0, 0)]) == [1]
        assert read(BARE, [packet(1) + fill]) == [1]


def test_glued_space_packets_without_a_transfer_frame() -> None:
    assert read(BARE, [packet(1) + packet(2, 9) + packet(3, apid=101)]) == [1, 2, 3]


def test_a_damaged_frame_joins_nothing() -> None:
    def wrap(data: bytes, pointer: int, count: int, channel: int) -> bytes:
        frame = tm(data, pointer, count, channel)
        return frame + crc("crc16-ccitt", frame).to_bytes(2)

    frames = cut([packet(n, 20) for n in range(6)], 33, wrap=wrap)
    assert read(FECF, frames) == [*range(6)]
    machine, broken = FECF.joiner(), bytearray(frames[1])
    broken[10] ^= 1
    joined = [
        each.decoded().named["number"].value
        for frame in (frames[0], bytes(broken), *frames[2:])
        for each in machine.feed(frame, "example").joined
    ]
    # 26 bytes a packet, 33 a frame: 1 ends in the damaged one, 2 begins there, 4 spans none.
    assert joined == [3, 5]


def segments(count: int = 0) -> list[bytes]:
    data = (0x0777).to_bytes(2) + bytes(range(30))
    pieces = [(data[:10], 1), (data[10:20], 0), (data[20:], 2)]
    return [
        segment(piece, 100, flags, (count + n) % (1 << 14))
        for n, (piece, flags) in enumerate(pieces)
    ]


@pytest.mark.parametrize("count", [0, (1 << 14) - 2])
def test_segments_are_one_packet(count: int) -> None:
    machine = BARE.joiner()
    one, two, three = segments(count)
    for piece in (one, two, three):
        alone = BARE.decode(piece, "example")
        assert (alone.packet, alone.error) == (None, None)
        assert alone.note == "a segment of a longer space packet"
    assert machine.feed(one, "example", token=1).joined == []
    assert machine.feed(two, "example", token=2).joined == []
    assert machine.held() == [1, 2]
    (whole,) = machine.feed(three, "example", token=3).joined
    found = whole.decoded()
    assert (found.packet, found.named["number"].value) == ("p", 0x0777)
    assert found.named["rest"].value == bytes(range(30))
    assert machine.held() == []


def test_a_missing_segment_makes_no_packet() -> None:
    one, two, three = segments()
    for stream in ([one, three], [two, three], [one, two, two, three], [three]):
        machine = BARE.joiner()
        assert [machine.feed(piece, "example").joined for piece in stream] == [[]] * len(stream)
        assert (machine.cut_off > 0, machine.unfinished) == (True, 0)


def test_segments_that_span_frames() -> None:
    frames = cut([*segments(), packet(8)], 13)
    assert sorted(read(TM, frames)) == [8, 0x0777]  # type: ignore[type-var]


def test_a_rule_may_ask_for_a_segment() -> None:
    text = DEFINITION.format(layers='["space-packet"]').replace(
        '"space-packet.apid" = 100', '"space-packet.apid" = 100, "space-packet.sequence_flags" = 1'
    )
    known = Decoder([parse(text, id="example")])
    first = segments()[0]
    assert known.decode(first, "example").named["number"].value == 0x0777
    assert known.decode(packet(1), "example").packet is None


def test_the_columns_say_the_same() -> None:
    frames = [
        tm(packet(1) + packet(2), 0, 0),
        tm(idle(12) + packet(3), 0, 1),
        tm(segments()[0], 0, 2),
        tm(packet(4), 0, 3),
        tm(idle(20), 0, 4),
    ]
    batch = TM.batch(frames, ["example"] * len(frames))
    for frame, verdict in zip(frames, batch.verdicts, strict=True):
        one = TM.decode(frame, "example")
        assert (verdict.satellite, verdict.packet) == (one.satellite, one.packet)
        assert (verdict.error, verdict.evidence_bits) == (one.error, one.evidence_bits)
    numbers = {
        int(place): value
        for group in batch.groups
        for place, value in zip(group.indexes, group.columns["number"].value.tolist(), strict=True)
    }
    assert numbers == {0: 1, 1: 3, 3: 4}


def test_what_waits_is_bounded() -> None:
    machine = TM.joiner()
    begin = packet(1, 4000)[:30]
    for number in range(3 * MOST_WAITING):
        machine.feed(tm(begin, 0, 0, number % 8, spacecraft=number // 8), "example", token=number)
    assert len(machine.held()) == machine.unfinished == MOST_WAITING
    machine.forget("example")
    assert machine.held() == []


GLUED = parse(
    """
    [satellite]
    name = "Glued"
    [[downlinks]]
    name = "d"
    framing = "kiss"
    layers = ["csp"]
    [[packets]]
    name = "a"
    match = { prefix = "A1" }
    glued = true
    parameters = [ { name = "count", type = "u8" }, { name = "x", type = "u16", repeat = "count" } ]
    [[packets]]
    name = "b"
    match = { prefix = "B2" }
    parameters = [ { name = "y", type = "u8" } ]
    """.replace('repeat = "count"', 'repeat = 8, count_from = "count"'),
    id="glued",
)


def test_packets_glued_in_one_payload_where_the_definition_says_so() -> None:
    known = Decoder([GLUED])
    frame = bytes.fromhex("00000000A1 02 0001 0002A1 00B2 09B2 07")
    first = known.decode(frame, "glued")
    assert [value.value for value in first.values] == [2, 1, 2]
    second, third = (each.decoded() for each in known.further(frame, "glued"))
    assert (second.packet, [value.value for value in second.values]) == ("a", [0])
    assert (third.packet, [value.value for value in third.values]) == ("b", [9])
    assert third.values[0].bits == (8 * 13, 8)
