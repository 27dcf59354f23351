"""What an alarm means and what to do, where its definition does not say it."""

from __future__ import annotations

import math
import re
from typing import NamedTuple, TypedDict

from decoders.definition.calibration import Flags
from decoders.definition.model import Derived, Parameter, Satellite
from decoders.definition.model import in_language as text_in
from decoders.quantities import QUANTITIES
from decoders.words import Words
from groundstation.alarms.lifecycle import Standing
from groundstation.model import Scalar, iso
from groundstation.model.alarms import STATION, Alarm, Severity
from groundstation.storage.desk import StandingAlarm
from groundstation.words.language import Language
from groundstation.words.values import worded


class Advice(NamedTuple):
    """Two sentences or so each."""

    means: str
    mend: str


class AlarmRecord(TypedDict):
    """An alarm as pages, the interface and ``groundstation alarms`` tell of it, in one language.

    ``id``: what names it in commands and requests. ``satellite`` and ``name``: None and the
    station's word for its own faults. ``limits``: (low, high), None for an open end. Times are
    ISO 8601 with ``Z``.
    """

    id: str
    satellite: str | None
    name: str
    rule: str
    parameter: str
    seq: int
    title: str
    severity: Severity
    standing: Standing
    active: bool
    triggered: str
    raised: str | None
    returned: str | None
    value: Scalar
    unit: str
    limits: list[float | None] | None
    packet: str
    detail: str
    simulated: bool
    means: str
    mend: str
    acknowledged: str | None
    acknowledged_by: str | None
    acknowledged_reason: str | None
    shelved_until: str | None
    shelved_by: str | None
    shelved_reason: str | None


#: The columns of tables.
ALARM_COLUMNS = tuple(AlarmRecord.__annotations__)


def record(item: StandingAlarm, satellite: Satellite | None, words: Words) -> AlarmRecord:
    """An alarm in the language of ``words``; ``satellite``: its definition, None: there is none."""
    alarm, seen, shelf = item.alarm, item.seen, item.shelf
    key = alarm.key
    row = satellite.row(key.parameter) if satellite and key.rule != "missing" else None
    told = advice(alarm, row, words)
    of_station = key.satellite == STATION
    return {
        "id": key.text,
        "satellite": None if of_station else key.satellite,
        "name": words("Station") if of_station else satellite.name if satellite else key.satellite,
        "rule": key.rule,
        "parameter": key.parameter,
        "seq": key.seq,
        "title": title(alarm, _label(alarm, satellite, row, words), row, words),
        "severity": alarm.severity,
        "standing": item.standing,
        "active": alarm.active,
        "triggered": iso(alarm.triggered_us),
        "raised": _time(alarm.raised_us),
        "returned": _time(alarm.returned_us),
        "value": alarm.value,
        "unit": alarm.unit,
        "limits": _open_ended(alarm.limits),
        "packet": alarm.packet,
        "detail": alarm.detail,
        "simulated": alarm.simulated,
        "means": told.means,
        "mend": told.mend,
        "acknowledged": _time(seen.at_us) if seen else None,
        "acknowledged_by": seen.by if seen else None,
        "acknowledged_reason": seen.reason if seen else None,
        "shelved_until": _time(shelf.until_us) if shelf else None,
        "shelved_by": shelf.by if shelf else None,
        "shelved_reason": shelf.reason if shelf else None,
    }


def flat(item: AlarmRecord) -> list[str | int | float | bool | None]:
    """A record as a row of a table, in the order of :data:`ALARM_COLUMNS`."""
    return [_cell(value) for value in item.values()]


def _cell(value: object) -> str | int | float | bool | None:
    if isinstance(value, list):
        return " … ".join("" if end is None else f"{end:g}" for end in value)
    return value if isinstance(value, str | int | float | bool) else None


