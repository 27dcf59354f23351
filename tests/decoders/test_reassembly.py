"""Telemetry that spans frames, and layouts that hold for a time."""

import random

import pytest

from decoders.decode import Decoder
from decoders.definition.parse import mistakes, parse
from decoders.encode import Encoder
from decoders.reassembly import MOST_BYTES, MOST_SENDERS, MOST_SETS, Reassembler
from decoders.value import Decoded

TEXT = """
[satellite]
name = "Spanning"
[[packets]]
name = "part"
match = { prefix = "DA 7A" }
spans = { packet = "orbit", data = "content", index = "number", count = "of", set = "dataset" }
parameters = [
  { name = "dataset", type = "u8" },
  { name = "number", type = "u8" },
  { name = "of", type = "u8" },
  { name = "content", type = "bytes" },
]
[[packets]]
name = "orbit"
parameters = [ { name = "voltage", type = "u16", divide = 1000, unit = "V", repeat = "end" } ]
"""
SATELLITE = parse(TEXT, id="spanning")


def parts(dataset: int, volts: list[float], size: int) -> list[Decoded]:
    content = b"".join(round(1000 * v).to_bytes(2) for v in volts)
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    encoder, decoder = Encoder(SATELLITE), Decoder([SATELLITE])
    return [
        decoder.decode(
            encoder.encode(
                "part",
                {"dataset": dataset, "number": n, "of": len(pieces), "content": piece},
            ),
            "spanning",
        )
        for n, piece in enumerate(pieces)
    ]


VOLTS = [4.0 + n / 1000 for n in range(20)]


@pytest.mark.parametrize("seed", range(5))
def test_parts_in_any_order_and_doubled(seed: int) -> None:
    sent = parts(1, VOLTS, 7)
    stream = [*sent, *sent[:3]]
    random.Random(seed).shuffle(stream)
    machine = Reassembler({SATELLITE.id: SATELLITE}.get)
    (whole, *_) = [found for part in stream if (found := machine.feed(part))]
    assert (whole.satellite, whole.packet, whole.error) == ("spanning", "orbit", None)
    assert [value.value for value in whole.values] == VOLTS
    assert whole.values[1].bits == (16, 16)


def test_a_batch_that_is_taken_again_gives_the_same() -> None:
    """As a store does that was unreachable: the same frames come once more."""
    machine, sent = Reassembler({SATELLITE.id: SATELLITE}.get), parts(1, VOLTS, 7)
    first = [machine.feed(part) for part in sent]
    again = [machine.feed(part) for part in sent]
    assert first == again
    assert [found is not None for found in first] == [False] * 5 + [True]


def test_sets_do_not_mix() -> None:
    first, second = parts(1, VOLTS, 10), parts(2, VOLTS[::-1], 10)
    machine = Reassembler({SATELLITE.id: SATELLITE}.get)
    mixed = [part for pair in zip(first, second, strict=True) for part in pair]
    wholes = [found for part in mixed if (found := machine.feed(part))]
    assert [whole.values[0].value for whole in wholes] == [VOLTS[0], VOLTS[-1]]


def test_a_missing_part_gives_nothing() -> None:
    machine = Reassembler({SATELLITE.id: SATELLITE}.get)
    assert [machine.feed(part) for part in parts(1, VOLTS, 7)[1:]] == [None] * 5


def test_the_same_set_number_again_begins_anew() -> None:
    machine = Reassembler({SATELLITE.id: SATELLITE}.get)
    for part in parts(1, VOLTS, 10)[:2]:
        assert machine.feed(part) is None
    wholes = [found for part in parts(1, VOLTS[::-1], 10) if (found := machine.feed(part))]
    assert [value.value for value in wholes[0].values] == VOLTS[::-1]


def test_memory_is_bounded() -> None:
    machine = Reassembler({SATELLITE.id: SATELLITE}.get)
    for dataset in range(256):
        for size in (7, 9):  # another count: another set under the same number
            machine.feed(parts(dataset, VOLTS, size)[0])
    assert len(machine.held()) == MOST_SETS


def test_a_set_that_is_too_large_is_given_up() -> None:
    layout = SATELLITE.packets[0]
    machine = Reassembler({SATELLITE.id: SATELLITE}.get)
    size = MOST_BYTES // 100
    for number in range(150):
        raws = {"dataset": 1, "number": number, "of": 200, "content": bytes(size)}
        assert machine.feed_part("spanning", layout, raws, number) is None
    assert sum(size for _ in machine.held()) <= MOST_BYTES


def test_silent_satellites_are_given_up() -> None:
    layout = SATELLITE.packets[0]
    machine = Reassembler({SATELLITE.id: SATELLITE}.get)
    for number in range(MOST_SENDERS + 10):
        raws = {"dataset": 1, "number": 0, "of": 2, "content": b"12"}
        machine.feed_part(f"satellite-{number}", layout, raws, number)
    assert machine.held() == list(range(10, MOST_SENDERS + 10))


def test_a_whole_is_never_taken_for_a_frame() -> None:
    decoded = Decoder([SATELLITE]).decode(b"\x0f\xa0\x0f\xa1", "spanning")
    assert decoded.packet is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('packet = "orbit", ', "", "spans: the key 'packet' is missing"),
        ('"orbit", data', '"orbits", data', "there is no packet 'orbits'; did you mean 'orbit'?"),
        ('data = "content"', 'data = "contents"', "did you mean 'content'?"),
        ('count = "of", ', "", "the key 'count' is missing"),
        ('count = "of"', "count = 0", "0 is not a whole number from 1"),
    ],
)
def test_mistakes_are_named(old: str, new: str, message: str) -> None:
    assert old in TEXT
    errors = mistakes(TEXT.replace(old, new, 1), id="spanning")
    assert any(message in str(error) for error in errors), errors


DATED = """
[satellite]
name = "Dated"
[[packets]]
name = "old"
match = { valid_until = "2026-05-01" }
parameters = [ { name = "voltage", type = "u8", divide = 10 } ]
[[packets]]
name = "new"
match = { valid_from = "2026-05-01T00:00:00Z" }
parameters = [ { name = "voltage", type = "u8", divide = 20 } ]
"""
MAY_2026_US = 1_777_593_600_000_000


def test_the_layout_of_its_time() -> None:
    decoder = Decoder([parse(DATED, id="dated")])
    before = decoder.decode(b"\x50", "dated", MAY_2026_US - 1)
    after = decoder.decode(b"\x50", "dated", MAY_2026_US)
    assert (before.packet, before.named["voltage"].value) == ("old", 8.0)
    assert (after.packet, after.named["voltage"].value) == ("new", 4.0)
    assert decoder.decode(b"\x50", "dated").packet == "old"  # the first that may apply
    (error,) = mistakes(DATED.replace('"2026-05-01"', '"May"'), id="dated")
    assert "'May' is not a day or UTC time" in str(error)
