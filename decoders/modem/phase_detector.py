"""The detector for everything of constant envelope: FSK, GMSK, MSK, AFSK.

The phase of such a signal moves along a path that the bits choose, and never jumps (continuous
phase modulation). A detector that looks at one symbol alone gives away 3 to 4 dB. This one

1. correlates each symbol with the eight paths that three bits (before, this, after) can take,
2. adds the correlations of three or five symbols coherently along every path, the unknown phase
   of the block taken away by the absolute value (J. Aulin, C.-E. Sundberg, "Partially coherent
   detection", 1982; M. K. Simon, D. Divsalar, "Maximum-likelihood block detection of noncoherent
   CPM", IEEE Transactions on Communications 41, 1993),
3. takes the decided bits out, follows what is left of the carrier's phase before and behind each
   symbol, and decides again with that phase as reference, three adjacent symbols together: the
   errors of MSK come in pairs, which a test of one symbol at a time cannot mend.

Within about 1 dB of a receiver that knows the carrier's phase.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, TypeVar

import numpy as np

from decoders.modem.arrays import Complex, Real, Whole, moving_average

_Values = TypeVar("_Values", Real, Whole)
#: Points in each symbol at which the signal is compared with the paths.
POINTS = 8
#: Bandwidth of the Gaussian filter of GMSK and of most radios' FSK, in baud; and one so wide that
#: it does nothing, for AFSK.
GAUSSIAN, UNFILTERED = 0.5, 4.0
#: Symbols over which what is left of the carrier's frequency is averaged.
_CARRIER = 251
#: So many blocks of no symbol, half as many for each symbol that they have, are looked at at once:
#: what all their paths need stays in the cache.
_IN_CACHE = 8192
#: Symbols over which it is averaged for turning the references.
_TURN = 101


class Paths(NamedTuple):
    """For each of the eight patterns of three bits: ``phase`` (8 x POINTS, radians, from the start
    of the middle symbol) and ``advance`` (8, radians over the whole symbol)."""

    phase: Real
    advance: Real


@cache
def paths(index: float, bandwidth: float = GAUSSIAN) -> Paths:
    """The paths of FSK with this modulation index behind a Gaussian filter."""
    fine = 16 * POINTS
    t = np.arange(-3 * fine, 3 * fine + 1) / fine
    width = np.sqrt(np.log(2)) / (2 * np.pi * bandwidth)
    pulse = np.exp(-t * t / (2 * width * width))
    pulse /= pulse.sum()
    phase, advance = np.zeros((8, POINTS)), np.zeros(8)
    inside = (np.arange(POINTS) + 0.5) / POINTS * fine
    for pattern in range(8):
        before, this, after = pattern >> 2, pattern >> 1 & 1, pattern & 1
        levels = 2.0 * np.array([before] * 4 + [this] + [after] * 4) - 1
        speed = np.convolve(np.repeat(levels, fine), pulse, "same") * np.pi * index / fine
        whole = np.concatenate([[0.0], np.cumsum(speed)])
        start = 4 * fine
        phase[pattern] = np.interp(start + inside, np.arange(len(whole)), whole) - whole[start]
        advance[pattern] = whole[start + fine] - whole[start]
    return Paths(phase, advance)


def patterns(bits: Whole) -> Whole:
    """The three bits around each symbol as a number 0..7; 0 at both ends."""
    found = np.zeros(len(bits), np.int64)
    found[1:-1] = bits[:-2] * 4 + bits[1:-1] * 2 + bits[2:]
    return found


def correlations(z: Complex, times: Real, per_symbol: float, phase: Real) -> Complex:
    """How well each symbol fits each of the eight paths: an array of 8 x symbols.

    ``z``: the signal around zero frequency; ``times``: the middle of each symbol in its samples;
    ``phase``: of :class:`Paths`.
    """
    shifts = ((np.arange(POINTS) + 0.5) / POINTS - 0.5) * per_symbol
    points = np.clip(times + shifts[:, None], 0, len(z) - 1.001)
    whole = points.astype(np.int64)
    part = (points - whole).astype(np.float32)
    sampled = z[whole] + part * (z[whole + 1] - z[whole])
    turned = np.exp(-1j * phase).astype(np.complex64)
    found: Complex = np.einsum("ij,jk->ik", turned, sampled)  # a matrix product starts threads
    return found


def _power(z: Complex) -> Real:
    found: Real = z.real**2 + z.imag**2
    return found


def detect_block(c: Complex, advance: Real, length: int) -> Real:
    """Soft symbols: the middle one of every ``length``, whatever the phase of the block."""
    soft = np.zeros(c.shape[1], np.float32)
    back = np.exp(-1j * advance).astype(np.complex64).reshape(2, 2, 2, 1)
    count = _IN_CACHE >> length
    for start in range(0, c.shape[1] - length + 1, count):
        found = _middles(c[:, start : start + count + length - 1], back, length)
        soft[start + length // 2 :][: len(found)] = found
    return soft


def _middles(c: Complex, back: Complex, length: int) -> Real:
    """The middle symbol of each block that lies in ``c`` wholly."""
    size = c.shape[1]
    first = c.reshape(2, 2, 2, size)
    sums = first
    for more in range(1, length):
        # One axis a bit. The new first symbol brings its bit before; the others are shared.
        axes = (slice(None),) * 3 + (None,) * (more)
        later = sums[None, ..., 1:]
        sums = first[(*axes, slice(0, size - more))] + back[axes] * later
    power = _power(sums)
    for _ in range((length + 1) // 2):  # the bits before the middle one
        power = np.maximum(power[0], power[1])
    best = np.sqrt(power.reshape(2, -1, power.shape[-1]).max(axis=1))
    found: Real = best[1] - best[0]
    return found


def _shifted(values: _Values, by: int) -> _Values:
    """``values[n + by]`` at n. The ends do not matter, they lie in the margin."""
    found: _Values = np.roll(values, -by)
    return found


def _without_data(c: Complex, advance: Real, soft: Real) -> tuple[Complex, Real]:
    """The signal with the decided bits taken out, and the phase that they led to before each."""
    bits = (soft > 0).astype(np.int64)
    pattern = _shifted(bits, -1) * 4 + bits * 2 + _shifted(bits, 1)
    phase = np.concatenate([[0.0], np.cumsum(advance[pattern])[:-1]])
    plain = c[pattern, np.arange(len(bits))] * np.exp(-1j * phase).astype(np.complex64)
    return plain, phase


def _turning(plain: Complex, width: int, twice: bool) -> Real:
    """How far the carrier turns in a symbol, radians."""
    step = moving_average(plain[1:] * np.conj(plain[:-1]), width)
    if twice:
        step = moving_average(step, width // 2 | 1)
    found: Real = np.angle(np.concatenate([step[:1], step]))
    return found


def remove_carrier(c: Complex, advance: Real, soft: Real) -> Complex:
    """Take away the frequency error that the decided bits show."""
    plain, _ = _without_data(c, advance, soft)
    turned = np.exp(-1j * np.cumsum(_turning(plain, _CARRIER, twice=True)))
    found: Complex = c * turned.astype(np.complex64)
    return found


def _references(plain: Complex, phase: Real, width: int) -> tuple[Complex, Complex]:
    """The carrier as ``width`` symbols before symbol -2 and behind symbol 2 show it.

    Turned to where it should be there, and relative to the data's phase before symbol -2.
    """
    size = len(plain)
    places = np.arange(size)
    sums = np.concatenate([[0], np.cumsum(plain, dtype=np.complex128)])

    def total(first: int, last: int) -> Complex:
        found: Complex = (
            sums[np.clip(places + last, 0, size)] - sums[np.clip(places + first, 0, size)]
        )
        return found

    turn = np.exp(1j * _turning(plain, _TURN, twice=False) * (width / 2 + 2))
    start = np.exp(1j * _shifted(phase, -2))
    before = total(-2 - width, -2) * turn * start
    # What is behind has the decided advance of symbols -2..2 in it: the hypothesis brings its own.
    behind = total(3, 3 + width) * np.conj(turn) * np.exp(1j * _shifted(phase, 3))
    return before.astype(np.complex64), behind.astype(np.complex64)


def decide_again(c: Complex, advance: Real, soft: Real, width: int) -> Real:
    """Decide each symbol anew, with the phase of ``width`` symbols before and behind as reference.

    Symbols -2..2 around each are added along the paths of all eight values of the symbols -1, 0, 1;
    the others are taken as decided.
    """
    size = c.shape[1]
    places = np.arange(size)
    bits = (soft > 0).astype(np.int64)
    before, behind = _references(*_without_data(c, advance, soft), width)
    b3, b2, a2, a3 = (_shifted(bits, by) for by in (-3, -2, 2, 3))
    back = np.exp(-1j * advance).astype(np.complex64)

    def symbol(by: int, pattern: Whole) -> tuple[Complex, Complex]:
        """Correlation of the symbol at ``by`` with a pattern, and the turn over it."""
        return c[pattern, (places + by).clip(0, size - 1)], back[pattern]

    left: dict[tuple[int, int], tuple[Complex, Complex]] = {}
    right: dict[tuple[int, int], Complex] = {}
    for one in (0, 1):
        outer, over = symbol(-2, b3 * 4 + b2 * 2 + one)
        last, over_last = symbol(2, one * 4 + a2 * 2 + a3)
        end = last + over_last * behind
        for middle in (0, 1):
            inner, over_inner = symbol(-1, b2 * 4 + one * 2 + middle)
            left[one, middle] = before + outer + over * inner, over * over_inner
            inner, over_inner = symbol(1, middle * 4 + one * 2 + a2)
            right[middle, one] = inner + over_inner * end
    best = [np.zeros(size, np.float32), np.zeros(size, np.float32)]
    for pattern in range(8):
        x, y, w = pattern >> 2, pattern >> 1 & 1, pattern & 1
        start, over = left[x, y]
        power = _power(start + over * (c[pattern] + back[pattern] * right[y, w]))
        best[y] = np.maximum(best[y], power)
    found: Real = np.sqrt(best[1]) - np.sqrt(best[0])
    return found


#: For MSK: block length, and the reference width of each further decision; and for all else.
_MSK_PLAN: tuple[int, tuple[int, ...]] = (3, (4, 8, 12))
_PLAN: tuple[int, tuple[int, ...]] = (5, (2, 4))


def detect(c: Complex, advance: Real) -> Real:
    """Soft symbols of correlations (:func:`correlations`), by all the steps above."""
    is_msk = abs(float(advance.max()) - np.pi / 2) < 0.16
    length, widths = _MSK_PLAN if is_msk else _PLAN
    soft = detect_block(c, advance, 3)
    for block in (3, length):
        c = remove_carrier(c, advance, soft)
        soft = detect_block(c, advance, block)
    for width in widths:
        soft = decide_again(c, advance, soft, width)
    return soft
