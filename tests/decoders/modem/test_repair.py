"""Frames whose check fails by a few unsure symbols."""

from __future__ import annotations

import numpy as np

from decoders.framing.hdlc_encode import ax25_symbols
from decoders.framing.registry import bit_deframer
from decoders.layers.ax25 import wrap
from decoders.modem.repair import Mender
from decoders.symbols import Symbols, from_bits

FRAME = wrap(bytes(range(64)), {"source": "EX1SAT"})


def symbols(wrong: list[int], frame: bytes = FRAME) -> Symbols:
    """Sure symbols but for the ``wrong`` ones, which are turned and unsure."""
    sent = from_bits(ax25_symbols(frame, 8, 2, scrambled=True)) * np.int8(90)
    for place in wrong:
        sent[place] = -sent[place] // 10
    return sent.astype(np.int8)


def mended(stream: Symbols, *, in_pairs: bool = True) -> list[tuple[bytes, int]]:
    found = Mender("hdlc-g3ruh", in_pairs).feed(stream)
    return [(each.data, each.turned) for each in found]


def test_one_wrong_symbol_a_pair_and_two_pairs_are_found() -> None:
    assert mended(symbols([300])) == [(FRAME, 1)]
    assert mended(symbols([300, 301])) == [(FRAME, 2)]
    assert mended(symbols([300, 301, 520, 521])) == [(FRAME, 4)]


def test_single_errors_are_found_three_at_a_time_where_they_come_alone() -> None:
    assert mended(symbols([300, 350, 520]), in_pairs=False) == [(FRAME, 3)]


def test_a_clean_frame_is_left_to_the_deframer() -> None:
    clean = symbols([])
    assert mended(clean) == []
    assert [each.data for each in bit_deframer("hdlc-g3ruh").feed(clean)] == [FRAME]


def test_what_is_no_ax25_is_not_mended() -> None:
    assert mended(symbols([300], frame=bytes(range(1, 90)))) == []


def test_too_many_errors_give_nothing_rather_than_something() -> None:
    assert mended(symbols(list(range(200, 700, 40)))) == []
