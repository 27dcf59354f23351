"""Lessons about the way of a satellite: its orbit, its pass over the school, its signal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from dashboard.lessons.kept import Kept
from dashboard.lessons.lesson import Lesson, Question
from dashboard.lessons.titles import titles
from dashboard.web.context import Context
from groundstation.orbit.ground_track import MEAN_RADIUS_KM
from groundstation.orbit.wgs72 import MU_KM3_S2, semi_major_axes_km
from groundstation.words.language import Language

_LIGHT_KM_S = 300_000
#: A satellite that comes straight towards the station on a low orbit, km/s.
_APPROACH_KM_S = 6
_DAY_MIN = 1440
#: The recorded example: an orbit 500 km high, a pass, and a frequency.
_EXAMPLE_REV_DAY = 15.22
_EXAMPLE_NAME = "Classroom-1"
_EXAMPLE_RISES = datetime(2026, 11, 1, 6, 4, tzinfo=UTC)
_EXAMPLE_HZ = 437_500_000.0


@dataclass(frozen=True, slots=True)
class Flown:
    """A satellite and how often it goes round, 1/day; ``recorded``: the example."""

    name: str
    rev_day: float
    recorded: bool


def orbit(ctx: Context, kept: Kept, words: Language) -> Lesson:
    """How high, how fast, how often: all three follow from the time of one round."""
    found = _orbit(ctx)
    minutes = round(_DAY_MIN / found.rev_day, 1)
    axis = float(semi_major_axes_km(np.array(found.rev_day * math.tau / 86_400)))
    rounds = math.floor(_DAY_MIN / minutes)
    return Lesson(
        id="orbit",
        title=titles(words)["orbit"],
        summary=words("An orbit: so fast that it falls around the Earth."),
        picture="orbit",
        text=(
            words(
                "A satellite falls all the time, but it is so fast that the Earth curves away "
                "below it. So it falls around the Earth, again and again: this way is its orbit."
            ),
            words(
                "How high it is decides how fast it is: near the Earth it must be faster. A "
                "satellite 500 km high goes round in about an hour and a half."
            ),
        ),
        facts=(
            (words("satellite"), found.name),
            (words("one round"), f"{words.number(minutes, 1)} {words.unit('min')}"),
            (words("altitude"), f"{words.number(axis - MEAN_RADIUS_KM)} {words.unit('km')}"),
            (
                words("speed"),
                f"{words.number(math.sqrt(MU_KM3_S2 / axis), 1)} {words.unit('km/s')}",
            ),
        ),
        source=words("Recorded example, %(name)s", name=found.name)
        if found.recorded
        else words("The orbit of %(name)s as it is today", name=found.name),
        link="" if found.recorded else "/passes",
        simulated=found.recorded or ctx.data.status().simulated,
        question=Question(
            text=words("A day has 1440 minutes. How many whole rounds does it fly in a day?"),
            answer=rounds,
            unit="",
            hint=words("Divide 1440 by the minutes of one round and leave out the rest."),
            solution=f"{_DAY_MIN} / {words.number(minutes, 1)} = "
            f"{words.number(_DAY_MIN / minutes, 2)} → {rounds}",
        ),
    )


def above(ctx: Context, kept: Kept, words: Language) -> Lesson:
    """From AOS to LOS."""
    name, rises, sets, recorded = _pass(ctx, kept)
    zone = ctx.data.zone
    first, last = (f"{when.astimezone(zone):%H:%M:%S}" for when in (rises, sets))
    minutes = (sets - rises).total_seconds() / 60
    return Lesson(
        id="pass",
        title=titles(words)["pass"],
        summary=words("AOS and LOS: the few minutes in which it can be heard."),
        picture="pass",
        text=(
            words(
                "A low satellite is above your horizon for a few minutes only. It rises (AOS, "
                "acquisition of signal), climbs to its highest point and sets (LOS, loss of "
                "signal)."
            ),
            words(
                "Everything that the school hears from it has to fit into this time. The higher it "
                "climbs, the longer the pass and the stronger the signal."
            ),
        ),
        facts=(
            (words("satellite"), name),
            (words("rises"), first),
            (words("sets"), last),
        ),
        source=words("Recorded example, %(name)s", name=name)
        if recorded
        else words("A pass over the station, local time"),
        link="" if recorded else "/passes",
        simulated=recorded or ctx.data.status().simulated,
        question=Question(
            text=words("How many minutes is it above the horizon? Round to whole minutes."),
            answer=round(minutes),
            unit=words.unit("min"),
            hint=words("Subtract the time of rising from the time of setting."),
            solution=f"{last} − {first} = {_clock(minutes)} ≈ {round(minutes)} {words.unit('min')}",
            # Who rounds up half a minute, or down, is right.
            within=0.5 if abs(minutes % 1 - 0.5) > 0.1 else 1.0,
            kept={"rises": rises.isoformat(), "sets": sets.isoformat()},
        ),
    )


def doppler(ctx: Context, kept: Kept, words: Language) -> Lesson:
    """What comes nearer sounds higher."""
    name, frequency_hz, recorded = _frequency(ctx)
    shift_khz = frequency_hz * _APPROACH_KM_S / _LIGHT_KM_S / 1000
    megahertz = words.number(frequency_hz / 1e6, 3)
    return Lesson(
        id="doppler",
        title=titles(words)["doppler"],
        summary=words("Doppler: why the radio has to be tuned all the time."),
        picture="doppler",
        text=(
            words(
                "An ambulance sounds higher while it comes and lower when it has passed. Radio "
                "waves do the same: while the satellite comes nearer, its frequency is higher than "
                "it sends, and lower when it flies away."
            ),
            words(
                "The shift is as large a part of the frequency as the speed is of the speed of "
                "light, 300 000 km/s. The station computes it and tunes the radio by itself."
            ),
        ),
        facts=(
            (words("satellite"), name),
            (words("frequency"), f"{megahertz} {words.unit('MHz')}"),
            (words("comes nearer with"), f"{_APPROACH_KM_S} {words.unit('km/s')}"),
        ),
        source=words("Recorded example, %(name)s", name=name)
        if recorded
        else words("The downlink of %(name)s", name=name),
        link="",
        simulated=recorded or ctx.data.status().simulated,
        question=Question(
            text=words("By how many kilohertz is the frequency higher than the satellite sends?"),
            answer=shift_khz,
            unit=words.unit("kHz"),
            hint=words(
                "6 of 300 000 is one part in 50 000. Take this part of the frequency: 1 MHz is "
                "1000 kHz."
            ),
            solution=f"{megahertz} × 1000 × 6 / {words.number(_LIGHT_KM_S)} = "
            f"{words.number(shift_khz, 2)} {words.unit('kHz')}",
            within=0.02 * shift_khz,
        ),
    )


def _clock(minutes: float) -> str:
    """Minutes and seconds."""
    whole, seconds = divmod(round(minutes * 60), 60)
    return f"{whole}:{seconds:02}"


def _orbit(ctx: Context) -> Flown:
    few = ctx.sky.followed().elements
    if few:
        return Flown(few[0].name, few[0].mean_motion_rev_day, recorded=False)
    return Flown(_EXAMPLE_NAME, _EXAMPLE_REV_DAY, recorded=True)


def _pass(ctx: Context, kept: Kept) -> tuple[str, datetime, datetime, bool]:
    found = ctx.sky.coming()
    name = found.satellite if found else _EXAMPLE_NAME
    if kept.rises and kept.sets and timedelta() < kept.sets - kept.rises < timedelta(hours=12):
        return name, kept.rises, kept.sets, found is None
    if found is not None and found.aos and found.los:
        return name, found.aos, found.los, False
    return _EXAMPLE_NAME, _EXAMPLE_RISES, _EXAMPLE_RISES + timedelta(minutes=9, seconds=10), True


def _frequency(ctx: Context) -> tuple[str, float, bool]:
    for id in ctx.tail.recent.heard():
        satellite = ctx.data.satellite(id)
        if satellite is not None and satellite.frequency_hz:
            return satellite.name, satellite.frequency_hz, False
    return _EXAMPLE_NAME, _EXAMPLE_HZ, True
