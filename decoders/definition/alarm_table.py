"""``alarm = { count = 3, dead_band = 0.05, sets = [{ when = "mode == 0", warning = […] }] }``."""

from __future__ import annotations

from collections.abc import Iterable

from decoders.definition.alarm import ECLIPSE, SUNLIGHT, Alarm, LimitSet
from decoders.definition.limit_table import LEVELS, check_level_limits, is_number, level_limits
from decoders.definition.model import Derived, Parameter, in_rows
from decoders.definition.node import Node
from decoders.suggest import nearest

#: Values in a row that a rule can wait for.
MOST_COUNT = 1000
MOST_SETS = 16
ALARM_KEYS = (
    *("count", "back", "dead_band", "sets", "means", "means_ru", "means_ky"),
    *("mend", "mend_ru", "mend_ky"),
)
SET_KEYS = ("when", "sun", *LEVELS)


def alarm(node: Node, key: str = "alarm") -> Alarm | None:
    """What stands under ``key`` of ``node``; None where nothing does."""
    if key not in node.data:
        return None
    inner = node.child(key)
    inner.only(ALARM_KEYS)
    if not inner.data:
        inner.wrong("", "says nothing; leave it out")
    return Alarm(
        count=inner.integer("count", None, 1, MOST_COUNT),
        back=inner.integer("back", None, 1, MOST_COUNT),
        dead_band=inner.within("dead_band", 0.0, 0.0, 1e12),
        sets=_sets(inner),
        means=inner.in_languages("means"),
        mend=inner.in_languages("mend"),
    )


def _sets(node: Node) -> tuple[LimitSet, ...]:
    children = node.children("sets")
    if len(children) > MOST_SETS:
        node.wrong("sets", f"has {len(children)} sets, more than {MOST_SETS}")
        return ()
    found = []
    for child in children:
        child.only(SET_KEYS)
        if "when" not in child.data and "sun" not in child.data:
            child.wrong("", "says neither 'when' nor 'sun': such limits are the row's own 'limits'")
        sun = child.choice("sun", (SUNLIGHT, ECLIPSE), SUNLIGHT) if "sun" in child.data else ""
        found.append(LimitSet(level_limits(child), child.expression("when"), sun))
    return tuple(found)


def check_alarm(node: Node, row: Parameter | Derived, key: str = "alarm") -> None:
    """What could call nobody, or never let go, is a mistake."""
    rule = row.alarm
    if rule is None:
        return
    inner = node.child(key)
    for child, found in zip(inner.children("sets"), rule.sets, strict=False):
        check_level_limits(child, found.limits, row)
    if row.limits is None and not rule.sets:
        inner.wrong("", "the row has no 'limits', and no 'sets' stand here: nothing raises it")
    if rule.dead_band and not is_number(row):
        inner.wrong("dead_band", "the values of this row are words: nothing lies between them")
    limits = [item for item in (row.limits, *(each.limits for each in rule.sets)) if item]
    for one in limits:
        span = one.warning or one.critical
        if span and 2 * rule.dead_band >= span[1] - span[0]:
            told = f"{rule.dead_band:g} on both sides leaves nothing of {list(span)}"
            inner.wrong("dead_band", f"{told}: the alarm would never return")
            break


def check_alarm_names(node: Node, rows: Iterable[Parameter | Derived], known: list[str]) -> None:
    """Conditions may name what the packet has."""
    for row in rows:
        for found in row.alarm.sets if row.alarm else ():
            for name in sorted(found.when.names if found.when else ()):
                if in_rows(name, known) is None:
                    told = f"the alarm of {row.name!r} depends on {name!r}, which is no row; "
                    node.wrong("parameters", told + nearest(name, known))
