"""Pass tables against three independent programs, and against skyfield."""

from datetime import timedelta

import pytest

from groundstation.errors import SiteError
from groundstation.model import Site
from groundstation.orbit.elements import parse_elements
from groundstation.orbit.passes import find_passes
from groundstation.orbit.pointing import doppler_hz, pointing
from tests.orbit.truth import (
    BISHKEK,
    cases,
    degrees_apart,
    elements_of,
    load,
    seconds_apart,
    site_of,
    when,
)

CONSENSUS = cases("passes_consensus.json")


def passes_of(case, dut1_s=None):
    start = when(case["window_start"])
    end = start + timedelta(hours=case["window_hours"])
    return find_passes(
        elements_of(case), site_of(case), start, end,
        min_elevation_deg=case["min_el_deg"], dut1_s=dut1_s,
    )  # fmt: skip


@pytest.mark.parametrize("case", CONSENSUS, ids=lambda case: case["id"])
def test_consensus(case):
    """They take UT1 = UTC, we take real UT1: up to 0.15 s for Molniya, inside every tolerance."""
    found = passes_of(case)
    assert len(found) == len(case["expected_passes"])
    tolerance = case["tolerance"]
    for one, expected in zip(found, case["expected_passes"], strict=True):
        for name in ("aos", "los"):
            ours, theirs = getattr(one, name), expected[name]
            assert (ours is None) == (theirs is None)
            if theirs is not None:
                assert seconds_apart(ours, when(theirs)) < tolerance["aos_los_s"]
                azimuth = getattr(one, f"{name}_azimuth_deg")
                assert degrees_apart(azimuth, expected[f"az_{name}"]) < tolerance["az_deg"]
        if expected["tca"] is None:
            continue  # the culmination lies outside the window; ours is the window's edge
        if tolerance["tca_s"] is not None:
            assert seconds_apart(one.tca, when(expected["tca"])) < tolerance["tca_s"]
        assert one.max_elevation_deg == pytest.approx(
            expected["max_el_deg"], abs=tolerance["max_el_deg"]
        )
        if expected["sunlit_tca"] is not None:
            assert one.sunlit == expected["sunlit_tca"]


@pytest.mark.parametrize("case", CONSENSUS, ids=lambda case: case["id"])
def test_consensus_to_a_hundredth_of_a_second(case):
    """With their UT1 = UTC ours are theirs, as exactly as they agree with each other."""
    slow = case["tolerance"]["aos_los_s"] > 0.1
    for one, expected in zip(passes_of(case, 0.0), case["expected_passes"], strict=True):
        for name in ("aos", "los"):
            if expected[name] is not None:
                apart = seconds_apart(getattr(one, name), when(expected[name]))
                assert apart < (0.02 if slow else 0.005)
        if expected["max_el_deg"] is not None:
            assert one.max_elevation_deg == pytest.approx(expected["max_el_deg"], abs=0.001)


@pytest.mark.parametrize("case", CONSENSUS, ids=lambda case: case["id"])
def test_consensus_geometry(case):
    item, site = elements_of(case), site_of(case)
    for expected in case["expected_passes"]:
        for name in ("aos", "tca", "los"):
            if expected[name] is None:
                continue
            there = pointing(item, site, when(expected[name]), dut1_s=0.0)
            # Times are written to a millisecond, in which the range changes by seven metres.
            assert there.range_km == pytest.approx(expected[f"range_km_{name}"], abs=0.02)
            rate = expected[f"range_rate_km_s_{name}"]
            assert there.range_rate_km_s == pytest.approx(rate, abs=2e-4)
            shift = expected[f"doppler_hz_at_437MHz_{name}"]
            ours = doppler_hz(there.range_rate_km_s, 437e6)
            assert ours == pytest.approx(shift, abs=0.1 * 4.37)  # 0.1 Hz in 100 MHz
            sunlit = expected[f"sunlit_{name}"]
            assert sunlit is None or there.sunlit == sunlit


def test_reference_passes():
    for fact in load("reference_points.json")["pyorbital"]:
        if not fact["kind"].startswith("pass"):
            continue
        start = when(fact["start"])
        found = find_passes(
            elements_of(fact), site_of(fact), start, start + timedelta(hours=fact["hours"]),
            min_elevation_deg=fact["min_el"],
        )  # fmt: skip
        assert seconds_apart(found[0].tca, when(fact["first_tca"])) < fact["tol_s"]
        if "count" in fact:
            assert len(found) == fact["count"]
            assert seconds_apart(found[-1].tca, when(fact["last_tca"])) < fact["tol_s"]


BOSTON = Site("Boston", 42.3581, -71.0636)


