"""A burst in steps, from samples to bits, as numbers to be drawn.

What the modem does with sixty detectors is shown by one, the simplest of its kind: a person is to
see each step, not the best result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.data.burst_record import BurstStepsRecord, SpectrumRecord, WaveRecord
from decoders.errors import DefinitionError
from decoders.modem import Demodulator, Mode
from groundstation.storage.burst import Burst

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_WAVE_POINTS, _SPECTRUM_BINS, _ROWS = 400, 128, 56
_TRACES, _POINTS_A_SYMBOL, _PATH_SYMBOLS, _SYMBOLS, _DOTS = 80, 12, 24, 64, 300
#: Between the inner and the outer levels of 4-FSK, of which the outer ones are 1 high.
_OUTER = 2 / 3


def burst_steps(burst: Burst) -> BurstStepsRecord:
    """All steps of a burst."""
    facts, mode = burst.facts, _mode(burst)
    times = _symbol_times(burst, mode)
    phase_shift = mode.modulation.endswith("psk")
    base = _carrier(burst, mode) if phase_shift else _frequency(burst, mode, times)
    soft = _soft(base.real.astype(np.float64), times)[:_SYMBOLS]
    return {
        "wave": _wave(burst),
        "spectrum": _spectrum(burst),
        "eye": _eye(base.real.astype(np.float64), times, burst.rate_hz / facts.baud),
        "path": [] if phase_shift else _path(base.real, times, burst, mode),
        "path_step": 1 / _POINTS_A_SYMBOL,
        "dots": _dots(base, times) if phase_shift else [],
        "symbols": _rounded(soft, 2),
        "bits": _bits(soft, mode),
        "bits_per_symbol": mode.bits_per_symbol,
    }


def _mode(burst: Burst) -> Mode:
    facts = burst.facts
    return Mode(facts.modulation, facts.baud, facts.deviation_hz, facts.carrier_hz)


def _bits(soft: Real, mode: Mode) -> str:
    """One a symbol, two of 4-FSK (as :mod:`decoders.modem.four_levels` says)."""
    if mode.bits_per_symbol == 1:
        return "".join("1" if each > 0 else "0" for each in soft)
    pairs = np.stack([soft < 0, np.abs(soft) > _OUTER], axis=1).ravel()
    return "".join("1" if each else "0" for each in pairs)


def _symbol_times(burst: Burst, mode: Mode) -> Real:
    """The samples at which symbols are, from the begin of the frame on, by the modem's clock."""
    facts = burst.facts
    try:
        modem = Demodulator(mode, rate_hz=burst.rate_hz, iq=facts.iq, scale=facts.scale)
    except DefinitionError:
        return np.zeros(0)
    pieces = [*modem.feed(burst.samples), *modem.finish()]
    times = np.concatenate([np.zeros(0), *(each for _, each in pieces)]).astype(np.float64)
    # Nine bits a byte, for what is stuffed: behind the frame is noise.
    most = round(9 * len(facts.frame) / 2) + 16
    times = times[np.searchsorted(times, facts.sample) :][:most]
    if mode.bits_per_symbol == 1:
        return times
    middles: Real = times[: len(times) // 2 * 2].reshape(-1, 2).mean(axis=1)
    return middles


def _soft(base: Real, times: Real) -> Real:
    """The signal at the symbols; most are about 1 high."""
    heights = _at(base, times)
    loud = float(np.quantile(np.abs(heights), 0.8)) if len(heights) else 1.0
    return np.clip(heights / (loud or 1.0), -1.5, 1.5)


def _wave(burst: Burst) -> WaveRecord:
    values = burst.samples.real
    count = max(1, len(values) // _WAVE_POINTS)
    whole = values[: len(values) // count * count].reshape(-1, count)
    first = burst.facts.sample
    length = round(24 * burst.rate_hz / burst.facts.baud)
    step = max(1, length // 400)
    return {
        "step_ms": 1000 * count / burst.rate_hz,
        "frame_ms": round(1000 * first / burst.rate_hz, 3),
        "low": _rounded(whole.min(axis=1), 3),
        "high": _rounded(whole.max(axis=1), 3),
        "near": _rounded(values[first : first + length : step], 3),
        "near_step_ms": 1000 * step / burst.rate_hz,
    }


def _spectrum(burst: Burst) -> SpectrumRecord:
    """Of overlapping stretches under a Hann window; the mean of all, and each of them."""
    values = burst.samples
    size = 2 * _SPECTRUM_BINS if not burst.facts.iq else _SPECTRUM_BINS
    size = min(size, len(values))
    starts = np.linspace(0, max(0, len(values) - size), _ROWS).astype(int)
    pieces = np.stack([values[start : start + size] for start in starts]) * np.hanning(size)
    if burst.facts.iq:
        bins = np.fft.fftshift(np.fft.fft(pieces, axis=1), axes=1)
        low_hz = -burst.rate_hz / 2
    else:
        bins, low_hz = np.fft.rfft(pieces, axis=1)[:, 1:], 0.0
    power = np.abs(bins) ** 2 + 1e-12
    rows = 10 * np.log10(power)
    top = float(rows.max())
    levels = np.clip((rows - top + 50) / 50 * 255, 0, 255).astype(int)
    frame = power[starts >= burst.facts.sample - size // 2]
    frame = frame[: max(1, round(len(frame) * _share(burst)))] if len(frame) else power
    mean = 10 * np.log10(frame.mean(axis=0))
    return {
        "from_hz": low_hz,
        "step_hz": burst.rate_hz / size,
        "db": _rounded(mean - mean.max(), 1),
        "rows": levels.tolist(),
        "row_ms": 1000 * len(values) / burst.rate_hz / _ROWS,
    }


def _share(burst: Burst) -> float:
    """How much of what follows the begin of the frame is the frame."""
    length = 4.5 * len(burst.facts.frame) * burst.rate_hz / _mode(burst).bit_rate
    return min(1.0, length / max(1, len(burst.samples) - burst.facts.sample))


def _frequency(burst: Burst, mode: Mode, times: Real) -> Complex:
    """The signal whose height says the bit: its frequency, smoothed over half a symbol."""
    values = burst.samples.astype(np.complex128)
    if mode.modulation == "afsk" or burst.facts.iq:
        if not burst.facts.iq:
            turn = np.exp(-2j * np.pi * (mode.carrier_hz or 0) / burst.rate_hz * _places(values))
            values = _smooth(values * turn, burst.rate_hz / mode.baud)
        turned = np.angle(values[1:] * np.conj(values[:-1]))
        values = np.concatenate([turned[:1], turned]).astype(np.complex128)
        if (mode.deviation_hz or 1) < 0:
            values = -values
    smooth = _smooth(values, burst.rate_hz / mode.baud / 2)
    heights = _at(smooth.real, times) if len(times) else smooth.real
    # A transmitter or receiver that is off its frequency moves both levels alike.
    return smooth - float(np.quantile(heights, 0.1) + np.quantile(heights, 0.9)) / 2


def _carrier(burst: Burst, mode: Mode) -> Complex:
    """Around its carrier at zero, which is found by the line that its square has."""
    values = burst.samples.astype(np.complex128)
    if not burst.facts.iq:
        turn = -2j * np.pi * (mode.carrier_hz or 0) / burst.rate_hz
        values = values * np.exp(turn * _places(values))
    values = _smooth(values, burst.rate_hz / mode.baud)
    first = burst.facts.sample
    square = values[first:] ** 2
    size = 1 << max(12, int(len(square) * 4 - 1).bit_length())
    bins = np.abs(np.fft.fft(square, size))
    found = np.fft.fftfreq(size)[int(bins.argmax())] / 2
    values = values * np.exp(-2j * np.pi * found * (_places(values) - first))
    turned = values * np.exp(-0.5j * np.angle(np.sum(values[first:] ** 2)))
    loud = float(np.quantile(np.abs(turned), 0.9)) or 1.0
    straight: Complex = turned / loud
    return straight


def _places(values: Complex) -> Real:
    return np.arange(len(values)).astype(np.float64)


def _smooth(values: Complex, length: float) -> Complex:
    count = max(1, round(length))
    found: Complex = np.convolve(values, np.ones(count) / count, "same")
    return found


def _at(base: Real, times: Real) -> Real:
    return np.interp(times, np.arange(len(base)), base)


def _eye(base: Real, times: Real, spacing: float) -> list[list[float]]:
    """Two symbols around each of some, as high as most of them are."""
    if len(times) < 4:
        return []
    within = np.arange(-_POINTS_A_SYMBOL, _POINTS_A_SYMBOL + 1) / _POINTS_A_SYMBOL * spacing
    traces = _at(base, times[1 : 1 + _TRACES, None] + within[None, :])
    loud = float(np.quantile(np.abs(traces[:, _POINTS_A_SYMBOL]), 0.8)) or 1.0
    return [_rounded(np.clip(trace / loud, -3, 3), 2) for trace in traces]


def _path(base: Real, all_times: Real, burst: Burst, mode: Mode) -> list[float]:
    """The phase in half turns: the sum of the frequency, as high as the modulation index says."""
    times = all_times[:_PATH_SYMBOLS]
    if len(times) < 4:
        return []
    heights = np.abs(_at(base, all_times[: 4 * _PATH_SYMBOLS]))
    index = mode.index or 0.5
    # One symbol of full height turns the phase by the modulation index in half turns.
    frequency = base / (float(np.quantile(heights, 0.8)) or 1.0) * index
    steps = np.arange(len(times) * _POINTS_A_SYMBOL) / _POINTS_A_SYMBOL
    spacing = burst.rate_hz / burst.facts.baud
    path = np.cumsum(_at(frequency, times[0] + (steps - 0.5) * spacing)) / _POINTS_A_SYMBOL
    return _rounded(path - path[0], 3)


def _dots(base: Complex, times: Real) -> list[list[float]]:
    some = times[:_DOTS]
    return [
        [round(float(i), 2), round(float(q), 2)]
        for i, q in zip(_at(base.real, some), _at(base.imag, some), strict=True)
    ]


def _rounded(values: NDArray[np.floating], digits: int) -> list[float]:
    found: list[float] = np.round(values.astype(np.float64), digits).tolist()
    return found
