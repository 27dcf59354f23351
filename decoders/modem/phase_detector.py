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
#: Bandwidth of the Gaussian filter of GMSK, in baud; the paths of plain FSK differ little.
_GAUSSIAN = 0.5
#: Symbols over which what is left of the carrier's frequency is averaged.
_CARRIER = 97
#: Symbols over which it is averaged for turning the references.
_TURN = 61


class Paths(NamedTuple):
    """For each of the eight patterns of three bits: ``phase`` (8 x POINTS, radians, from the start
    of the middle symbol) and ``advance`` (8, radians over the whole symbol)."""

    phase: Real
    advance: Real


@cache
def paths(index: float) -> Paths:
    """The paths of Gaussian filtered FSK with this modulation index."""
    fine = 16 * POINTS
    t = np.arange(-3 * fine, 3 * fine + 1) / fine
    width = np.sqrt(np.log(2)) / (2 * np.pi * _GAUSSIAN)
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


def correlations(z: Complex, times: Real, per_symbol: float, index: float) -> Complex:
    """How well each symbol fits each of the eight paths: symbols x 8.

    ``z``: the signal around zero frequency; ``times``: the middle of each symbol in its samples.
    """
    points = times[:, None] + ((np.arange(POINTS) + 0.5) / POINTS - 0.5) * per_symbol
    places = np.arange(len(z))
    sampled = np.interp(points, places, z.real) + 1j * np.interp(points, places, z.imag)
    turned = np.exp(-1j * paths(index).phase).T.astype(np.complex64)
    found: Complex = sampled.astype(np.complex64) @ turned
    return found


def detect_block(c: Complex, advance: Real, length: int) -> Real:
    """Soft symbols: the middle one of every ``length``, whatever the phase of the block."""
    back = np.exp(-1j * advance).astype(np.complex64)
    sums = c
    for bits in range(4, length + 3):
        index = np.arange(1 << bits)
        head, rest = index >> (bits - 3), index & ((1 << (bits - 1)) - 1)
        sums = c[: len(sums) - 1][:, head] + back[head] * sums[1:][:, rest]
    sizes = np.abs(sums)
    one = (np.arange(sizes.shape[1]) >> ((length + 1) // 2)) & 1 == 1
    middle = sizes[:, one].max(axis=1) - sizes[:, ~one].max(axis=1)
    soft = np.zeros(len(c), np.float32)
    soft[length // 2 : length // 2 + len(middle)] = middle
    return soft


def _shifted(values: _Values, by: int) -> _Values:
    """``values[n + by]`` at n. The ends do not matter, they lie in the margin."""
    found: _Values = np.roll(values, -by)
    return found


def _without_data(c: Complex, advance: Real, soft: Real) -> tuple[Complex, Real]:
    """The signal with the decided bits taken out, and the phase that they led to before each."""
    bits = (soft > 0).astype(np.int64)
    pattern = _shifted(bits, -1) * 4 + bits * 2 + _shifted(bits, 1)
    phase = np.concatenate([[0.0], np.cumsum(advance[pattern])[:-1]])
    plain = c[np.arange(len(c)), pattern] * np.exp(-1j * phase)
    return plain.astype(np.complex64), phase


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
    found: Complex = (c * turned[:, None]).astype(np.complex64)
    return found


def decide_again(c: Complex, advance: Real, soft: Real, width: int) -> Real:
    """Decide each symbol anew, with the phase of ``width`` symbols before and behind as reference.

    Symbols -2..2 around each are added along the paths of all eight values of the symbols -1, 0, 1;
    the others are taken as decided.
    """
    size = len(c)
    places = np.arange(size)
    plain, phase = _without_data(c, advance, soft)
    bits = (soft > 0).astype(np.int64)
    near = {by: _shifted(bits, by) for by in (-3, -2, 2, 3)}
    sums = np.concatenate([[0], np.cumsum(plain, dtype=np.complex128)])

    def total(first: int, last: int) -> Complex:
        found: Complex = (
            sums[np.clip(places + last, 0, size)] - sums[np.clip(places + first, 0, size)]
        )
        return found

    turn = _turning(plain, _TURN, twice=False) * (width / 2 + 2)
    start = np.exp(1j * _shifted(phase, -2))
    before = (total(-2 - width, -2) * np.exp(1j * turn) * start).astype(np.complex64)
    behind = (total(3, 3 + width) * np.exp(-1j * turn) * start).astype(np.complex64)
    whole = np.exp(1j * (_shifted(phase, 3) - _shifted(phase, -2))).astype(np.complex64)
    around = [c[np.clip(places + by, 0, size - 1)] for by in range(-2, 3)]
    back = np.exp(-1j * advance).astype(np.complex64)
    best = [np.zeros(size, np.float32), np.zeros(size, np.float32)]
    for hypothesis in range(8):
        x, y, w = hypothesis >> 2, hypothesis >> 1 & 1, hypothesis & 1
        pattern = (
            near[-3] * 4 + near[-2] * 2 + x,
            near[-2] * 4 + x * 2 + y,
            np.full(size, hypothesis),
            y * 4 + w * 2 + near[2],
            w * 4 + near[2] * 2 + near[3],
        )
        summed, turned = before.copy(), np.ones(size, np.complex64)
        for values, which in zip(around, pattern, strict=True):
            summed += values[places, which] * turned
            turned *= back[which]
        summed += behind * turned * whole
        power = summed.real**2 + summed.imag**2
        best[y] = np.maximum(best[y], power)
    found: Real = (np.sqrt(best[1]) - np.sqrt(best[0])).astype(np.float32)
    return found


#: For MSK: block length, and the reference width of each further decision; and for all else.
_MSK_PLAN: tuple[int, tuple[int, ...]] = (3, (4, 8))
_PLAN: tuple[int, tuple[int, ...]] = (5, (4, 8))


def detect(c: Complex, index: float) -> Real:
    """Soft symbols of correlations (:func:`correlations`), by all the steps above."""
    advance = paths(index).advance
    length, widths = _MSK_PLAN if abs(index - 0.5) < 0.05 else _PLAN
    soft = detect_block(c, advance, 3)
    for block in (3, length):
        c = remove_carrier(c, advance, soft)
        soft = detect_block(c, advance, block)
    for width in widths:
        soft = decide_again(c, advance, soft, width)
    return soft
