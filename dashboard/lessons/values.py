"""Lessons about values: from the raw number to volts and limits, and decibels."""

from __future__ import annotations

from dashboard.data.station_data import StationData
from dashboard.lessons.kept import Kept
from dashboard.lessons.lesson import Lesson, Question
from dashboard.lessons.material import Found, find
from dashboard.lessons.titles import titles
from dashboard.lessons.told import fact, source
from dashboard.show.display import limits_text, significant
from dashboard.show.step_words import writing
from decoders.definition.calibration import Divide, Linear
from decoders.definition.limits import Limits
from decoders.definition.model import Parameter
from decoders.equations import calibration_steps
from decoders.explain import Explanation
from groundstation.words.language import Language

#: Powers of transmitters of small satellites, dBm.
_POWERS_DBM = (10.0, 40.0)


def calibration(data: StationData, kept: Kept, words: Language) -> Lesson:
    """A raw number becomes a value with a unit, which is held against its limits."""
    found = find(data, _measured, kept.frame, kept.value)
    value, unit = float(found.explanation.value.value or 0), words.unit(found.row.unit)  # type: ignore[arg-type]
    steps = "; ".join(
        step.written(writing({}, words.language))
        for step in calibration_steps(_rule(found), found.raw)
    )
    limits = found.row.limits or Limits()
    return Lesson(
        id="calibration",
        title=titles(words)["calibration"],
        summary=words("What turns 4100 into 4.1 volts, and who says that this is good."),
        picture="limits",
        text=(
            words(
                "A satellite measures in steps of its own and sends only how many there were: the "
                "raw value. The calibration turns them into volts, degrees or milliamperes."
            ),
            words(
                "Limits say which values are good. Outside of the warning limits somebody should "
                "look; outside of the critical limits the satellite is in danger."
            ),
        ),
        facts=(
            fact(words("value"), found, words),
            (words("raw value"), words.number(found.raw)),
            (words("calibration"), _told(_rule(found), words)),
            (words("limits"), f"{limits_text(limits, words.language)} {unit}"),
        ),
        **source(found, words),
        question=Question(
            text=words("Calibrate the raw value. What is it in %(unit)s?", unit=unit),
            answer=value,
            unit=unit,
            hint=words("Do with the raw value what stands beside “calibration”."),
            solution=f"{steps} {unit}. {_judged(value, limits, words)}",
            within=max(abs(value) * 0.005, 0.005),
            kept=found.kept,
        ),
    )


def decibel(data: StationData, kept: Kept, words: Language) -> Lesson:
    """A power in dBm, in milliwatts."""
    found = find(data, _power, kept.frame, kept.value)
    level = float(found.explanation.value.value or 0)  # type: ignore[arg-type]
    milliwatts = 10 ** (level / 10)
    shown = words.number(level, 1)
    return Lesson(
        id="decibel",
        title=titles(words)["decibel"],
        summary=words("How one scale tells of a transmitter and of a whisper from space."),
        picture="decibel",
        text=(
            words(
                "What arrives from a satellite is a million million times weaker than what it "
                "sends. Decibels make such numbers short: 10 dB more is ten times the power, 20 dB "
                "a hundred times, 3 dB twice."
            ),
            words(
                "dBm counts from one milliwatt: 0 dBm is 1 mW, 10 dBm are 10 mW, 20 dBm are "
                "100 mW, 30 dBm are 1000 mW, that is one watt."
            ),
        ),
        facts=(
            fact(words("value"), found, words),
            (words("power"), f"{shown} {words.unit('dBm')}"),
        ),
        **source(found, words),
        question=Question(
            text=words("About how many milliwatts are %(level)s dBm?", level=shown),
            answer=milliwatts,
            unit=words.unit("mW"),
            hint=words(
                "Begin with the next tens of dBm above. Every 3 dB less is half of it, every 1 dB "
                "less about four fifths."
            ),
            solution=words(
                "10 to the power of %(level)s / 10 is %(power)s mW",
                level=shown,
                power=words.number(milliwatts, significant(milliwatts)),
            ),
            within=0.15 * milliwatts,
            kept=found.kept,
        ),
    )


def _rule(found: Found) -> Divide | Linear:
    rule = found.row.calibration
    assert isinstance(rule, Divide | Linear)  # _measured has seen to it
    return rule


def _told(rule: Divide | Linear, words: Language) -> str:
    sign, factor = ("/", rule.divisor) if isinstance(rule, Divide) else ("×", rule.scale)
    told = f"{words('raw value')} {sign} {words.brief(factor)}"
    if rule.offset:
        told += f" {'+' if rule.offset > 0 else '−'} {words.brief(abs(rule.offset))}"
    return told


def _judged(value: float, limits: Limits, words: Language) -> str:
    if limits.critical and not limits.critical[0] <= value <= limits.critical[1]:
        return words("This is outside of the critical limits.")
    if limits.warning and not limits.warning[0] <= value <= limits.warning[1]:
        return words("This is outside of the warning limits.")
    return words("This is within the limits.")


def _measured(explanation: Explanation, row: Parameter) -> bool:
    value = explanation.value
    return (
        isinstance(row.calibration, Divide | Linear)
        and isinstance(value.raw, int)
        and isinstance(value.value, float)
        and value.unit in ("V", "A", "°C")
        and row.limits is not None
        and row.limits.warning is not None
    )


def _power(explanation: Explanation, row: Parameter) -> bool:
    value = explanation.value.value
    low, high = _POWERS_DBM
    return row.unit == "dBm" and isinstance(value, int | float) and low <= value <= high
