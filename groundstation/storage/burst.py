"""The last burst that was heard, with its samples: a WAV file that can be played, too.

What else is known of it stands in a chunk of its own, which other programs pass over. The file is
made anew for each burst and replaced in one step; it is no truth and may be deleted.
"""

from __future__ import annotations

import json
import os
import struct
import wave
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundstation.errors import StoreError

FILE_NAME = "last-burst.wav"
#: No more of a burst is kept, seconds, and before and behind its frame.
MOST_S, MARGIN_S = 2.0, 0.15
_MOST_BYTES = 16 * 1024 * 1024
_CHUNK = b"gstn"
_FULL = 32_000.0


@dataclass(frozen=True, slots=True)
class BurstFacts:
    """What is known of a burst.

    ``frame``: its bytes as hex; ``received_us``: when its first sample was taken, None where nobody
    knows; ``satellite``: whom it was listened for, or None. ``modulation``, ``baud``,
    ``deviation_hz`` and ``carrier_hz`` as :class:`decoders.modem.Mode` has them; ``way``: all of it
    in words. ``sample``: the frame's first one. ``scale``: Hz of deviation of 1.0, or None. ``iq``:
    the two channels of the file are I and Q.
    """

    link: str
    frame: str
    received_us: int | None
    satellite: str | None
    simulated: bool
    modulation: str
    baud: float
    deviation_hz: float | None
    carrier_hz: float | None
    way: str
    sample: int
    scale: float | None
    iq: bool


@dataclass(frozen=True, slots=True)
class Burst:
    """``samples``: float32 audio or complex64 IQ, ``rate_hz`` a second."""

    facts: BurstFacts
    rate_hz: int
    samples: NDArray[np.float32] | NDArray[np.complex64]


def write_burst(folder: Path, burst: Burst) -> None:
    """Replace the last burst in ``folder``. Raises StoreError."""
    path = folder / FILE_NAME
    new = path.with_name(f".{FILE_NAME}.{os.getpid()}")
    try:
        new.write_bytes(_file(burst))
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise StoreError(f"cannot write {path}: {error.strerror}") from error


def read_burst(folder: Path) -> Burst | None:
    """The last burst in ``folder``, or None. Raises StoreError where the file is damaged."""
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}") from error
    try:
        return _burst(content)
    except (ValueError, KeyError, TypeError, EOFError, struct.error, wave.Error) as error:
        raise StoreError(f"{path} is damaged ({error}); it may be deleted") from error


def _file(burst: Burst) -> bytes:
    parts = [burst.samples.real, burst.samples.imag] if burst.facts.iq else [burst.samples]
    numbers = np.stack(parts, axis=1)
    loudest = float(np.abs(numbers).max(initial=0.0)) or 1.0
    # IQ has no level of its own; audio is clipped where it was.
    strength = _FULL / (loudest if burst.facts.iq else max(1.0, loudest))
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((len(parts), 2, burst.rate_hz, 0, "NONE", ""))
        file.writeframes(np.rint(numbers * strength).astype("<i2").tobytes())
    told = json.dumps(asdict(burst.facts), ensure_ascii=False, allow_nan=False).encode()
    told += b" " * (len(told) % 2)
    plain = out.getvalue() + _CHUNK + struct.pack("<I", len(told)) + told
    return plain[:4] + struct.pack("<I", len(plain) - 8) + plain[8:]


def _burst(content: bytes) -> Burst:
    with wave.open(BytesIO(content)) as file:
        rate_hz, channels = file.getframerate(), file.getnchannels()
        numbers = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32)
    facts = _facts(json.loads(_told(content)))
    numbers = numbers.reshape(-1, channels) / _FULL
    if facts.iq:
        return Burst(facts, rate_hz, (numbers[:, 0] + 1j * numbers[:, 1]).astype(np.complex64))
    return Burst(facts, rate_hz, numbers[:, 0])


def _facts(told: Mapping[str, object]) -> BurstFacts:
    """Raises TypeError for keys that are none, ValueError for bytes that are none."""
    facts = BurstFacts(**told)  # type: ignore[arg-type]  # as it was written
    bytes.fromhex(facts.frame)
    return facts


def _told(content: bytes) -> bytes:
    """What is in our chunk."""
    place = 12
    while place + 8 <= len(content):
        kind, size = struct.unpack_from("<4sI", content, place)
        if kind == _CHUNK:
            return content[place + 8 : place + 8 + size]
        place += 8 + size + size % 2
    raise ValueError("nothing is told of it")
