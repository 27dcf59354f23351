"""Other programs on the same audio, where they are installed: Direwolf's atest and gr_satellites.

Debian has both (packages direwolf, gr-satellites and gnuradio); GPL: run as programs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from decoders.modem import Mode

_GR_SATELLITES = "gr_satellites"
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


def atest(audio: Path, baud: float, *, scrambled: bool) -> set[bytes] | None:
    """The AX.25 frames that Direwolf decodes at its best, each once; None: not installed."""
    if shutil.which("atest") is None:
        return None
    speed = ["-B", str(round(baud))] + (["-g"] if scrambled and baud != 9600 else [])
    command = ["atest", *speed, "-P", "+", "-h", str(audio)]
    said = subprocess.run(command, capture_output=True, errors="replace", check=False).stdout
    rows = re.findall(r"^  ([0-9a-f]{3}):  ((?:[0-9a-f]{2} )+)", said, re.MULTILINE)
    hex_texts = "".join("\n" * (place == "000") + text for place, text in rows)
    return {bytes.fromhex(text) for text in hex_texts.split("\n")[1:]}


def gr_ax25(audio: Path, rate_hz: int, mode: Mode, *, scrambled: bool) -> set[bytes] | None:
    """The AX.25 frames that gr_satellites decodes of one mode by its defaults, each once."""
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
        return gr_satellites(audio, rate_hz, str(path))


def gr_satellites(audio: Path, rate_hz: int, satellite: str) -> set[bytes] | None:
    """The frames of a satellite that it knows by this name, each once.

    None: it is not installed, knows no such satellite, or failed (Debian's 4.4 does with every
    framing but AX.25: it asks GNU Radio 3.10 for what that has no more).
    """
    if shutil.which(_GR_SATELLITES) is None:
        return None
    # By the interpreter that it was installed for, not one of a virtual environment.
    path = os.pathsep.join(("/usr/bin", os.environ["PATH"]))
    done = subprocess.run(
        [
            _GR_SATELLITES,
            satellite,
            "--wavfile",
            str(audio),
            "--samp_rate",
            str(rate_hz),
            "--hexdump",
        ],
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
