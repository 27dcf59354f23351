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
TILTS = (0.0, -6.0, 6.0)
#: A tilt whose envelope is less even than the most even one by more is not the right one, if it was
#: not in the window before either. At the limit of what can be decoded wrong ones are off by twice
#: as much in the middle of a burst.
_NEAR = 0.06


def tilted(response: Response, carrier: float, tilt: float) -> Response:
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
        self._tilts = TILTS if self._carrier_hz < 2 * mode.baud else TILTS[:1]
        self._by_tone = tuple(f"twist {by:g} {wide}" for by in _TWISTS for wide in _WINDOWS)
        self._by_phase = tuple(f"phase tilt {tilt:g}" for tilt in self._tilts)
        self.names = (*self._by_tone, *self._bank.names, *self._by_phase)
        self._near = self._all = frozenset(range(len(self._tilts)))

    def detect(self, window: Spectrum, wanted: Container[str]) -> list[Detected]:
        """See :class:`decoders.modem.detected.Detector`."""
        found = self._tones(window, wanted)
        if len(found) < len(self._by_tone):
            self._near = self._all
            return [*found, *[NOTHING] * (len(self.names) - len(found))]
        radios, rate_hz = self._radios(window)
        uneven = [_unevenness(z) for z in radios]
        near = frozenset(n for n, each in enumerate(uneven) if each < min(uneven) + _NEAR)
        worth, self._near = near | self._near, near
        here = self._bank.detect_in(self._signal(radios[int(np.argmin(uneven))], rate_hz), wanted)
        for place, name in enumerate(self._by_phase):
            needed = place in worth and name in wanted
            here.append(self._phase(radios[place], rate_hz) if needed else NOTHING)
        ratio = window.rate_hz / rate_hz
        return found + [Detected(soft, times * ratio) for soft, times in here]

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

    def _radios(self, window: Spectrum) -> tuple[list[Complex], float]:
        """The sub-carrier as a radio signal, by each tilt undone; and their rate."""
        baud, carrier = self._mode.baud, self._carrier_hz / self._mode.baud
        response = low_pass(abs(self._deviation_hz) / baud + 0.5, 0.4)
        found = []
        for tilt in self._tilts:
            shape = tilted(response, carrier, -tilt) if tilt else response
            z, rate_hz = window.around(self._carrier_hz, shape, baud, PER_SYMBOL * baud)
            found.append(_level(np.conj(z) if self._deviation_hz < 0 else z))
        return found, rate_hz

    def _signal(self, z: Complex, rate_hz: float) -> FrequencySignal:
        moves = frequency(z) * (rate_hz / 2 / np.pi)
        return FrequencySignal(Spectrum(moves, rate_hz), self._mode.baud)

    def _phase(self, z: Complex, rate_hz: float) -> Detected:
        shape = paths(self._mode.index or 1.0, UNFILTERED)
        return from_phase(self._signal(z, rate_hz), z, rate_hz, 2 * np.pi, shape)


def _unevenness(z: Complex) -> float:
    """Of the envelope of a signal of mean power 1: 1 if it is constant, 2 in noise.

    The tilt that a receiver gave the tones makes it uneven, whatever noise is there.
    """
    power = z.real**2 + z.imag**2
    return float(np.mean(power * power))


def _level(z: Complex) -> Complex:
    """Scaled so that its mean power is 1."""
    power = float(np.mean(z.real**2 + z.imag**2))
    found: Complex = (z / np.sqrt(power + 1e-30)).astype(np.complex64)
    return found
