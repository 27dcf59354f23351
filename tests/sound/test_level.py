"""What sound is fit for: levels and filters that are known are found in noise."""

from __future__ import annotations

import numpy as np
import pytest

from decoders.modem.arrays import Real
from groundstation.sound.level import level_of

RATE = 48_000


def noise(seed: int = 1) -> Real:
    return np.random.default_rng(seed).standard_normal(4 * RATE).astype(np.float32) * np.float32(
        0.1
    )


def shaped(samples: Real, corner_hz: float, order: int = 1) -> Real:
    """Behind an AC coupling."""
    f = np.fft.rfftfreq(len(samples), 1 / RATE)
    bins = np.fft.rfft(samples) * (1j * f / (1j * f + corner_hz)) ** order
    return np.fft.irfft(bins, len(samples)).astype(np.float32)


def test_size_and_middle() -> None:
    level = level_of(noise() + np.float32(0.2), RATE)
    assert (level.rms, level.mean) == pytest.approx((0.1, 0.2), abs=0.001)
    assert level.clipped == 0


def test_the_part_that_is_cut_off() -> None:
    level = level_of(np.clip(noise(), -0.1, 0.1) * np.float32(10), RATE)
    assert level.clipped == pytest.approx(0.3173, abs=0.005)  # beyond one sigma
    iq = (noise(2) + 1j * np.clip(noise(3), -0.1, 0.1) * 10).astype(np.complex64)
    assert level_of(iq, RATE).clipped == pytest.approx(0.3173 / 2, abs=0.005)


@pytest.mark.parametrize("corner_hz", [20, 50, 100, 300])
def test_a_high_pass_is_found_with_its_corner(corner_hz: float) -> None:
    found = level_of(shaped(noise(), corner_hz), RATE).highpass_hz
    assert found == pytest.approx(corner_hz, rel=0.25)


def test_what_is_no_high_pass() -> None:
    """White noise; that behind a discriminator, which rises for ever; silence; a short piece."""
    rising = shaped(noise(), 40_000.0)
    for samples in (noise(), rising, 0 * noise(), noise()[:RATE]):
        assert level_of(samples, RATE).highpass_hz is None
