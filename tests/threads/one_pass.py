"""A pass of the ISS over Bishkek, for the tests of threads."""

from __future__ import annotations

from datetime import timedelta

from groundstation.orbit.passes import find_passes
from tests.orbit.truth import BISHKEK, cases, elements_of, when

ISS = elements_of(cases("passes_consensus.json")[0])
START = when("2026-08-22T06:00:00Z")
PASS = find_passes(ISS, BISHKEK, START, START + timedelta(days=1))[0]
