"""Where the simulated receiver's loudspeaker goes: datagrams for a link, and a WAV file to play."""

from __future__ import annotations

import socket
import wave
from collections.abc import Callable
from pathlib import Path

from groundstation.model import from_us
from groundstation.simulator.sky import FULL_HZ, RATE_HZ

#: A network passes datagrams of this size on in one piece.
_DATAGRAM = 1024
#: No pass is longer.
_MOST_S = 900
#: How the file is called; a second one is not made beside it.
_NAME = "simulated-pass-{:%Y%m%dT%H%M%SZ}.wav"
_ANY = "simulated-pass-*.wav"


class SoundPort:
    """Sends 16-bit samples to ``url``, and writes the first pass into ``folder`` as a WAV file.

    Nothing is written where such a file is already. ``in_view``: whether a pass is on. ``now_us``:
    the station's time. ``say``: for the operator.
    """

    def __init__(
        self,
        folder: Path,
        in_view: Callable[[], bool],
        now_us: Callable[[], int],
        say: Callable[[str], None],
    ):
        self._folder, self._in_view, self._now_us, self._say = folder, in_view, now_us, say
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._place = ("127.0.0.1", _free_port())
        self.url = f"udp://127.0.0.1:{self._place[1]}?rate={RATE_HZ}&scale={FULL_HZ:g}"
        self._file: wave.Wave_write | None = None
        self._path: Path | None = None
        self._done = any(folder.glob(_ANY))

    def hear(self, samples: bytes) -> None:
        """The next samples. Raises OSError where they cannot be sent."""
        self._record(samples)
        for start in range(0, len(samples), _DATAGRAM):
            self._socket.sendto(samples[start : start + _DATAGRAM], self._place)

    def close(self) -> None:
        """Close the socket and the file."""
        self._socket.close()
        self._end()

    def _record(self, samples: bytes) -> None:
        if self._done:
            return
        if self._file is None and self._in_view():
            self._begin()
        if self._file is not None:
            self._file.writeframesraw(samples)
            if not self._in_view() or self._file.tell() > _MOST_S * RATE_HZ:
                self._end()

    def _begin(self) -> None:
        path = self._folder / _NAME.format(from_us(self._now_us()))
        try:
            self._stream = path.open("xb")
        except OSError as error:
            self._done = True
            self._say(f"the sound of the pass is not written: {path}: {error.strerror}")
            return
        self._path = path
        self._file = wave.open(self._stream, "wb")  # noqa: SIM115  # as long as the pass
        self._file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))

    def _end(self) -> None:
        if self._file is not None:
            self._done = True
            self._file.close()
            self._stream.close()
            self._file = None
            self._say(f"the sound of the pass, to be played or decoded: {self._path}")


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
