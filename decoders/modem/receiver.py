"""From samples to frames: all detectors side by side, each frame once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from decoders.errors import DefinitionError
from decoders.frame import BadFrame, Deframed, Frame
from decoders.framing.registry import bit_deframer
from decoders.modem.afsk import Afsk
from decoders.modem.arrays import Complex, Real
from decoders.modem.bpsk import Bpsk
from decoders.modem.detected import Detector
from decoders.modem.fsk import FskAudio, FskIq
from decoders.modem.gathering import Found, Gathering
from decoders.modem.mode import Mode
from decoders.modem.repair import MENDABLE, Mender
from decoders.modem.spectrum import Spectrum
from decoders.modem.stream import Joiner, Piece, Timeline
from decoders.modem.windows import Window, Windows
from decoders.symbols import Symbols

#: Each window's inner part: at least so long and so many symbols; and the margin on both sides.
_HOP_S, _HOP_SYMBOLS, _MARGIN_SYMBOLS = 0.35, 480, 320


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


@dataclass(frozen=True, slots=True)
class Heard:
    """A frame, or what looked like one, with the time of its first sample.

    ``sample``: index in the input stream, counted from the first sample ever fed.
    """

    item: Frame | BadFrame
    sample: int
    quality: Quality


def detector(
    mode: Mode, rate_hz: float, iq: bool, scale: float | None, highpass_hz: float | None
) -> Detector:
    """The detectors of a mode; raises DefinitionError where the rate is too low for it."""
    if mode.modulation == "fsk":
        made: Detector = FskIq(mode) if iq else FskAudio(mode, scale, highpass_hz)
        lowest = 2 * mode.baud
    elif mode.modulation == "afsk" and not iq:
        made = Afsk(mode, highpass_hz)
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


class _Front:
    """Samples in; for each window the piece of every variant."""

    def __init__(
        self,
        mode: Mode,
        rate_hz: float,
        iq: bool,
        scale: float | None,
        highpass_hz: float | None,
    ):
        self.detector = detector(mode, rate_hz, iq, scale, highpass_hz)
        self.rate_hz, self.iq = rate_hz, iq
        self.spacing = rate_hz / mode.baud
        hop = round(max(_HOP_S * rate_hz, _HOP_SYMBOLS * self.spacing))
        self.windows = Windows(hop, round(_MARGIN_SYMBOLS * self.spacing), iq)
        signless = mode.modulation == "bpsk"
        self._joiners = [Joiner(self.spacing, signless) for _ in self.detector.names]

    def pieces(self, window: Window) -> list[Piece]:
        """What every variant of the detector makes of a window."""
        found = self.detector.detect(Spectrum(window.samples, self.rate_hz))
        return [
            joiner.join(each, window.start, window.first, window.last)
            for joiner, each in zip(self._joiners, found, strict=True)
        ]


#: Framings that do not mind when all symbols are inverted; for the others both ways are tried,
#: since the sign of BPSK is open and receivers turn the sense of FM.
_EITHER_WAY = frozenset(("hdlc", "hdlc-g3ruh", "ua01", "opssat", "fx25", "astrocast-fx25", "il2p"))


class _Line:
    """One variant's stream: its deframers, and when its symbols were."""

    def __init__(self, framing: str, options: Mapping[str, Any], repair: bool, in_pairs: bool):
        self._framing = framing
        signs = (1,) if framing in _EITHER_WAY else (1, -1)
        self._deframers = [(sign, bit_deframer(framing, options)) for sign in signs]
        self._repair, self._in_pairs = repair and framing in MENDABLE, in_pairs
        self._begin()

    def _begin(self) -> None:
        self._timeline = Timeline()
        self._mender = Mender(self._framing, self._in_pairs) if self._repair else None

    def feed(self, piece: Piece) -> list[Found]:
        """What is complete with the next symbols; a piece without any ends the stream."""
        if not len(piece.symbols):
            return self.finish()
        self._timeline.add(piece)
        found: list[Found] = []
        for sign, deframer in self._deframers:
            found += self._timed(deframer.feed(sign * piece.symbols))
        if self._mender:
            found += [
                self._found(Frame(data, bit_index=begin), turned)
                for data, begin, turned in self._mender.feed(piece.symbols)
            ]
        return found

    def finish(self) -> list[Found]:
        """What is left when the stream ends."""
        if not self._timeline.count:
            return []
        found = [each for _, deframer in self._deframers for each in self._timed(deframer.flush())]
        self._begin()
        return found

    def _timed(self, items: list[Deframed]) -> list[Found]:
        return [self._found(item) for item in items]

    def _found(self, item: Deframed, repaired: int = 0) -> Found:
        begin = item.bit_index or 0
        openness_db = self._timeline.openness(begin, 8 * len(item.data))
        return Found(item, self._timeline.at(begin), repaired, openness_db)


