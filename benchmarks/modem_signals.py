"""Seeded signals of satellites as a receiver hears them: bursts with frames in noise, of AX.25 but
for 4-FSK, which are EQUiSat's.

Radio noise is white, goes through the receiver's filter with the signal, then through an FM
discriminator; Eb/N0 is that of the radio signal. Audio signals (``bpsk``, ``afsk``) get white noise
in the audio.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from decoders.coding.reed_solomon import plain
from decoders.framing.equisat import own_bits, transmission
from decoders.framing.hdlc_encode import ax25_symbols
from decoders.layers.ax25 import wrap
from decoders.modem import Mode
from decoders.modem.arrays import Complex, Real
from decoders.modem.modulate import afsk_audio, bpsk_audio, discriminated, fsk_iq
from decoders.modem.spectrum import Spectrum, low_pass, quick_length

AUDIO_HZ, RADIO_HZ = 48000, 192000
#: Bytes of the frames with their check sequence: 16 of header, 64 of data, 2.
DATA = 64
#: Hz of deviation of full-scale audio.
SCALE = AUDIO_HZ / 2 / 0.81


@dataclass(frozen=True)
class Signal:
    """``if_hz``: width of the receiver's filter, 0: the noise is that of the audio."""

    name: str
    mode: Mode
    scrambled: bool
    seed: int
    if_hz: float = 0.0
    offset_hz: float = 0.0
    #: AFSK through an FM transmitter with this deviation: then Eb/N0 is the CNR in 12 kHz.
    fm_hz: float = 0.0

    @property
    def framing(self) -> str:
        if self.mode.modulation == "4fsk":
            return "equisat"
        return "hdlc-g3ruh" if self.scrambled else "hdlc"


SIGNALS = (
    Signal("9k6 GMSK", Mode("fsk", 9600, 2400), True, 1, 14400, 300),
    Signal("9k6 FSK h=0.625", Mode("fsk", 9600, 3000), True, 2, 16000, 300),
    Signal("4k8 GMSK", Mode("fsk", 4800, 1200), True, 3, 7200, 150),
    Signal("4k8 4-FSK", Mode("4fsk", 4800, 2400), False, 8, 14400, 150),
    Signal("AFSK 1200", Mode("afsk", 1200, -500, 1700), False, 6),
    Signal("AFSK 1200 through FM", Mode("afsk", 1200, -500, 1700), False, 7, 15000, 0, 3000),
    Signal("BPSK 1200", Mode("bpsk", 1200, None, 1500), True, 4, 0, 20),
    Signal("BPSK 9600", Mode("bpsk", 9600, None, 12000), True, 5, 0, 100),
)


def frame(signal: Signal, number: int, rng: np.random.Generator) -> bytes:
    if signal.mode.modulation == "4fsk":
        return b"WL9XZE" + plain(32, first_root=1).encode(rng.bytes(217))
    return wrap(rng.bytes(DATA), {"destination": "CQ", "source": f"SIM{number % 1000:03d}"})


def burst_bits(signal: Signal, content: bytes, rng: np.random.Generator) -> Real:
    if signal.mode.modulation == "4fsk":
        return transmission(content, rng.integers(0, 2, own_bits(content)).astype(np.uint8))
    before = 40 if signal.mode.baud > 2000 else 20
    return ax25_symbols(content, before, 4, scrambled=signal.scrambled)


def noise(size: int, power: float, rng: np.random.Generator) -> Complex:
    parts = rng.standard_normal((2, size), np.float32)
    return np.sqrt(power / 2) * (parts[0] + 1j * parts[1])


def silence_s(signal: Signal, rng: np.random.Generator) -> float:
    return (0.12 if signal.if_hz and not signal.fm_hz else 0.36) + 0.02 * rng.random()


def radio_burst(signal: Signal, content: bytes, rng: np.random.Generator) -> Complex:
    """A burst without noise at RADIO_HZ, after silence; the carrier is off at random."""
    bits = burst_bits(signal, content, rng)
    gap = np.zeros(int(silence_s(signal, rng) * RADIO_HZ), np.complex64)
    if signal.fm_hz:
        audio = afsk_audio(bits, signal.mode, RADIO_HZ)
        z = np.exp(2j * np.pi * signal.fm_hz / RADIO_HZ * np.cumsum(np.r_[0 * gap.real, audio]))
        return z.astype(np.complex64)
    z = fsk_iq(bits, signal.mode, RADIO_HZ)
    turn = 2j * np.pi * rng.normal(0, signal.offset_hz) / RADIO_HZ
    return np.concatenate([gap, z * np.exp(turn * np.arange(len(z)))]).astype(np.complex64)


