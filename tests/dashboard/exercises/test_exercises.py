"""Exercises as data: what is asked has one right answer, which struct and counting give, too."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

import pytest

from dashboard.exercises.by_hand import by_hand, chosen_values, fits, tasks
from dashboard.exercises.damaged import damage
from dashboard.exercises.questions import Question, outcome, reached, verdicts
from dashboard.exercises.whose import whose
from decoders.decode import Decoder
from decoders.definition.parse import parse
from decoders.encode import Encoder
from decoders.explain import Explanation, explain
from decoders.steps import PLAIN
from decoders.value import Decoded
from decoders.words import ENGLISH
from groundstation.catalog import SatelliteCatalog

DEFINITION = """
[satellite]
name = "School"
[[packets]]
name = "p"
match = { prefix = "A5" }
parameters = [
  { name = "cold", type = "i16", endian = "little", divide = 10, unit = "°C", limits = LIMITS },
  { name = "uptime", type = "u32" },
  { name = "mode", type = "u8", enum = { 0 = "safe", 1 = "nominal", 2 = "camera" } },
  { name = "flags", type = "u8", flags = { 0 = "sun", 3 = "heat" } },
  { name = "digits", type = "bcd", digits = 4 },
  { name = "half", type = "u4" }, { name = "rest", type = "u4" },
  { name = "ratio", type = "f32" },
  { name = "text", type = "ascii", size = 2 },
  { name = "wide", type = "u64" },
]
"""
RAW = (
    b"\xa5"
    + struct.pack("<h", -195)
    + struct.pack(">I", 86520)
    + bytes([2, 0x08, 0x19, 0x95, 0xA6])
    + struct.pack(">f", 1.5)
    + b"AB"
    + bytes(8)
)
CATALOG = SatelliteCatalog()


def explained() -> dict[str, Explanation]:
    limits = "{ warning = [-10, 40], critical = [-20, 60] }"
    satellite = parse(DEFINITION.replace("LIMITS", limits), id="school")
    decoded = Decoder([satellite]).decode(RAW, "school")
    assert decoded.error is None
    return {found.value.name: found for found in explain(satellite, decoded)}


def asked(name: str) -> list[tuple[str, str, object]]:
    questions = by_hand(explained()[name], PLAIN)
    assert all(question.kind in tasks(ENGLISH) for question in questions)
    return [(question.kind, question.given, question.answer) for question in questions]


def test_a_negative_little_endian_number() -> None:
    assert asked("cold") == [
        ("swapped", "3D FF", "FF 3D"),
        ("binary", "FF 3D", "1111111100111101"),
        ("places", "1111 1111 0011 1101", 65341),
        ("negative", "65341 - 65536", -195),
        ("calibration", "-195 / 10", -19.5),
        (
            "state",
            "warning limits: -10 ≤ -19.5 ≤ 40; critical limits: -20 ≤ -19.5 ≤ 60",
            "warning",
        ),
    ]


def test_other_values() -> None:
    assert asked("uptime") == [("byte_places", "00 01 51 F8", 86520)]
    assert asked("mode")[-1] == ("word", "□", "camera")
    assert asked("flags")[-2:] == [("flag", "bit 0: sun", "0"), ("flag", "bit 3: heat", "1")]
    assert asked("digits")[-1] == ("decimal", "0001 1001 1001 0101", 1995)
    assert asked("half") == [("places", "1010", 10)]


def test_only_what_can_be_done_by_hand_is_asked_for() -> None:
    found = explained()
    unfit = {name for name, each in found.items() if not fits(each)}
    assert unfit == {"ratio", "text", "wide"}
    best = [each.value.name for each in chosen_values(tuple(found.values()), 3)]
    assert best[0] == "cold"
    assert len(set(best)) == 3


def test_paper_gives_nothing_away() -> None:
    """What a question asks for does not stand in those that follow."""
    for name in ("cold", "uptime", "mode", "digits"):
        questions = by_hand(explained()[name], PLAIN)
        for place, question in enumerate(questions):
            right = PLAIN.term(question.answer)
            for later in questions[place:]:
                found = re.findall(r"-?\d+(?:\.\d+)?", later.paper.replace(" ", " "))
                assert right not in found, (name, question.kind, later.paper)


@pytest.mark.parametrize("id", sorted(CATALOG.satellites)[::7])
def test_questions_of_real_satellites_are_answered_by_their_answers(id: str) -> None:
    satellite = CATALOG.satellites[id]
    for example in satellite.examples[:1]:
        found = explain(satellite, CATALOG.decoder.decode(example.frame, id))
        for each in filter(fits, found):
            for question in by_hand(each, PLAIN):
                assert question.is_right(PLAIN.term(question.answer)), (each.value.name, question)
                assert not question.is_right("x")


@pytest.mark.parametrize(
    ("answer", "typed", "right"),
    [
        (65341, "65341", True),
        (65341, "65,341", True),
        (65341, "65 341", True),
        (65341, "65.341", False),
        (-195, "−195", True),
        (-195, "195", False),
        (-19.5, "-19,5", True),
        (-19.5, "-19.5", True),
        (-19.5, "-19.6", False),
        (1490.0347, "1490.03", True),
        (0, "0", True),
        (0.0, "0,0", True),
        (5, "5.4", False),
        (5, "five", False),
        (5, "", False),
        (5, "1e9999", False),
        ("03 8C", "038c", True),
        ("03 8C", "8C 03", False),
        ("0000 0011", "00000011", True),
        ("camera", "Camera", True),
        (7, "9" * 5000, False),
    ],
)
def test_answers_may_be_written_in_many_ways(answer: float | str, typed: str, right: bool) -> None:
    assert Question("calibration", "", answer, "").is_right(typed) is right


def test_questions_come_one_after_the_other() -> None:
    questions = [Question("places", "", number, "") for number in (1, 2, 3)]
    assert (verdicts(questions, []), reached(verdicts(questions, []))) == ([None] * 3, 1)
    found = verdicts(questions, ["1", "5"])
    assert (found, reached(found)) == ([True, False, None], 2)
    found = verdicts(questions, ["1", "2", "3", "4"])
    assert (found, reached(found)) == ([True, True, True], 3)


def beacons() -> tuple[list[Decoded], Callable[[int], Decoded]]:
    """Three beacons of the classroom satellite, and the middle one with a bit turned over."""
    encoder = Encoder(CATALOG.satellites["classroom-1"])
    frames = [
        encoder.encode("beacon", {"counter": n, "battery_voltage": 3.9 + n / 100, "mode": "safe"})
        for n in range(3)
    ]
    decoded = [CATALOG.decoder.decode(frame, "classroom-1") for frame in frames]

    def changed(bit: int) -> Decoded:
        raw = bytearray(frames[1])
        raw[bit // 8] ^= 0x80 >> bit % 8
        return CATALOG.decoder.decode(bytes(raw), "classroom-1")

    return decoded, changed


def test_the_damaged_byte_can_be_found() -> None:
    (before, frame, after), changed = beacons()
    seen = set()
    for seed in range(20):
        found = damage(frame, before, after, changed, seed)
        assert found is not None
        assert found == damage(frame, before, after, changed, seed)
        seen.add(found.name)
        spoilt, whole = changed(found.bit), frame
        differing = [
            name
            for name, value in spoilt.named.items()
            if value.bits and value.raw != whole.named[name].raw
        ]
        assert differing == [found.name]
        first, length = spoilt.named[found.name].bits or (0, 0)
        assert first // 8 <= found.byte < (first + length) // 8
        now = spoilt.named[found.name]
        near = [each.named[found.name].value for each in (before, frame, after)]
        numbers = [number for number in near if isinstance(number, int | float)]
        assert isinstance(now.value, int | float)
        assert now.state in ("critical", "invalid") or not (
            min(numbers) - 1 <= now.value <= max(numbers) + 1
        )
    assert len(seen) > 3


def test_no_damage_that_nobody_could_find() -> None:
    (before, frame, after), _ = beacons()
    assert damage(frame, before, after, lambda bit: frame, 1) is None


def test_the_sender_s_letters() -> None:
    frame = CATALOG.satellites["classroom-1"].examples[0].frame
    decoded = CATALOG.decoder.decode(frame)
    found = whose(decoded, CATALOG.index.values(), 5)
    assert found is not None
    assert "".join(letter.letter for letter in found.letters) == "SIMSAT"
    assert [(letter.hex, letter.number, letter.half) for letter in found.letters][:2] == [
        ("A6", 166, 83),
        ("92", 146, 73),
    ]
    assert found.answer == "classroom-1"
    assert len(found.options) == 4
    assert len({callsign for _, _, callsign in found.options}) == 4
    assert ("classroom-1", "Classroom-1", "SIMSAT") in found.options
    assert found == whose(decoded, CATALOG.index.values(), 5)


@pytest.mark.parametrize("id", ["classroom-1", "rtu-mirea1"])
def test_no_choice_gives_the_sender_away(id: str) -> None:
    """As long as it, none marked as invented, and not told apart by the letter of the example."""
    frame = CATALOG.satellites[id].examples[0].frame
    decoded = CATALOG.decoder.decode(frame, id)
    for seed in range(20):
        found = whose(decoded, CATALOG.index.values(), seed)
        assert found is not None
        signs = [sign for _, _, sign in found.options]
        first = found.letters[0].letter
        assert len({len(sign) for sign in signs}) == 1
        assert sum(sign.startswith(first) for sign in signs) > 1
        assert not any("simulated" in name for _, name, _ in found.options)


def test_no_letters_where_the_sender_does_not_name_itself() -> None:
    for id in ("aausat-4", "lasarsat"):
        satellite = CATALOG.satellites[id]
        decoded = CATALOG.decoder.decode(satellite.examples[0].frame, id)
        found = whose(decoded, CATALOG.index.values(), 1)
        named = decoded.layers and decoded.layers[0].layer == "ax25"
        assert (found is None) == (not named)


@pytest.mark.parametrize(
    ("found", "whole"),
    [
        ([True, None], None),  # right so far: nobody is told that it is wrong
        ([True, True], True),
        ([True, False], False),
        ([False, None], False),
        ([None, None], None),
        ([], None),
    ],
)
def test_an_exercise_is_right_at_its_end_only(found: list[bool | None], whole: bool | None) -> None:
    assert outcome(found) is whole


def test_values_are_chosen_that_give_something_to_do() -> None:
    """No zeros to be added up, and no sixteen flags."""
    satellite = CATALOG.satellites["rtu-mirea1"]
    for example in satellite.examples:
        decoded = CATALOG.decoder.decode(example.frame, satellite.id)
        chosen = chosen_values(explain(satellite, decoded), 3)
        assert chosen
        assert all(found.digits.count("1") > 1 for found in chosen)
        assert all(len(by_hand(found, PLAIN)) <= 8 for found in chosen)
