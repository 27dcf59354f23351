"""What a process holds: memory, open files, threads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Gauges:
    """``memory``: bytes in memory that are its own; ``peak``: the most that there ever were."""

    memory: int
    peak: int
    files: int
    threads: int


def gauges(pid: int) -> Gauges:
    """Of the process ``pid``, now."""
    process = Path(f"/proc/{pid}")
    lines = (process / "status").read_text().splitlines()
    found = dict(line.split(":", 1) for line in lines if ":" in line)
    # Not VmRSS: pages of a database that is mapped come and go with the system's cache.
    return Gauges(
        memory=int(found["RssAnon"].split()[0]) * 1024,
        peak=int(found["VmHWM"].split()[0]) * 1024,
        files=sum(1 for _ in (process / "fd").iterdir()),
        threads=int(found["Threads"]),
    )