class AudioReceiver:
    """Audio or IQ samples to frames: every detector of the mode, their union, each frame once.

    ``mode``: see :func:`decoders.modem.mode.mode_of`. ``framing``, ``options``: as in
    :func:`decoders.framing.registry.bit_deframer`. ``rate_hz``: samples a second, any. ``iq``: the
    samples are complex, the carrier near zero; else they are audio: of an FM receiver (fsk, afsk)
    or of an SSB receiver (bpsk). ``scale``: Hz of deviation that audio of 1.0 stands for, where
    that is known (rtl_fm: its sampling rate); else the level is learned. ``highpass_hz``: corner
    of a known AC coupling of the audio, which is undone. ``repair``: also try to mend AX.25 frames
    whose check fails.

    Holds two windows of samples and as many symbols as the longest frame. A frame is given at the
    latest one window after its end (under 1 s from 1200 baud on). The results do not hang on how
    the stream is cut into blocks.
    """

    def __init__(
        self,
        mode: Mode,
        framing: str,
        options: Mapping[str, Any] | None = None,
        *,
        rate_hz: float,
        iq: bool = False,
        scale: float | None = None,
        highpass_hz: float | None = None,
        repair: bool = True,
    ):
        self._front = _Front(mode, rate_hz, iq, scale, highpass_hz)
        names = self._front.detector.names
        best = _best(names)
        self._additive = "bpsk" in mode.modulation
        in_pairs = not self._additive
        self._lines = [
            _Line(framing, options or {}, repair and name in best, in_pairs) for name in names
        ]
        self._gathering = Gathering(framing, len(self._lines), self._front.spacing)

    def feed(self, samples: Real | Complex) -> list[Heard]:
        """Take the next samples (float32 in -1..1, or complex64) and give what is complete."""
        found: list[Heard] = []
        for window in self._front.windows.feed(samples):
            found += self._window(window)
        return found

    def finish(self) -> list[Heard]:
        """The stream ended: what is still in the windows."""
        found: list[Heard] = []
        for window in self._front.windows.finish():
            found += self._window(window)
        found += self._heard([line.finish() for line in self._lines])
        return found + [self._one(each) for each in self._gathering.rest()]

    def _window(self, window: Window) -> list[Heard]:
        pieces = self._front.pieces(window)
        return self._heard(
            [line.feed(piece) for line, piece in zip(self._lines, pieces, strict=True)]
        )

    def _heard(self, found: list[list[Found]]) -> list[Heard]:
        return [self._one(each) for each in self._gathering.gather(found)]

    def _one(self, found: Found) -> Heard:
        first = max(round(found.time - self._front.spacing / 2), 0)
        # Of frequency modulation the eye says little: behind a discriminator noise is not additive.
        eb_n0_db = found.openness_db if self._additive else None
        return Heard(found.item, first, Quality(eb_n0_db, None, found.repaired))


class Demodulator:
    """The same front with one detector, for soft symbols instead of frames."""

    def __init__(
        self,
        mode: Mode,
        *,
        rate_hz: float,
        iq: bool = False,
        scale: float | None = None,
        highpass_hz: float | None = None,
    ):
        self._front = _Front(mode, rate_hz, iq, scale, highpass_hz)
        names = self._front.detector.names
        self._which = names.index(_best(names)[0])

    def feed(self, samples: Real | Complex) -> list[tuple[Symbols, Real]]:
        """Take the next samples; give soft symbols, and where in the input each one is."""
        return [self._piece(window) for window in self._front.windows.feed(samples)]

    def finish(self) -> list[tuple[Symbols, Real]]:
        """The stream ended: the symbols that are left."""
        return [self._piece(window) for window in self._front.windows.finish()]

    def _piece(self, window: Window) -> tuple[Symbols, Real]:
        piece = self._front.pieces(window)[self._which]
        return piece.symbols, piece.times


def _best(names: tuple[str, ...]) -> tuple[str, ...]:
    """The variants that hear the weakest signals: the phase detectors, where there are any."""
    return tuple(name for name in names if name.startswith("phase")) or names
