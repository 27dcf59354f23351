"""gr_satellites on the same audio, where it is installed (Debian has it; GPL: run as a program)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from decoders.modem import Mode

PROGRAM = "gr_satellites"
#: A satellite of its own kind (SatYAML) that sends AX.25 as a signal of the benchmark does.
_SATELLITE = """\
name: benchmark
norad: 99999
data:
  &frames Frames:
    unknown
transmitters:
  one:
    frequency: 435.0e+6
    modulation: {modulation}
    baudrate: {baud:g}
{tones}    framing: {framing}
    data:
    - *frames
"""
_TONES = "    af_carrier: {carrier:g}\n    deviation: {deviation:g}\n"
#: A line of what --hexdump prints; a frame begins at offset 0000.
_LINE = re.compile(r"^([0-9a-f]{4,}): ((?:[0-9a-f]{2} )+)$", re.MULTILINE)


def installed() -> bool:
    """Whether it is there."""
    return shutil.which(PROGRAM) is not None


def frames_of_mode(audio: Path, rate_hz: int, mode: Mode, scrambled: bool) -> set[bytes] | None:
    """Distinct AX.25 frames that it finds in a WAV file of one mode, by its defaults."""
    tones = ""
    if mode.modulation == "afsk":
        tones = _TONES.format(carrier=mode.carrier_hz, deviation=mode.deviation_hz)
    text = _SATELLITE.format(
        modulation=mode.modulation.upper(),
        baud=mode.baud,
        tones=tones,
        framing="AX.25 G3RUH" if scrambled else "AX.25",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "benchmark.yml")
        path.write_text(text)
        return frames_of(audio, rate_hz, str(path))


def frames_of(audio: Path, rate_hz: int, satellite: str) -> set[bytes] | None:
    """Distinct frames of a satellite that it knows by this name; None: not known, or it failed."""
    # By the interpreter that it was installed for, not one of a virtual environment.
    path = os.pathsep.join(("/usr/bin", os.environ["PATH"]))
    done = subprocess.run(
        [PROGRAM, satellite, "--wavfile", str(audio), "--samp_rate", str(rate_hz), "--hexdump"],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env={**os.environ, "PATH": path},
    )
    failed = done.returncode or "Traceback" in done.stderr or "not found" in done.stderr
    return None if failed else set(_frames(done.stdout + done.stderr))


def _frames(said: str) -> Iterator[bytes]:
    frame = b""
    for offset, line in _LINE.findall(said):
        if int(offset, 16) == 0 and frame:
            yield frame
            frame = b""
        frame += bytes.fromhex(line)
    if frame:
        yield frame
