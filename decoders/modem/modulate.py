"""Modulators: bits to the samples that a receiver's audio or IQ output would be without noise."""

from __future__ import annotations

import numpy as np

from decoders.modem.arrays import Complex, Real
from decoders.modem.mode import Mode
from decoders.modem.spectrum import frequency
from decoders.symbols import Bits

#: BT of the Gaussian filter before an FSK transmitter, as GMSK and most radios for it have.
GAUSSIAN = 0.5


def levels(bits: Bits, baud: float, rate_hz: float) -> Real:
    """-1 and 1, each held for a symbol; the length is the whole number of samples nearest to it."""
    return _held(2.0 * bits - 1, baud, rate_hz)


def levels_of_pairs(bits: Bits, baud: float, rate_hz: float) -> Real:
    """-1, -1/3, 1/3 and 1 by two bits each, as :mod:`decoders.modem.four_levels` says."""
    higher, lower = bits.reshape(-1, 2).astype(np.float64).T
    return _held((1 - 2 * higher) * (1 + 2 * lower) / 3, baud, rate_hz)


def _held(values: Real, baud: float, rate_hz: float) -> Real:
    count = round(len(values) * rate_hz / baud)
    which = np.minimum((np.arange(count) * (baud / rate_hz)).astype(np.int64), len(values) - 1)
    found: Real = values[which]
    return found


def gaussian(values: Real, baud: float, rate_hz: float, bt: float = GAUSSIAN) -> Real:
    """Smoothed by a Gaussian low-pass whose 3 dB bandwidth is ``bt`` times the baud rate."""
    reach = int(np.ceil(2 * rate_hz / baud))
    t = np.arange(-reach, reach + 1) * (baud / rate_hz)
    width = np.sqrt(np.log(2)) / (2 * np.pi * bt)
    pulse = np.exp(-t * t / (2 * width * width))
    found: Real = np.convolve(values, pulse / pulse.sum(), "same")
    return found


def frequency_modulated(deviation_hz: Real, rate_hz: float) -> Complex:
    """A carrier at zero, amplitude 1, which is off by ``deviation_hz`` at each sample."""
    found: Complex = np.exp(2j * np.pi / rate_hz * np.cumsum(deviation_hz)).astype(np.complex64)
    return found


def discriminated(z: Complex, rate_hz: float, scale: float) -> Real:
    """The audio of an FM receiver: 1.0 for ``scale`` Hz of deviation."""
    found: Real = (frequency(z) * (rate_hz / 2 / np.pi / scale)).astype(np.float32)
    return found


def fsk_iq(bits: Bits, mode: Mode, rate_hz: float, bt: float | None = GAUSSIAN) -> Complex:
    """FSK, GFSK or 4-FSK around zero; ``bt`` None: no filter. The mode needs its deviation."""
    held = levels_of_pairs if mode.modulation == "4fsk" else levels
    sent = held(bits, mode.baud, rate_hz)
    if bt is not None:
        sent = gaussian(sent, mode.baud, rate_hz, bt)
    return frequency_modulated(sent * (mode.deviation_hz or 0.0), rate_hz)


def fsk_audio(
    bits: Bits, mode: Mode, rate_hz: float, scale: float, bt: float | None = GAUSSIAN
) -> Real:
    """The same behind an FM receiver; ``scale`` as in :func:`discriminated`."""
    return discriminated(fsk_iq(bits, mode, rate_hz, bt), rate_hz, scale)


def afsk_audio(bits: Bits, mode: Mode, rate_hz: float) -> Real:
    """Two tones of amplitude 1 whose phase never jumps."""
    tone_hz = (mode.carrier_hz or 0.0) + levels(bits, mode.baud, rate_hz) * (
        mode.deviation_hz or 0.0
    )
    found: Real = np.sin(2 * np.pi / rate_hz * np.cumsum(tone_hz)).astype(np.float32)
    return found


def bpsk_iq(bits: Bits, mode: Mode, rate_hz: float, bt: float | None = None) -> Complex:
    """BPSK around zero, amplitude 1; ``bt``: bandwidth of a filter that rounds its changes."""
    sent = levels(bits, mode.baud, rate_hz)
    if bt is not None:
        sent = gaussian(sent, mode.baud, rate_hz, bt)
    return sent.astype(np.complex64)


def bpsk_audio(bits: Bits, mode: Mode, rate_hz: float, offset_hz: float = 0.0) -> Real:
    """BPSK as an SSB receiver gives it, ``offset_hz`` beside the mode's carrier."""
    z = bpsk_iq(bits, mode, rate_hz, bt=1.0)
    turn = 2j * np.pi / rate_hz * ((mode.carrier_hz or 0.0) + offset_hz)
    found: Real = (z * np.exp(turn * np.arange(len(z)))).real.astype(np.float32)
    return found
