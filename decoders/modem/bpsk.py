"""Detectors of BPSK: the phase is turned by half a circle, or not, from symbol to symbol.

The square of the signal does not know the data any more and has a line at twice the carrier's
frequency, which gives its frequency; the phase follows from the mean of the squared symbols
(A. J. Viterbi, A. M. Viterbi, IEEE Transactions on Information Theory 29, 1983).
"""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from decoders.modem.arrays import Complex, Real, between, moving_average
from decoders.modem.detected import NOTHING, PER_SYMBOL, Detected
from decoders.modem.mode import Mode
from decoders.modem.spectrum import (
    Response,
    Spectrum,
    low_pass,
    over_symbols,
    root_raised_cosine,
)
from decoders.modem.timing import RateFollower, symbol_clock

#: The carrier may be off by so many baud.
_SPAN = 0.6
#: Symbols in each transform that looks for the carrier.
_LOOK = 256
#: Times that the carrier's phase is followed again with the decided bits taken out: squaring, which
#: needs no decisions, makes the noise larger.
_PASSES = 2
#: (filter, timing average, phase average in symbols). Transmitters round their changes in many
#: ways; the first fits most of them well.
_BANK: tuple[tuple[str, Response, int, int], ...] = (
    ("rrc0.8", root_raised_cosine(0.8), 200, 64),
    ("rrc0.5", root_raised_cosine(0.5), 64, 32),
    ("rrc1", root_raised_cosine(1.0), 64, 32),
    ("rrc0.8", root_raised_cosine(0.8), 64, 100),
    ("box", over_symbols(1.0), 200, 64),
)


class Bpsk:
    """BPSK around a carrier in audio, or around zero in IQ.

    ``differential``: the data is in the changes of phase already in the air (DBPSK), so the
    products of neighbours are what is wanted; else they are one more variant, whose symbols are
    those of a differential decoder summed up again.
    """

    def __init__(self, mode: Mode, middle_hz: float):
        self._mode, self._middle_hz = mode, middle_hz
        names = [f"{name} {window} {phase}" for name, _, window, phase in _BANK]
        self.names = (*names, "neighbours")
        self._rates = RateFollower()

    def detect(self, window: Spectrum, wanted: Container[str]) -> list[Detected]:
        """See :class:`decoders.modem.detected.Detector`."""
        baud = self._mode.baud
        z, rate_hz = window.around(
            self._middle_hz, low_pass(1.0 + _SPAN, 0.4), baud, PER_SYMBOL * baud
        )
        centred = Spectrum(_without_carrier(z, rate_hz, baud), rate_hz)
        ratio = window.rate_hz / rate_hz
        factor = self._rate(centred)
        found = []
        for name, (_, response, wide, phase) in zip(self.names[:-1], _BANK, strict=True):
            if name not in wanted and self.names[-1] not in wanted:
                found.append(NOTHING)
                continue
            y, y_hz = centred.around(0.0, response, baud, PER_SYMBOL * baud)
            times = symbol_clock(np.abs(y), y_hz / (baud * factor), wide).times
            symbols = between(y, times)
            soft = _in_phase(symbols, phase)
            found.append(self._answer(soft, times * (rate_hz / y_hz * ratio)))
        here = self.names[-1] in wanted
        found.append(
            self._neighbours(symbols, times * (rate_hz / y_hz * ratio)) if here else NOTHING
        )
        return found

    def _rate(self, centred: Spectrum) -> float:
        """The true symbol rate over the nominal one."""
        baud = self._mode.baud
        y, rate_hz = centred.around(0.0, _BANK[0][1], baud, PER_SYMBOL * baud)
        return self._rates.follow(np.abs(y), rate_hz / baud).factor

    def _answer(self, soft: Real, times: Real) -> Detected:
        if self._mode.modulation == "dbpsk" and len(soft):
            changes = -soft[1:] * np.sign(soft[:-1])
            return Detected(changes, times[1:])
        return Detected(soft, times)

    def _neighbours(self, symbols: Complex, times: Real) -> Detected:
        """Without any carrier phase: each symbol beside the one before it."""
        if not len(symbols):
            return Detected(np.zeros(0, np.float32), times)
        same = (symbols[1:] * np.conj(symbols[:-1])).real.astype(np.float32)
        if self._mode.modulation == "dbpsk":
            return Detected(-same, times[1:])
        signs = np.where(np.cumsum(same < 0) % 2 == 1, -1.0, 1.0).astype(np.float32)
        return Detected(np.abs(same) * signs, times[1:])


def _in_phase(symbols: Complex, width: int) -> Real:
    """The part of each symbol along the carrier; which of both signs is 1 stays open."""
    if not len(symbols):
        return np.zeros(0, np.float32)
    phase = np.unwrap(np.angle(moving_average(symbols * symbols, width))) / 2
    turned = symbols * np.exp(-1j * phase)
    for _ in range(_PASSES):
        carrier = moving_average(turned * np.sign(turned.real), width)
        turned = turned * np.exp(-1j * np.angle(carrier))
    found: Real = turned.real.astype(np.float32)
    return found


def _without_carrier(z: Complex, rate_hz: float, baud: float) -> Complex:
    """The signal with its carrier's frequency brought to zero, as it drifts."""
    size = 1 << int(np.log2(_LOOK * rate_hz / baud))
    hop = size // 2
    if len(z) < size:
        z = np.concatenate([z, np.zeros(size - len(z), np.complex64)])
    smooth = moving_average(z, round(rate_hz / baud / 2))
    pieces = np.lib.stride_tricks.sliding_window_view(smooth * smooth, size)[::hop]
    power = np.abs(np.fft.fft(pieces * np.hanning(size).astype(np.float32), axis=1)) ** 2
    at_hz = np.fft.fftfreq(size, 1 / rate_hz)
    power[:, np.abs(at_hz) > 2 * _SPAN * baud] = 0
    found_hz = at_hz[power.argmax(axis=1)] / 2
    clear = power.max(axis=1) / (power.sum(axis=1) + 1e-30)
    found_hz = _held(found_hz, clear, size)
    middles = np.arange(len(found_hz)) * hop + size / 2
    each = np.interp(np.arange(len(z)), middles, found_hz)
    found: Complex = (z * np.exp(-2j * np.pi / rate_hz * np.cumsum(each))).astype(np.complex64)
    return found


def _held(found_hz: Real, clear: Real, size: int) -> Real:
    """Frequencies of unclear pieces by their neighbours; single ones that jump are left out."""
    good = np.flatnonzero(clear >= min(float(np.median(clear)), 32 / size))
    if len(good):
        found_hz = np.interp(np.arange(len(found_hz)), good, found_hz[good])
    if len(found_hz) > 3:
        sides = np.stack([found_hz[:-2], found_hz[1:-1], found_hz[2:]])
        found_hz = np.concatenate([found_hz[:1], np.median(sides, axis=0), found_hz[-1:]])
    return found_hz
