"""Whose pass is on: the satellite that boards turn to, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard.data.order import in_order
from dashboard.web.context import Context
from groundstation.model import from_us

#: How far ahead of a pass the wall is awake, seconds.
AWAKE_S = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """``satellite`` None: no pass is on. ``until``: when that changes, ``next_aos``: the next pass;
    None: not within what the sky knows."""

    satellite: str | None
    until: datetime | None
    next_aos: datetime | None


def turn(ctx: Context) -> Turn:
    """Of passes that are on at once, that of the satellite which comes first on the first page."""
    now = from_us(ctx.data.status().now_us())
    order = {id: place for place, id in enumerate(in_order(ctx.data, ctx.tail.recent.heard()))}
    ids, on, ahead = ctx.sky.norads(), [], []
    for item in ctx.sky.passes():
        id = ids.get(item.norad)
        if id is None or item.aos is None or item.los is None or item.los <= now:
            continue
        if item.aos <= now:
            on.append((order.get(id, len(order)), id, item.los))
        else:
            ahead.append(item.aos)
    next_aos = min(ahead, default=None)
    changes = [*(los for _, _, los in on), *([next_aos] if next_aos else [])]
    return Turn(min(on)[1] if on else None, min(changes, default=None), next_aos)
