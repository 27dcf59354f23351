"""Which revolution a satellite is on, and when it crossed the equator northbound."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from groundstation.errors import ElementsError
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.propagation import DAY_S, satrec

_TURN = 2 * math.pi
#: Elements are usually made for a moment at the ascending node; one a little before it already
#: carries the new revolution's number.
_NODE_TOLERANCE_RAD = math.radians(1.0)


def orbit_number(elements: Elements, when: datetime) -> int:
    """The revolution at ``when`` (aware), counted at ascending nodes from the elements' number.

    Raises ElementsError where SGP4 gives no position.
    """
    record = satrec(elements)
    days = (when - elements.epoch) / timedelta(days=1)
    begin = math.radians(elements.argument_of_perigee_deg + elements.mean_anomaly_deg)
    begin = (begin + _NODE_TOLERANCE_RAD) % _TURN - _NODE_TOLERANCE_RAD
    rate = (record.mdot + record.argpdot) * 1440.0
    mean = begin + rate * days + _TURN * elements.mean_motion_dot_rev_day2 * days**2
    true = _argument_of_latitude(elements, record, days)
    turns: float = (mean - true) / _TURN
    return elements.revolution_at_epoch + round(turns)


def revolution_of_month(elements: Elements, when: datetime) -> str:
    """Which revolution of its month (UTC) it is at ``when`` (aware), such as ``2026-08-123``.

    Unlike the orbit number it is the same whatever number the elements carry. Raises ElementsError
    where SGP4 gives no position at the beginning of the month.
    """
    utc = when.astimezone(UTC)
    begin = utc.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return f"{utc:%Y-%m}-{orbit_number(elements, when) - orbit_number(elements, begin)}"


def last_ascending_node(elements: Elements, when: datetime) -> datetime:
    """The last northbound crossing of the equator at or before ``when``, to a millisecond.

    Raises ElementsError where SGP4 gives no position.
    """
    record = satrec(elements)
    days = (when - elements.epoch) / timedelta(days=1)
    rate = (record.mdot + record.argpdot) * 1440.0
    at = days - _argument_of_latitude(elements, record, days) / rate
    for _ in range(12):
        argument = _argument_of_latitude(elements, record, at)
        step = ((argument + math.pi) % _TURN - math.pi) / rate
        at -= step
        if abs(step) * DAY_S < 1e-4:
            break
    return elements.epoch + timedelta(days=at)


def _argument_of_latitude(elements: Elements, record: object, days: float) -> float:
    """True angle (0 to 2 pi) from the ascending node to the satellite."""
    error, position, velocity = record.sgp4(0.0, days)  # type: ignore[attr-defined]  # a Satrec
    if error:
        raise ElementsError(f"{elements.name} has no position {days:.1f} days after its epoch")
    x, y, z = position
    vx, vy, vz = velocity
    hx, hy, hz = y * vz - z * vy, z * vx - x * vz, x * vy - y * vx
    node_x, node_y = -hy, hx
    normal = math.sqrt(hx * hx + hy * hy + hz * hz)
    # The component along the node, and across it within the plane.
    along = node_x * x + node_y * y
    across = (hx * (node_y * z) - hy * (node_x * z) + hz * (node_x * y - node_y * x)) / normal
    return math.atan2(across, along) % _TURN
