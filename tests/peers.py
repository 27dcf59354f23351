"""Real parts that tests run against: where they are, and what to do when one is missing."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import NoReturn

import pytest

#: Program -> Debian package that brings it.
PACKAGES = {
    "influxd": "influxdb",
    "victoria-metrics": "victoria-metrics",
    "direwolf": "direwolf",
    "gen_packets": "direwolf",
    "atest": "direwolf",
    "rotctld": "libhamlib-utils",
    "rigctld": "libhamlib-utils",
    "socat": "socat",
    "ser2net": "ser2net",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "gcc": "gcc",
    "node": "nodejs",
    "npm": "npm",
    "systemd-analyze": "systemd",
}


def need(program: str) -> str:
    """Path of ``program``; without it the test fails in CI and is skipped elsewhere."""
    path = shutil.which(program)
    if path is None and Path(f"/usr/sbin/{program}").exists():
        path = f"/usr/sbin/{program}"
    if path is None:
        _missing(f"{program} is not installed (Debian package {PACKAGES.get(program, program)})")
    return path


def need_folder(name: str) -> Path:
    """What ``make peers`` keeps in ``.venv/peers``; as :func:`need` when it is not there."""
    folder = Path(__file__).parents[1] / ".venv" / "peers" / name
    if not folder.is_dir():
        _missing(f"{folder} is not there; run: make peers")
    return folder


def _missing(text: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
