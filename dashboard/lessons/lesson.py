"""What a lesson is made of, and how an answer is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.exercises.questions import typed_numbers


@dataclass(frozen=True, slots=True)
class Question:
    """One question with a number for an answer.

    ``within``: how far an answer may be off. ``hint`` helps who was wrong, ``solution`` tells who
    was right how it came about. ``kept``: what the form sends along, so that the same is asked
    again while other data come in.
    """

    text: str
    answer: float
    unit: str
    hint: str
    solution: str
    within: float = 0.0
    kept: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson in the reader's language.

    ``picture``: the glossary's, by its id. ``facts``: (name, text) of the data that it works with;
    ``source`` tells where they come from, ``link`` leads there or is empty. ``simulated``: they do
    not come from space. ``bits``: pairs of a place value and a binary digit, to be added up.
    """

    id: str
    title: str
    summary: str
    picture: str
    text: Sequence[str]
    facts: Sequence[tuple[str, str]]
    source: str
    link: str
    simulated: bool
    question: Question
    bits: Sequence[tuple[int, str]] = ()


def is_right(question: Question, text: str) -> bool:
    """Whether ``text`` answers the question, however its decimals are marked."""
    # A little more than the bound, which is no binary fraction.
    bound = question.within + 1e-9
    return any(abs(number - question.answer) <= bound for number in typed_numbers(text))
