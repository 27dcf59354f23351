"""What SGP4 computes once for each satellite, for many at once.

The equations are those of AIAA 2006-6753 (sgp4init, near the Earth), the names theirs.
"""

from __future__ import annotations

import numpy as np

from groundstation.orbit.propagation import Columns, Floats
from groundstation.orbit.wgs72 import J2, J3, J4, KE, RADIUS_KM

_S = 78 / RADIUS_KM + 1
_QO_MINUS_S_4 = ((120 - 78) / RADIUS_KM) ** 4
#: Where SGP4 divides by the eccentricity it leaves the term out below this.
_LEAST_ECCENTRICITY = 1e-4


def coefficients(columns: Columns) -> dict[str, Floats]:
    """The fields of :class:`.near_earth.NearEarth`, each of shape (N,)."""
    e, bstar = columns.eccentricity, columns.bstar
    sin_i, cos_i = np.sin(columns.inclination), np.cos(columns.inclination)
    cos2, cos4 = cos_i**2, cos_i**4
    con41, con42, x1mth2 = 3 * cos2 - 1, 1 - 5 * cos2, 1 - cos2
    omeosq = 1 - e * e
    root = np.sqrt(omeosq)
    motion = _brouwer(columns.motion, con41, root * omeosq)
    axis = (KE / motion) ** (2 / 3)
    # Drag.
    tsi = 1 / (axis - _S)
    eta = axis * e * tsi
    etasq, eeta = eta * eta, e * eta
    psisq = np.abs(1 - etasq)
    coef = _QO_MINUS_S_4 * tsi**4
    coef1 = coef / psisq**3.5
    ratio = J2 * tsi / psisq
    cc2 = (
        coef1
        * motion
        * (
            axis * (1 + 1.5 * etasq + eeta * (4 + etasq))
            + 0.375 * ratio * con41 * (8 + 3 * etasq * (8 + etasq))
        )
    )
    cc1 = bstar * cc2
    oblate = -3 * con41 * (1 - 2 * eeta + etasq * (1.5 - 0.5 * eeta))
    oblate += 0.75 * x1mth2 * (2 * etasq - eeta * (1 + etasq)) * np.cos(2 * columns.perigee)
    cc4 = (
        2
        * motion
        * coef1
        * axis
        * omeosq
        * (eta * (2 + 0.5 * etasq) + e * (0.5 + 2 * etasq) - ratio / axis * oblate)
    )
    cc5 = 2 * coef1 * axis * omeosq * (1 + 2.75 * (etasq + eeta) + eeta * etasq)
    oval = e > _LEAST_ECCENTRICITY
    divisor = np.where(oval, e, 1.0)
    cc3 = np.where(oval, -2 * coef * tsi * (J3 / J2) * motion * sin_i / divisor, 0.0)
    xmcof = np.where(oval, -2 / 3 * coef * bstar / np.where(oval, eeta, 1.0), 0.0)
    d2 = 4 * axis * tsi * cc1**2
    part = d2 * tsi * cc1 / 3
    d3 = (17 * axis + _S) * part
    d4 = 0.5 * part * axis * tsi * (221 * axis + 31 * _S) * cc1
    # The Earth's figure.
    pinvsq = 1 / (axis * omeosq) ** 2
    temp1 = 1.5 * J2 * pinvsq * motion
    temp2 = 0.5 * temp1 * J2 * pinvsq
    temp3 = -0.46875 * J4 * pinvsq**2 * motion
    turn = -temp1 * cos_i
    return {
        "motion": motion,
        "axis": axis,
        "eccentricity": e,
        "sin_inclination": sin_i,
        "cos_inclination": cos_i,
        "anomaly": columns.anomaly,
        "perigee": columns.perigee,
        "node": columns.node,
        "anomaly_rate": motion
        + 0.5 * temp1 * root * con41
        + 0.0625 * temp2 * root * (13 - 78 * cos2 + 137 * cos4),
        "perigee_rate": -0.5 * temp1 * con42
        + 0.0625 * temp2 * (7 - 114 * cos2 + 395 * cos4)
        + temp3 * (3 - 36 * cos2 + 49 * cos4),
        "node_rate": turn + (0.5 * temp2 * (4 - 19 * cos2) + 2 * temp3 * (3 - 7 * cos2)) * cos_i,
        "node_drag": 3.5 * omeosq * turn * cc1,
        "bstar_cc4": bstar * cc4,
        "bstar_cc5": bstar * cc5,
        "cc1": cc1,
        "d2": d2,
        "d3": d3,
        "d4": d4,
        "t2": 1.5 * cc1,
        "t3": d2 + 2 * cc1**2,
        "t4": 0.25 * (3 * d3 + cc1 * (12 * d2 + 10 * cc1**2)),
        "t5": 0.2 * (3 * d4 + 12 * cc1 * d3 + 6 * d2**2 + 15 * cc1**2 * (2 * d2 + cc1**2)),
        "eta": eta,
        "omgcof": bstar * cc3 * np.cos(columns.perigee),
        "xmcof": xmcof,
        "delmo": (1 + eta * np.cos(columns.anomaly)) ** 3,
        "sinmao": np.sin(columns.anomaly),
        "aycof": -0.5 * (J3 / J2) * sin_i,
        "xlcof": -0.25 * (J3 / J2) * sin_i * (3 + 5 * cos_i) / np.maximum(1 + cos_i, 1.5e-12),
    }


def _brouwer(kozai: Floats, con41: Floats, root3: Floats) -> Floats:
    """Brouwer's mean motion from that of elements, which is Kozai's."""
    axis = (KE / kozai) ** (2 / 3)
    d1 = 0.75 * J2 * con41 / root3
    delta = d1 / axis**2
    axis = axis * (1 - delta**2 - delta * (1 / 3 + 134 * delta**2 / 81))
    return kozai / (1 + d1 / axis**2)
