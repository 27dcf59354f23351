"""What a receiver hears of satellites: recordings made by the modulators, for tests."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from decoders.encode import Encoder
from decoders.framing.hdlc_encode import ax25_symbols
from decoders.modem import Mode
from decoders.modem.modulate import discriminated, fsk_iq
from groundstation.catalog import SatelliteCatalog

RATE = 48_000
MODE = Mode("fsk", 9600.0, 2400.0)
#: When the bursts begin, seconds.
STARTS = (0.2, 0.6)
FLAGS = 40
#: What the receiver lets through.
INTERMEDIATE_HZ = 16_000


def beacons(count: int = 2) -> list[bytes]:
    """Frames of the classroom satellite; they differ in their counter and voltage."""
    satellite = SatelliteCatalog().satellites["classroom-1"]
    encoder = Encoder(satellite)
    return [
        encoder.encode(
            "beacon", {"transmit_power": 27.0, "counter": n, "battery_voltage": 3.7 + n / 10}
        )
        for n in range(count)
    ]


def bits(frame: bytes) -> NDArray[np.uint8]:
    return ax25_symbols(frame, FLAGS, 4, scrambled=True)


def audio(frames: list[bytes], noise: float = 0.1) -> NDArray[np.float32]:
    """GMSK of 9600 baud behind an FM receiver: between the bursts its noise is loud.

    ``noise``: of I and of Q, beside a carrier of 1.
    """
    length = round(RATE * (STARTS[len(frames) - 1] + 0.4))
    whole = np.zeros(length, np.complex128)
    for frame, start in zip(frames, STARTS, strict=False):
        burst = fsk_iq(bits(frame), MODE, RATE)
        whole[round(RATE * start) : round(RATE * start) + len(burst)] = burst
    both = np.random.default_rng(1).standard_normal((2, length))
    air = whole + noise * (both[0] + 1j * both[1])
    bins = np.fft.fft(air)
    bins[np.abs(np.fft.fftfreq(length, 1 / RATE)) > INTERMEDIATE_HZ / 2] = 0
    received = np.fft.ifft(bins).astype(np.complex64)
    found: NDArray[np.float32] = discriminated(received, RATE, 24_000).astype(np.float32)
    return found


def pcm(samples: NDArray[np.float32]) -> bytes:
    """As 16-bit samples."""
    return np.round(samples * 32000).clip(-32768, 32767).astype("<i2").tobytes()


def write_wave(path: Path, samples: NDArray[np.float32]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(pcm(samples))
    return path


def iq(frame: bytes, rate_hz: float, offset_hz: NDArray[np.float64]) -> NDArray[np.complex64]:
    """One burst in the middle of a stretch as long as ``offset_hz``, which says where it is."""
    burst = fsk_iq(bits(frame), MODE, rate_hz)
    whole = np.zeros(len(offset_hz), np.complex128)
    first = (len(whole) - len(burst)) // 2
    whole[first : first + len(burst)] = burst
    whole *= np.exp(2j * np.pi / rate_hz * np.cumsum(offset_hz))
    chance = np.random.default_rng(2)
    noise = chance.standard_normal((2, len(whole)))
    found: NDArray[np.complex64] = (0.4 * whole + 0.04 * (noise[0] + 1j * noise[1])).astype(
        np.complex64
    )
    return found
