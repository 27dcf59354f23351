"""What erasures bring frames in Reed-Solomon codes: the same receiver with them and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from benchmarks.modem_signals import (
    AUDIO_HZ,
    RADIO_HZ,
    SCALE,
    faded,
    noise,
    noise_power,
    of_name,
    quantised,
    received,
)
from decoders.coding import erasing, golay
from decoders.coding.reed_solomon import ccsds
from decoders.coding.sequences import whiten
from decoders.frame import Frame
from decoders.framing.ccsds import SYNC
from decoders.framing.golay_radios import AX100_SYNC
from decoders.modem import AudioReceiver
from decoders.modem.arrays import Complex, Real
from decoders.modem.modulate import fsk_iq

_SIGNAL = of_name("9k6 GMSK")


def _ccsds(data: bytes) -> bytes:
    return bytes.fromhex(SYNC) + whiten("ccsds", ccsds(dual=True).encode(data))


def _ax100(data: bytes) -> bytes:
    word = ccsds(dual=False).encode(data)
    return bytes.fromhex(AX100_SYNC) + golay.encode(len(word)).to_bytes(3) + whiten("ccsds", word)


#: Name -> framing, its options, bytes of data, and what is sent of them.
_FRAMINGS: dict[str, tuple[str, Mapping[str, Any], int, Callable[[bytes], bytes]]] = {
    "ccsds-rs, 223 bytes": ("ccsds-rs", {"basis": "dual"}, 223, _ccsds),
    "ax100-golay, 64 bytes": ("ax100-golay", {}, 64, _ax100),
}
#: Name -> what happens to the radio signal, and the Eb/N0 in dB of a channel bit.
_CHANNELS: dict[str, tuple[Callable[[Complex], Complex], tuple[float, ...]]] = {
    "white noise": (lambda z: z, (4.5, 5.0, 5.5, 6.0)),
    "fading by 20 dB, 2 Hz": (faded(2.0), (12.0, 14.0, 16.0, 18.0)),
    "fading by 20 dB, 8 Hz": (faded(8.0), (14.0, 16.0, 18.0, 20.0)),
}


def _burst(sent: bytes, rng: np.random.Generator) -> Complex:
    bits = np.unpackbits(np.frombuffer(b"\xaa" * 20 + sent + b"\xaa" * 2, np.uint8))
    z = fsk_iq(bits, _SIGNAL.mode, RADIO_HZ)
    turn = 2j * np.pi * rng.normal(0, _SIGNAL.offset_hz) / RADIO_HZ
    gap = np.zeros(int((0.12 + 0.02 * rng.random()) * RADIO_HZ), np.complex64)
    return np.concatenate([gap, z * np.exp(turn * np.arange(len(z)))]).astype(np.complex64)


def _stream(name: str, channel: str, eb_n0_db: float, frames: int) -> tuple[Real, set[bytes]]:
    _, _, size, sent = _FRAMINGS[name]
    rng = np.random.default_rng([8, round(eb_n0_db * 100)])
    contents = [rng.bytes(size) for _ in range(frames)]
    z = np.concatenate([_burst(sent(each), rng) for each in contents])
    z = np.concatenate([z, np.zeros(RADIO_HZ // 20, np.complex64)])
    z = _CHANNELS[channel][0](z) + noise(len(z), noise_power(_SIGNAL, eb_n0_db), rng)
    return quantised(received(z, _SIGNAL.if_hz)), set(contents)


def _heard(name: str, audio: Real) -> set[bytes]:
    framing, options, _, _ = _FRAMINGS[name]
    receiver = AudioReceiver(_SIGNAL.mode, framing, options, rate_hz=AUDIO_HZ, scale=SCALE)
    found = receiver.feed(audio) + receiver.finish()
    return {each.item.data for each in found if isinstance(each.item, Frame)}


def _heard_without(name: str, audio: Real) -> set[bytes]:
    """The same where no code has parity enough for erasures."""
    least, erasing.LEAST_PARITY = erasing.LEAST_PARITY, 256
    try:
        return _heard(name, audio)
    finally:
        erasing.LEAST_PARITY = least


def erasures(frames: int) -> Iterator[str]:
    """9k6 GMSK with frames in Reed-Solomon codes, around where half of them come through."""
    yield f"| frames of {frames}, with erasures / without | Eb/N0: frames | wrong frames |"
    yield "|---|---|---|"
    for name in _FRAMINGS:
        for channel, (_, levels) in _CHANNELS.items():
            told, wrong = [], 0
            for level in levels:
                audio, sent = _stream(name, channel, level, frames)
                found, fewer = _heard(name, audio), _heard_without(name, audio)
                wrong += len(found - sent)
                told.append(f"{level:g}: {len(found & sent)}/{len(fewer & sent)}")
            yield f"| {name}, {channel} | {', '.join(told)} | {wrong} |"
