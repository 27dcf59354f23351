"""From samples to frames, by one framing or by several at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from decoders.frame import BadFrame, Frame
from decoders.modem.arrays import Complex, Real
from decoders.modem.front import Front, best, every, quick, single
from decoders.modem.gathering import Found
from decoders.modem.lines import FrameFinder
from decoders.modem.mode import Mode
from decoders.modem.quality import Meter, Quality
from decoders.modem.spectrum import Spectrum
from decoders.modem.windows import Window
from decoders.symbols import Symbols

#: Up to this baud rate all detectors together cost little.
_SLOW_BAUD = 2400


@dataclass(frozen=True, slots=True)
class Heard:
    """A frame, or what looked like one, with the time of its first sample.

    ``sample``: index in the input stream, counted from the first sample ever fed.
    """

    item: Frame | BadFrame
    sample: int
    quality: Quality


class SharedReceiver:
    """Several framings of one mode: the signal is demodulated once for all of them.

    ``framings``: names and options, as in :func:`decoders.framing.registry.bit_deframer`.
    ``hasty``: only the detectors that hear most, where all cost much: to find out what may be in a
    recording. The rest is as :class:`AudioReceiver` takes it.
    """

    def __init__(
        self,
        mode: Mode,
        framings: Sequence[tuple[str, Mapping[str, Any]]],
        *,
        rate_hz: float,
        iq: bool = False,
        scale: float | None = None,
        highpass_hz: float | None = None,
        repair: bool = True,
        hasty: bool = False,
    ):
        choose = quick if hasty and mode.baud > _SLOW_BAUD else every
        self._front = Front(mode, rate_hz, iq, scale, highpass_hz, choose)
        in_pairs = "bpsk" not in mode.modulation
        self._meter = Meter(mode, rate_hz, iq, scale, highpass_hz)
        names = self._front.names
        mended = best(names) if repair else ()
        self._newest: Window | None = None
        self._seen: Spectrum | None = None
        self._finders = [
            FrameFinder(framing, options, names, mended, self._front.spacing, in_pairs)
            for framing, options in framings
        ]

    def feed(self, samples: Real | Complex) -> list[tuple[int, Heard]]:
        """Take the next samples (float32 in -1..1, or complex64) and give what is complete.

        With each frame the place of its framing among those given.
        """
        found: list[tuple[int, Heard]] = []
        for window in self._front.windows.feed(samples):
            found += self._window(window)
        return found

    def finish(self) -> list[tuple[int, Heard]]:
        """The stream ended: what is still in the windows."""
        found: list[tuple[int, Heard]] = []
        for window in self._front.windows.finish():
            found += self._window(window)
        for place, finder in enumerate(self._finders):
            found += [(place, self._one(each)) for each in finder.finish()]
        return found

    def _window(self, window: Window) -> list[tuple[int, Heard]]:
        self._newest, self._seen = window, None
        pieces = self._front.pieces(window)
        return [
            (place, self._one(each))
            for place, finder in enumerate(self._finders)
            for each in finder.feed(pieces)
        ]

    def _one(self, found: Found) -> Heard:
        first = max(round(found.time - self._front.spacing / 2), 0)
        quality = Quality(repaired=found.repaired)
        if self._newest is not None and found.heard is not None:
            # Once for all frames of a window. The detectors have changed theirs.
            self._seen = self._seen or self._front.spectrum(self._newest)
            quality = self._meter.quality(found.heard, self._newest, self._seen, found.repaired)
        return Heard(found.item, first, quality)


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
        self._shared = SharedReceiver(
            mode,
            [(framing, options or {})],
            rate_hz=rate_hz,
            iq=iq,
            scale=scale,
            highpass_hz=highpass_hz,
            repair=repair,
        )

    def feed(self, samples: Real | Complex) -> list[Heard]:
        """Take the next samples (float32 in -1..1, or complex64) and give what is complete."""
        return [heard for _, heard in self._shared.feed(samples)]

    def finish(self) -> list[Heard]:
        """The stream ended: what is still in the windows."""
        return [heard for _, heard in self._shared.finish()]


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
        self._front = Front(mode, rate_hz, iq, scale, highpass_hz, single)

    def feed(self, samples: Real | Complex) -> list[tuple[Symbols, Real]]:
        """Take the next samples; give soft symbols, and where in the input each one is."""
        return [self._piece(window) for window in self._front.windows.feed(samples)]

    def finish(self) -> list[tuple[Symbols, Real]]:
        """The stream ended: the symbols that are left."""
        return [self._piece(window) for window in self._front.windows.finish()]

    def _piece(self, window: Window) -> tuple[Symbols, Real]:
        (piece,) = self._front.pieces(window)
        return piece.symbols, piece.times
