"""Frames of strangers: how many are taken for a satellite's, and how fast.

The aim is none. A single seed says little, so a million frames are made from each of the first
seeds, none left out: SEEDS of them, or as many as the first argument says.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from foreign_frames import KINDS

from decoders.decode import Decoder
from groundstation.catalog import SatelliteCatalog

FRAMES = 1_000_000
SEEDS = 3
CHUNK = 10_000


def main() -> None:
    catalog = SatelliteCatalog()
    decoder = catalog.decoder
    decoder.batch([b"warm"])
    taken = {call for satellite in catalog.satellites.values() for call in satellite.callsigns}
    false, seeds = 0, int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    for seed in range(1, seeds + 1):
        print(f"seed {seed}")
        false += run(decoder, taken, random.Random(seed))
    print(f"named falsely {false} of {seeds * FRAMES:,}")


def run(decoder: Decoder, taken: set[str], chance: random.Random) -> int:
    """A million frames; returns how many were named falsely."""
    named: Counter[tuple[str, str, str | None, int]] = Counter()
    for kind, make in KINDS.items():
        count, took, candidates = FRAMES // len(KINDS), 0.0, 0
        for start in range(0, count, CHUNK):
            frames = [make(chance, taken) for _ in range(min(CHUNK, count - start))]
            began = time.process_time()
            verdicts = decoder.batch(frames).verdicts
            took += time.process_time() - began
            named.update(
                (kind, v.satellite, v.packet, v.evidence_bits) for v in verdicts if v.satellite
            )
            candidates += sum(bool(verdict.candidates) for verdict in verdicts)
        wrong = sum(found for key, found in named.items() if key[0] == kind)
        print(
            f"{kind:<20}{count:>9,} frames  named falsely {wrong:>3}  "
            f"with candidates {candidates / count:6.1%}  {count / took:>10,.0f} frames/s"
        )
    for (kind, satellite, packet, bits), found in named.most_common():
        print(f"  {kind}: {satellite} {packet} {found} ({bits} bits)")
    return sum(named.values())


if __name__ == "__main__":
    main()
