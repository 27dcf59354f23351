"""What the loudspeaker of an FM receiver gives: the simulated satellite in the noise of the sky."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from decoders.framing.hdlc_encode import ax25_symbols
from decoders.modem import Mode
from decoders.modem.modulate import discriminated, fsk_iq
from groundstation.orbit.pointing import Pointing, doppler_hz
from groundstation.simulator.budget import eb_n0_db
from groundstation.unbroken import Mistakes

RATE_HZ = 48_000
#: The receiver's filter, and the deviation that is full scale.
_PASSBAND_HZ, FULL_HZ = 16_000.0, 24_000.0
_TAPS = 97
#: The receiver follows Doppler in such steps, as hand-held ones do.
_TUNING_STEP_HZ = 2_500.0
#: Flags before and behind a frame: the receiver has to wake up.
_FLAGS = (40, 4)
_PIECE_S = 0.05
#: After a sleep of the computer no more than this is made up for.
_MOST_BEHIND_S = 0.5


class Sky:
    """Sound without end: noise, and frames as they are sent.

    ``hear`` takes 16-bit samples, ``RATE_HZ`` a second, in this class's thread. ``say``: for the
    operator.
    """

    def __init__(
        self,
        mode: Mode,
        frequency_hz: float,
        hear: Callable[[bytes], None],
        *,
        seed: int = 1,
        say: Callable[[str], None] = lambda text: None,
    ):
        self._mode, self._frequency_hz, self._hear = mode, frequency_hz, hear
        self._mistakes = Mistakes("the simulated sky", say)
        self._random = np.random.default_rng(seed)
        self._bursts: deque[NDArray[np.complex64]] = deque()
        self._filter = _low_pass()
        self._before: NDArray[np.complex64] = np.zeros(_TAPS, np.complex64)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sky", daemon=True)

    def start(self) -> None:
        """Begin to sound."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; returns when the thread has ended."""
        self._stopping.set()
        self._thread.join()

    def transmit(self, frame: bytes, where: Pointing) -> None:
        """An AX.25 frame, scrambled (G3RUH), from a satellite that is there."""
        bits = ax25_symbols(frame, *_FLAGS, scrambled=True)
        burst = fsk_iq(bits, self._mode, RATE_HZ)
        shift_hz = doppler_hz(where.range_rate_km_s, self._frequency_hz)
        offset_hz = shift_hz - round(shift_hz / _TUNING_STEP_HZ) * _TUNING_STEP_HZ
        ratio_db = eb_n0_db(
            where.range_km, self._frequency_hz, self._mode.baud, where.when.timestamp()
        )
        # The noise of a sample is 1: what a sample has of a bit's energy is its signal.
        strength = math.sqrt(10 ** (ratio_db / 10) * self._mode.baud / RATE_HZ)
        turn = 2j * np.pi * offset_hz / RATE_HZ * np.arange(len(burst))
        self._bursts.append((strength * burst * np.exp(turn)).astype(np.complex64))

    def sound(self, count: int) -> bytes:
        """The next ``count`` samples."""
        noise = self._random.standard_normal((2, count)) * math.sqrt(0.5)
        air = (noise[0] + 1j * noise[1]).astype(np.complex64)
        place = 0
        while self._bursts and place < count:
            burst = self._bursts.popleft()
            part = burst[: count - place]
            air[place : place + len(part)] += part
            place += len(part)
            if len(part) < len(burst):
                self._bursts.appendleft(burst[len(part) :])
        whole = np.concatenate([self._before, air])
        self._before = whole[-_TAPS:]
        received = np.convolve(whole, self._filter, "valid").astype(np.complex64)
        audio = discriminated(received, RATE_HZ, FULL_HZ)[-count:]
        samples: bytes = np.rint(audio.clip(-1, 1) * 32_767).astype("<i2").tobytes()
        return samples

    def _run(self) -> None:
        made_s = time.monotonic()
        while not self._stopping.wait(_PIECE_S):
            now_s = time.monotonic()
            made_s = max(made_s, now_s - _MOST_BEHIND_S)
            count = int((now_s - made_s) * RATE_HZ)
            made_s += count / RATE_HZ
            self._mistakes.attempt(partial(self._sound_on, count))

    def _sound_on(self, count: int) -> None:
        self._hear(self.sound(count))


def _low_pass() -> NDArray[np.float32]:
    """A windowed sinc as the receiver's filter."""
    places = np.arange(_TAPS) - _TAPS // 2
    taps = np.sinc(_PASSBAND_HZ / RATE_HZ * places) * np.hamming(_TAPS)
    found: NDArray[np.float32] = (taps / taps.sum()).astype(np.float32)
    return found
