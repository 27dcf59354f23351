"""What a satellite is doing, in one sentence: of its values and of the sky."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.data.whereabouts import Whereabouts
from dashboard.show.places import place_words, way_words
from decoders.definition.calibration import Flags
from decoders.definition.model import Derived, Parameter
from groundstation.model import Sample
from groundstation.orbit.passes import Pass
from groundstation.orbit.where_to_look import point, within
from groundstation.words.language import Language

Row = Parameter | Derived | None
#: What definitions call a battery that takes or gives.
_CHARGING, _DISCHARGING = {"charging", "charge"}, {"discharging", "discharge"}


@dataclass(frozen=True, slots=True)
class Judged:
    """How many values were judged by limits, and which were outside of them, the worst first."""

    count: int
    outside: tuple[str, ...]
    critical: int


def judged(known: Mapping[str, Sample]) -> Judged:
    """Only values that have limits are judged; the others say nothing about how things are."""
    states = {name: sample.state for name, sample in known.items()}
    critical = [name for name, state in states.items() if state == "critical"]
    warning = [name for name, state in states.items() if state == "warning"]
    normal = sum(state == "nominal" for state in states.values())
    return Judged(normal + len(warning) + len(critical), (*critical, *warning), len(critical))


def is_charging(rows: Mapping[str, Row], known: Mapping[str, Sample]) -> bool | None:
    """Whether the battery takes (True) or gives (False); None where no value says it.

    The sign of a battery's current says nothing: each maker has his own.
    """
    currents: dict[str, float] = {}
    for name, sample in known.items():
        row = rows.get(name)
        if row is None:
            continue
        if row.quantity == "battery_mode" and (said := _said({str(sample.value).casefold()})):
            return said == "charging"
        if isinstance(row, Parameter) and isinstance(row.calibration, Flags):
            answer = _by_flags(row.calibration, str(sample.value))
            if answer is not None:
                return answer
        if isinstance(sample.value, int | float) and not isinstance(sample.value, bool):
            currents.setdefault(row.quantity, float(sample.value))
    into, out = currents.get("battery_charge_current"), currents.get("battery_discharge_current")
    return None if into is None or out is None or into == out else into > out


def _said(words: Iterable[str]) -> str:
    found = set(words)
    if found & _CHARGING:
        return "charging"
    return "discharging" if found & _DISCHARGING else ""


def _by_flags(flags: Flags, value: str) -> bool | None:
    """A flag ``charging`` says it either way; ``discharging`` too."""
    on = _said(word.strip().casefold() for word in value.split(","))
    if on:
        return on == "charging"
    can_be = {str(word).casefold() for word in flags.words.values()}
    return False if can_be & _CHARGING else None


def doing_words(charging: bool | None, sunlit: bool | None, words: Language) -> str:
    """What it does and in which light; empty where neither is known."""
    return {
        (True, True): words("Charging in sunlight"),
        (True, False): words("Charging in the Earth's shadow"),
        (False, True): words("Not charging, in sunlight"),
        (False, False): words("On battery in the Earth's shadow"),
        (None, True): words("In sunlight"),
        (None, False): words("In the Earth's shadow"),
        (True, None): words("Charging"),
        (False, None): words("Not charging"),
        (None, None): "",
    }[charging, sunlit]


def where_words(doing: str, where: Whereabouts | None, words: Language) -> str:
    """``doing`` with the place: where no name is certain, how far away and in which direction."""
    place = place_words(where, words) if where else ""
    way = way_words(where, words) if where else ""
    if place and doing:
        return words("%(doing)s over %(place)s", doing=doing, place=place)
    if place:
        return words("Over %(place)s", place=place)
    if way and doing:
        return f"{doing}, {way}"
    return f"{way[:1].upper()}{way[1:]}" or doing


def pass_words(item: Pass | None, now: datetime, words: Language) -> str:
    """When it rises or sets here; empty without a pass."""
    if item is None or item.aos is None or item.los is None:
        return ""
    active = item.aos <= now
    azimuth = item.los_azimuth_deg if active else item.aos_azimuth_deg
    there = within(words)[point(azimuth or 0.0)]
    span = span_words((item.los if active else item.aos) - now, words)
    if active:
        return words("sets in the %(direction)s in %(span)s", direction=there, span=span)
    return words("rises in the %(direction)s in %(span)s", direction=there, span=span)


def span_words(span: timedelta, words: Language) -> str:
    """Whole minutes or hours, at least one minute: a sentence is no countdown."""
    minutes = max(1, round(span / timedelta(minutes=1)))
    if minutes < 100:
        return words("%(n)s min", n=minutes)
    return words("%(n)s h", n=round(minutes / 60))


def values_words(found: Judged, labels: Mapping[str, str], fresh: bool, words: Language) -> str:
    """How the values are. Only what was judged is called normal, and how much that was is said."""
    if not found.count:
        return words("no value has limits, so none is judged")
    if found.outside:
        first = labels.get(found.outside[0], found.outside[0])
        state = words("critical") if found.critical else words("warning")
        more = len(found.outside) - 1
        if not more:
            return f"{state}: {first}"
        return words("%(state)s: %(name)s and %(more)s more", state=state, name=first, more=more)
    if fresh:
        return words("all judged values normal (%(count)s)", count=found.count)
    return words("all judged values were normal (%(count)s)", count=found.count)


def sentence(parts: Iterable[str]) -> str:
    """Clauses as one sentence, those that say nothing left out."""
    said = [part for part in parts if part]
    text = "; ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
