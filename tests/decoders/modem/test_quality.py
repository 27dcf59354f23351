"""How well a frame was heard, against signals of which it is known."""

from __future__ import annotations

import numpy as np
import pytest

from decoders.framing.hdlc_encode import ax25_symbols
from decoders.layers.ax25 import wrap
from decoders.modem import AudioReceiver, Mode, Quality
from decoders.modem.arrays import Complex, Real
from decoders.modem.modulate import (
    afsk_audio,
    bpsk_audio,
    bpsk_iq,
    discriminated,
    frequency_modulated,
    fsk_iq,
)

RATE, SCALE = 48000, 24000.0
FRAME = wrap(bytes(range(64)), {"source": "EX1SAT"})
GMSK = Mode("fsk", 9600, 2400)
AFSK = Mode("afsk", 1200, -500, 1700)
BPSK = Mode("bpsk", 1200, None, 1500)
OFFSET_HZ = 180.0


def burst(mode: Mode) -> Real:
    return ax25_symbols(FRAME, 40, 4, scrambled=mode.modulation != "afsk")


def disturbed(z: Complex, baud: float, eb_n0_db: float, offset_hz: float = OFFSET_HZ) -> Complex:
    """Twice, in silence, beside its frequency, in white noise. ``z``: power 1, a bit a symbol."""
    whole = np.tile(np.concatenate([np.zeros(RATE // 5), z, np.zeros(RATE // 5)]), 2)
    whole = whole * np.exp(2j * np.pi * offset_hz / RATE * np.arange(len(whole)))
    parts = np.random.default_rng(7).standard_normal((2, len(whole)))
    power = RATE / baud / 10 ** (eb_n0_db / 10)
    found: Complex = (whole + np.sqrt(power / 2) * (parts[0] + 1j * parts[1])).astype(np.complex64)
    return found


def received(z: Complex, width_hz: float) -> Real:
    """The audio of an FM receiver."""
    bins = np.fft.fft(z)
    bins[np.abs(np.fft.fftfreq(len(z), 1 / RATE)) > width_hz / 2] = 0
    return discriminated(np.fft.ifft(bins).astype(np.complex64), RATE, SCALE)


def heard(mode: Mode, samples: Real | Complex, **options: object) -> Quality:
    receiver = AudioReceiver(
        mode, "hdlc" if mode.modulation == "afsk" else "hdlc-g3ruh", rate_hz=RATE, **options
    )  # type: ignore[arg-type]
    found = receiver.feed(samples) + receiver.finish()
    return next(each.quality for each in found if each.item.data == FRAME)


@pytest.mark.parametrize("eb_n0_db", [8, 10, 14])
def test_what_is_known_of_a_signal_is_measured(eb_n0_db: float) -> None:
    fsk = disturbed(fsk_iq(burst(GMSK), GMSK, RATE), 9600, eb_n0_db)
    audio = received(fsk, 16_000)
    psk = disturbed(bpsk_iq(burst(BPSK), BPSK, RATE), 1200, eb_n0_db)
    tones = np.sqrt(2) * afsk_audio(burst(AFSK), AFSK, RATE)
    noisy = disturbed(tones.astype(np.complex64), 1200, eb_n0_db, 0.0).real
    ways = {
        "GMSK in IQ": heard(GMSK, fsk, iq=True),
        "GMSK in audio": heard(GMSK, audio, scale=SCALE),
        "BPSK in IQ": heard(BPSK, psk, iq=True),
        "AFSK": heard(AFSK, (noisy / 8).astype(np.float32)),
    }
    for name, quality in ways.items():
        assert quality.eb_n0_db == pytest.approx(eb_n0_db, abs=1.5), name
    for name in ("GMSK in IQ", "GMSK in audio", "BPSK in IQ"):
        assert ways[name].offset_hz == pytest.approx(OFFSET_HZ, abs=30), name
    assert ways["AFSK"].offset_hz is None


def test_audio_of_any_level() -> None:
    """Nobody knows what a unit of it stands for: no offset, but Eb/N0."""
    audio = received(disturbed(fsk_iq(burst(GMSK), GMSK, RATE), 9600, 14), 16_000)
    quality = heard(GMSK, audio / 3)
    assert quality.eb_n0_db == pytest.approx(14, abs=1.5)
    assert quality.offset_hz is None


def test_the_offset_of_bpsk_in_audio_is_that_from_its_usual_place() -> None:
    samples = bpsk_audio(burst(BPSK), BPSK, RATE, -65.0)
    assert heard(BPSK, samples / 2).offset_hz == pytest.approx(-65, abs=5)


def test_a_known_high_pass_takes_the_offset_away() -> None:
    audio = received(disturbed(fsk_iq(burst(GMSK), GMSK, RATE), 9600, 14), 16_000)
    assert heard(GMSK, audio, scale=SCALE, highpass_hz=10.0).offset_hz is None


def test_afsk_in_iq_goes_through_a_receiver_of_its_own() -> None:
    """An FM transmitter of 3 kHz, beside its frequency; the carrier is 20 dB over the noise."""
    tones = afsk_audio(burst(AFSK), AFSK, RATE)
    z = disturbed(frequency_modulated(3000 * tones, RATE), 12_000, 20, 1200.0)
    quality = heard(AFSK, z, iq=True)
    assert quality.offset_hz == pytest.approx(1200, abs=30)
    assert quality.eb_n0_db is not None and quality.eb_n0_db > 15


def test_fsk_in_iq_at_the_rate_of_a_narrowed_rtl_sdr() -> None:
    """Of any deviation: it is not told; and of a rate that is no multiple of the baud rate."""
    mode = Mode("fsk", 4800)
    z = disturbed(fsk_iq(burst(mode), Mode("fsk", 4800, 1600), RATE), 4800, 14, -700.0)
    quality = heard(mode, z, iq=True)
    assert quality.offset_hz == pytest.approx(-700, abs=30)
