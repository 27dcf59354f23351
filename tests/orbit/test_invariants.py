"""What must be true of every pass, over random orbits, sites and windows."""

import math
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundstation.model import Site
from groundstation.orbit.elements import Elements
from groundstation.orbit.horizon import Horizon
from groundstation.orbit.passes import find_all_passes, find_passes
from groundstation.orbit.pointing import pointings
from groundstation.orbit.search import window
from groundstation.orbit.search.paths import PathFinder
from tests.orbit.random_orbits import EPOCH, orbits

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


SITES = st.builds(
    Site,
    st.just("random"),
    st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 0.0, 90.0])),
    st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 0.0, 180.0])),
    st.floats(-100, 5000),
)
FLOORS = st.one_of(st.floats(-2, 60), st.sampled_from([0.0, 5.0, 10.0]))
HOURS = st.floats(0.5, 36)


@FEW
@given(orbits(), SITES, FLOORS, HOURS)
def test_order_mask_maximum_and_gaps(item, site, floor, hours):
    end = EPOCH + timedelta(hours=hours)
    found = find_passes(item, site, EPOCH, end, min_elevation_deg=floor)
    for one in found:
        begin, last = one.aos or EPOCH, one.los or end
        assert EPOCH <= begin <= one.tca <= last <= end
        ends = [when for when in (one.aos, one.los) if when is not None]
        for there in pointings(item, site, ends):
            assert there.elevation_deg == pytest.approx(floor, abs=1e-3)
        times = [begin + (last - begin) * n / 40 for n in range(41)]
        for there in pointings(item, site, [*times, one.tca]):
            assert floor - 1e-3 <= there.elevation_deg <= one.max_elevation_deg + 1e-4
            assert not math.isnan(there.azimuth_deg)
        assert one.tca_azimuth_deg >= 0
    for one, other in pairwise(found):
        assert one.los is not None
        assert other.aos is not None
        assert one.los <= other.aos


@FEW
@given(orbits(), SITES, FLOORS, HOURS)
def test_nothing_is_missed(item, site, floor, hours):
    """Every minute at which the satellite stands above the mask lies in a pass, no other does."""
    end = EPOCH + timedelta(hours=hours)
    found = find_passes(item, site, EPOCH, end, min_elevation_deg=floor)
    spans = [(one.aos or EPOCH, one.los or end) for one in found]
    times = [EPOCH + timedelta(seconds=s) for s in range(0, int(hours * 3600), 60)]
    for there in pointings(item, site, times):
        inside = any(begin <= there.when <= last for begin, last in spans)
        if abs(there.elevation_deg - floor) > 1e-3:
            assert inside == (there.elevation_deg > floor)


@FEW
@given(orbits(), SITES, FLOORS, st.floats(6, 36), st.floats(0.1, 0.9))
def test_splitting_a_window_changes_no_pass(item, site, floor, hours, share):
    end = EPOCH + timedelta(hours=hours)
    cut = EPOCH + (end - EPOCH) * share
    whole = find_passes(item, site, EPOCH, end, min_elevation_deg=floor)
    parts = [
        *find_passes(item, site, EPOCH, cut, min_elevation_deg=floor),
        *find_passes(item, site, cut, end, min_elevation_deg=floor),
    ]
    for name in ("aos", "los"):
        ours = [getattr(one, name) for one in parts if getattr(one, name) is not None]
        expected = [getattr(one, name) for one in whole if getattr(one, name) is not None]
        # A crossing within a millisecond of the cut may fall on neither side.
        ours = [when for when in ours if abs((when - cut).total_seconds()) > 0.05]
        expected = [when for when in expected if abs((when - cut).total_seconds()) > 0.05]
        assert len(ours) == len(expected)
        for a, b in zip(ours, expected, strict=True):
            # Where the satellite grazes the mask, time says little: elevation decides above.
            assert abs((a - b).total_seconds()) < 0.5


