"""Reed-Solomon with erasures, and the soft decisions that choose them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from decoders.coding.erasing import decode_soft, noise_odds
from decoders.coding.reed_solomon import ReedSolomon, ccsds, plain
from decoders.frame import Frame
from decoders.framing.registry import bit_deframer
from decoders.symbols import Symbols, from_packed
from tests.decoders.coded_frames import STREAMS, load, stream_of

CODES: dict[str, tuple[ReedSolomon, int]] = {
    "whole": (ccsds(dual=False), 255),
    "shortened, dual basis": (ccsds(dual=True), 90),
    "16 of parity": (plain(16, 1), 64),
    "odd parity": (plain(7, 0), 40),
}


def damaged(
    code: ReedSolomon, length: int, errors: int, erasures: int, seed: int
) -> tuple[bytes, bytes, list[int], int]:
    """Data, the word with so many wrong bytes and erasures, these, and how many bytes are wrong.

    Every third erased byte is right.
    """
    rng = np.random.default_rng([seed, errors, erasures])
    data = rng.bytes(length - code.parity)
    word = bytearray(code.encode(data))
    places = rng.permutation(length)[: errors + erasures].tolist()
    wrong = places[:errors] + [each for n, each in enumerate(places[errors:]) if n % 3]
    for each in wrong:
        word[each] ^= int(rng.integers(1, 256))
    return data, bytes(word), places[errors:], len(wrong)


@pytest.mark.parametrize("name", CODES)
def test_an_erasure_costs_half_of_an_error(name: str) -> None:
    code, length = CODES[name]
    for erasures in range(code.parity + 1):
        errors = (code.parity - erasures) // 2
        data, word, erased, wrong = damaged(code, length, errors, erasures, 1)
        assert code.decode(word, erased) == (data, wrong)
        assert code.decode(word, erased, errors) == (data, wrong)
        if errors:
            assert code.decode(word, erased, errors - 1) is None


@pytest.mark.parametrize("name", CODES)
def test_one_error_more_never_gives_the_right_data(name: str) -> None:
    """Nor another one that is further from what came than the code reaches."""
    code, length = CODES[name]
    for erasures in range(code.parity + 1):
        errors = (code.parity - erasures) // 2 + 1
        data, word, erased, _ = damaged(code, length, errors, erasures, 2)
        found = code.decode(word, erased)
        if found is not None:
            assert found.data != data
            other = code.encode(found.data)
            changed = {n for n, (a, b) in enumerate(zip(word, other, strict=True)) if a != b}
            assert 2 * len(changed - set(erased)) + erasures <= code.parity


def test_more_erasures_than_parity_give_nothing_and_places_outside_are_refused() -> None:
    code, length = CODES["16 of parity"]
    _, word, _, _ = damaged(code, length, 1, 0, 3)
    assert code.decode(word, list(range(17))) is None
    for place in (-1, 64):
        with pytest.raises(ValueError, match=r"an erasure is not 0\.\.63"):
            code.decode(word, [place])


def test_a_real_codeword_comes_back_from_what_its_parity_can_carry() -> None:
    """A frame of GOMX-3 with wrong bytes, of which so many more are lost that it just bears it."""
    item = next(item for item in load("link", "gomx_3")["frames"] if item["decoded_hex"])
    coded = bytearray.fromhex(item["coded_hex"])
    word = coded[1 : coded[0]]
    code = ccsds(dual=False)
    as_heard = code.decode(bytes(word))
    assert as_heard is not None
    assert 0 < as_heard.errors < 12
    lost = list(range(3, 3 + 2 * (32 - 2 * as_heard.errors), 2))
    for each in lost:
        word[each] = 0
    found = code.decode(bytes(word), lost)
    assert found is not None
    assert found.data.hex() == item["decoded_hex"]


def test_how_often_noise_is_decoded_is_as_was_said() -> None:
    rng = np.random.default_rng(4)
    code, tries = plain(3, 1), 3000
    passed = sum(code.decode(rng.bytes(20), [5]) is not None for _ in range(tries))
    expected = tries * noise_odds(20, 3, 1, 1)
    assert noise_odds(20, 3, 1, 1) == pytest.approx((1 + 19 * 255) / 256**2)
    assert abs(passed - expected) < 4 * np.sqrt(expected)


def test_noise_is_decoded_as_rarely_as_if_there_were_no_erasures() -> None:
    rng = np.random.default_rng(5)
    for code, length in ((ccsds(dual=False), 255), (plain(16, 1), 48)):
        for _ in range(60):
            sure = rng.integers(0, 128, length).astype(np.int16)
            assert decode_soft(code, rng.bytes(length), sure) is None


def test_a_short_code_and_bytes_as_sure_as_each_other_get_no_erasures() -> None:
    for code, length, sure in (
        (plain(8, 0), 40, np.arange(40, dtype=np.int16)),
        (ccsds(dual=False), 255, np.full(255, 1, np.int16)),
    ):
        _, word, _, _ = damaged(code, length, code.parity // 2 + 1, 0, 6)
        assert decode_soft(code, word, sure) is None


#: Stream -> where its first codeword begins after the sync word, in symbols; symbols to turn, in
#: different bytes. The line code of some spreads each.
TURNED = {
    "ax100_asm_innosat_2": (24, 20),
    "ax100_rs_gomx_3_0": (8, 17),
    "astrocast_fx25": (0, 20),
    "ccsds_rs_astrocast_9k6": (0, 100),
    "cc1101_pn9_sat_3cat_1": (0, 20),
    "tt64_at03": (0, 10),
    "u482c_gomx_1": (24, 20),
}


def with_weak_errors(symbols: Symbols, first: int, count: int) -> Symbols:
    """Soft symbols of which ``count`` from ``first`` on are wrong, one in a byte, and unsure."""
    soft = (symbols * 90).astype(np.int8)
    for at in range(count):
        place = first + 8 * at + at % 8
        soft[place] = -5 * symbols[place]
    return soft


def first_frame(framing: str, options: dict[str, Any], symbols: Symbols) -> Frame | None:
    machine = bit_deframer(framing, options)
    found = machine.feed(symbols) + machine.flush()
    return next((each for each in found if isinstance(each, Frame)), None)


@pytest.mark.parametrize("name", TURNED)
def test_bytes_that_were_not_sure_are_erased(name: str) -> None:
    framing, options = STREAMS[name]
    symbols, wanted = stream_of(name)
    frame = first_frame(framing, options, symbols)
    assert frame is not None
    begin, count = TURNED[name]
    sync: Any = getattr(bit_deframer(framing, options), "patterns")[0].sync  # noqa: B009
    soft = with_weak_errors(symbols, (frame.bit_index or 0) + sync.block_at + begin, count)
    found = first_frame(framing, options, soft)
    assert found is not None
    assert found.data.hex() == wanted[0]["decoded_hex"]
    assert found.corrected["rs"] >= frame.corrected["rs"] + count
    hard = first_frame(framing, options, np.sign(soft))
    assert hard is None or hard.bit_index != frame.bit_index


@pytest.mark.parametrize(
    ("framing", "sync", "begin"), [("il2p", "F15E48", 15), ("ngham", "5DE62A7E", 3)]
)
def test_so_are_those_of_frames_that_other_programs_made(
    framing: str, sync: str, begin: int
) -> None:
    name = {"il2p": "il2p", "ngham": "ngham_pyngham"}[framing]
    item = load("link", name)["frames"][-1]
    symbols = from_packed(bytes.fromhex(sync + item["coded_hex"]))
    count = {"il2p": 9, "ngham": 20}[framing]
    soft = with_weak_errors(symbols, 4 * len(sync) + 8 * begin, count)
    found = first_frame(framing, {}, soft)
    assert found is not None
    assert found.data.hex() == item["decoded_hex"]
    assert first_frame(framing, {}, np.sign(soft)) is None


def test_fx25_erases_too() -> None:
    item = next(f for f in load("link", "fx25")["frames"] if "nrzi_line_bits_hex" in f)
    symbols = from_packed(bytes.fromhex(item["nrzi_line_bits_hex"]))[: item["nbits"]]
    frame = first_frame("fx25", {}, symbols)
    assert frame is not None
    assert frame.bit_index is not None
    soft = with_weak_errors(symbols, frame.bit_index + 8, 10)
    found = first_frame("fx25", {}, soft)
    assert found is not None
    assert found.data == frame.data
    assert first_frame("fx25", {}, np.sign(soft)) is None
