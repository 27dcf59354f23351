"""Detectors of FSK in the audio of an FM receiver, and in IQ samples.

FM audio is the derivative of the radio signal's phase, so the sum of the audio is that phase again
(a receiver limits its signal first, only the amplitude is lost): ``exp(j x sum)`` is the radio
signal. The clicks of FM reception, which break a filter bank, are whole turns and vanish.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

import numpy as np

from decoders.modem.arrays import Real, beside, typical
from decoders.modem.coupling import Coupling
from decoders.modem.detected import (
    EVERYTHING,
    NOTHING,
    PER_SYMBOL,
    Detected,
    FilterBank,
    FrequencySignal,
    Gate,
    carson,
    limited,
)
from decoders.modem.deviation import SHAPE, USUAL_INDEXES, Deviation
from decoders.modem.level import Level
from decoders.modem.mode import Mode
from decoders.modem.phase_detector import paths, patterns
from decoders.modem.phase_front import from_phase
from decoders.modem.spectrum import Spectrum, frequency
from decoders.modem.timing import RateFollower

#: Audio beyond so many times the usual size is clipped before the filter bank.
_CLIP = 4.0
#: Up to this baud rate the gate is always open: there all detectors together cost little.
_SLOW_BAUD = 2400
#: Symbols over which the carrier's frequency is averaged to say how far beside it the signal is;
#: and how far, in baud, halves what a sample counts for.
_MIDDLE, _SURE = 64, 0.5
#: Fewer symbols say nothing of an AC coupling.
_LEAST = 100
#: A level that is off by more than this is worth detecting again.
_WORTH_AGAIN = 0.025


def gate_for(baud: float) -> Gate:
    """The gate of the detectors at this baud rate."""
    return Gate(1.0 if baud > _SLOW_BAUD else 0.0)


def _likely_size(turns: Real, per_symbol: float) -> Real:
    """The amplitude of the radio signal, which FM audio has lost, as far as it can be guessed.

    ``turns``: its frequency in baud. Where noise has nearly cancelled the signal, so that its phase
    means little, noise turns it quickly.
    """
    far = beside(turns, round(_MIDDLE * per_symbol))
    found: Real = 1 / np.sqrt(1 + (far / _SURE) ** 2)
    return found


class _Variants:
    """The filter bank, and a phase detector for each modulation index, behind one gate.

    ``unit_hz``: Hz that one unit of the signal is, None: it is not known. Then a signal looks the
    same with any index, and all usual ones are needed if the mode has none.
    """

    def __init__(self, mode: Mode, unit_hz: float | None):
        self._baud, self._rates = mode.baud, RateFollower()
        self._bank, self._gate = FilterBank(), gate_for(mode.baud)
        self.indexes = (mode.index,) if mode.index else USUAL_INDEXES
        self._deviation = None
        if unit_hz is not None and not mode.index:
            self._deviation = Deviation(unit_hz, mode.baud)
        self.by_phase = tuple(f"phase h={index:g}" for index in self.indexes)
        self.names = (*self._bank.names, *self.by_phase)

    def signal(self, moves: Real, rate_hz: float) -> FrequencySignal:
        """Of what a discriminator gives."""
        return FrequencySignal(Spectrum(moves, rate_hz), self._baud, self._rates)

    def detect(
        self,
        signal: FrequencySignal,
        wanted: Container[str],
        detect_at: Callable[[float], Detected],
    ) -> list[Detected]:
        """By the bank, then for each index by ``detect_at``, if it is wanted."""
        if not self._gate.opens(signal.line):
            return [self._bank.first(signal), *[NOTHING] * (len(self.names) - 1)]
        by_bank = self._bank.detect_in(signal, wanted)
        every = all(name in wanted for name in self.by_phase)
        deviation = self._deviation if every else None
        indexes = deviation.indexes() if deviation else self.indexes
        by_phase = [
            detect_at(index) if index and name in wanted else NOTHING
            for name, index in zip(self.by_phase, indexes, strict=True)
        ]
        if deviation:
            self._measure(deviation, signal, by_bank[0], by_phase, indexes, detect_at)
        return [*by_bank, *by_phase]

    def _measure(
        self,
        deviation: Deviation,
        signal: FrequencySignal,
        simply: Detected,
        by_phase: list[Detected],
        used: Sequence[float | None],
        detect_at: Callable[[float], Detected],
    ) -> None:
        """Learn the index of a window; one that was not ``used`` comes among ``by_phase``."""
        learned = deviation.learn(signal, by_phase)
        if not learned:
            deviation.guess(signal, simply)
        another = deviation.another(used)
        if another:
            place, index = another
            by_phase[place] = detect_at(index)
            if not learned:
                deviation.learn(signal, [by_phase[place]])


def _at_rate(found: list[Detected], ratio: float) -> list[Detected]:
    """With times in samples of another rate."""
    return [Detected(each.soft, each.times * ratio) for each in found]


class FskAudio:
    """FSK behind an FM discriminator. ``scale``: Hz of deviation that audio of 1.0 stands for.

    Without a scale it is learned from the signal; without a deviation usual ones are tried.
    """

    def __init__(self, mode: Mode, scale: float | None):
        self._mode, self._scale = mode, scale
        self._variants, self._coupling = _Variants(mode, scale), Coupling()
        self._levels = {each: Level(SHAPE) for each in self._variants.indexes}
        self.names = self._variants.names

    def detect(self, window: Spectrum, wanted: Container[str]) -> list[Detected]:
        """See :class:`decoders.modem.detected.Detector`."""
        known = self._coupling.corner_hz
        if known:
            window.undo_high_pass(known)
        found, coupled = self._found(window, wanted)
        if coupled and self._coupling.corner_hz and not known:
            window.undo_high_pass(self._coupling.corner_hz)
            found, _ = self._found(window, wanted)
        return found

    def _found(self, window: Spectrum, wanted: Container[str]) -> tuple[list[Detected], bool]:
        """The symbols, and whether they tell of an AC coupling."""
        baud = self._mode.baud
        audio, rate_hz = window.real(EVERYTHING, baud, max(window.rate_hz, PER_SYMBOL * baud))
        signal = self._variants.signal(limited(audio, _CLIP * typical(audio)), rate_hz)
        found = self._variants.detect(
            signal, wanted, lambda index: self._by_phase(signal, audio, rate_hz, index)
        )
        by_phase = found[-len(self._variants.indexes) :]
        coupled = self._coupled(
            signal, next((each for each in by_phase if len(each.soft)), NOTHING)
        )
        return _at_rate(found, window.rate_hz / rate_hz), coupled

    def _coupled(self, signal: FrequencySignal, found: Detected) -> bool:
        """Whether the symbols of a phase detector say now that the audio is AC coupled."""
        if len(found.soft) < _LEAST or self._mode.baud <= _SLOW_BAUD:
            return False
        value = signal.means(found.times)
        asked = SHAPE[patterns((found.soft > 0).astype(np.int64))]
        return self._coupling.note(value, asked, self._mode.baud)

    def _by_phase(
        self, signal: FrequencySignal, audio: Real, rate_hz: float, index: float
    ) -> Detected:
        if self._scale:
            return self._at_scale(signal, audio, rate_hz, index, self._scale)
        learned = self._levels[index]
        full_hz = index * self._mode.baud / 2
        used = learned.expected(signal)
        found = self._at_scale(signal, audio, rate_hz, index, full_hz / used)
        better = learned.remember(learned.measured(signal, found))
        if better and abs(better / used - 1) > _WORTH_AGAIN:
            found = self._at_scale(signal, audio, rate_hz, index, full_hz / better)
        return found

    def _at_scale(
        self, signal: FrequencySignal, audio: Real, rate_hz: float, index: float, scale: float
    ) -> Detected:
        radians = 2 * np.pi * scale
        most = rate_hz / 2 / scale
        z = np.exp(1j * np.cumsum(limited(audio, most) * (radians / rate_hz)))
        z *= _likely_size(audio * (scale / self._mode.baud), rate_hz / self._mode.baud)
        return from_phase(signal, z.astype(np.complex64), rate_hz, radians, paths(index))


class FskIq:
    """FSK in IQ samples around ``middle_hz``."""

    def __init__(self, mode: Mode, middle_hz: float = 0.0):
        self._mode, self._middle_hz = mode, middle_hz
        self._variants = _Variants(mode, 1.0)
        self.names = self._variants.names

    def detect(self, window: Spectrum, wanted: Container[str]) -> list[Detected]:
        """See :class:`decoders.modem.detected.Detector`."""
        baud = self._mode.baud
        index = self._variants.indexes[0]
        z, rate_hz = window.around(self._middle_hz, carson(index), baud, PER_SYMBOL * baud)
        moves = frequency(z) * (rate_hz / 2 / np.pi)
        signal = self._variants.signal(moves, rate_hz)
        found = self._variants.detect(
            signal,
            wanted,
            lambda index: from_phase(signal, z, rate_hz, 2 * np.pi, paths(index)),
        )
        return _at_rate(found, window.rate_hz / rate_hz)
