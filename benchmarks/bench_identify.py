"""A million frames of strangers: how many are taken for a satellite's (0), and how fast."""

from __future__ import annotations

import random
import time
from collections import Counter

from foreign_frames import KINDS

from groundstation.catalog import SatelliteCatalog

FRAMES = 1_000_000
CHUNK = 10_000


def main() -> None:
    catalog = SatelliteCatalog()
    decoder = catalog.decoder
    decoder.batch([b"warm"])
    taken = {call for satellite in catalog.satellites.values() for call in satellite.callsigns}
    chance = random.Random(2026)
    named: Counter[tuple[str, str]] = Counter()
    for kind, make in KINDS.items():
        count, took, candidates = FRAMES // len(KINDS), 0.0, 0
        for start in range(0, count, CHUNK):
            frames = [make(chance, taken) for _ in range(min(CHUNK, count - start))]
            began = time.process_time()
            verdicts = decoder.batch(frames).verdicts
            took += time.process_time() - began
            named.update((kind, v.satellite) for v in verdicts if v.satellite is not None)
            candidates += sum(bool(verdict.candidates) for verdict in verdicts)
        wrong = sum(found for (k, _), found in named.items() if k == kind)
        print(
            f"{kind:<20}{count:>9,} frames  named falsely {wrong:>3}  "
            f"with candidates {candidates / count:6.1%}  {count / took:>10,.0f} frames/s"
        )
    for (kind, satellite), found in named.most_common():
        print(f"  {kind}: {satellite} {found}")


if __name__ == "__main__":
    main()
