"""What a detector gives, and the frequency signal that several of them share."""

from __future__ import annotations

from collections.abc import Container
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from decoders.modem.arrays import Real, beside, between, moving_average, moving_largest
from decoders.modem.spectrum import (
    Response,
    Spectrum,
    band_pass,
    hann_pulse,
    low_pass,
    over_symbols,
)
from decoders.modem.timing import Clock, Rate, RateFollower, strongest, symbol_clock

#: Samples a symbol at which the detectors work.
PER_SYMBOL = 8
#: Passes everything that a signal of constant envelope may hold at PER_SYMBOL samples a symbol.
EVERYTHING = low_pass(3.0, 1.0)
#: Receive filters that no detector of frequency can do without; none of them is best always.
FILTERS: dict[str, Response] = {
    "narrow": low_pass(0.5),
    "wide": low_pass(0.7),
    "box": over_symbols(1.0),
    "hann1.5": hann_pulse(1.5),
    "hann2": hann_pulse(2.0),
    "edge": band_pass(0.5, 0.25),
}
#: The filter whose square has the clearest line at the symbol rate: it passes what lies around half
#: of that rate, which alone makes the line; a receiver's filter as narrow as the rate leaves only
#: little there (L. E. Franks, J. P. Bubrouski, IEEE Transactions on Communications 22, 1974).
_EDGE = ("edge", "as is")
#: Ways to take the carrier's offset away: symbols over which the mean, or the middle between the
#: extremes, is followed.
_MEAN, _EXTREMES = 128, 24
#: The lines at the symbol rate behind the filters "narrow" and "edge" that say there may be a
#: signal: the one is clearer after a wide receiver's filter, the other after a narrow one.
_NARROW_LINE, _EDGE_LINE = 3.3, 5.0
#: So many times clearer than the other must the line behind "edge" be to time symbols by it. In 200
#: bursts each near the limit: 2 to 3 % more frames than without, behind a filter of usual width.
_SURPASSES = 1.5


def carson(index: float) -> Response:
    """Passes FSK of a modulation index in IQ samples by Carson's rule, also where its carrier is
    off by a quarter of the baud rate."""
    return low_pass(index / 2 + 0.75, 0.3)


class Detected(NamedTuple):
    """Soft symbols of one window and where each is, in samples of the window's input."""

    soft: Real
    times: Real


NOTHING = Detected(np.zeros(0, np.float32), np.zeros(0))


class Detector(Protocol):
    """Finds symbols in a window; always as many answers, one for each of its variants."""

    names: tuple[str, ...]

    def detect(self, window: Spectrum, wanted: Container[str]) -> list[Detected]:
        """The symbols by every variant whose name is wanted; of the others, :data:`NOTHING`."""
        ...


