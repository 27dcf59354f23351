"""Frames of strangers are nobody's."""

import random

import pytest

from benchmarks.foreign_frames import KINDS
from decoders.evidence_rules import packet_evidence
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


def test_noise_hardly_ever_hits_a_rule_of_ours() -> None:
    """Expected false names among a million frames of noise: the sum of 2^-bits over all rules."""
    bits = [
        each.bits
        for id in CATALOG.satellites
        for each in packet_evidence(CATALOG.satellite(id))
        if each.enough and not any(rule.text == "callsign" for rule in each.rules)
    ]
    assert len(bits) > 50
    assert sum(2.0**-each for each in bits) * 1_000_000 < 0.1
