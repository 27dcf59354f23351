"""A stream of samples: how fast they come, and what its bytes mean. Light, for the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from decoders.suggest import nearest
from groundstation.errors import SoundError


class Format(NamedTuple):
    """How one number is written: its type as numpy calls it, its bytes, zero, and full scale."""

    dtype: str
    size: int
    zero: float = 0.0
    full: float = 1.0


#: Of three bytes, little endian: no type of numpy.
THREE_BYTES = "<i3"
#: As sox and ffmpeg call them. ``u8`` is also what rtl_sdr and rtl_tcp give.
FORMATS: Mapping[str, Format] = {
    "u8": Format("u1", 1, 127.5, 127.5),
    "s8": Format("i1", 1, 0.0, 2.0**7),
    "s16le": Format("<i2", 2, 0.0, 2.0**15),
    "s16be": Format(">i2", 2, 0.0, 2.0**15),
    "s24le": Format(THREE_BYTES, 3, 0.0, 2.0**23),
    "s32le": Format("<i4", 4, 0.0, 2.0**31),
    "f32le": Format("<f4", 4),
    "f64le": Format("<f8", 8),
}
#: The slowest and fastest streams that are taken: a voice channel, and twice an RTL-SDR.
RATES_HZ = (4_000, 6_400_000)


@dataclass(frozen=True, slots=True)
class Sound:
    """A stream of samples.

    ``rate_hz``: of each channel. ``format``: a key of FORMATS. ``channels``: how many numbers a
    moment has. ``iq``: the first two are I and Q; otherwise all channels are mixed to one.
    ``scale`` and ``highpass_hz`` as :class:`decoders.modem.AudioReceiver` takes them, None where
    nobody knows. ``start_us``: when the first sample was taken, microseconds since 1970 UTC, or
    None. ``live``: samples come as they are taken.
    """

    rate_hz: float
    format: str = "s16le"
    channels: int = 1
    iq: bool = False
    scale: float | None = None
    highpass_hz: float | None = None
    start_us: int | None = None
    live: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be: SoundError."""
        if self.format not in FORMATS:
            raise SoundError(
                f"no samples are of the format {self.format!r}: {nearest(self.format, FORMATS)}"
            )
        if not RATES_HZ[0] <= self.rate_hz <= RATES_HZ[1]:
            low, high = RATES_HZ
            raise SoundError(f"{self.rate_hz:g} samples a second: expected {low} to {high}")
        if not (2 if self.iq else 1) <= self.channels <= 32:
            what = "IQ has two channels" if self.iq else "expected 1 or 2"
            raise SoundError(f"{self.channels} channels: {what}")

    @property
    def moment_bytes(self) -> int:
        """Bytes of all channels of one moment."""
        return FORMATS[self.format].size * self.channels
