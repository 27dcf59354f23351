"""How well a frame was heard: Eb/N0 and the carrier's offset, measured on its own symbols.

When a frame is found its symbols are known. Taken out of the signal they leave the bare carrier:
its mean is the signal, what is across it is noise, and how it turns is its offset. Across, because
an FM receiver limits its signal: along the carrier no noise is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from decoders.modem.afsk import TILTS, tilted
from decoders.modem.arrays import Complex, Real, between, moving_average
from decoders.modem.detected import EVERYTHING, PER_SYMBOL, carson
from decoders.modem.deviation import USUAL_INDEXES
from decoders.modem.mode import Mode
from decoders.modem.phase_detector import GAUSSIAN, UNFILTERED, correlations, paths, patterns
from decoders.modem.spectrum import Spectrum, frequency, low_pass, over_symbols
from decoders.modem.stream import Piece
from decoders.modem.windows import Window

#: Fewer symbols say little about the noise.
_LEAST = 64
#: Symbols over which the carrier's phase is followed.
_PHASE = 33
#: Detectors time symbols differently, by so much; in samples, PER_SYMBOL of which are a symbol.
_SHIFTS = (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25)
#: Beyond this nothing but the detector's own faults is measured, dB.
_MOST_DB = 25.0


#: Whether a symbol is a 1.
Ones: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a frame was heard, as far as it is known; of 4-FSK nothing is measured.

    ``eb_n0_db``: energy of a bit over the noise density, an estimate: within 1.5 dB from 7 to 14
    dB, too low above. ``offset_hz``: how far the carrier was from where it was expected; None in FM
    audio of which nobody knows what frequency a unit of it stands for. ``repaired``: symbols that
    were turned to make the check pass; 0: the frame came clean. What error correcting codes mended
    is in the frame.
    """

    eb_n0_db: float | None = None
    offset_hz: float | None = None
    repaired: int = 0


class Meter:
    """Measures frames of one stream. The arguments as
    :class:`decoders.modem.receiver.AudioReceiver` takes them."""

    def __init__(
        self, mode: Mode, rate_hz: float, iq: bool, scale: float | None, highpass_hz: float | None
    ):
        self._mode, self._rate_hz = mode, rate_hz
        self._iq = iq and mode.modulation != "afsk"  # which is taken to audio in Hz first
        self._scale, self._highpass_hz = (1.0 if iq else scale), (None if iq else highpass_hz)

    def quality(self, heard: Piece, window: Window, spectrum: Spectrum, repaired: int) -> Quality:
        """Of a frame with these symbols, as much of it as lies in ``window``, which the detectors
        see as ``spectrum``."""
        times = heard.times - window.start
        edge = 4 * self._rate_hz / self._mode.baud
        inside = (times > edge) & (times < len(window.samples) - edge)
        if inside.sum() < _LEAST or self._mode.modulation == "4fsk":
            return Quality(repaired=repaired)
        times = times[inside] * (spectrum.rate_hz / self._rate_hz)
        bare, offset_hz = self._bare(spectrum, heard.symbols[inside] > 0, times)
        return Quality(_eb_n0_db(bare), offset_hz, repaired)

    def _bare(self, spectrum: Spectrum, ones: Ones, times: Real) -> tuple[Complex, float | None]:
        """The carrier without the data, a number a symbol, and its offset."""
        mode = self._mode
        if mode.modulation in ("bpsk", "dbpsk"):
            bare = self._of_bpsk(spectrum, ones, times)
            return bare, _turning_hz(bare, mode.baud)
        if mode.modulation == "afsk":
            return self._of_afsk(spectrum, ones, times), self._middle_hz(spectrum, times)
        bare = self._of_fsk(spectrum, ones, times)
        known = self._scale is not None and not self._highpass_hz
        return bare, _turning_hz(bare, mode.baud) if known else None

    def _of_bpsk(self, spectrum: Spectrum, ones: Ones, times: Real) -> Complex:
        mode, middle_hz = self._mode, 0.0 if self._iq else self._mode.carrier_hz or 0.0
        z, z_hz = spectrum.around(middle_hz, low_pass(1.6, 0.4), mode.baud, PER_SYMBOL * mode.baud)
        places = times * (z_hz / spectrum.rate_hz)
        signs = np.where(ones, 1.0, -1.0)
        if mode.modulation == "dbpsk":
            signs = np.cumprod(-signs)
        turn_hz = _turning_hz(between(z, places) * signs, mode.baud)
        matched, _ = spectrum.around(
            middle_hz + turn_hz, over_symbols(1.0), mode.baud, PER_SYMBOL * mode.baud
        )
        found = between(matched, places) * signs
        again: Complex = found * np.exp(2j * np.pi * turn_hz / spectrum.rate_hz * times)
        return again

    def _of_afsk(self, spectrum: Spectrum, ones: Ones, times: Real) -> Complex:
        mode = self._mode
        deviation, carrier = mode.deviation_hz or 0.0, mode.carrier_hz or 0.0
        response = low_pass(abs(deviation) / mode.baud + 0.8, 0.4)

        def bare(tilt: float, shifts: Sequence[float]) -> Complex:
            shape = tilted(response, carrier / mode.baud, -tilt)
            z, z_hz = spectrum.around(carrier, shape, mode.baud, PER_SYMBOL * mode.baud)
            if deviation < 0:
                z = np.conj(z)
            places, index = times * (z_hz / spectrum.rate_hz), mode.index or 1.0
            return _without_data(z, z_hz / mode.baud, ones, places, index, UNFILTERED, shifts)

        # The right tilt is that at any timing.
        tilt = max(TILTS, key=lambda tilt: _eb_n0_db(bare(tilt, (0.0,))))
        return bare(tilt, _SHIFTS)

    def _middle_hz(self, spectrum: Spectrum, times: Real) -> float | None:
        """The carrier's offset is what an FM receiver's audio is beside zero."""
        if self._scale is None or self._highpass_hz:
            return None
        audio, rate_hz = spectrum.real(low_pass(0.5), self._mode.baud, spectrum.rate_hz)
        first, last = (int(times[n] * rate_hz / spectrum.rate_hz) for n in (0, -1))
        return float(np.mean(audio[first:last])) * self._scale

    def _of_fsk(self, spectrum: Spectrum, ones: Ones, times: Real) -> Complex:
        mode = self._mode
        if self._iq:
            passes = carson(mode.index or max(USUAL_INDEXES))
            z, z_hz = spectrum.around(0.0, passes, mode.baud, PER_SYMBOL * mode.baud)
            moves = frequency(z) * (z_hz / 2 / np.pi)
        else:
            wide_hz = max(spectrum.rate_hz, PER_SYMBOL * mode.baud)
            moves, z_hz = spectrum.real(EVERYTHING, mode.baud, wide_hz)
        places = times * (z_hz / spectrum.rate_hz)
        swing = _swing(moves, z_hz, mode.baud, ones, places)
        if self._scale is not None:
            indexes: tuple[float, ...] = (mode.index or 2 * swing * self._scale / mode.baud,)
        else:
            indexes = (mode.index,) if mode.index else USUAL_INDEXES
        found = []
        for index in indexes:
            hz = moves * (self._scale or index * mode.baud / 2 / swing)
            z = np.exp(2j * np.pi / z_hz * np.cumsum(hz)) if not self._iq else z
            found.append(_without_data(z, z_hz / mode.baud, ones, places, index, GAUSSIAN))
        return max(found, key=_eb_n0_db)


