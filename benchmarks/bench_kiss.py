"""100 MB of random bytes, and of frames, through the KISS deframer: rate, linearity, memory."""

from __future__ import annotations

import random
import resource
import sys
import time

from decoders.framing.kiss import KissDeframer, kiss_encode

MEGABYTE = 1_000_000
PIECE = 4096


def feed(stream: bytes, total: int) -> tuple[float, int]:
    """Seconds and frames for ``total`` bytes, ``stream`` again and again in pieces of PIECE."""
    machine, frames, fed = KissDeframer(), 0, 0
    start = time.perf_counter()
    while fed < total:
        for at in range(0, len(stream), PIECE):
            frames += len(machine.feed(stream[at : at + PIECE]))
        fed += len(stream)
    return time.perf_counter() - start, frames


def main() -> None:
    noise = random.Random(1).randbytes(MEGABYTE)
    frames = b"".join(kiss_encode(noise[at : at + 200]) for at in range(0, 800_000, 200))
    frames += bytes(MEGABYTE - len(frames)) if len(frames) < MEGABYTE else b""
    feed(noise, MEGABYTE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, stream in (("random bytes", noise), ("frames of 200 bytes", frames)):
        times = {}
        for size in (25, 50, 100):
            times[size], found = feed(stream, size * MEGABYTE)
            print(
                f"{name}: {size} MB in {times[size]:.2f} s, {size / times[size]:.0f} MB/s, {found}"
            )
        print(f"{name}: 100 MB takes {times[100] / times[25]:.2f} x the time of 25 MB (linear: 4)")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory grew by {grown:.1f} MB")
    if grown >= 10:
        sys.exit("memory must grow by less than 10 MB")


if __name__ == "__main__":
    main()
