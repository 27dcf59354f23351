"""EQUiSat's frames: against a transmission of its radio, its own frames, and through the modem."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

from decoders.frame import BadFrame, Frame
from decoders.framing.equisat import equisat, in_order, own_bits, transmission
from decoders.modem import AudioReceiver, Mode
from decoders.modem.arrays import Complex
from decoders.modem.modulate import discriminated, fsk_iq
from decoders.symbols import Bits, from_bits, to_bytes
from groundstation.catalog import SatelliteCatalog
from tests.decoders.coded_frames import DATA

RATE = 48000
MODE = Mode("4fsk", 4800, 2400)
SYNC = "102020313102133021123012"


def bits_of(symbols: str) -> Bits:
    """Two bits of each symbol, the higher one first."""
    return np.array([[int(each) >> 1, int(each) & 1] for each in symbols], np.uint8).ravel()


@cache
def frames() -> list[bytes]:
    found = json.loads((DATA / "frames" / "equisat.json").read_text())["frames"]
    return [bytes.fromhex(each["hex"]) for each in found]


def sent(frame: bytes, turned: bool = False) -> Bits:
    """As the radio sends it; ``turned``: the receiver turns the sense of the frequency."""
    own = np.random.default_rng(2).integers(0, 2, own_bits(frame)).astype(np.uint8)
    bits = transmission(frame, own)
    if turned:
        bits[::2] ^= 1
    return bits


def test_a_transmission_of_the_radio() -> None:
    """One symbol of 1600 was received wrongly there, which turns one bit."""
    lines = (DATA / "bits" / "xdl_micro_text.txt").read_text().splitlines()
    sync, *blocks = [line for line in lines if not line.startswith("#")]
    assert sync == SYNC
    content = to_bytes(in_order(from_bits(bits_of("".join(blocks)))))
    assert content[3:5] == (350).to_bytes(2)
    sent = transmission(b"EQUiSat" * 50, np.zeros(20 * 16, np.uint8))[416:]
    again = to_bytes(in_order(from_bits(sent)))
    assert again[:355] == content[:5] + b"EQUiSat" * 50
    text = content[5:355]
    wrong = int.from_bytes(text) ^ int.from_bytes(b"EQUiSat" * 50)
    assert wrong.bit_count() == 1


@pytest.mark.parametrize("turned", [False, True])
def test_real_frames_are_given_with_their_parity(turned: bool) -> None:
    """Their parity, made by the satellite, is that of the code."""
    for frame in frames()[:3]:
        (found,) = equisat().feed(from_bits(sent(frame, turned)))
        assert isinstance(found, Frame)
        assert (found.data, found.corrected) == (frame, {"rs": 0})


def test_errors_are_corrected_and_counted() -> None:
    """Sixteen wrong bytes of the codeword, and a bit of the callsign before it."""
    frame = frames()[0]
    for errors, good in ((16, True), (17, False)):
        damaged = bytearray(frame)
        damaged[0] ^= 0x40
        for place in range(errors):
            damaged[10 + 13 * place] ^= 0xFF
        (found,) = equisat().feed(from_bits(sent(bytes(damaged))))
        if good:
            assert isinstance(found, Frame) and found.data == frame
            assert found.corrected == {"rs": errors, "callsign": 1}
        else:
            assert isinstance(found, BadFrame)
            assert found.reason == "more errors than Reed-Solomon can correct"


def test_more_are_where_they_were_not_sure() -> None:
    frame = frames()[0]
    damaged = bytearray(frame)
    for place in range(20):
        damaged[10 + 12 * place] ^= 0x55
    right, wrong = from_bits(sent(frame)), from_bits(sent(bytes(damaged)))
    (found,) = equisat().feed(np.where(right == wrong, 90 * right, 5 * wrong).astype(np.int8))
    assert (found.data, found.corrected) == (frame, {"rs": 20})


def burst(frame: bytes, eb_n0_db: float, turned: bool = False) -> Complex:
    """IQ between noise of the same strength."""
    z = fsk_iq(sent(frame, turned), MODE, RATE, bt=1.0)
    z = np.concatenate([np.zeros(RATE // 10), z, np.zeros(RATE // 10)])
    noise = np.sqrt(RATE / MODE.bit_rate / 2) * 10 ** (-eb_n0_db / 20)
    random = np.random.default_rng(5).standard_normal((2, len(z)))
    found: Complex = (z + noise * (random[0] + 1j * random[1])).astype(np.complex64)
    return found


@pytest.mark.parametrize("iq", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_frames_come_through_the_modem(iq: bool, turned: bool) -> None:
    """At 16 dB each comes once, as it was, from IQ and from the audio of an FM receiver."""
    frame = frames()[1]
    samples = burst(frame, 16, turned)
    receiver = AudioReceiver(MODE, "equisat", rate_hz=RATE, iq=iq)
    taken = samples if iq else discriminated(samples, RATE, 8000)
    found = receiver.feed(taken) + receiver.finish()
    assert [each.item.data for each in found if isinstance(each.item, Frame)] == [frame]
    first = RATE / 10 + 184 * RATE / MODE.baud
    assert abs(found[0].sample - first) < RATE / MODE.baud


def test_the_definition_says_how_it_sends() -> None:
    (link,) = SatelliteCatalog().satellites["equisat"].downlinks
    assert (link.baud, link.deviation_hz, link.framing) == (4800, 2400, "equisat")