def skyfield_fact(start_of_name):
    facts = load("reference_points.json")["skyfield_tests"]
    return next(fact for fact in facts if fact.get("name", fact["kind"]).startswith(start_of_name))


@pytest.mark.parametrize(("name", "count"), [("ANIK", 1), ("PALAPA", 0), ("Swift", 0)])
def test_always_and_never_up(name, count):
    start = when("2020-01-01T00:00:00Z")
    found = find_passes(
        elements_of(skyfield_fact(name)), BOSTON, start, start + timedelta(days=14),
        min_elevation_deg=20,
    )  # fmt: skip
    assert len(found) == count
    assert all(one.aos is None and one.los is None and one.duration_s is None for one in found)


def test_short_high_pass_right_after_the_start():
    fact = skyfield_fact("passes")
    start = when(fact["start"])
    one, *_ = find_passes(
        elements_of(fact), site_of(fact), start, start + timedelta(hours=24), min_elevation_deg=70
    )
    for ours, theirs in zip((one.aos, one.tca, one.los), fact["events"], strict=True):
        assert seconds_apart(ours, when(theirs)) < fact["tol_s"]


@pytest.mark.parametrize(
    ("kind", "ends"), [("lone_set", (True, False)), ("lone_rise", (False, True))]
)
def test_one_open_end(kind, ends):
    fact = skyfield_fact(kind)
    start = when(fact["start"])
    (one,) = find_passes(
        elements_of(fact), site_of(fact), start, start + timedelta(hours=fact["hours"]),
        min_elevation_deg=fact["min_el"],
    )  # fmt: skip
    assert (one.aos is None, one.los is None) == ends


def test_high_ellipse_has_rise_culmination_and_set():
    fact = skyfield_fact("heo_two_maxima")
    start = when(fact["start"])
    one, *_ = find_passes(
        elements_of(fact), site_of(fact), start, start + timedelta(hours=24),
        min_elevation_deg=fact["min_el"],
    )  # fmt: skip
    assert one.aos < one.tca < one.los


def test_edge_case_decay():
    """After a satellite has fallen SGP4 brings it back with no error: no pass may come of that."""
    for case in cases("edge_cases.json"):
        if "tle" not in case:
            continue
        item = elements_of(case)
        days = float(case["facts"].partition("from +")[2].partition(" d")[0])
        fallen = item.epoch + timedelta(days=days)
        for begin in (item.epoch, fallen + timedelta(days=1), fallen + timedelta(days=30)):
            for one in find_passes(item, BISHKEK, begin, begin + timedelta(days=20)):
                assert (one.los or one.tca) <= fallen + timedelta(minutes=5)
        if days > 2:
            assert find_passes(item, BISHKEK, item.epoch, fallen)


def test_empty_window():
    item = elements_of(CONSENSUS[0])
    start = when("2026-08-22T06:00:00Z")
    assert find_passes(item, BISHKEK, start, start) == []
    assert find_passes(item, BISHKEK, start, start - timedelta(hours=1)) == []


@pytest.mark.parametrize("site", [Site("x", 91, 0), Site("x", 0, 400), Site("x", float("nan"), 0)])
def test_site_off_the_earth(site):
    item = elements_of(CONSENSUS[0])
    with pytest.raises(SiteError, match="the site's"):
        find_passes(item, site, item.epoch, item.epoch + timedelta(hours=1))


def test_json_has_exactly_the_contract_keys():
    one = passes_of(CONSENSUS[0])[0].as_json()
    assert list(one) == [
        "norad", "satellite", "aos", "tca", "los", "max_elevation_deg", "aos_azimuth_deg",
        "tca_azimuth_deg", "los_azimuth_deg", "duration_s", "sunlit", "elements_age_days",
        "timing_error_s",
    ]  # fmt: skip
    assert one["aos"].endswith("Z")


def test_age_is_told_with_its_sign():
    item = elements_of(CONSENSUS[0])
    before = item.epoch - timedelta(days=10)
    one = find_passes(item, BISHKEK, before, before + timedelta(days=1))[0]
    after = find_passes(item, BISHKEK, item.epoch, item.epoch + timedelta(days=1))[0]
    assert -10 <= one.elements_age_days <= -9
    assert one.timing_error_s > 50 > after.timing_error_s


def test_numbers_beyond_the_library():
    lines = load("alpha5_omm.json")["real_rows"]
    text = lines["header"] + "\n" + lines["rows"][0].replace("100000", "799501299")
    item = parse_elements(text)[0]
    found = find_passes(item, BISHKEK, item.epoch, item.epoch + timedelta(days=1))
    assert found[0].norad == 799501299