class FrequencySignal:
    """The output of an FM discriminator in one window, with what its detectors share.

    ``spectrum``: of the discriminator's output; ``baud``: symbols a second, nominally;
    ``rates``: finds the true rate, if given.
    """

    def __init__(self, spectrum: Spectrum, baud: float, rates: RateFollower | None = None):
        self._spectrum, self._baud = spectrum, baud
        self._filtered: dict[str, Real] = {}
        self._clocks: dict[tuple[str, str, int], Clock] = {}
        self._sampled: dict[tuple[str, str, int], Real] = {}
        self._rates = rates or RateFollower()

    @cached_property
    def rate_hz(self) -> float:
        """The rate of the filtered signals."""
        self.filtered("narrow")
        return self._rate_hz

    @cached_property
    def _found(self) -> Rate:
        return self._rates.follow(self.centred(*_EDGE), self.rate_hz / self._baud)

    @property
    def per_symbol(self) -> float:
        """Samples a symbol, by the rate that was found."""
        return self.rate_hz / (self._baud * self._found.factor)

    @property
    def line(self) -> float:
        """How clear the symbol rate is in the window, at its clearest; 1: there may be a signal."""
        return max(self._lines)

    @cached_property
    def _lines(self) -> tuple[float, float]:
        narrow = strongest(self.clock(*BANK[0]).line)
        return narrow / _NARROW_LINE, self._found.line / _EDGE_LINE

    @property
    def clearest(self) -> tuple[str, str]:
        """The filter and offset behind which the symbol rate is clearest."""
        narrow, edge = self._lines
        return _EDGE if edge > _SURPASSES * narrow else BANK[0][:2]

    def filtered(self, name: str) -> Real:
        """The signal behind one of :data:`FILTERS`."""
        if name not in self._filtered:
            found, self._rate_hz = self._spectrum.real(
                FILTERS[name], self._baud, PER_SYMBOL * self._baud
            )
            self._filtered[name] = found
        return self._filtered[name]

    def centred(self, name: str, offset: str) -> Real:
        """The same without the carrier's offset: by its ``mean``, its ``middle``, or ``as is``."""
        y = self.filtered(name)
        if offset == "mean":
            return beside(y, round(_MEAN * self.per_symbol))
        if offset == "middle":
            width = round(_EXTREMES * self.per_symbol)
            middle = (moving_largest(y, width) - moving_largest(-y, width)) / 2
            return y - moving_average(middle, width)
        return y

    def clock(self, name: str, offset: str, window: int) -> Clock:
        """When the symbols are; see :func:`decoders.modem.timing.symbol_clock`."""
        key = (name, offset, window)
        if key not in self._clocks:
            y = self.centred(name, offset)
            self._clocks[key] = symbol_clock(y, self.per_symbol, window)
            self._sampled[key] = between(y, self._clocks[key].times)
        return self._clocks[key]

    def symbols(self, name: str, offset: str, window: int) -> Real:
        """The filtered signal in the middle of each symbol."""
        self.clock(name, offset, window)
        return self._sampled[name, offset, window]

    def means(self, times: Real) -> Real:
        """The mean of the signal over each of the symbols whose middles are at ``times``, in
        samples of the spectrum's input."""
        return between(self.filtered("box"), times / (self._spectrum.rate_hz / self.rate_hz))

    def scaled(self, times: Real) -> Real:
        """Times of the filtered signals in samples of the spectrum's input."""
        return times * (self._spectrum.rate_hz / self.rate_hz)


#: (filter, offset, symbols over which the timing is averaged): each finds frames that the others
#: miss, together they are worth 1.5 to 2 dB of any single one.
BANK = (
    ("narrow", "mean", 200),
    ("wide", "mean", 64),
    ("hann1.5", "mean", 64),
    ("box", "as is", 200),
    ("narrow", "middle", 64),
    ("hann2", "as is", 48),
)


class FilterBank:
    """The classic detector: filter, sample in the middle of the symbol, look at the sign."""

    names = tuple(f"{name} {offset} {window}" for name, offset, window in BANK)

    def first(self, signal: FrequencySignal) -> Detected:
        """The first variant alone."""
        times = signal.clock(*BANK[0]).times
        return Detected(signal.symbols(*BANK[0]), signal.scaled(times))

    def detect_in(self, signal: FrequencySignal, wanted: Container[str]) -> list[Detected]:
        """As :meth:`Detector.detect`, of a signal that is demodulated to frequency already."""
        found = []
        for name, variant in zip(self.names, BANK, strict=True):
            if name not in wanted:
                found.append(NOTHING)
                continue
            times = signal.clock(*variant).times
            found.append(Detected(signal.symbols(*variant), signal.scaled(times)))
        return found


def limited(x: Real, most: float) -> Real:
    """Clipped to ``most``: clicks of FM noise are far larger than the signal."""
    return np.clip(x, -most, most)


class Gate:
    """Opens where a clear line at the symbol rate says that there may be a signal.

    Stays open for a window longer, so that a fade does not cut a frame in two. Noise opens it in
    every other window, a signal at the limit of what can be decoded keeps it open nearly always,
    behind a receiver's filter that is too wide as well.
    """

    def __init__(self, least: float):
        self._least, self._before = least, False

    def opens(self, line: float) -> bool:
        """Whether the costly detectors are worth it for the next window."""
        now, before = line > self._least, self._before
        self._before = now
        return now or before