def reading(item: AlarmRecord, words: Language) -> str:
    """The value of an alarm and its limits, such as ``3.21 V (3.5 … 4.2)``; empty: none."""
    value, limits = item["value"], item["limits"]
    if not isinstance(value, int | float) or item["rule"] != "limits":
        return ""  # a word is in the title
    shown = words.brief(value)
    text = f"{shown} {words.unit(item['unit'])}".strip()
    if limits is None:
        return text
    low, high = (None if end is None else words.brief(end) for end in limits)
    if low is None or high is None:
        return f"{text} (≥ {low})" if low else f"{text} (≤ {high})"
    return f"{text} ({low} … {high})"


def _label(
    alarm: Alarm, satellite: Satellite | None, row: Parameter | Derived | None, words: Words
) -> str:
    name = alarm.key.parameter
    if row is not None:
        numbers = re.findall(r"_(\d+)(?=_|$)", name)
        repeated = satellite is not None and name not in satellite.rows()
        return " ".join([row.label(words.language), *(numbers if repeated else ())])
    packet = satellite.packet(name) if satellite and alarm.key.rule == "missing" else None
    return packet.label(words.language) if packet else name


def _time(time_us: int | None) -> str | None:
    return None if time_us is None else iso(time_us)


def _open_ended(limits: tuple[float, float] | None) -> list[float | None] | None:
    if limits is None:
        return None
    return [end if math.isfinite(end) else None for end in limits]


def _words(value: str, row: Parameter | Derived | None, words: Words) -> str:
    """A word, or the flags that are set with commas between."""
    is_flags = isinstance(row, Parameter) and isinstance(row.calibration, Flags)
    return worded(tuple(value.split(",")) if is_flags else value, row, words)


def advice(alarm: Alarm, row: Parameter | Derived | None, words: Words) -> Advice:
    """What ``alarm`` means and what to do: what the row that it is about says, else by quantity
    and rule."""
    rule = alarm.key.rule
    general = _of_value(alarm, row, words) if rule == "limits" else _of_rule(rule, words)
    own = row.alarm if row is not None and rule == "limits" else None
    if own is None:
        return general
    return Advice(
        text_in(own.means, words.language, general.means),
        text_in(own.mend, words.language, general.mend),
    )


def title(alarm: Alarm, label: str, row: Parameter | Derived | None, words: Words) -> str:
    """An alarm in a few words. ``label``: of the value or packet that it is about; ``row``: of the
    value."""
    rule = alarm.key.rule
    if rule == "limits" and isinstance(alarm.value, str):
        return words("%(name)s says “%(value)s”", name=label, value=_words(alarm.value, row, words))
    if rule == "limits":
        return words("%(name)s is outside its limits", name=label)
    if rule == "missing":
        return words("The packet “%(name)s” stays away", name=label)
    if rule == "invalid":
        return words("%(name)s has no value any more", name=label)
    if rule == "silent":
        return words("No frame in the last passes")
    return {
        "journal": words("Frames cannot be stored"),
        "link": words("A radio does not answer: %(detail)s", detail=label),
        "store": words("A store does not follow: %(name)s", name=label),
        "clock": words("The clock seems wrong"),
        "rotator": words("The antenna does not follow"),
        "radio": words("The radio is not tuned"),
    }.get(rule, rule)


def rule_word(rule: str, words: Words) -> str:
    """What kind of alarm it is."""
    return {
        "limits": words("limit"),
        "missing": words("missing packet"),
        "invalid": words("missing value"),
        "silent": words("silence"),
    }.get(rule, words("station"))


def standing_word(standing: str, words: Words) -> str:
    """Where an alarm stands."""
    return {
        "unacknowledged": words("not seen yet"),
        "acknowledged": words("seen"),
        "returned": words("over, not seen yet"),
        "cleared": words("over"),
        "shelved": words("put aside"),
    }[standing]