def noise_power(signal: Signal, eb_n0_db: float) -> float:
    """Of complex noise over RADIO_HZ beside a signal of power 1."""
    width = 12000 if signal.fm_hz else signal.mode.bit_rate
    return RADIO_HZ / width / 10 ** (eb_n0_db / 10)


def received(z: Complex, if_hz: float) -> Real:
    """The audio of an FM receiver with a filter of this width."""
    size = RADIO_HZ // AUDIO_HZ * quick_length(-(-len(z) // (RADIO_HZ // AUDIO_HZ)))
    spectrum = Spectrum(np.resize(z, size), RADIO_HZ)
    filtered, _ = spectrum.around(0.0, low_pass(0.5, 2500 / if_hz), if_hz, RADIO_HZ)
    audio = Spectrum(discriminated(filtered, RADIO_HZ, SCALE), RADIO_HZ)
    found, exact = audio.real(low_pass(22000.0, 4000.0), 1.0, AUDIO_HZ)
    assert exact == AUDIO_HZ
    return found


def audio_burst(signal: Signal, content: bytes, eb_n0_db: float, rng: np.random.Generator) -> Real:
    """Silence and a burst of power 1, in noise."""
    bits = burst_bits(signal, content, rng)
    if signal.mode.modulation == "afsk":
        burst = np.sqrt(2) * afsk_audio(bits, signal.mode, AUDIO_HZ)
    else:
        burst = bpsk_audio(bits, signal.mode, AUDIO_HZ, rng.normal(0, signal.offset_hz))
        burst = burst / np.sqrt(np.mean(burst**2))
    whole = np.concatenate([np.zeros(int(silence_s(signal, rng) * AUDIO_HZ)), burst])
    sigma = np.sqrt(AUDIO_HZ / 2 / signal.mode.baud / 10 ** (eb_n0_db / 10))
    return whole + sigma * rng.standard_normal(len(whole))


def quantised(audio: Real) -> Real:
    """As 16 bit samples."""
    return (np.rint(np.clip(audio, -1, 1) * 32767) / 32768).astype(np.float32)


def faded(rate_hz: float) -> Callable[[Complex], Complex]:
    """The signal falls by 20 dB and comes back, so many times a second."""

    def change(z: Complex) -> Complex:
        swing = 1 - np.cos(2 * np.pi * rate_hz / RADIO_HZ * np.arange(len(z)))
        return z * 10 ** (-swing / 2)

    return change


def drifting(z: Complex) -> Complex:
    """The carrier drifts by 170 Hz a second, to and fro between -1 and 1 kHz.

    As fast as it does at 437 MHz when a satellite passes overhead 500 km high.
    """
    turn = 4000 / 170 * RADIO_HZ
    place = np.arange(len(z)) / turn % 1
    offset_hz = 1000 * (4 * np.abs(place - 0.5) - 1)
    return z * np.exp(2j * np.pi / RADIO_HZ * np.cumsum(offset_hz))


def stream(
    signal: Signal,
    eb_n0_db: float,
    frames: int,
    disturb: Callable[[Complex], Complex] = lambda z: z,
) -> tuple[Real, list[bytes]]:
    """Audio at AUDIO_HZ with so many frames, and these. ``disturb``: of the radio signal."""
    rng = np.random.default_rng([signal.seed, round(eb_n0_db * 100)])
    contents = [frame(signal, number, rng) for number in range(frames)]
    if signal.if_hz:
        z = np.concatenate([radio_burst(signal, each, rng) for each in contents])
        z = np.concatenate([z, np.zeros(RADIO_HZ // 20, np.complex64)])
        z = disturb(z) + noise(len(z), noise_power(signal, eb_n0_db), rng)
        return quantised(received(z, signal.if_hz)), contents
    audio = np.concatenate([audio_burst(signal, each, eb_n0_db, rng) for each in contents])
    return quantised(audio / np.abs(audio).max() * 0.9), contents


def of_name(name: str) -> Signal:
    return next(signal for signal in SIGNALS if signal.name == name)


__all__ = ["SIGNALS", "Signal", "of_name", "replace", "stream"]
