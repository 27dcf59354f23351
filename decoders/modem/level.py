"""How loud FM audio is: what of it stands for the transmitter's deviation, where nobody says."""

from __future__ import annotations

from collections import deque

import numpy as np

from decoders.modem.arrays import Real, beside, between, moving_average, typical
from decoders.modem.detected import Detected, FrequencySignal
from decoders.modem.phase_detector import patterns

#: Filter, offset and timing average of the decisions that the first guess takes.
_FIRST = ("narrow", "mean", 128)
#: Fewer symbols say nothing.
_LEAST = 100
#: The level is looked for where the symbols are clearest: this part of them.
_CLEAREST = 0.3
#: Symbols over which the carrier's offset and the clearness are averaged.
_AROUND = 64
#: Windows of the stream that are remembered; one that differs by more than this speaks for itself:
#: somebody has turned the volume.
_REMEMBERED, _OTHER = 9, 0.15
#: Windows that are forgotten for each one without a signal.
_FORGOTTEN = 3
#: Part of the frequency's moves that the decided bits must explain; in noise they explain less.
_EXPLAINED = 0.6
#: Clicks are larger than so many times what the decided bits do not explain.
_CLICK = 2.5


def first_guess(signal: FrequencySignal) -> float | None:
    """How far the signal goes from its middle in a run of equal bits, in its own units.

    Taken from the middle one of three equal bits, where the eye is most open; None: no symbols.
    A few per cent too much where noise helped to decide.
    """
    times = signal.clock(*_FIRST).times
    if len(times) < _LEAST:
        return None
    pattern = patterns((signal.symbols(*_FIRST) > 0).astype(np.int64))
    value = between(signal.filtered("box"), times)
    rest = moving_average(beside(value, _AROUND) ** 2, 32)
    clear = moving_average(np.abs(value), 32) ** 2 / (rest + 1e-12)
    good = clear > np.quantile(clear, 1 - _CLEAREST)
    high, low = value[good & (pattern == 7)], value[good & (pattern == 0)]
    if not len(high) or not len(low):
        return None
    return float(np.median(high) - np.median(low)) / 2


class Level:
    """Learns the level over the windows of a stream, for paths that advance so in each symbol.

    The level is what the discriminator gives in a long run of ones above its middle.
    """

    def __init__(self, advance: Real):
        self._shape = advance / advance.max()
        self._before: deque[float] = deque(maxlen=_REMEMBERED)

    def expected(self, signal: FrequencySignal) -> float:
        """By the windows before, or a first guess."""
        if self._before:
            return float(np.median(self._before))
        return max(first_guess(signal) or 0.0, 0.0) or 1.0

    def measured(self, signal: FrequencySignal, found: Detected) -> float | None:
        """By this window's decided bits; None: there is no signal, or it was detected wrongly.

        The discriminator's output in each symbol is the level times what its bits ask for, and
        noise: a line fitted to both has the level as its slope.
        """
        if len(found.soft) < _LEAST:
            return None
        value = signal.means(found.times)
        asked = self._shape[patterns((found.soft > 0).astype(np.int64))]
        return slope(beside(value, _AROUND), beside(asked, _AROUND))

    def remember(self, now: float | None) -> float | None:
        """Take what a window said and give what it and those before it say together.

        A window that says nothing makes some of those before forgotten: the level may be another.
        """
        if now is None:
            for _ in range(min(_FORGOTTEN, len(self._before))):
                self._before.popleft()
            return None
        self._before.append(now)
        together = float(np.median(self._before))
        return now if abs(now / together - 1) > _OTHER else together


def slope(value: Real, asked: Real) -> float | None:
    """Of ``value`` over ``asked``, where the one explains the other best; None: it does not."""
    slope = float(np.sum(value * asked) / (np.sum(asked * asked) + 1e-12))
    rest = value - slope * asked
    part = moving_average(rest * rest, _AROUND) / (moving_average(value * value, _AROUND) + 1e-12)
    good = part <= np.quantile(part, _CLEAREST)
    if float(np.median(part[good])) > 1 - _EXPLAINED or slope <= 0:
        return None
    x, rest = asked[good], rest[good]
    most = _CLICK * typical(rest)
    found = slope + float(np.sum(x * np.clip(rest, -most, most)) / (np.sum(x * x) + 1e-12))
    return found if found > 0 else None
