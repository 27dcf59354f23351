"""A value decoded by hand: its explanation as questions, each for the result of one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dashboard.exercises.questions import Choice, Question
from decoders.definition.calibration import Enumeration, Flags
from decoders.definition.model import Parameter
from decoders.explain import Explanation
from decoders.reading_steps import nibbles
from decoders.steps import Step, Writing
from decoders.words import Words, state_word

#: Longer numbers are no work for a lesson.
_MOST_BITS = 32
#: So many bits are written out one by one.
_MOST_DIGITS = 16
#: Words among which the right one is looked for.
_MOST_CHOICES = 8
#: More flags than these are tedious.
_MOST_FLAGS = 6
#: Room for a number on paper.
_ROOM = "\N{WHITE SQUARE}"
_KINDS = ("u", "i", "bcd", "bool")
_ASKED = ("swapped", "decimal", "places", "byte_places", "negative", "calibration")


def tasks(words: Words) -> dict[str, str]:
    """What is to be done, by the kind of question."""
    return {
        "swapped": words("The low byte comes first. Write the bytes the other way round."),
        "binary": words("Write each byte as eight bits."),
        "places": words("Add the place values of all ones. Which number is it?"),
        "byte_places": words("Each byte counts 256 times the next one. Which number is it?"),
        "decimal": words("Four bits are one decimal digit. Which number is it?"),
        "negative": words("The first bit is 1, so the number is below zero. Work it out."),
        "calibration": words("Turn the raw value into the real one. Work it out."),
        "word": words("What does this number mean?"),
        "flag": words("Is this bit 0 or 1?"),
        "state": words("What does the station say to this value?"),
    }


def fits(found: Explanation) -> bool:
    """Whether a value can be worked out by hand in a lesson."""
    row, value = found.value.row, found.value
    return (
        isinstance(row, Parameter)
        and row.kind in _KINDS
        and 2 <= len(found.bits) <= _MOST_BITS
        and value.value is not None
        and not row.crc
    )


def worth(found: Explanation) -> int:
    """How much there is to be learnt from a value: the more kinds of steps, the more."""
    row = found.value.row
    kinds = {step.kind for step in found.steps}
    points = 4 * ("negative" in kinds) + 3 * ("swapped" in kinds) + 2 * ("calibration" in kinds)
    points += 2 * bool(found.held) + (len(found.bits) == 16)
    return points - 2 * (isinstance(row, Parameter) and isinstance(row.calibration, Flags))


def _is_work(found: Explanation) -> bool:
    """Whether there are ones to be added up, and not too many flags to be told one by one."""
    flags = getattr(found.value.row, "calibration", None)
    many = isinstance(flags, Flags) and len(flags.words) > _MOST_FLAGS
    return found.digits.count("1") > 1 and not many


def chosen_values(explanations: Sequence[Explanation], count: int) -> list[Explanation]:
    """Values worth the work, of different sorts: the best of each sort first."""
    fitting = sorted(filter(fits, explanations), key=worth, reverse=True)
    fitting = list(filter(_is_work, fitting)) or fitting
    found: list[Explanation] = []
    for further in (False, True):
        for each in fitting:
            sorts = {_sort(other) for other in found}
            if len(found) < count and each not in found and (further or _sort(each) not in sorts):
                found.append(each)
    return found


def _sort(found: Explanation) -> tuple[object, ...]:
    row = found.value.row
    calibration = type(row.calibration).__name__ if isinstance(row, Parameter) else ""
    return calibration, found.value.raw is not None and str(found.value.raw).startswith("-")


def by_hand(found: Explanation, writing: Writing) -> list[Question]:
    """The questions on a value, in the order in which they are answered."""
    questions = [_of_bits(found)] if _has_whole_bytes(found) else []
    for step in found.steps:
        if step.kind == "flag":
            questions.append(_flag(step, writing))
        elif step.kind in _ASKED:
            # The bytes are turned round before they are written as bits.
            place = 0 if step.kind == "swapped" else len(questions)
            known = questions[-1].answer if questions else found.value.raw
            questions[place:place] = _of_step(step, known, found, writing)
    if found.held and found.value.state in ("nominal", "warning", "critical"):
        questions.append(_state(found, writing))
    return [replace(questions[0], paper=questions[0].given), *questions[1:]] if questions else []


def _has_whole_bytes(found: Explanation) -> bool:
    return len(found.bits) % 8 == 0 and found.bits[0] % 8 == 0 and len(found.bits) <= _MOST_DIGITS


def _of_bits(found: Explanation) -> Question:
    ordered = int(found.digits, 2).to_bytes(len(found.digits) // 8).hex(" ").upper()
    return Question("binary", ordered, found.digits, f"{ordered} → {nibbles(found.digits)}")


def _of_step(step: Step, known: object, found: Explanation, writing: Writing) -> list[Question]:
    """The question that a step answers, if it is one; ``known``: what the one before gave."""
    way, given = step.written(writing), step._replace(result=None)
    paper = _with_room(given, known).written(writing)
    match step.kind, step.result:
        case (("places" | "byte_places" | "decimal"), _):
            number = int(found.digits, 2)
            number = int(f"{number:x}") if step.kind == "decimal" else number
            return [Question(step.kind, _digits(step.kind, found.digits), number, way)]
        case "calibration", str(word):
            choices = _words(found, word, writing)
            return [Question("word", paper, word, way, choices, paper)] if choices else []
        case _, int() | float() | str() as result:
            return [Question(step.kind, given.written(writing), result, way, (), paper)]
        case _:
            return []


def _with_room(step: Step, known: object) -> Step:
    """A step with room for a number that was found before."""
    return step._replace(terms=tuple(_ROOM if term == known else term for term in step.terms))


def _digits(kind: str, digits: str) -> str:
    """What a number is put together from: its bits, or its bytes."""
    if kind != "byte_places":
        return nibbles(digits)
    return int(digits, 2).to_bytes((len(digits) + 7) // 8).hex(" ").upper()


def _words(found: Explanation, right: str, writing: Writing) -> tuple[Choice, ...]:
    """Words of an enumeration with the right one among them; none for what is no such."""
    row = found.value.row
    if not isinstance(row, Parameter) or not isinstance(row.calibration, Enumeration):
        return ()
    table = row.calibration.words.items()
    others = [(raw, word) for raw, word in table if word != right][: _MOST_CHOICES - 1]
    own = [(raw, word) for raw, word in table if word == right][:1]
    offered = sorted([*own, *others])
    return tuple(
        Choice(word, f"{writing.number(raw)} = {writing.word(word)}") for raw, word in offered
    )


def _flag(step: Step, writing: Writing) -> Question:
    """One bit of flags: terms as :mod:`decoders.equations` makes them."""
    place, _, digit, _, word = step.terms
    given = f"{writing.term(place)}: {writing.term(word)}"
    choices = (Choice("0", "0"), Choice("1", "1"))
    return Question("flag", given, str(digit), step.written(writing), choices, given)


def _state(found: Explanation, writing: Writing) -> Question:
    words = writing.words
    levels = {"warning": words("warning limits"), "critical": words("critical limits")}
    held = "; ".join(f"{levels[each.level]}: {each.step.written(writing)}" for each in found.held)
    choices = tuple(
        Choice(state, state_word(state, words)) for state in ("nominal", "warning", "critical")
    )
    way = f"{held} → {state_word(found.value.state, words)}"
    room = [(each.level, _with_room(each.step, found.value.value)) for each in found.held]
    paper = "; ".join(f"{levels[level]}: {step.written(writing)}" for level, step in room)
    return Question("state", held, found.value.state, way, choices, paper)
