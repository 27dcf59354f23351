"""A real software TNC: audio made by gen_packets, decoded by Direwolf, checked with atest."""

from __future__ import annotations

import fcntl
import re
import subprocess
import tempfile
import wave
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.links.devices import wait_until
from tests.peers import need

#: Direwolf's name for its pseudo-terminal; there is one on a machine.
TNC = Path("/tmp/kisstnc")
_RATE = 44100
_HEX_LINE = re.compile(r"^  ([0-9a-f]{3}):  ((?:[0-9a-f]{2} ){1,16})", re.MULTILINE)


def binary(source: str, destination: str, content: bytes) -> str:
    """A frame for :func:`make_wav` whose information part is ``content`` (and a newline)."""
    return f"{source}>{destination}:" + "".join(f"<0x{byte:02x}>" for byte in content)


def make_wav(path: Path, frames: Iterable[str], baud: int) -> Path:
    """Let gen_packets modulate ``frames`` (``SOURCE>DESTINATION:text``) at 1200 or 9600 baud."""
    text = path.with_suffix(".txt")
    text.write_text("".join(f"{frame}\n" for frame in frames))
    command = [need("gen_packets"), "-B", str(baud), "-o", str(path), str(text)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return path


def frames_in(path: Path, baud: int) -> list[bytes]:
    """The frames that atest finds in a WAV file, without their check sequence."""
    command = [need("atest"), "-B", str(baud), "-h", str(path)]
    result = subprocess.run(command, check=True, capture_output=True, timeout=60)
    frames: list[bytes] = []
    for offset, digits in _HEX_LINE.findall(result.stdout.decode("ascii", "replace")):
        if offset == "000":
            frames.append(b"")
        frames[-1] += bytes.fromhex(digits)
    return frames


class Direwolf:
    """A running Direwolf. ``url``: its KISS pseudo-terminal, as station.toml names it."""

    url = str(TNC)

    def __init__(self, folder: Path, baud: int):
        config = folder / "direwolf.conf"
        config.write_text(
            f"ADEVICE stdin null\nARATE {_RATE}\nACHANNELS 1\nCHANNEL 0\nMYCALL N0CALL\n"
            f"MODEM {baud}\nAGWPORT 0\nKISSPORT 0\n"
        )
        self._log = folder / "direwolf.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [need("direwolf"), "-c", str(config), "-t", "0", "-p", "-q", "hd", "stdin"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: b"Created symlink" in self._log.read_bytes(), what="Direwolf")

    def play(self, wav: Path) -> None:
        """Let Direwolf hear a WAV file (at once: it decodes as fast as it can)."""
        with wave.open(str(wav)) as file:
            assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (_RATE, 2, 1)
            samples = file.readframes(file.getnframes())
        # Half a second of silence, so that the last frame leaves its filters.
        self._feed(samples + bytes(_RATE))

    def _feed(self, samples: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(samples)
        self._process.stdin.flush()

    def kill(self) -> None:
        """End it; its pseudo-terminal vanishes."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()


@contextmanager
def direwolf(folder: Path, baud: int) -> Iterator[Direwolf]:
    """A Direwolf that is ended afterwards; waits for its turn, as there is one on a machine."""
    with (Path(tempfile.gettempdir()) / "kisstnc.turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        tnc = Direwolf(folder, baud)
        try:
            yield tnc
        finally:
            tnc.kill()