def _swing(moves: Real, rate_hz: float, baud: float, ones: Ones, places: Real) -> float:
    """How far a run of equal bits goes from the middle, in units of ``moves``."""
    value = between(moving_average(moves, round(rate_hz / baud)), places)
    pattern = patterns(ones.astype(np.int64))
    return float(np.median(value[pattern == 7]) - np.median(value[pattern == 0])) / 2


def _without_data(
    z: Complex,
    per_symbol: float,
    ones: Ones,
    places: Real,
    index: float,
    bandwidth: float,
    shifts: Sequence[float] = _SHIFTS,
) -> Complex:
    """The carrier of a signal whose phase took the paths of these bits, at the best timing."""
    shape = paths(round(index, 2), bandwidth)
    pattern = patterns(ones.astype(np.int64))
    phase = np.concatenate([[0.0], np.cumsum(shape.advance[pattern])[:-1]])
    data = np.exp(-1j * phase)

    def shifted(by: float) -> Complex:
        c = correlations(z.astype(np.complex64), places + by, per_symbol, shape.phase)
        found: Complex = c[pattern, np.arange(len(ones))] * data
        return found

    return max((shifted(by) for by in shifts), key=_eb_n0_db)


def _turning_hz(bare: Complex, baud: float) -> float:
    """How fast the carrier turns."""
    return float(np.angle(np.sum(bare[1:] * np.conj(bare[:-1])))) / (2 * np.pi) * baud


def _eb_n0_db(bare: Complex) -> float:
    """The mean of the carrier, squared, over twice the power across it; BPSK and FSK alike.

    The carrier is followed over :data:`_PHASE` symbols, whose mean holds so much less noise.
    """
    turn = np.angle(np.sum(bare[1:] * np.conj(bare[:-1])))
    still = bare * np.exp(-1j * turn * np.arange(len(bare)))
    carrier = moving_average(moving_average(still, _PHASE), _PHASE)
    across = (still * np.conj(carrier)).imag / (np.abs(carrier) + 1e-30)
    noise = 2 * float(np.mean(across**2)) / (1 - 4 / 3 / _PHASE) + 1e-30
    signal = float(np.mean(np.abs(carrier) ** 2))
    return min(10 * float(np.log10(signal / noise + 1e-3)), _MOST_DB)
