"""Whole commands as a person runs them, start-up and all: processor seconds and frames a second.

Beside each what it must reach; SatNOGS decoders too when they are installed (make peers).
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
FRAMES = 20_000
#: What commands that know satellites must reach, and those that decode, start-up included.
KNOWING = "0.5 s"
FORMS = {"csv --wide": "50,000", "csv": "", "json": "5,000", "influx": ""}
PEER = """
import sys
from satnogsdecoders.decode_frame import decode_frame_to_fields
for line in open(sys.argv[1]):
    print(decode_frame_to_fields("quetzal1", bytes.fromhex(line)))
"""


def quetzal_frames(path: Path) -> None:
    """Frames of Quetzal-1 in hex, in which the counters, voltages and temperatures differ."""
    text = (ROOT / "tests/data/frames/quetzal1.json").read_text("utf-8")
    golden = bytes.fromhex(json.loads(text)["frames"][0]["hex"])
    frames = np.tile(np.frombuffer(golden, np.uint8), (FRAMES, 1))
    chance = np.random.default_rng(1)
    for column in range(30, 110, 3):
        frames[:, column] = chance.integers(0, 256, FRAMES)
    path.write_text("".join(frame.tobytes().hex() + "\n" for frame in frames), "utf-8")


def measured(command: list[str]) -> tuple[float, float]:
    """Processor and wall seconds of the best of three runs."""
    best = (float("inf"), float("inf"))
    for _ in range(3):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - begun
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = min(best, (cpu, wall))
    return best


def show(name: str, command: list[str], target: str, frames: int = 0, start: float = 0.0) -> float:
    """Print a line; ``start``: seconds that the start takes, to give the rate without it, too."""
    cpu, wall = measured(command)
    rate = f"{frames / cpu:>10,.0f} frames/s" if frames else ""
    net = f" ({frames / (cpu - start):,.0f} without start-up)" if frames and start else ""
    goal = f"; target {target}" if target else ""
    print(f"{name:<32}{cpu:>7.2f} s CPU {wall:>7.2f} s {rate}{net}{goal}")
    return cpu


def main() -> None:
    ours = [sys.executable, "-m", "groundstation"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quetzal.hex"
        quetzal_frames(path)
        one = path.read_text("utf-8").partition("\n")[0]
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
        show("satellites list", [*ours, "satellites", "list"], KNOWING)
        start = show("decode --hex, one frame", [*ours, "decode", "--hex", one], KNOWING)
        for form, target in FORMS.items():
            words = [*ours, "decode", str(path), "--format", *form.split()]
            show(f"decode --format {form}", words, target, FRAMES, start)
        if (ROOT / ".venv/peers/satnogs").is_dir():
            os.environ["PYTHONPATH"] = str(ROOT / ".venv/peers/satnogs")
            show("satnogs-decoders", [sys.executable, "-c", PEER, str(path)], "", FRAMES)
        else:
            print("satnogs-decoders is not installed: make peers")


if __name__ == "__main__":
    main()
