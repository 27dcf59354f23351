"""Frames of strangers are nobody's."""

import random

import pytest

from benchmarks.foreign_frames import KINDS
from groundstation.catalog import SatelliteCatalog

CATALOG = SatelliteCatalog()
CALLSIGNS = {call for each in CATALOG.satellites.values() for call in each.callsigns}


@pytest.mark.parametrize("kind", KINDS)
def test_no_stranger_is_taken_for_a_satellite(kind: str) -> None:
    chance = random.Random(20261129)
    frames = [KINDS[kind](chance, CALLSIGNS) for _ in range(4000)]
    named = [
        (verdict.satellite, verdict.evidence_bits, frame.hex())
        for frame, verdict in zip(frames, CATALOG.decoder.batch(frames).verdicts, strict=True)
        if verdict.satellite is not None
    ]
    assert named == []


@pytest.mark.parametrize("size", [112, 200, 240])
def test_the_usual_lengths_name_nobody(size: int) -> None:
    chance = random.Random(size)
    frames = [chance.randbytes(size) for _ in range(500)]
    assert {verdict.satellite for verdict in CATALOG.decoder.batch(frames).verdicts} == {None}
