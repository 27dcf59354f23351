"""Bytes to samples."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundstation.sound.stream import FORMATS, THREE_BYTES, Format, Sound

#: Audio in -1..1 (float32) or IQ (complex64).
Samples: TypeAlias = NDArray[np.float32] | NDArray[np.complex64]


class SampleReader:
    """Bytes of a stream to samples; however they are cut, the samples are the same."""

    def __init__(self, sound: Sound):
        self._sound = sound
        self._format = FORMATS[sound.format]
        self._rest = b""

    def feed(self, data: bytes) -> Samples:
        """The samples that are complete by now; what is not finite becomes 0."""
        data = self._rest + data if self._rest else data
        whole = len(data) - len(data) % self._sound.moment_bytes
        self._rest = data[whole:]
        numbers = _numbers(data[:whole], self._format).reshape(-1, self._sound.channels)
        if self._sound.iq:
            pairs: NDArray[np.complex64] = (numbers[:, 0] + 1j * numbers[:, 1]).astype(np.complex64)
            return pairs
        mixed: NDArray[np.float32] = numbers.mean(axis=1).astype(np.float32)
        return mixed


def _numbers(data: bytes, form: Format) -> NDArray[np.float64]:
    """Numbers in -1..1."""
    if form.dtype == THREE_BYTES:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        numbers = wide.reshape(-1).view("<i4").astype(np.float64) / 2**8
    else:
        numbers = np.frombuffer(data, form.dtype).astype(np.float64)
    if form.full == 1.0:
        numbers = np.nan_to_num(numbers, nan=0.0, posinf=0.0, neginf=0.0)
    return (numbers - form.zero) / form.full
