"""FSK whose deviation a definition does not say, beside the same with it said."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.modem_signals import AUDIO_HZ, SCALE, Signal, stream
from decoders.frame import Frame
from decoders.modem import AudioReceiver, Mode
from decoders.modem.arrays import Real

_BAUD = 9600.0
#: Modulation index -> the width of the receiver's filter, Hz.
_INDEXES = {0.5: 14400.0, 0.58: 16000.0, 0.66: 16000.0, 0.8: 19200.0, 1.0: 19200.0, 1.3: 22000.0}
_LEVELS = (7.0, 8.0, 9.0, 10.0)


def deviation(frames: int) -> Iterator[str]:
    """Frames of so many at each level and index, the deviation said / measured, and the speed."""
    levels = " | ".join(f"{level:g}" for level in _LEVELS)
    yield f"| FSK 9600, index | {levels} | times real time |"
    yield "|---|" + "---|" * (len(_LEVELS) + 1)
    for index, if_hz in _INDEXES.items():
        said, measured = Mode("fsk", _BAUD, index * _BAUD / 2), Mode("fsk", _BAUD)
        signal = Signal(f"index {index:g}", said, True, 12, if_hz, 300)
        cells, seconds, spent = [], 0.0, [0.0, 0.0]
        for level in _LEVELS:
            audio, contents = stream(signal, level, frames)
            seconds += len(audio) / AUDIO_HZ
            counts = []
            for place, mode in enumerate((said, measured)):
                found, took = _found(mode, audio)
                counts.append(len(found & set(contents)))
                spent[place] += took
            cells.append(" / ".join(str(count) for count in counts))
        speeds = " / ".join(f"{seconds / each:.0f}" for each in spent)
        yield f"| {index:g} | {' | '.join(cells)} | {speeds} |"


def _found(mode: Mode, audio: Real) -> tuple[set[bytes], float]:
    receiver = AudioReceiver(mode, "hdlc-g3ruh", rate_hz=AUDIO_HZ, scale=SCALE)
    start = time.process_time()
    found = receiver.feed(audio) + receiver.finish()
    spent = time.process_time() - start
    return {each.item.data for each in found if isinstance(each.item, Frame)}, spent
