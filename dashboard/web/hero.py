"""A value as the first page and boards show it."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.show import display
from dashboard.show.display import Row
from dashboard.show.explained import explained
from dashboard.show.heroes import LimitBar, heroes, limit_bar
from dashboard.show.i18n import current
from dashboard.web.context import Context
from decoders.definition.model import Satellite
from groundstation.errors import StoreError
from groundstation.model import Sample

#: The small charts of values reach so far back from the newest reading: an orbit, seconds.
SPARK_S = 6600


def hero_names(
    ctx: Context,
    found: Satellite,
    rows: Mapping[str, Row | None],
    known: Mapping[str, Sample],
) -> list[str]:
    """The values of the first page, by name: those that a teacher chose, else by the definition.

    ``rows``: of the satellite, ``known``: its newest samples.
    """
    return chosen_names(ctx, found, rows) or list(heroes(rows, known))


def chosen_names(ctx: Context, found: Satellite, rows: Mapping[str, Row | None]) -> list[str]:
    """Those that a teacher chose and that there still are; none where ``desk.db`` cannot be
    read, which the station page says."""
    try:
        chosen = ctx.data.chosen_values.of(found.id)
    except StoreError:
        return []
    return [name for name in chosen if name in rows or display.find_row(found.rows(), name)]


class Hero:
    """A value: its card, its bar, its sentence, and what the script needs."""

    def __init__(self, ctx: Context, found: Satellite, name: str, sample: Sample | None, code: str):
        every = found.rows()
        row = display.find_row(every, name)
        self.card = display.card(name, row, every, sample, code)
        self.bar: LimitBar | None = limit_bar(row.limits if row else None, sample and sample.value)
        self.sentence = self.card.doc or explained(row.quantity if row else "", current())
        self.script = {
            **display.script_parameter(name, row, every, code),
            "bar": [self.bar.low, self.bar.high] if self.bar else None,
            "spark": _spark(ctx, found.id, name),
        }


def _spark(ctx: Context, satellite: str, name: str) -> list[list[float]]:
    """Readings as (seconds since 1970, value), oldest first."""
    found = ctx.tail.recent.spark(satellite, name)
    since_us = found[-1][0] - SPARK_S * 1_000_000 if found else 0
    return [[time_us // 1000 / 1000, value] for time_us, value in found if time_us >= since_us]
