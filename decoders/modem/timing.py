"""When each symbol is there: symbol timing without a loop.

Source: M. Oerder, H. Meyr, "Digital filter and square timing recovery", IEEE Transactions on
Communications 36, 1988: the square of a filtered signal has a line at the symbol rate, and its
phase says where the symbols are. A loop needs time to lock, an average over a stretch does not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from decoders.modem.arrays import Real, moving_average

#: The line is looked at in blocks of so many symbols.
_BLOCK = 4
#: Larger values than this many times the usual one are clipped.
_CLIP = 3.0
#: So much of the mean is added to the noise: in silence the line would be rounding errors.
_SILENT = 0.02


class Clock(NamedTuple):
    """``times``: where each symbol is, in samples. ``line``: how clear the line is around each."""

    times: Real
    line: Real


def symbol_clock(y: Real, per_symbol: float, window: int) -> Clock:
    """The middle of every symbol of ``y``, which has ``per_symbol`` samples for each.

    ``window``: symbols over which the timing is averaged. The line's strength is 1 on average in
    noise, squared, with an exponential distribution; a signal makes it larger.
    """
    block = round(per_symbol * _BLOCK)
    count = len(y) // block
    if count < _BLOCK:
        return Clock(np.zeros(0), np.zeros(0))
    size = count * block
    loud = np.abs(y)
    square = np.minimum(loud, _CLIP * np.sqrt(np.mean(loud * loud)) + 1e-12) ** 2
    rows = square[:size].reshape(count, block)
    rows = rows - rows.mean(axis=1, keepdims=True)
    angle = 2 * np.pi / per_symbol * np.arange(block)
    waves = np.stack([np.cos(angle), -np.sin(angle)], axis=1).astype(np.float32)
    parts = np.einsum("ij,jk->ik", rows, waves)  # a product of matrices would start threads
    turned = np.exp(-2j * np.pi / per_symbol * block * np.arange(count))
    blocks = (parts[:, 0] + 1j * parts[:, 1]) * turned
    width = max(1, window // _BLOCK)
    line = moving_average(moving_average(blocks, width), width)
    spread = moving_average(moving_average(np.abs(blocks) ** 2, width), width)
    # The weights of two averages are a triangle: it leaves 2/3 of the noise of one average.
    strength = np.abs(line) ** 2 / (spread + _SILENT * spread.mean() + 1e-30) * width * 1.5
    phase = np.unwrap(np.angle(line)) / (2 * np.pi)
    middles = (np.arange(count) + 0.5) * block
    passed = np.concatenate(
        [[phase[0]], middles / per_symbol + phase, [len(y) / per_symbol + phase[-1]]]
    )
    passed = np.maximum.accumulate(passed + 1e-9 * np.arange(count + 2))
    whole = np.arange(np.ceil(passed[0]), np.floor(passed[-1]))
    times = np.interp(whole, passed, np.concatenate([[0.0], middles, [len(y)]]))
    return Clock(times, np.interp(times, middles, strength))
