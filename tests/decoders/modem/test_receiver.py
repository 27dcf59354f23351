"""Frames through modulators and noise, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decoders.frame import Frame
from decoders.framing.hdlc_encode import ax25_symbols
from decoders.framing.registry import bit_deframer
from decoders.layers.ax25 import wrap
from decoders.modem import AudioReceiver, Mode, SharedReceiver
from decoders.modem.arrays import Real
from decoders.modem.front import Front, every, single
from decoders.modem.modulate import afsk_audio, bpsk_audio, fsk_audio

RATE = 48000
FRAME = wrap(bytes(range(64)), {"source": "EX1SAT"})
MODES = {
    "gmsk 9600": Mode("fsk", 9600, 2400),
    "fsk 4800": Mode("fsk", 4800, 2400),
    "fsk 1200, deviation not known": Mode("fsk", 1200),
    "afsk 1200": Mode("afsk", 1200, -500, 1700),
    "bpsk 1200": Mode("bpsk", 1200, None, 1500),
    "bpsk 9600": Mode("bpsk", 9600, None, 12000),
}


def framing(mode: Mode) -> str:
    return "hdlc" if mode.modulation == "afsk" else "hdlc-g3ruh"


def sound(mode: Mode, frame: bytes = FRAME, noise: float = 0.03) -> Real:
    """A burst between silence, and the noise of a strong signal."""
    bits = ax25_symbols(frame, 40, 4, scrambled=framing(mode) == "hdlc-g3ruh")
    if mode.modulation == "fsk":
        sender = Mode("fsk", mode.baud, mode.deviation_hz or mode.baud / 3)
        burst = fsk_audio(bits, sender, RATE, 8000)
    else:
        make = afsk_audio if mode.modulation == "afsk" else bpsk_audio
        burst = make(bits, mode, RATE) / 2
    whole = np.concatenate([np.zeros(RATE // 10), burst, np.zeros(RATE // 10)])
    whole += noise * np.random.default_rng(1).standard_normal(len(whole))
    return whole.astype(np.float32)


def heard(mode: Mode, samples: Real, cuts: list[int]) -> list[tuple[bytes, int]]:
    receiver = AudioReceiver(mode, framing(mode), rate_hz=RATE)
    found = []
    for piece in np.split(samples, sorted(cuts)):
        found += receiver.feed(piece)
    return [(each.item.data, each.sample) for each in found + receiver.finish()]


@pytest.mark.parametrize("name", MODES)
def test_a_frame_comes_through_once_and_its_time_is_right(name: str) -> None:
    mode = MODES[name]
    ((data, sample),) = heard(mode, sound(mode), [])
    assert data == FRAME
    first = RATE // 10 + 40 * 8 * RATE / mode.baud
    assert abs(sample - first) < 1.5 * RATE / mode.baud


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(0, 30000), max_size=12))
def test_the_cut_into_blocks_does_not_matter(cuts: list[int]) -> None:
    mode = MODES["gmsk 9600"]
    samples = sound(mode)
    assert heard(mode, samples, cuts) == heard(mode, samples, []) != []


def test_several_framings_of_one_mode_share_a_demodulation() -> None:
    """Each frame is given with the framing that it is of, as that framing alone gives it."""
    mode = MODES["fsk 4800"]
    bits = ax25_symbols(FRAME, 40, 4, scrambled=False)
    samples = np.concatenate([sound(mode), fsk_audio(bits, mode, RATE, 8000)])
    framings = [("ax100-golay", {}), ("hdlc-g3ruh", {}), ("hdlc", {})]
    for hasty in (False, True):
        receiver = SharedReceiver(mode, framings, rate_hz=RATE, hasty=hasty)
        found = receiver.feed(samples) + receiver.finish()
        frames = [(place, each.item.data) for place, each in found if isinstance(each.item, Frame)]
        assert frames == [(1, FRAME), (2, FRAME)]


@pytest.mark.parametrize("name", MODES)
def test_one_detector_alone_gives_what_it_gives_among_all(name: str) -> None:
    mode = MODES[name]
    samples = sound(mode)
    alone = Front(mode, RATE, False, None, None, single)
    among = Front(mode, RATE, False, None, None, every)
    place = among.names.index(alone.names[0])
    for window in alone.windows.feed(samples):
        symbols = alone.pieces(window)[0].symbols
        assert symbols.tolist() == among.pieces(window)[place].symbols.tolist()


def test_an_empty_carrier_is_no_frame() -> None:
    """All symbols alike are a codeword of Reed-Solomon: behind a sync word they are no frame."""
    word = np.unpackbits(np.frombuffer(bytes.fromhex("AAAAAAAAAAAA1ACFFC1D"), np.uint8))
    noise = np.random.default_rng(5).integers(0, 2, 600, np.uint8)
    mode = MODES["gmsk 9600"]
    bits = np.concatenate([noise, word, np.zeros(8 * 255, np.uint8), noise])
    samples = fsk_audio(bits, mode, RATE, 8000)
    options = {"basis": "dual"}
    deframer = bit_deframer("ccsds-rs", options)
    assert [type(each) for each in deframer.feed(np.packbits(bits).tobytes())] == [Frame]
    receiver = AudioReceiver(mode, "ccsds-rs", options, rate_hz=RATE)
    found = receiver.feed(samples) + receiver.finish()
    assert not [each for each in found if isinstance(each.item, Frame)]


@pytest.mark.parametrize("tilt", [-1, 1])
def test_emphasis_of_a_receiver_is_undone(tilt: int) -> None:
    """Bell 202 at an Eb/N0 of 9 dB, 6 dB an octave down or up: too weak for a flat detector."""
    mode = MODES["afsk 1200"]
    samples = sound(mode, noise=np.sqrt(RATE / 2 / mode.baud / 10**0.9 / 8))
    f = np.maximum(np.fft.rfftfreq(len(samples), 1 / RATE), 50)
    shaped = np.fft.irfft(np.fft.rfft(samples) * (f / 1700.0) ** tilt, len(samples))
    assert FRAME in [data for data, _ in heard(mode, (shaped / 8).astype(np.float32), [])]
