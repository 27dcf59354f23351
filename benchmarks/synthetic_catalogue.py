"""A catalogue as large and as mixed as the public one, made from a seed.

Shares of the orbits are those of CelesTrak's active satellites of 2026-08-22 (16,400 objects):
two thirds are large constellations in a few shells, 5 % are beyond low orbits.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from groundstation.orbit.elements import Elements

EPOCH = datetime(2026, 8, 22, 6, tzinfo=UTC)
#: Share, revolutions a day (from, to), inclination (from, to), eccentricity (from, to).
SHELLS = (
    (0.34, (15.05, 15.10), (53.0, 53.2), (0.0001, 0.0002)),
    (0.20, (15.25, 15.80), (43.0, 43.0), (0.0001, 0.0004)),
    (0.08, (15.00, 15.70), (69.9, 70.0), (0.0001, 0.0004)),
    (0.05, (13.10, 13.20), (87.9, 87.9), (0.0001, 0.0003)),
    (0.16, (14.80, 15.40), (97.2, 97.9), (0.0002, 0.0020)),
    (0.06, (15.20, 15.90), (51.6, 51.7), (0.0003, 0.0015)),
    (0.05, (12.50, 14.60), (0.0, 110.0), (0.0005, 0.0100)),
    (0.007, (8.00, 12.50), (20.0, 120.0), (0.0010, 0.1500)),
    (0.012, (1.95, 2.05), (54.5, 65.0), (0.0001, 0.0200)),
    (0.003, (2.00, 2.01), (62.8, 63.5), (0.6900, 0.7400)),
    (0.004, (2.20, 4.00), (5.0, 28.0), (0.4000, 0.7300)),
    (0.034, (1.0025, 1.0029), (0.0, 14.0), (0.0001, 0.0006)),
)


def catalogue(size: int = 16_400, seed: int = 1) -> list[Elements]:
    """``size`` element sets with epochs in the half day before :data:`EPOCH`."""
    chance = random.Random(seed)
    found = []
    for number in range(size):
        shares = [shell[0] for shell in SHELLS]
        _, motion, inclination, eccentricity = chance.choices(SHELLS, shares)[0]
        mean_motion = chance.uniform(*motion)
        found.append(
            Elements(
                name=f"SYNTHETIC {number + 1}",
                norad=number + 1,
                epoch=EPOCH - timedelta(seconds=chance.randrange(43200)),
                mean_motion_rev_day=round(mean_motion, 8),
                eccentricity=round(chance.uniform(*eccentricity), 7),
                inclination_deg=round(chance.uniform(*inclination), 4),
                raan_deg=round(chance.uniform(0, 360), 4),
                argument_of_perigee_deg=round(chance.uniform(0, 360), 4),
                mean_anomaly_deg=round(chance.uniform(0, 360), 4),
                bstar_per_earth_radius=round(chance.uniform(1e-5, 4e-4), 8)
                if mean_motion > 8
                else 0.0,
                element_set=1,
                source=f"seed {seed}",
            )
        )
    return found
