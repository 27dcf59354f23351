"""At which times a satellite must be propagated so that nothing between them is missed."""

from __future__ import annotations

import math

import numpy as np

from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.propagation import Floats

#: Steps a revolution, even in eccentric anomaly: dense at perigee, where everything is fast.
#: A quintic between two of them errs by a few metres at the perigee of a Molniya orbit.
NODES_PER_REVOLUTION = 32


def node_times_s(elements: Elements, age_days: float, duration_s: float) -> Floats:
    """Increasing times in seconds, 0 and ``duration_s`` included.

    ``age_days`` is the age of the elements at time 0. The phase need not be exact: it only
    decides where the nodes lie densely.
    """
    eccentricity = min(elements.eccentricity, 0.95)
    rate = elements.mean_motion_rev_day * 2 * math.pi / 86400
    mean_at_start = math.radians(elements.mean_anomaly_deg) + rate * age_days * 86400
    first = math.floor(mean_at_start / (2 * math.pi))
    revolutions = math.ceil((mean_at_start + rate * duration_s) / (2 * math.pi)) - first
    steps = revolutions * NODES_PER_REVOLUTION + 1
    anomaly = 2 * math.pi * (first + np.arange(steps) / NODES_PER_REVOLUTION)
    times = (anomaly - eccentricity * np.sin(anomaly) - mean_at_start) / rate
    inside = times[(times > 1e-3) & (times < duration_s - 1e-3)]
    return np.concatenate(([0.0], inside, [duration_s]))
