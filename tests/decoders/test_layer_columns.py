"""Layers peeled in columns are those peeled one by one."""

import random

import numpy as np
import pytest

from decoders.definition.model import Match
from decoders.errors import DecodeError
from decoders.frame_columns import FrameColumns
from decoders.layer_columns import below
from decoders.layers.registry import LAYERS
from decoders.peeler import Peeler

STACKS = [
    *((name,) for name in LAYERS),
    ("ax25", "csp"),
    ("tm-frame", "space-packet", "pus"),
    ("tm-frame-fecf", "space-packet"),
    ("csp", "csp2"),
    ("csp", "ax25"),
]


def frames(layers: tuple[str, ...], chance: random.Random) -> list[bytes]:
    """Frames of these layers with odd header bits, cut short and changed; and noise."""
    found = [chance.randbytes(chance.randrange(40)) for _ in range(60)]
    for _ in range(240):
        frame = chance.randbytes(chance.randrange(1, 30))
        for name in reversed(layers):
            fields = {
                field: chance.choice((0, 0, 1, (1 << bits) - 1, chance.getrandbits(bits)))
                for field, bits in LAYERS[name].header
                if field not in ("length", "version", "type")
            }
            frame = LAYERS[name].wrap(frame, fields)
        if chance.random() < 0.4:
            changed = bytearray(frame)
            changed[chance.randrange(min(len(frame), 16))] ^= 1 << chance.randrange(8)
            frame = bytes(changed)[: chance.choice((len(frame), chance.randrange(len(frame) + 1)))]
        found.append(frame)
    return found


@pytest.mark.parametrize("layers", STACKS, ids="/".join)
@pytest.mark.parametrize("seed", [1, 2])
def test_as_one_by_one(layers: tuple[str, ...], seed: int) -> None:
    some = frames(layers, random.Random(seed))
    packets = below(FrameColumns(some), np.arange(len(some)), layers, [Match()])
    sound = packets.sound(np.arange(len(packets.rows)))
    place_of = {row: place for place, row in enumerate(packets.rows.tolist())}
    peeled = 0
    for row, frame in enumerate(some):
        try:
            inside = Peeler(frame).inside(layers)
        except DecodeError:
            assert row not in place_of
            continue
        peeled += 1
        place = place_of[row]
        assert (packets.start[place], packets.end[place]) == (inside.start, inside.end)
        assert sound[place] == (inside.error is None)
        assert packets.data(place) == frame[inside.start : inside.end]
        last = {header.layer: header.fields for header in inside.headers}
        for name, fields in last.items():
            for field, value in fields.items():
                if value is not None:
                    assert packets.equal(name, field, value)[place]
                    assert not packets.equal(name, field, "nothing has this")[place]
    assert peeled > 20


def test_only_what_may_match_is_peeled() -> None:
    wrap = LAYERS["tm-frame-fecf"].wrap
    some = [wrap(b"1", {"spacecraft_id": number}) for number in (3, 4, 3)]
    wanted = [Match(fields={"tm-frame-fecf.spacecraft_id": 3})]
    packets = below(FrameColumns(some), np.arange(3), ("tm-frame-fecf",), wanted)
    assert packets.rows.tolist() == [0, 2]