@FEW
@given(st.lists(orbits(), min_size=1, max_size=5), SITES, FLOORS, st.floats(4, 36))
def test_together_or_alone_is_the_same(items, site, floor, hours):
    end = EPOCH + timedelta(hours=hours)
    together = list(find_all_passes(items, site, EPOCH, end, min_elevation_deg=floor))
    alone = [
        one
        for item in items
        for one in find_passes(item, site, EPOCH, end, min_elevation_deg=floor)
    ]
    assert [one.norad for one in together] == [one.norad for one in alone]
    for one, other in zip(together, alone, strict=True):
        assert abs((one.tca - other.tca).total_seconds()) < 1e-3
        assert one.max_elevation_deg == pytest.approx(other.max_elevation_deg, abs=1e-6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    orbits(),
    SITES,
    st.lists(st.tuples(st.floats(0, 360), st.floats(0, 60)), min_size=1, max_size=8),
    st.floats(1, 24),
)
def test_horizon(item, site, points, hours):
    horizon = Horizon.of(points)
    end = EPOCH + timedelta(hours=hours)
    found = find_passes(item, site, EPOCH, end, min_elevation_deg=5, horizon=horizon)
    for one in found:
        begin, last = one.aos or EPOCH, one.los or end
        assert begin <= one.tca <= last
        inner = [begin + (last - begin) * n / 20 for n in range(1, 20)]
        for there in pointings(item, site, inner):
            mask = max(float(horizon.elevation_deg(np.array([there.azimuth_deg]))[0]), 5.0)
            assert there.elevation_deg > mask - 0.01
    for one, other in pairwise(found):
        assert one.los <= other.aos


def test_grazing_passes_of_seconds():
    """A mask a little below the top of a pass leaves one short pass; a little above, none."""
    item = Elements(
        name="LOW", norad=1, epoch=EPOCH, mean_motion_rev_day=15.2, eccentricity=0.001,
        inclination_deg=97.5, raan_deg=20, argument_of_perigee_deg=30, mean_anomaly_deg=40,
        bstar_per_earth_radius=1e-5,
    )  # fmt: skip
    site = Site("x", 42.87, 74.57, 800)
    end = EPOCH + timedelta(hours=72)
    tops = [one.max_elevation_deg for one in find_passes(item, site, EPOCH, end)]
    assert len(tops) >= 4
    for top in tops:
        for below in (1e-2, 1e-3, 1e-4, 1e-5):
            found = find_passes(item, site, EPOCH, end, min_elevation_deg=top - below)
            (one,) = [one for one in found if abs(one.max_elevation_deg - top) < 1e-6]
            assert 0 < one.duration_s < 60
        found = find_passes(item, site, EPOCH, end, min_elevation_deg=top + 1e-6)
        assert all(one.max_elevation_deg > top + 1e-6 for one in found)


#: Nearly circular, below 225 minutes: those for which encounters are predicted.
LOW = orbits(mean_motion=(6.5, 15.8), most_eccentricity=0.079, hours=(-200, 72))


@FEW
@given(st.lists(LOW, min_size=3, max_size=12), SITES, FLOORS, st.floats(3, 72))
def test_encounters_find_what_whole_paths_find(items, site, floor, hours):
    """Two ways to the same passes: predicted encounters, and the path from node to node."""
    end = EPOCH + timedelta(hours=hours)
    predicted = find_all_passes(items, site, EPOCH, end, min_elevation_deg=floor).found
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "_SHORTEST_SIEVED_S", math.inf)
        whole = find_all_passes(items, site, EPOCH, end, min_elevation_deg=floor).found
    assert predicted.satellite.tolist() == whole.satellite.tolist()
    # Where a pass only just touches the mask its times say little.
    clear = whole.peak_elevation_deg > floor + 0.02
    for name in ("rise_s", "set_s"):
        ours, theirs = getattr(predicted, name)[clear], getattr(whole, name)[clear]
        assert np.isnan(ours).tolist() == np.isnan(theirs).tolist()
        assert np.nanmax(np.abs(ours - theirs), initial=0) < 1e-3
    apart = np.abs(predicted.peak_elevation_deg - whole.peak_elevation_deg)
    assert apart.max(initial=0) < 2e-5


def test_most_low_satellites_are_searched_by_their_encounters(monkeypatch):
    """Not by their whole paths, which would be right, too, but slow."""
    items = [
        Elements(
            name="LOW", norad=n, epoch=EPOCH, mean_motion_rev_day=12.5 + n / 30,
            eccentricity=0.001 * (n % 5), inclination_deg=30 + n, raan_deg=7 * n % 360,
            argument_of_perigee_deg=11 * n % 360, mean_anomaly_deg=13 * n % 360,
            bstar_per_earth_radius=1e-5,
        )
        for n in range(90)
    ]  # fmt: skip
    asked = []
    along = PathFinder.along_whole

    def watched(self, satellites):
        asked.extend(satellites.tolist())
        return along(self, satellites)

    monkeypatch.setattr(PathFinder, "along_whole", watched)
    site = Site("x", 42.87, 74.57, 800)
    found = find_all_passes(items, site, EPOCH, EPOCH + timedelta(days=1))
    assert len(found) > 200
    assert len(asked) <= 2
