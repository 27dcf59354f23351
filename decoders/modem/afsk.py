"""Detectors of AFSK: two tones in the audio of an FM receiver."""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from decoders.modem.arrays import Complex, Real, between
from decoders.modem.detected import (
    NOTHING,
    PER_SYMBOL,
    Detected,
    FilterBank,
    FrequencySignal,
    Gate,
)
from decoders.modem.mode import Mode
from decoders.modem.phase_detector import UNFILTERED, paths
from decoders.modem.phase_front import from_phase
from decoders.modem.spectrum import Response, Spectrum, frequency, low_pass, over_symbols
from decoders.modem.timing import strongest, symbol_clock

#: How much the tone of a 1 is amplified against the other: receivers and transmitters lift or
#: lower one of them.
_TWISTS = (1.0, 0.6, 1.6, 0.35, 2.8)
_WINDOWS = (64, 200)
#: The line at the symbol rate, averaged over the longer window, that opens all detectors.
_GATE = 6.5
#: Tilts in dB an octave that the phase detector undoes (de-emphasis, flat, pre-emphasis).
_TILTS = (0.0, -6.0, 6.0)


def _tilted(response: Response, carrier: float, tilt: float) -> Response:
    """``response`` around ``carrier`` (in baud) with a slope of ``tilt`` dB an octave."""
    power = tilt / 20 / np.log10(2)

    def tilting(f: Real) -> Real:
        found: Real = response(f) * np.maximum(1 + f / carrier, 0.1) ** power
        return found

    return tilting


class Afsk:
    """AFSK of any tones: a sub-carrier and a deviation."""

    def __init__(self, mode: Mode):
        self._mode = mode
        self._carrier_hz = mode.carrier_hz or 0.0
        self._deviation_hz = mode.deviation_hz or 0.0
        self._bank, self._gate = FilterBank(), Gate(_GATE)
        self._tilts = _TILTS if self._carrier_hz < 2 * mode.baud else _TILTS[:1]
        self._by_tone = tuple(f"twist {by:g} {wide}" for by in _TWISTS for wide in _WINDOWS)
        self._by_phase = tuple(f"phase tilt {tilt:g}" for tilt in self._tilts)
        self.names = (*self._by_tone, *self._bank.names, *self._by_phase)

    def detect(self, window: Spectrum, wanted: Container[str]) -> list[Detected]:
        """See :class:`decoders.modem.detected.Detector`."""
        found = self._tones(window, wanted)
        if len(found) < len(self._by_tone):
            return [*found, *[NOTHING] * (len(self.names) - len(found))]
        index = self._mode.index or 1.0
        for tilt, name in zip(self._tilts, self._by_phase, strict=True):
            signal, z, rate_hz = self._radio(window, tilt)
            here: list[Detected] = []
            if tilt == self._tilts[0]:
                here += self._bank.detect_in(signal, wanted)
            if name in wanted:
                shape = paths(index, UNFILTERED)
                here.append(from_phase(signal, z, rate_hz, 2 * np.pi, shape))
            else:
                here.append(NOTHING)
            found += [Detected(soft, times * (window.rate_hz / rate_hz)) for soft, times in here]
        return found

    def _tone(self, window: Spectrum, frequency_hz: float) -> tuple[Real, float]:
        baud = self._mode.baud
        z, rate_hz = window.around(frequency_hz, over_symbols(1.0), baud, PER_SYMBOL * baud)
        return np.abs(z), rate_hz

    def _tones(self, window: Spectrum, wanted: Container[str]) -> list[Detected]:
        """How much there is of each tone, whatever its phase; the larger one wins.

        Only the first twist while the gate is closed.
        """
        one, rate_hz = self._tone(window, self._carrier_hz + self._deviation_hz)
        zero, _ = self._tone(window, self._carrier_hz - self._deviation_hz)
        per_symbol, ratio = rate_hz / self._mode.baud, window.rate_hz / rate_hz
        clocks = [symbol_clock(one - zero, per_symbol, wide) for wide in _WINDOWS]
        found = []
        for twist in _TWISTS if self._gate.opens(strongest(clocks[-1].line)) else _TWISTS[:1]:
            y = one * np.sqrt(twist) - zero / np.sqrt(twist)
            found += [
                Detected(between(y, times).astype(np.float32), times * ratio) for times, _ in clocks
            ]
        return found

    def _radio(self, window: Spectrum, tilt: float) -> tuple[FrequencySignal, Complex, float]:
        """The sub-carrier as a radio signal, ``tilt`` undone: its frequency, itself, its rate."""
        baud, carrier = self._mode.baud, self._carrier_hz / self._mode.baud
        response = low_pass(abs(self._deviation_hz) / baud + 0.5, 0.4)
        if tilt:
            response = _tilted(response, carrier, -tilt)
        z, rate_hz = window.around(self._carrier_hz, response, baud, PER_SYMBOL * baud)
        if self._deviation_hz < 0:
            z = np.conj(z)
        z = _level(z)
        moves = frequency(z) * (rate_hz / 2 / np.pi)
        return FrequencySignal(Spectrum(moves, rate_hz), baud), z, rate_hz


def _level(z: Complex) -> Complex:
    """Scaled so that its mean power is 1."""
    power = float(np.mean(z.real**2 + z.imag**2))
    found: Complex = (z / np.sqrt(power + 1e-30)).astype(np.complex64)
    return found
