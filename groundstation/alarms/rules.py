"""Which rows are watched, and how: from a definition and the station's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256

from decoders.definition.alarm import Alarm
from decoders.definition.limits import Limits
from decoders.definition.model import Derived, Parameter, Satellite


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds where a row says nothing else.

    ``count`` values in a row outside trigger, ``back`` within return. A silence of more than
    ``gap_s`` begins both counts anew. ``missing_frames``: so many of a satellite's frames, or of a
    value's packets, without what came regularly; 0: never. ``silent_passes``: so many watched
    passes in a row without a frame; 0: never.
    """

    count: int = 2
    back: int = 2
    gap_s: float = 1800.0
    missing_frames: int = 50
    silent_passes: int = 2


Row = Parameter | Derived


@dataclass(frozen=True, slots=True)
class Rule:
    """How one row is watched."""

    limits: Limits | None
    alarm: Alarm
    count: int
    back: int

    @property
    def names(self) -> frozenset[str]:
        """Values of the packet that its conditions need."""
        return frozenset().union(*(each.when.names for each in self.alarm.sets if each.when))

    @property
    def needs_sun(self) -> bool:
        """Whether it asks for sunlight or shadow."""
        return any(each.sun for each in self.alarm.sets)


def rule_of(row: Row, settings: Settings) -> Rule | None:
    """How ``row`` is watched; None for one without limits."""
    alarm = row.alarm or Alarm()
    if row.limits is None and not alarm.sets:
        return None
    return Rule(row.limits, alarm, alarm.count or settings.count, alarm.back or settings.back)


def watched(rows: Mapping[str, Row], settings: Settings) -> dict[str, Rule]:
    """The rules of those of ``rows`` that are watched, by name."""
    found = {name: rule_of(row, settings) for name, row in rows.items()}
    return {name: rule for name, rule in found.items() if rule is not None}


def fingerprint(satellite: Satellite, settings: Settings) -> str:
    """Changes when other events could come out of the same values."""
    rules = [
        (packet.name, name, _told(rule))
        for packet in satellite.packets
        for name, rule in watched(packet.rows(), settings).items()
    ]
    told = repr((VERSION, astuple(settings), satellite.norad, rules))
    return sha256(told.encode()).hexdigest()


#: Of the rules of this package; a higher one has all alarms made again.
VERSION = 1


def _told(rule: Rule) -> object:
    sets = [
        (_limits_told(each.limits), each.when.text if each.when else "", each.sun)
        for each in rule.alarm.sets
    ]
    return _limits_told(rule.limits), sets, rule.count, rule.back, rule.alarm.dead_band


def _limits_told(limits: Limits | None) -> object:
    if limits is None:
        return None
    words = sorted(limits.warning_words), sorted(limits.critical_words)
    return limits.warning, limits.critical, words
