"""The signal that the phase detector looks at: symbols timed, carrier taken away."""

from __future__ import annotations

import numpy as np

from decoders.modem.arrays import Complex, Real, Whole, between, moving_average
from decoders.modem.detected import NOTHING, Detected, FrequencySignal
from decoders.modem.phase_detector import Paths, correlations, detect, patterns

#: Symbols over which the timing is averaged; filter and offset of the first decisions.
_CLOCK = 300
_FIRST = ("narrow", "mean")
#: Symbols over which the carrier's frequency is followed, first roughly, then finely.
_ROUGH, _FINE = 256, 200
#: Larger errors of a symbol's frequency (radians a symbol) are clicks or wrong decisions.
_CLICK = 0.8
#: Fewer symbols than this are not worth a look.
_LEAST = 50


def _carrier(turn: Real, advance: Real, bits: Whole) -> Real:
    """The carrier's offset at every symbol, radians a symbol.

    ``turn``: how far the phase went in each symbol. What the decided bits explain is taken away.
    """
    left = turn - advance[patterns(bits)]
    mean = np.zeros(len(left))
    for width in (_ROUGH, _FINE):
        mean = mean + moving_average(np.clip(left - mean, -_CLICK, _CLICK), width)
    return mean


def from_phase(
    signal: FrequencySignal, z: Complex, rate_hz: float, radians: float, shape: Paths
) -> Detected:
    """Soft symbols of a signal whose phase takes these paths.

    ``signal``: its frequency, of which one unit is a turn of ``radians`` per second; ``z``: the
    signal itself around zero, at ``rate_hz``, beginning at the same time.
    """
    times = signal.clock(*signal.clearest, _CLOCK).times[:-1]
    if len(times) < _LEAST:
        return NOTHING
    bits = (between(signal.centred(*_FIRST), times) > 0).astype(np.int64)
    symbol_s = signal.per_symbol / signal.rate_hz
    turn = between(signal.filtered("box"), times) * (radians * symbol_s)
    offset = _carrier(turn, shape.advance, bits)
    ratio = rate_hz / signal.rate_hz
    each = np.interp(np.arange(len(z)), times * ratio, offset) / (symbol_s * rate_hz)
    centred = (z * np.exp(-1j * np.cumsum(each))).astype(np.complex64)
    # A sample of frequency is the change from one sample of the signal to the next.
    c = correlations(centred, times * ratio - 0.5, symbol_s * rate_hz, shape.phase)
    return Detected(detect(c, shape.advance), signal.scaled(times))
