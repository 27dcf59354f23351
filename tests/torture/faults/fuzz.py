"""Mutated input for every framing, every definition and the parser of definitions."""

from __future__ import annotations

import subprocess
import sys

from tests.torture.fault import Fault, Outcome, Scene


def run(scene: Scene) -> Outcome:
    """``times`` mutations of each; see :mod:`tests.fuzz`, which prints a line a target."""
    command = [sys.executable, "-m", "tests.fuzz", str(scene.times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()[1:]
    outcome = Outcome(remark=f"{len(lines)} targets, {len(lines) * scene.times:,} inputs")
    outcome.expect(lines, "nothing was tried")
    if done.returncode:
        last = (done.stdout + done.stderr).splitlines()[-3:]
        outcome.expect(False, "; ".join(last))
    return outcome


FAULT = Fault(
    "fuzz",
    "mutated bytes for every framing, mutated frames and texts of every definition",
    run,
    short=50,
    long=100_000,
    unit="each",
)
