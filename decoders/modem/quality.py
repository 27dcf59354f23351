"""How well a frame was heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decoders.modem.gathering import Found

#: Fewer symbols say little about the noise.
_LEAST_EYE = 64


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a frame was heard, as far as it is known.

    ``eb_n0_db``: energy of a bit over the noise density, an estimate, so far of BPSK only (good to
    about 1 dB up to 12 dB, too low above). ``offset_hz``: how far the carrier was from where it was
    expected; not estimated yet. ``repaired``: symbols that were turned to make the check pass; 0:
    the frame came clean. What error correcting codes mended is in the frame.
    """

    eb_n0_db: float | None = None
    offset_hz: float | None = None
    repaired: int = 0


def quality_of(found: Found, *, additive: bool) -> Quality:
    """What is known of a frame. ``additive``: the noise behind the detector is that before it."""
    return Quality(_openness(found) if additive else None, None, found.repaired)


def _openness(found: Found) -> float | None:
    """How far the eye is open, in dB.

    The mean size of the symbols, squared, over twice its variance: Eb/N0 of a coherent
    receiver of BPSK. None where there are too few of them.
    """
    if found.heard is None or len(found.heard.symbols) < _LEAST_EYE:
        return None
    sizes = np.abs(found.heard.symbols.astype(np.float64))
    return float(10 * np.log10(sizes.mean() ** 2 / (2 * sizes.var() + 1e-3)))
