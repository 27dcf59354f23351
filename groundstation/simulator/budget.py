"""The link budget of the simulated satellite: how strong it is heard at a distance.

Free-space loss is 20 log10(4 pi d f / c) (Friis, 1946); noise density is Boltzmann's constant times
the system's temperature. The numbers are those of a 1U CubeSat and of a school's small antenna.
"""

from __future__ import annotations

import math

from groundstation.orbit.pointing import SPEED_OF_LIGHT_KM_S

#: Boltzmann's constant, dBm a hertz and kelvin.
_BOLTZMANN_DBM = -198.6
#: Half a watt, less what cable and antenna of the satellite lose.
_SENT_DBM = 27.0 - 3.0
#: A short Yagi held by hand.
_ANTENNA_DBI = 7.0
#: Sky, town and receiver together.
_SYSTEM_K = 1000.0
#: The satellite turns once in so long, and its antenna with it: twice a turn it is weaker.
_TURN_S, _FADE_DB = 34.0, 6.0


def eb_n0_db(range_km: float, frequency_hz: float, baud: float, when_s: float = 0.0) -> float:
    """Energy of a bit over noise density, decibels. ``when_s``: any time, for the fading."""
    loss_db = 20 * math.log10(4 * math.pi * range_km * frequency_hz / SPEED_OF_LIGHT_KM_S)
    received_dbm = _SENT_DBM - loss_db + _ANTENNA_DBI - fading_db(when_s)
    noise_dbm = _BOLTZMANN_DBM + 10 * math.log10(_SYSTEM_K)
    return received_dbm - noise_dbm - 10 * math.log10(baud)


def fading_db(when_s: float) -> float:
    """What the turning of the satellite takes away, 0 to 6 dB."""
    return _FADE_DB / 2 * (1 - math.cos(4 * math.pi * when_s / _TURN_S))
