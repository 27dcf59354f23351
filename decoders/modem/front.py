"""From samples to the symbols of every detector of a mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from decoders.errors import DefinitionError
from decoders.modem.afsk import Afsk
from decoders.modem.bpsk import Bpsk
from decoders.modem.detected import Detected, Detector
from decoders.modem.four_levels import FourLevels
from decoders.modem.fsk import FskAudio, FskIq
from decoders.modem.mode import Mode
from decoders.modem.spectrum import Spectrum, frequency, low_pass
from decoders.modem.stream import Joiner, Piece
from decoders.modem.windows import Window, Windows

#: Each window's inner part: at least so long and so many symbols; and the margin on both sides.
_HOP_S, _HOP_SYMBOLS, _MARGIN_SYMBOLS = 0.35, 720, 320

#: Of FM transmitters that send AFSK, at most; and how steep the filter of the receiver is.
_FM_DEVIATION_HZ, _FM_SLOPE_HZ = 5000.0, 3000.0
#: Of the names of all variants those that are wanted.
Choose: TypeAlias = Callable[[tuple[str, ...]], tuple[str, ...]]


def detector(mode: Mode, rate_hz: float, iq: bool, scale: float | None) -> Detector:
    """The detectors of a mode; raises DefinitionError where the rate is too low for it."""
    if mode.modulation == "fsk":
        made: Detector = FskIq(mode) if iq else FskAudio(mode, scale)
        lowest = 2 * mode.baud
    elif mode.modulation == "afsk":
        made = Afsk(mode)
        lowest = 2 * ((mode.carrier_hz or 0) + abs(mode.deviation_hz or 0) + mode.baud / 2)
    elif mode.modulation == "4fsk":
        made = FourLevels(mode, iq)
        lowest = 2 * mode.baud
    elif mode.modulation in ("bpsk", "dbpsk"):
        middle = 0.0 if iq else mode.carrier_hz or 0.0
        made = Bpsk(mode, middle)
        lowest = 2 * (abs(middle) + 0.6 * mode.baud)
    else:
        raise DefinitionError(f"there is no demodulator for {mode.modulation!r} in this input")
    if rate_hz < lowest:
        raise DefinitionError(
            f"{rate_hz:g} samples a second are too few for {mode.modulation.upper()} at "
            f"{mode.baud:g} baud, at least {lowest:g} are needed"
        )
    return made


class Front:
    """Samples in; for each window the piece of every variant of the mode's detector.

    ``choose``: which variants, of their names. The rest as
    :class:`decoders.modem.receiver.AudioReceiver` takes it.
    """

    def __init__(
        self,
        mode: Mode,
        rate_hz: float,
        iq: bool,
        scale: float | None,
        highpass_hz: float | None,
        choose: Choose,
    ):
        self.discriminates = iq and mode.modulation == "afsk"
        self._detector = detector(mode, rate_hz, iq and not self.discriminates, scale)
        self.names = choose(self._detector.names)
        self._mode, self._rate_hz = mode, rate_hz
        self._highpass_hz = None if iq else highpass_hz
        self.spacing = rate_hz / mode.bit_rate
        hop = round(max(_HOP_S * rate_hz, _HOP_SYMBOLS * self.spacing))
        self.windows = Windows(hop, round(_MARGIN_SYMBOLS * self.spacing), iq)
        signless = mode.modulation == "bpsk"
        self._joiners = {name: Joiner(self.spacing, signless) for name in self.names}

    def spectrum(self, window: Window) -> Spectrum:
        """What the detectors see of a window: a known high-pass undone, IQ of AFSK as audio."""
        spectrum = Spectrum(window.samples, self._rate_hz)
        if self._highpass_hz:
            spectrum.undo_high_pass(self._highpass_hz)
        return _discriminated(spectrum, self._mode) if self.discriminates else spectrum

    def pieces(self, window: Window) -> list[Piece]:
        """What each of the variants :attr:`names` makes of a window."""
        spectrum = self.spectrum(window)
        found = self._detector.detect(spectrum, self.names)
        by_name = dict(zip(self._detector.names, found, strict=True))
        ratio = self._rate_hz / spectrum.rate_hz
        pieces = []
        for name, joiner in self._joiners.items():
            soft, times = by_name[name]
            detected = Detected(soft, times * ratio)
            pieces.append(joiner.join(detected, window.start, window.first, window.last))
        return pieces


def _discriminated(spectrum: Spectrum, mode: Mode) -> Spectrum:
    """IQ behind the filter and the discriminator of an FM receiver: audio in Hz.

    As wide as Carson's rule says of a usual deviation and the highest tone.
    """
    highest = (mode.carrier_hz or 0.0) + abs(mode.deviation_hz or 0.0) + mode.baud / 2
    response = low_pass(_FM_DEVIATION_HZ + highest, _FM_SLOPE_HZ)
    z, rate_hz = spectrum.around(0.0, response, 1.0, spectrum.rate_hz)
    audio, same_hz = Spectrum(frequency(z) * (rate_hz / 2 / np.pi), rate_hz).real(
        np.ones_like, 1.0, spectrum.rate_hz
    )
    return Spectrum(audio, same_hz)


def every(names: tuple[str, ...]) -> tuple[str, ...]:
    """All variants."""
    return names


def best(names: tuple[str, ...]) -> tuple[str, ...]:
    """The variants that hear the weakest signals: the phase detectors, where there are any."""
    return tuple(name for name in names if name.startswith("phase")) or names


def quick(names: tuple[str, ...]) -> tuple[str, ...]:
    """The first one, which costs little and works always, and the best ones."""
    return tuple(dict.fromkeys((names[0], *(best(names) if best(names) != names else ()))))


def single(names: tuple[str, ...]) -> tuple[str, ...]:
    """The first of the best ones."""
    return best(names)[:1]
