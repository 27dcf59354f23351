"""Who holds a TCP port of this computer, where the system tells: Linux, and our own processes.

Source: proc(5), ``/proc/net/tcp`` (local address in hexadecimal, state 0A is LISTEN, inode).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
_LISTEN = "0A"


def holder(port: int) -> str:
    """Such as `` by process 4711, nginx``; empty where it cannot be known."""
    try:
        inodes = {f"socket:[{inode}]" for inode in _listening(port)}
        return next((_named(process) for process in _processes() if _has(process, inodes)), "")
    except OSError:
        return ""


def _listening(port: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        path = _PROC / "net" / table
        for line in path.read_text().splitlines()[1:] if path.exists() else ():
            fields = line.split()
            if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]


def _processes() -> list[Path]:
    return [path for path in _PROC.iterdir() if path.name.isdecimal()]


def _has(process: Path, inodes: set[str]) -> bool:
    try:
        return any(str(file.readlink()) in inodes for file in (process / "fd").iterdir())
    except OSError:  # somebody else's, or gone
        return False


def _named(process: Path) -> str:
    words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    shown = " ".join(words).strip()[:80]
    return f" by process {process.name}, {shown}" if shown else f" by process {process.name}"
