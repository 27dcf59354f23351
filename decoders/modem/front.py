"""From samples to the symbols of every detector of a mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from decoders.errors import DefinitionError
from decoders.modem.afsk import Afsk
from decoders.modem.bpsk import Bpsk
from decoders.modem.detected import Detector
from decoders.modem.fsk import FskAudio, FskIq
from decoders.modem.mode import Mode
from decoders.modem.spectrum import Spectrum
from decoders.modem.stream import Joiner, Piece
from decoders.modem.windows import Window, Windows

#: Each window's inner part: at least so long and so many symbols; and the margin on both sides.
_HOP_S, _HOP_SYMBOLS, _MARGIN_SYMBOLS = 0.35, 720, 320

#: Of the names of all variants those that are wanted.
Choose: TypeAlias = Callable[[tuple[str, ...]], tuple[str, ...]]


def detector(mode: Mode, rate_hz: float, iq: bool, scale: float | None) -> Detector:
    """The detectors of a mode; raises DefinitionError where the rate is too low for it."""
    if mode.modulation == "fsk":
        made: Detector = FskIq(mode) if iq else FskAudio(mode, scale)
        lowest = 2 * mode.baud
    elif mode.modulation == "afsk" and not iq:
        made = Afsk(mode)
        lowest = 2 * ((mode.carrier_hz or 0) + abs(mode.deviation_hz or 0) + mode.baud / 2)
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
        self._detector = detector(mode, rate_hz, iq, scale)
        self.names = choose(self._detector.names)
        self._rate_hz, self._highpass_hz = rate_hz, None if iq else highpass_hz
        self.spacing = rate_hz / mode.baud
        hop = round(max(_HOP_S * rate_hz, _HOP_SYMBOLS * self.spacing))
        self.windows = Windows(hop, round(_MARGIN_SYMBOLS * self.spacing), iq)
        signless = mode.modulation == "bpsk"
        self._joiners = {name: Joiner(self.spacing, signless) for name in self.names}

    def pieces(self, window: Window) -> list[Piece]:
        """What each of the variants :attr:`names` makes of a window."""
        spectrum = Spectrum(window.samples, self._rate_hz)
        if self._highpass_hz:
            spectrum.undo_high_pass(self._highpass_hz)
        found = self._detector.detect(spectrum, self.names)
        by_name = dict(zip(self._detector.names, found, strict=True))
        return [
            joiner.join(by_name[name], window.start, window.first, window.last)
            for name, joiner in self._joiners.items()
        ]


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
