"""Answers to questions about limits, as daemons and receivers give them."""

import pytest

from groundstation.tracking.limits import RotatorLimits, radio_state, rotator_caps, rotator_state
from tests.tracking.dialects import RECEIVER, TRANSCEIVER

#: The real answers of Hamlib 4.5.4 with its dummy models.
ROTCTLD = (
    "1\n1\nmin_az=-180.000000\nmax_az=450.000000\nmin_el=0.000000\nmax_el=90.000000\n"
    "south_zero=0\nrot_type=AzEl\ndone\n"
)


@pytest.mark.parametrize("text", [ROTCTLD, "0\n1\n-180.000000\n450.000000\n0.000000\n90.000000\n"])
def test_a_rotators_state(text):
    assert rotator_state(text) == RotatorLimits(-180, 450, 0, 90)


@pytest.mark.parametrize(
    "text",
    ["", "RPRT -4\n", "RPRT 1\nRPRT 1\n", "1\n1\ndone\n", "1\n1\n0\n0\n0\n0\n",
     "1\n1\nmin_az=nan\nmax_az=450\nmin_el=0\nmax_el=90\n", "1\n1\nmin_az=0\nmax_az=0\nmin_el=0\n"
     "max_el=0\n", "\xff" * 100],
)  # fmt: skip
def test_what_says_nothing_of_limits(text):
    assert rotator_state(text) is None
    assert rotator_caps(text) is None
    assert radio_state(text) is None


def test_an_antenna_that_only_turns():
    text = ROTCTLD.replace("max_el=90", "max_el=0")
    assert rotator_state(text) == RotatorLimits(-180, 450, 0, 0)


def test_caps():
    text = (
        "Rot type:\t\tAz-El\nMin Azimuth:\t\t0.00\nMax Azimuth:\t\t360.00\n"
        "Min Elevation:\t\t0.00\nMax Elevation:\t\t180.00\nHas priv data:\t\tN\nRPRT 0\n"
    )
    assert rotator_caps(text) == RotatorLimits(0, 360, 0, 180)


def test_a_radios_ranges():
    assert radio_state(RECEIVER).receive_hz == ((0, 10e9),)
    assert radio_state(RECEIVER).transmit_hz == ()
    both = ((144e6, 146e6), (430e6, 440e6))
    assert radio_state(TRANSCEIVER).receive_hz == radio_state(TRANSCEIVER).transmit_hz == both
    # Cut off in its midst: what was read counts.
    assert radio_state(TRANSCEIVER[:60]).receive_hz == (both[0],)
