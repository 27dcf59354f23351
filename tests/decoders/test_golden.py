"""Every row is expected by its name somewhere, or says that it is not; and a swap is noticed."""

from dataclasses import replace
from functools import cache

import pytest

from decoders.plan import Plan
from groundstation.catalog import SatelliteCatalog
from tests.decoders.golden import GOLDEN, Proof, golden, proofs
from tests.decoders.swap import cases, neighbours, noticed, packet_of

CATALOG = SatelliteCatalog()
#: Of the swaps of neighbours that are not marked unproved, at most so many may stay unnoticed.
MOST_UNNOTICED = 0.02


@cache
def all_proofs() -> list[Proof]:
    return proofs(CATALOG.satellites)


@pytest.mark.parametrize("id", sorted(path.stem for path in GOLDEN.glob("*.jsonl")))
def test_values_are_those_of_the_reference_decoder(id: str) -> None:
    for want in golden(id):
        decoded = CATALOG.decoder.decode(want.frame, id)
        assert (decoded.packet, decoded.error) == (want.packet, None)
        assert list(want.wrong(decoded.named)) == []


def test_a_wrong_value_is_noticed() -> None:
    want = golden("quetzal-1")[0]
    decoded = CATALOG.decoder.decode(want.frame, "quetzal-1")
    wrong = replace(want, values={"bq1_bat_volt": 1.0, "nothing": 0}, raw={"bq1_soc": 1000})
    named = [text.split()[0] for text in wrong.wrong(decoded.named)]
    assert named == ["bq1_bat_volt", "nothing", "bq1_soc"]


def test_every_row_is_proved_by_its_name_or_marked() -> None:
    problems = []
    for proof in all_proofs():
        proved = proof.named() | proof.checks_itself()
        unproved = set(proof.layout.rows()) - proved
        where = f"{proof.satellites[0]} {proof.layout.name}"
        if missing := unproved - proof.marked():
            problems.append(f"{where}: no frame expects {sorted(missing)}; mark them unproved")
        if needless := proof.marked() - unproved:
            problems.append(f"{where}: {sorted(needless)} are proved; remove the mark")
    assert problems == []


def test_no_two_neighbours_change_places_unnoticed() -> None:
    pairs, unnoticed = 0, []
    for proof in all_proofs():
        found = cases(proof)
        for first, second in neighbours(proof):
            pairs += 1
            if not noticed(found, first, second):
                unnoticed.append((proof.satellites[0], proof.layout.name, first.labels["en"]))
    assert pairs > 5000
    assert len(unnoticed) <= MOST_UNNOTICED * pairs, unnoticed


def test_a_swap_in_memory_is_the_swap_of_two_lines() -> None:
    """The quick exchange of two rows gives what the definition with exchanged lines gives."""
    proof = next(p for p in all_proofs() if "quetzal-1" in p.satellites)
    want, decoded = proof.frames[1]
    first, second = next(
        (a, b) for a, b in neighbours(proof) if {a.name, b.name} == {"rtc_hh", "rtc_mm"}
    )
    lines = list(proof.layout.items)
    a, b = lines.index(first), lines.index(second)
    lines[a], lines[b] = lines[b], lines[a]
    values, _ = Plan(replace(proof.layout, items=tuple(lines))).decode(packet_of(decoded))
    assert bool(list(want.wrong({value.name: value for value in values})))
    assert noticed(cases(proof)[1:2], first, second)
