"""Frames in noise near the limit, and behind receivers and transmitters that are not in order.

The limit of a receiver that knows everything is 6.8 dB for half of these frames.
"""

from __future__ import annotations

import numpy as np
import pytest

from decoders.framing.hdlc_encode import ax25_symbols
from decoders.layers.ax25 import wrap
from decoders.modem import AudioReceiver, Mode
from decoders.modem.arrays import Complex, Real
from decoders.modem.front import Front, every
from decoders.modem.modulate import discriminated, fsk_iq
from decoders.modem.spectrum import Spectrum, low_pass, quick_length

RADIO, AUDIO, SCALE = 192000, 48000, 29630.0
GMSK = Mode("fsk", 9600, 2400)
COUNT = 16


def sent_with(
    eb_n0_db: float, baud: float = 9600, index: float = 0.5, seed: int = 20
) -> tuple[Complex, set[bytes]]:
    """The radio signal with ``COUNT`` bursts in white noise, and their frames."""
    rng = np.random.default_rng(seed)
    parts, sent = [], set()
    for number in range(COUNT):
        frame = wrap(rng.bytes(64), {"destination": "CQ", "source": f"SIM{number:03d}"})
        bits = ax25_symbols(frame, 40, 4, scrambled=True)
        burst = fsk_iq(bits, Mode("fsk", baud, index * baud / 2), RADIO)
        turn = 2j * np.pi * rng.normal(0, 300) / RADIO
        parts += [np.zeros(RADIO // 8), burst * np.exp(turn * np.arange(len(burst)))]
        sent.add(frame)
    z = np.concatenate([*parts, np.zeros(RADIO // 16)])
    whole = RADIO // AUDIO * quick_length(-(-len(z) // (RADIO // AUDIO)))
    z = np.concatenate([z, np.zeros(whole - len(z))])
    sigma = np.sqrt(RADIO / baud / 10 ** (eb_n0_db / 10) / 2)
    return z + sigma * (rng.standard_normal(len(z)) + 1j * rng.standard_normal(len(z))), sent


def received(
    eb_n0_db: float,
    filter_hz: float = 14400,
    baud: float = 9600,
    index: float = 0.5,
    seed: int = 20,
) -> tuple[Real, set[bytes]]:
    """The audio of an FM receiver that hears it."""
    z, sent = sent_with(eb_n0_db, baud, index, seed)
    response = low_pass(0.5, 2500 / filter_hz)
    narrow, _ = Spectrum(z, RADIO).around(0.0, response, filter_hz, RADIO)
    sound = Spectrum(discriminated(narrow, RADIO, SCALE), RADIO)
    audio, rate_hz = sound.real(low_pass(22000.0, 4000.0), 1.0, AUDIO)
    assert rate_hz == AUDIO
    return np.clip(audio, -1, 1), sent


def clean(audio: Real, scale: float | None = SCALE, mode: Mode = GMSK) -> set[bytes]:
    """The frames that need no repair."""
    receiver = AudioReceiver(mode, "hdlc-g3ruh", rate_hz=AUDIO, scale=scale, repair=False)
    return {each.item.data for each in receiver.feed(audio) + receiver.finish()}


def test_most_frames_come_through_just_above_the_limit() -> None:
    audio, sent = received(8.5)
    assert len(clean(audio) & sent) >= 10


@pytest.mark.parametrize("factor", [0.99, 1.008])
def test_a_baud_rate_that_is_off_is_found(factor: float) -> None:
    audio, sent = received(9, baud=9600 * factor)
    assert len(clean(audio) & sent) >= 10


@pytest.mark.parametrize("filter_hz", [9600, 30000])
def test_a_receiver_s_filter_may_be_too_narrow_or_too_wide(filter_hz: float) -> None:
    audio, sent = received(11, filter_hz)
    assert len(clean(audio) & sent) >= 10


def test_the_level_is_learned_as_well_as_if_it_were_known() -> None:
    audio, sent = received(9)
    assert len(clean(audio, scale=None) & sent) >= len(clean(audio) & sent) - 1


def test_the_level_is_learned_again_when_somebody_turns_the_volume_down() -> None:
    audio, sent = received(9)
    before = 2 * AUDIO
    receiver = AudioReceiver(GMSK, "hdlc-g3ruh", rate_hz=AUDIO, repair=False)
    heard = receiver.feed(np.concatenate([audio[:before], np.float32(0.3) * audio]))
    later = {each.item.data for each in heard + receiver.finish() if each.sample >= before}
    assert len(later & sent) >= 10


def test_an_ac_coupling_is_found_and_undone() -> None:
    audio, sent = received(9)
    frequency = np.fft.rfftfreq(len(audio), 1 / AUDIO)
    coupled = np.fft.irfft(np.fft.rfft(audio) * (1j * frequency / (1j * frequency + 20)))
    assert len(clean(coupled.astype(np.float32)) & sent) >= len(clean(audio) & sent) - 2


UNKNOWN = Mode("fsk", 9600)


@pytest.mark.parametrize("index", [0.5, 0.58, 0.66, 0.8, 1.3])
def test_a_deviation_that_nobody_says_is_measured(index: float) -> None:
    """The usual indexes alone hear few frames of the others."""
    audio, sent = received(9.0, 16000 if index < 0.9 else 22000, index=index)
    known = clean(audio, mode=Mode("fsk", 9600, index * 4800)) & sent
    assert len(known) > COUNT * 0.7
    assert len(clean(audio, mode=UNKNOWN) & sent) >= len(known) - 3


@pytest.mark.parametrize("index", [0.5, 0.8])
def test_a_deviation_is_measured_in_iq_too(index: float) -> None:
    z, sent = sent_with(9.0, index=index)
    receiver = AudioReceiver(UNKNOWN, "hdlc-g3ruh", rate_hz=RADIO, iq=True, repair=False)
    found = receiver.feed(z.astype(np.complex64)) + receiver.finish()
    assert len({each.item.data for each in found} & sent) > COUNT * 0.7


def test_one_phase_detector_is_enough_once_the_deviation_is_known() -> None:
    audio, _ = received(12.0, 16000, index=0.8)
    front = Front(UNKNOWN, AUDIO, False, SCALE, None, every)
    used = []
    for window in front.windows.feed(audio):
        found = front.pieces(window)[-3:]
        used.append(tuple(len(piece.symbols) > 0 for piece in found))
    assert used[0] == (True, True, True)
    assert used[3:].count((True, False, False)) >= len(used[3:]) - 1  # the last one may be noise
    assert not any(more for _, *rest in used[3:] for more in rest)


def test_another_satellite_with_another_deviation_is_heard_too() -> None:
    first, sent = received(12.0, 16000, index=0.5)
    second, more = received(12.0, 16000, index=0.8, seed=21)
    assert (
        len(clean(np.concatenate([first, second]), mode=UNKNOWN) & (sent | more)) > 2 * COUNT * 0.8
    )