def _of_value(alarm: Alarm, row: Parameter | Derived | None, words: Words) -> Advice:
    dimension = _dimension(row)
    low = _is_low(alarm)
    quantity = row.quantity if row is not None else ""
    if quantity.startswith("battery") and dimension == "voltage" and low is not None:
        return _battery(low, words)
    if dimension == "temperature" and low is not None:
        return _temperature(low, words)
    if dimension in ("voltage", "current", "power"):
        return Advice(
            words("A supply gives or takes more or less than it should."),
            words(
                "Look at the values of the same group over the last passes: which part changed "
                "first? Tell the satellite's operators."
            ),
        )
    if dimension in ("angular rate", "rotation"):
        return Advice(
            words("The satellite turns faster than it should; its signal may fade."),
            words("Compare it over several passes; a satellite that was just deployed slows down."),
        )
    return Advice(
        words("The value is not where its satellite's makers expect it."),
        words(
            "Look at its chart: did it jump or creep? One jump may be a bad reading. If it stays, "
            "tell the satellite's operators, with the frame."
        ),
    )


def _dimension(row: Parameter | Derived | None) -> str:
    if row is None or not row.quantity:
        return ""
    known = QUANTITIES.get(row.quantity)
    return known.dimension if known else ""


def _is_low(alarm: Alarm) -> bool | None:
    """Whether the value lies below its limits, or above; None: nobody can say."""
    if alarm.limits is None or not isinstance(alarm.value, int | float):
        return None
    return alarm.value < alarm.limits[0]


def _battery(low: bool, words: Words) -> Advice:
    if low:
        return Advice(
            words("The battery is nearly empty: the satellite may switch parts off, or itself."),
            words(
                "See whether it charges in sunlight: battery current and solar power. Command "
                "nothing that needs power. If it falls from pass to pass, tell the operators."
            ),
        )
    return Advice(
        words("The battery is fuller than it should be: charging may not end."),
        words("See whether the charging current falls to nothing; if not, tell the operators."),
    )


def _temperature(low: bool, words: Words) -> Advice:
    if low:
        return Advice(
            words("A part is colder than it can stand; batteries do not charge in frost."),
            words("Cold comes in the shadow: see whether it warms up in sunlight on later passes."),
        )
    return Advice(
        words("A part is hotter than it can stand."),
        words(
            "See whether it cools down in the shadow. If it rises from pass to pass, tell the "
            "operators."
        ),
    )


def _of_rule(rule: str, words: Words) -> Advice:
    found = _of_satellite(rule, words) or _of_station(rule, words)
    return found or Advice("", "")


def _of_satellite(rule: str, words: Words) -> Advice | None:
    return {
        "missing": Advice(
            words("A packet that came regularly came no more, though others do."),
            words(
                "A changed mode of the satellite sends other packets: look at its mode. If damaged "
                "frames came instead, the reception is to blame."
            ),
        ),
        "invalid": Advice(
            words("The packet still comes, but the satellite has no value to put there."),
            words("A sensor or its bus has failed, or was switched off: look at its neighbours."),
        ),
        "silent": Advice(
            words("Nothing was heard of the satellite, though it passed and the station listened."),
            words(
                "First look here: does the radio work, are frequency and elements right, does the "
                "antenna turn? Ask other stations, such as SatNOGS, whether they hear it."
            ),
        ),
    }.get(rule)


def _of_station(rule: str, words: Words) -> Advice | None:
    return {
        "journal": Advice(
            words("What is received now waits in memory, and is lost in a power cut."),
            words("Free the disk or check it; the station writes on by itself."),
        ),
        "link": Advice(
            words("Nothing can be received over this link."),
            words("Check plug, power and program of the radio; groundstation doctor looks too."),
        ),
        "store": Advice(
            words("Frames are safe in the journal, but values come late or not at all there."),
            words("See what it says on the page Station; it catches up by itself."),
        ),
        "clock": Advice(
            words("Times of frames and predictions of passes are not to be trusted."),
            words("Set the clock: connect to the network, or set date and time by hand."),
        ),
        "rotator": Advice(
            words("The antenna was left alone, so that nothing breaks; it may look elsewhere."),
            words("Check the rotator and its program, then start the station again."),
        ),
        "radio": Advice(
            words("The radio was left alone and hears another frequency, perhaps."),
            words("Check the radio and its program, then start the station again."),
        ),
    }.get(rule)
