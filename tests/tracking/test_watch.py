"""Where the antenna is, by whatever way its controller counts, and when that is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from groundstation.mount import Mount, nearest_turn
from groundstation.tracking.watch import MotionWatch

STEP_S = 0.5


def told(
    mount: str,
    commanded: Callable[[float], float],
    reported: Callable[[float], float],
    seconds: float = 120.0,
) -> str | None:
    """The first complaint about azimuths over time, in degrees; elevation is always right."""
    watch = MotionWatch(Mount.parse(mount, azimuth_rate_deg_s=6.0, elevation_rate_deg_s=6.0))
    for step in range(int(seconds / STEP_S)):
        now = step * STEP_S
        problem = watch.feed(now, (commanded(now), 20.0), (reported(now), 20.0))
        if problem:
            return problem
    return None


def flicker(degrees: float) -> Callable[[float], float]:
    """Noise around a direction, as a potentiometer gives it: -0.4 is 359.6."""
    return lambda now: (degrees + (0.4 if int(now / STEP_S) % 2 else -0.4)) % 360


@pytest.mark.parametrize(
    ("mount", "reported"),
    [
        ("0-450", lambda now: (350 + now / 4) % 360),
        ("0-450", lambda now: (350 + now / 4 + 180) % 360 - 180),
        ("0-450", lambda now: 350 + now / 4),
        ("-180-540", lambda now: 350 + now / 4 - 360),
        ("continuous", lambda now: 350 + now / 4 - 720),
        ("shortest", lambda now: (350 + now / 4) % 360),
    ],
)
def test_every_way_of_counting_is_the_same_direction(
    mount: str, reported: Callable[[float], float]
) -> None:
    assert told(mount, lambda now: 350 + now / 4, reported) is None


def test_a_flicker_over_north_is_no_motion_and_no_error() -> None:
    assert told("0-360", lambda now: 0.0, flicker(0)) is None
    assert told("0-450", lambda now: 360.0, flicker(0)) is None
    stuck = told("0-360", lambda now: 90.0, lambda now: 0.0 if int(now) % 2 else 359.8)
    assert stuck is not None
    assert "does not move" in stuck


def test_a_motor_that_goes_round_by_the_long_side_is_on_its_way() -> None:
    """From 350 to 10 with a stop at north: away from the goal at first."""
    assert told("0-360", lambda now: 10.0, lambda now: max(10.0, 350 - 6 * now)) is None
    # The same in a controller that counts modulo 360, from 430 to 100.
    assert told("0-450", lambda now: 100.0, lambda now: max(100.0, 430 - 6 * now) % 360) is None


def test_a_motor_that_goes_round_for_ever_is_not() -> None:
    lost = told("0-360", lambda now: 200.0, lambda now: (30 + 4 * now) % 300, 600.0)
    assert lost is not None


def test_a_motor_that_creeps_is_astray() -> None:
    slow = told("0-360", lambda now: 10 + 1.0 * now, lambda now: 10 + 0.3 * now)
    assert slow is not None
    assert "does not follow" in slow


@pytest.mark.parametrize(
    ("mount", "azimuth", "fits"),
    [
        ("0-360", 430.0, 'write mount = "0-450"'),
        ("0-360 flip", 430.0, 'write mount = "0-450 flip"'),
        ("0-360", -400.0, 'write mount = "continuous"'),
        ("0-450", 9999.0, "the range of the mount '0-450' ends before"),
    ],
)
def test_a_reading_beyond_the_mount_names_the_one_that_fits(
    mount: str, azimuth: float, fits: str
) -> None:
    said = told(mount, lambda now: 100.0, lambda now: azimuth)
    assert said is not None
    assert fits in said


def test_an_elevation_beyond_the_zenith_names_the_flip() -> None:
    watch = MotionWatch(Mount.parse("0-360"))
    said = watch.feed(0.0, (10.0, 80.0), (10.0, 150.0))
    assert said is not None
    assert 'write " flip" behind the mount' in said


@pytest.mark.parametrize(
    ("azimuth", "to", "near"),
    [
        (1, 359, 361),
        (359, 1, -1),
        (-90, 270, 270),
        (10, 370, 370),
        (10, -350, -350),
        (180, 0, -180),
    ],
)
def test_the_turn_nearest_to_a_command(azimuth: float, to: float, near: float) -> None:
    assert nearest_turn(azimuth, to) == near
