"""When each symbol is there: symbol timing without a loop.

Source: M. Oerder, H. Meyr, "Digital filter and square timing recovery", IEEE Transactions on
Communications 36, 1988: the square of a filtered signal has a line at the symbol rate, and its
phase says where the symbols are. A loop needs time to lock, an average over a stretch does not.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np

from decoders.modem.arrays import Complex, Real, moving_average

_Blocks = TypeVar("_Blocks", Real, Complex)

#: The line is looked at in blocks of so many symbols.
_BLOCK = 4
#: Larger values than this many times the usual one are clipped.
_CLIP = 3.0
#: So much of the mean is added to the noise: in silence the line would be rounding errors.
_SILENT = 0.02
#: Symbols at each end of a window in which no line is looked for.
_ENDS = 64
#: Deviations from the nominal symbol rate that are looked at: transmitters with poor oscillators.
_DEVIATIONS = np.arange(-6, 7) * 0.0025
#: Symbols over which a line is averaged that is looked for.
_LOOK = 200
#: A line at a rate that nothing speaks for yet must be so strong, and so many times as strong as
#: the one at the usual rates. Among so many rates noise gets there in one window of twenty.
_SURPRISING, _CLEARER = 12.0, 1.3


class Clock(NamedTuple):
    """``times``: where each symbol is, in samples. ``line``: how clear the line is around each."""

    times: Real
    line: Real


def _blocks(y: Real, per_symbol: float) -> tuple[Complex, int]:
    """The line at the symbol rate in each block of the squared signal, and samples in a block."""
    block = round(per_symbol * _BLOCK)
    count = len(y) // block
    if not count:
        return np.zeros(0, np.complex128), block
    loud = np.abs(y)
    square = np.minimum(loud, _CLIP * np.sqrt(np.mean(loud * loud)) + 1e-12) ** 2
    rows = square[: count * block].reshape(count, block)
    rows = rows - rows.mean(axis=1, keepdims=True)
    angle = 2 * np.pi / per_symbol * np.arange(block)
    waves = np.stack([np.cos(angle), -np.sin(angle)], axis=1).astype(np.float32)
    parts = np.einsum("ij,jk->ik", rows, waves)  # a product of matrices would start threads
    turned = np.exp(-2j * np.pi / per_symbol * block * np.arange(count))
    found: Complex = (parts[:, 0] + 1j * parts[:, 1]) * turned
    return found, block


def _smooth(blocks: _Blocks, window: int) -> _Blocks:
    width = max(1, window // _BLOCK)
    return moving_average(moving_average(blocks, width), width)


def _power(blocks: Complex, window: int) -> Real:
    """What the line would be of noise alone, not averaged."""
    spread = _smooth(np.abs(blocks) ** 2, window)
    found: Real = spread + _SILENT * spread.mean() + 1e-30
    return found


def _line(blocks: Complex, power: Real, window: int) -> tuple[Complex, Real]:
    """The averaged line and its strength."""
    line = _smooth(blocks, window)
    # The weights of two averages are a triangle: it leaves 2/3 of the noise of one average.
    strength = np.abs(line) ** 2 / power * max(1, window // _BLOCK) * 1.5
    return line, strength


def symbol_clock(y: Real, per_symbol: float, window: int) -> Clock:
    """The middle of every symbol of ``y``, which has ``per_symbol`` samples for each.

    ``window``: symbols over which the timing is averaged. The line's strength is 1 on average in
    noise, squared, with an exponential distribution; a signal makes it larger.
    """
    blocks, block = _blocks(y, per_symbol)
    count = len(blocks)
    if count < _BLOCK:
        return Clock(np.zeros(0), np.zeros(0))
    line, strength = _line(blocks, _power(blocks, window), window)
    phase = np.unwrap(np.angle(line)) / (2 * np.pi)
    middles = (np.arange(count) + 0.5) * block
    passed = np.concatenate(
        [[phase[0]], middles / per_symbol + phase, [len(y) / per_symbol + phase[-1]]]
    )
    passed = np.maximum.accumulate(passed + 1e-9 * np.arange(count + 2))
    whole = np.arange(np.ceil(passed[0]), np.floor(passed[-1]))
    times = np.interp(whole, passed, np.concatenate([[0.0], middles, [len(y)]]))
    return Clock(times, np.interp(times, middles, strength))


class Rate(NamedTuple):
    """``factor``: true over nominal symbol rate. ``line``: how clear the line is there."""

    factor: float
    line: float


class RateFollower:
    """Finds how far the symbol rate is off, window by window.

    The nominal rate and the one found last are believed at once, another only by a clear line.
    """

    def __init__(self) -> None:
        self._last = 1.0

    def follow(self, y: Real, per_symbol: float) -> Rate:
        """The rate in ``y``, which has nominally ``per_symbol`` samples for each symbol."""
        blocks, block = _blocks(y, per_symbol)
        if len(blocks) < _BLOCK:
            return Rate(1.0, 0.0)
        power = _power(blocks, _LOOK)
        turn = -2j * np.pi / per_symbol * block * np.arange(len(blocks))

        def at(factor: float) -> Rate:
            _, strength = _line(blocks * np.exp(turn * (factor - 1)), power, _LOOK)
            return Rate(factor, strongest(strength, _ENDS // _BLOCK))

        usual = max((at(factor) for factor in {1.0, self._last}), key=lambda rate: rate.line)
        rates = [at(1 + deviation) for deviation in _DEVIATIONS.tolist()]
        best = max(range(len(rates)), key=lambda n: rates[n].line)
        if rates[best].line < max(_SURPRISING, _CLEARER * usual.line):
            return usual
        found = at(_peak(rates, best))
        self._last = found.factor
        return found


def _peak(rates: list[Rate], best: int) -> float:
    """The rate where a parabola through the best one and its neighbours is highest."""
    if not 0 < best < len(rates) - 1:
        return rates[best].factor
    before, here, behind = (rates[best + side].line for side in (-1, 0, 1))
    place = (behind - before) / (2 * (2 * here - before - behind) + 1e-12)
    return rates[best].factor + float(np.clip(place, -0.5, 0.5)) * float(np.diff(_DEVIATIONS)[0])


def strongest(line: Real, ends: int = _ENDS) -> float:
    """The strongest line of a window; its ends, where the transform wraps around, do not count."""
    inner = line[ends:-ends]
    return float(inner.max()) if len(inner) else 0.0
