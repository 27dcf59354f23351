"""Paths for a rotator: continuous where the facts say so, and the least bad elsewhere."""

import numpy as np
import pytest

from groundstation.errors import MountError
from groundstation.mount import Mount
from groundstation.tracking.path import plan_path
from tests.orbit.truth import cases

KEYS = {
    "0-360": "continuous_in_0_360",
    "-180-180": "continuous_in_pm180",
    "0-450": "continuous_in_0_450",
    "0-360 flip": "continuous_in_0_360_when_flipped_el180",
}
TRACKS = cases("rotator_tracks.json")


def track_of(case):
    rows = np.array(case["track_t_az_el_dopplerHz_per_100MHz"])
    times = np.arange(rows[0, 0], rows[-1, 0] + 0.1, 1.0)
    azimuth = np.degrees(np.unwrap(np.radians(rows[:, 1])))
    return (
        times,
        np.interp(times, rows[:, 0], azimuth) % 360,
        np.interp(times, rows[:, 0], rows[:, 2]),
    )


@pytest.mark.parametrize("mount_text", KEYS)
@pytest.mark.parametrize("case", TRACKS, ids=lambda case: case["id"])
def test_facts(case, mount_text):
    mount = Mount.parse(mount_text)
    times, azimuth, elevation = track_of(case)
    path = plan_path(times, azimuth, elevation, mount)
    assert path.azimuth_deg.min() >= mount.lowest_azimuth_deg
    assert path.azimuth_deg.max() <= mount.highest_azimuth_deg
    assert 0 <= path.elevation_deg.min() <= path.elevation_deg.max() <= mount.highest_deg
    assert np.abs(np.diff(path.azimuth_deg)).max() <= mount.azimuth_rate_deg_s + 1e-6
    assert np.abs(np.diff(path.elevation_deg)).max() <= mount.elevation_rate_deg_s + 1e-6
    continuous = case[KEYS[mount_text]] or ("flip" in mount_text and case[KEYS["0-360"]])
    if continuous:
        assert path.error_deg.max() < 0.05
    else:
        # One swing of a turn at five degrees a second is the most that is lost.
        assert path.blind_s(5.0) <= 360 / mount.azimuth_rate_deg_s + 4
        assert path.error_deg.max() > 1


def sweep(closest_deg, seconds=120, speed_deg_s=0.6):
    """A pass on a great circle, south to north, that misses the zenith by ``closest_deg``."""
    times = np.arange(-seconds, seconds + 1.0)
    along, beside = np.radians(speed_deg_s * times), np.radians(closest_deg)
    east = np.full_like(along, np.sin(beside))
    north, up = np.cos(beside) * np.sin(along), np.cos(beside) * np.cos(along)
    return times + seconds, np.degrees(np.arctan2(east, north)) % 360, np.degrees(np.arcsin(up))


@pytest.mark.parametrize("closest", [0.0, 0.1, 1.0, 3.0])
def test_keyhole_at_the_zenith(closest):
    """The motor cannot follow there; it starts early, so that the error stays small and even."""
    times, azimuth, elevation = sweep(closest)
    assert np.abs(np.diff(azimuth)).max() > 5
    path = plan_path(times, azimuth, elevation, Mount.parse("0-360"))
    assert np.abs(np.diff(path.azimuth_deg)).max() <= 5 + 1e-6
    # A motor that waited for the satellite to cross the meridian would be far behind.
    assert path.error_deg.max() < 4.5
    low = elevation < 70
    assert path.error_deg[low].max() < 0.05
    flip = plan_path(times, azimuth, elevation, Mount.parse("0-360 flip"))
    assert flip.error_deg.max() < max(closest, 0.1) + 0.6
    assert flip.elevation_deg.max() > 90


def test_the_nearer_of_equal_ways():
    times = np.arange(0.0, 100.0)
    azimuth, elevation = np.linspace(20, 60, 100), np.full(100, 30.0)
    mount = Mount.parse("0-450")
    assert plan_path(times, azimuth, elevation, mount, (10.0, 0.0)).azimuth_deg[0] == 20
    assert plan_path(times, azimuth, elevation, mount, (430.0, 0.0)).azimuth_deg[0] == 380


def test_a_short_rest_beyond_the_stop_is_given_up():
    """For ten seconds behind the stop no antenna turns once around."""
    times = np.arange(0.0, 201.0)
    azimuth, elevation = np.linspace(300, 363, 201) % 360, np.full(201, 20.0)
    path = plan_path(times, azimuth, elevation, Mount.parse("0-360"))
    assert path.azimuth_deg.min() > 299
    assert path.error_deg.max() < 4


def test_a_range_short_of_a_turn_waits_at_the_nearer_stop():
    times = np.arange(0.0, 301.0)
    azimuth, elevation = np.linspace(200, 310, 301), np.full(301, 20.0)
    path = plan_path(times, azimuth, elevation, Mount(0.0, 270.0))
    assert path.error_deg[azimuth <= 270].max() < 0.05
    assert set(path.azimuth_deg[azimuth > 275]) == {270.0}


def test_without_stops_the_way_goes_on_through_north():
    times = np.arange(0.0, 301.0)
    azimuth, elevation = np.linspace(300, 420, 301) % 360, np.full(301, 20.0)
    for text, sent in (("continuous", 420.0), ("shortest", 60.0)):
        mount = Mount.parse(text)
        path = plan_path(times, azimuth, elevation, mount, (290.0, 0.0))
        assert path.error_deg.max() < 0.01
        assert np.abs(np.diff(path.azimuth_deg)).max() < 1
        assert mount.sent(path.at(300.0)[0]) == pytest.approx(sent)


@pytest.mark.parametrize(
    ("azimuth", "low", "high", "sent"),
    [(370, 0, 360, 10), (-10, 0, 360, 350), (360, 0, 360, 360), (190, -180, 180, -170),
     (-190, -180, 180, 170), (359.9999, 0, 359, 359), (725, 0, 360, 5)],
)  # fmt: skip
def test_a_direction_in_the_numbers_of_a_controller(azimuth, low, high, sent):
    mount = Mount(low, high, endless=True, folds=True)
    assert mount.sent(azimuth) == pytest.approx(sent)


def test_commands_between_and_beyond_the_samples():
    path = plan_path(np.array([0.0, 10.0]), np.array([10.0, 20.0]), np.array([5.0, 9.0]), Mount())
    assert path.at(-100) == (10.0, 5.0)
    assert path.at(5) == pytest.approx((15.0, 7.0))
    assert path.at(1000) == (20.0, 9.0)


@pytest.mark.parametrize(
    ("text", "low", "high", "top"),
    [("0-360", 0, 360, 90), ("180", -180, 180, 90), ("±180", -180, 180, 90),
     ("-180-180", -180, 180, 90), ("0-450 flip", 0, 450, 180), ("-180-540", -180, 540, 90)],
)  # fmt: skip
def test_descriptions(text, low, high, top):
    mount = Mount.parse(text)
    assert (mount.lowest_azimuth_deg, mount.highest_azimuth_deg, mount.highest_deg) == (
        low, high, top,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "0-90", "north", "0-360-450", "360-0", "0-9999", "flip"])
def test_wrong_descriptions(text):
    with pytest.raises(MountError, match="mount"):
        Mount.parse(text)


@pytest.mark.parametrize(
    "text", ["0-360", "-180-180", "0-450 flip", "continuous", "shortest flip", "-180-540"]
)
def test_a_mount_is_written_as_it_was_read(text):
    assert Mount.parse(text).text == text
