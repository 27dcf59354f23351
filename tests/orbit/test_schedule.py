"""The chosen passes are the best choice, which other ways of finding it confirm."""

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

import pytest

from groundstation.orbit.schedule import Candidate, Plan, pass_weight, plan
from tests.orbit.truth import load, when

FACTS = load("scheduling.json")
T0 = datetime(2026, 8, 22, 6, tzinfo=UTC)


def candidates_of(rows):
    return [
        Candidate(row["sat"], when(row["aos"]), when(row["los"]), row["weight"]) for row in rows
    ]


@pytest.mark.parametrize("gap", FACTS["optimum"])
def test_optimum_of_two_days(gap):
    expected = FACTS["optimum"][gap]
    found = plan(candidates_of(FACTS["intervals"]), gap_s=float(gap))
    assert found.total_weight == expected["total_weight"]
    assert len(found.uses) == expected["count"]
    chosen = [[use.candidate.label, use.begin] for use in found.uses]
    assert chosen == [[sat, when(aos)] for sat, aos in expected["selected"]]
    assert len(found.uses) + len(found.rejected) == len(FACTS["intervals"])


def dense():
    start = when(FACTS["dense"]["t0"])
    return [
        Candidate(
            row["sat"],
            start + timedelta(seconds=row["aos_s"]),
            start + timedelta(seconds=row["los_s"]),
            row["weight"],
        )
        for row in FACTS["dense"]["intervals"]
    ]


@pytest.mark.parametrize("gap", FACTS["dense"]["optimum"])
def test_optimum_of_a_crowded_sky(gap):
    expected = FACTS["dense"]["optimum"][gap]
    found = plan(dense(), gap_s=float(gap))
    assert found.total_weight == expected
    assert found.total_weight > FACTS["dense"]["greedy_by_weight"][gap]


def test_weights_are_the_ones_of_the_facts():
    for row in FACTS["intervals"]:
        assert pass_weight(row["priority"], row["max_el"]) == row["weight"]


def feasible(chosen, antennas, gap):
    """No instant at which more than ``antennas`` are busy, the gap counted as busy."""
    for item in chosen:
        busy = sum(o.begin <= item.begin < o.end + timedelta(seconds=gap) for o in chosen)
        if busy > antennas:
            return False
    return True


@pytest.mark.parametrize("antennas", [1, 2, 3])
@pytest.mark.parametrize("seed", range(12))
def test_several_antennas_against_brute_force(antennas, seed):
    chance = random.Random(seed)
    items = []
    for number in range(9):
        begin = T0 + timedelta(seconds=chance.randrange(2000))
        end = begin + timedelta(seconds=chance.randrange(1, 900))
        items.append(Candidate(f"s{number}", begin, end, chance.randrange(1, 100)))
    gap = chance.choice([0, 60, 200])
    best = max(
        sum(item.weight for item in subset)
        for size in range(10)
        for subset in combinations(items, size)
        if feasible(subset, antennas, gap)
    )
    found = plan(items, antennas=antennas, gap_s=gap)
    assert found.total_weight == best
    check(found, antennas, gap)


def check(found: Plan, antennas: int, gap: float) -> None:
    """No antenna does two things at once, and nothing is done outside its candidate."""
    for antenna in range(antennas):
        own = [use for use in found.uses if use.antenna == antenna]
        for one, other in pairwise(own):
            assert one.end + timedelta(seconds=gap) <= other.begin
    for use in found.uses:
        assert use.candidate.begin <= use.begin < use.end <= use.candidate.end


def test_a_reason_names_what_stands_in_the_way():
    first = Candidate("ISS", T0, T0 + timedelta(minutes=10), 5000)
    second = Candidate("NOAA 20", T0 + timedelta(minutes=8), T0 + timedelta(minutes=20), 2000)
    (rejected,) = plan([first, second]).rejected
    assert rejected.candidate is second
    assert rejected.reason == (
        "the antenna is needed for ISS 06:00:00 to 06:10:00 UTC, which is worth 5000, "
        "this pass 2000"
    )


def test_partial_use_takes_what_is_left():
    first = Candidate("ISS", T0, T0 + timedelta(minutes=10), 5000)
    second = Candidate("NOAA 20", T0 + timedelta(minutes=8), T0 + timedelta(minutes=20), 2000)
    found = plan([first, second], gap_s=60, partial=True)
    assert found.rejected == ()
    assert found.uses[1].begin == T0 + timedelta(minutes=11)
    assert found.total_weight == pytest.approx(5000 + 2000 * 9 / 12)
    check(found, 1, 60)
    too_short = plan([first, second], gap_s=60, partial=True, shortest_s=600)
    assert len(too_short.rejected) == 1


@pytest.mark.parametrize("gap", [0, 30, 120])
def test_partial_use_of_a_crowded_sky(gap):
    whole, parts = plan(dense(), gap_s=gap), plan(dense(), gap_s=gap, partial=True)
    assert parts.total_weight >= whole.total_weight
    check(parts, 1, gap)


def test_touching_passes_are_both_taken():
    items = [
        Candidate("a", T0, T0 + timedelta(minutes=10), 1),
        Candidate("b", T0 + timedelta(minutes=10), T0 + timedelta(minutes=20), 1),
    ]
    assert len(plan(items).uses) == 2
    assert len(plan(items, gap_s=1).uses) == 1


def test_small_and_wrong_inputs():
    assert plan([]) == Plan((), ())
    nothing = Candidate("zero", T0, T0 + timedelta(minutes=1), 0)
    assert plan([nothing]).rejected[0].reason == "it is worth nothing"
    with pytest.raises(ValueError, match="antennas"):
        plan([], antennas=0)
    with pytest.raises(ValueError, match="gap"):
        plan([], gap_s=-1)
    with pytest.raises(ValueError, match="ends before"):
        Candidate("x", T0, T0 - timedelta(seconds=1), 1)
    with pytest.raises(ValueError, match="weight"):
        Candidate("x", T0, T0, float("nan"))


def test_thousands_of_passes_in_a_second():
    chance = random.Random(1)
    items = [
        Candidate(str(n), begin := T0 + timedelta(seconds=chance.randrange(600_000)),
                  begin + timedelta(seconds=600), chance.randrange(1, 9999))
        for n in range(3000)
    ]  # fmt: skip
    found = plan(items, antennas=2, gap_s=30)
    check(found, 2, 30)
