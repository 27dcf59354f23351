"""What a station feels of the modem: how late a frame comes, how much memory a long stream takes,
and what a recording loses that was kept as OGG."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.modem_signals import AUDIO_HZ, SCALE, Signal, of_name, stream
from decoders.frame import Frame
from decoders.modem import AudioReceiver
from decoders.modem.arrays import Real

#: So long are the blocks in which a sound card gives its samples, seconds.
_BLOCK_S = 0.05
_MINUTES = (1, 30)


def _receiver(signal: Signal) -> AudioReceiver:
    scale = SCALE if signal.if_hz and not signal.fm_hz else None
    return AudioReceiver(signal.mode, signal.framing, rate_hz=AUDIO_HZ, scale=scale)


def latency() -> Iterator[str]:
    """Seconds of stream from the end of a frame's closing flag until the frame is given.

    Of the stream, so without the time of computing, which the speed tells.
    """
    yield "| seconds of stream until a frame is given | median | most |"
    yield "|---|---|---|"
    for name in ("9k6 GMSK", "4k8 GMSK", "AFSK 1200", "BPSK 1200"):
        signal = of_name(name)
        audio, sent = stream(signal, 20, 40)
        receiver, late = _receiver(signal), []
        size = round(_BLOCK_S * AUDIO_HZ)
        for end in range(size, len(audio) + size, size):
            for each in receiver.feed(audio[end - size : end]):
                if isinstance(each.item, Frame) and each.item.data in sent:
                    bits = 8 * (len(each.item.data) + 3)  # its check value and the flag
                    over = each.sample + bits * AUDIO_HZ / signal.mode.baud
                    late.append((end - over) / AUDIO_HZ)
        yield f"| {name} | {np.median(late):.2f} | {max(late):.2f} |"


def memory() -> Iterator[str]:
    """The whole process, a frame after the other in the stream."""
    yield (
        "| memory of the process, MB, after | "
        + " | ".join(f"{minutes} min of stream" for minutes in _MINUTES)
        + " |"
    )
    yield "|---|" + "---|" * len(_MINUTES)
    for name in ("9k6 GMSK", "AFSK 1200"):
        signal = of_name(name)
        second = np.resize(stream(signal, 12, 40)[0], AUDIO_HZ * 60).reshape(60, AUDIO_HZ)
        receiver, row = _receiver(signal), []
        for minute in range(1, _MINUTES[-1] + 1):
            for samples in second:
                receiver.feed(samples)
            if minute in _MINUTES:
                row.append(f"{_resident_mb():.0f}")
        yield f"| {name} | {' | '.join(row)} |"


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def ogg(frames: int) -> Iterator[str]:
    """9k6 GMSK kept as OGG Vorbis. libsndfile's compression level is 1 less Vorbis' quality."""
    levels = (8.0, 9.0, 10.0, 12.0)
    signal = of_name("9k6 GMSK")
    yield (
        f"| 9k6 GMSK, frames of {frames} at Eb/N0 | " + " | ".join(f"{e:g}" for e in levels) + " |"
    )
    yield "|---|" + "---|" * len(levels)
    streams = [stream(signal, level, frames) for level in levels]
    for name, quality in (("as WAV", None), ("OGG at q 1.0", 1.0), ("OGG at q 0.6", 0.6)):
        counts = []
        for audio, sent in streams:
            receiver = _receiver(signal)
            kept = audio if quality is None else _through_ogg(audio, quality)
            found = receiver.feed(kept) + receiver.finish()
            heard = {each.item.data for each in found if isinstance(each.item, Frame)}
            counts.append(len(heard & set(sent)))
        yield f"| {name} | " + " | ".join(map(str, counts)) + " |"


def _through_ogg(audio: Real, quality: float) -> Real:
    file = io.BytesIO()
    soundfile.write(
        file, audio, AUDIO_HZ, format="OGG", subtype="VORBIS", compression_level=1 - quality
    )
    file.seek(0)
    found: Real = soundfile.read(file, dtype="float32")[0]
    return found
