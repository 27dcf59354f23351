"""Lessons about numbers: bits, the order of bytes, the sign."""

from __future__ import annotations

from dashboard.data.station_data import StationData
from dashboard.lessons.kept import Kept
from dashboard.lessons.lesson import Lesson, Question
from dashboard.lessons.material import find
from dashboard.lessons.titles import titles
from dashboard.lessons.told import fact, source
from decoders.definition.model import Parameter
from decoders.explain import Explanation
from decoders.reading_steps import nibbles
from groundstation.words.language import Language

_BYTE = 8


def bits(data: StationData, kept: Kept, words: Language) -> Lesson:
    """A byte: eight bits, two hexadecimal digits, one number."""
    found = find(data, _is_a_byte, kept.frame, kept.value)
    digits = found.explanation.digits
    places = [(1 << (_BYTE - 1 - place), digit) for place, digit in enumerate(digits)]
    ones = " + ".join(str(value) for value, digit in places if digit == "1")
    return Lesson(
        id="bits",
        title=titles(words)["bits"],
        summary=words("Everything that the satellite says is made of zeros and ones."),
        picture="bits",
        text=(
            words(
                "A bit is 0 or 1: a switch that is off or on. Eight bits are a byte. Each bit of a "
                "byte has a place value, twice that of the place to its right: 128, 64, 32, 16, 8, "
                "4, 2, 1."
            ),
            words(
                "People who look at many bytes write them shorter: four bits are one hexadecimal "
                "digit, 0 to 9 and then A for 10 up to F for 15. So a byte has two of them."
            ),
        ),
        facts=(
            fact(words("value"), found, words),
            (words("bits"), nibbles(digits)),
            (words("hexadecimal"), found.raw_bytes.hex().upper()),
        ),
        **source(found, words),
        bits=places,
        question=Question(
            text=words("Add the place values of all bits that are 1. Which number is it?"),
            answer=found.raw,
            unit="",
            hint=words("Below each bit stands its place value. Leave out those of the zeros."),
            solution=f"{ones} = {words.number(found.raw)}",
            kept=found.kept,
        ),
    )


def order(data: StationData, kept: Kept, words: Language) -> Lesson:
    """Two bytes of which the low one comes first."""
    found = find(data, _low_byte_first, kept.frame, kept.value)
    low, high = found.raw_bytes
    return Lesson(
        id="order",
        title=titles(words)["order"],
        summary=words("A number of two bytes may come with its small part first."),
        picture="order",
        text=(
            words(
                "A byte counts only to 255. For larger numbers two are taken together: the high "
                "byte counts how many times 256 there are, the low byte what is left."
            ),
            words(
                "Some computers send the low byte first. This is called little-endian. Who reads "
                "it has to turn the two around, or the value is nonsense."
            ),
        ),
        facts=(
            fact(words("value"), found, words),
            (words("bytes as received"), found.raw_bytes.hex(" ").upper()),
            (words("low byte"), f"{low:02X} = {low}"),
            (words("high byte"), f"{high:02X} = {high}"),
        ),
        **source(found, words),
        question=Question(
            text=words("The low byte came first. Which number do the two bytes make?"),
            answer=found.raw,
            unit="",
            hint=words("Multiply the high byte by 256 and add the low byte."),
            solution=f"{high} × 256 + {low} = {words.number(found.raw)}",
            kept=found.kept,
        ),
    )


def sign(data: StationData, kept: Kept, words: Language) -> Lesson:
    """A negative number in two's complement."""
    found = find(data, _negative, kept.frame, kept.value)
    word, size = int(found.explanation.digits, 2), found.row.bits
    return Lesson(
        id="sign",
        title=titles(words)["sign"],
        summary=words("How bits that know no minus sign say −300."),
        picture="complement",
        text=(
            words(
                "Bits have no minus sign. So the first bit is given a value below zero: with 16 "
                "bits it counts −32 768 and not 32 768. This is called two's complement."
            ),
            words(
                "It is read like this: take the bits for a number without a sign. When the first "
                "bit is 1, subtract %(size)s: then it is the number that is meant.",
                size=words.number(1 << size),
            ),
        ),
        facts=(
            fact(words("value"), found, words),
            (words("bits"), nibbles(found.explanation.digits)),
            (words("without a sign"), words.number(word)),
        ),
        **source(found, words),
        question=Question(
            text=words("The first bit is 1. Which number do the bits mean?"),
            answer=found.raw,
            unit="",
            hint=words(
                "Subtract %(size)s from %(word)s. The result is below zero.",
                size=words.number(1 << size),
                word=words.number(word),
            ),
            solution=f"{words.number(word)} − {words.number(1 << size)} = "
            f"{words.number(found.raw)}",
            kept=found.kept,
        ),
    )


def _is_a_byte(explanation: Explanation, row: Parameter) -> bool:
    """With some ones and some zeros, so that there is something to add."""
    digits = explanation.digits
    return row.kind == "u" and len(digits) == _BYTE and 2 <= digits.count("1") <= 6


def _low_byte_first(explanation: Explanation, row: Parameter) -> bool:
    raw = explanation.value.raw
    return (
        (row.kind, row.bits, row.endian) == ("u", 16, "little")
        and isinstance(raw, int)
        and raw > 0xFF
        and _is_whole_bytes(explanation)
    )


def _negative(explanation: Explanation, row: Parameter) -> bool:
    raw = explanation.value.raw
    return (row.kind, row.bits) == ("i", 16) and isinstance(raw, int) and raw < 0


def _is_whole_bytes(explanation: Explanation) -> bool:
    return explanation.bits != () and min(explanation.bits) % 8 == 0
