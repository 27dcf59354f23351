"""Questions with one right answer each, and how an answer that somebody typed is checked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: Characters of an answer that are read.
MOST_TYPED = 80
#: How far from the right number a rounded one may be, of its size.
_ROUNDED = 0.001
_SPACES = re.compile(r"[\s\u00a0\u202f_'’]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers: what is sent, and what is read."""

    answer: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    ``kind``: what is to be done (see ``dashboard.exercises.by_hand.tasks``). ``given``: what it is
    done with. ``answer``: the right one, a number or a text as it is typed. ``choices``: where the
    answer is one of several. ``way``: the whole step, for who wants to see it. ``paper``: as
    ``given``, but with room for what the questions before ask for.
    """

    kind: str
    given: str
    answer: int | float | str
    way: str
    choices: tuple[Choice, ...] = ()
    paper: str = ""

    def is_right(self, typed: str) -> bool:
        """Whether somebody's answer is right, however it is spaced and its decimals are marked."""
        typed = typed[:MOST_TYPED]
        if isinstance(self.answer, str):
            return _plain(typed) == _plain(self.answer)
        return any(_near(number, self.answer) for number in typed_numbers(typed))


def _plain(text: str) -> str:
    return _SPACES.sub("", text).casefold().removeprefix("0x")


def typed_numbers(typed: str) -> Iterator[float]:
    """What a typed number may mean: a comma parts thousands for some and decimals for others."""
    text = _SPACES.sub("", typed).replace("\N{MINUS SIGN}", "-")
    for point in {text.replace(",", "."), text.replace(",", "")}:
        if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", point):
            yield float(point)


def _near(number: float, right: float) -> bool:
    """Integers exactly; others rounded to three digits or more."""
    if isinstance(right, int):
        return number == right
    return math.isclose(number, right, rel_tol=_ROUNDED, abs_tol=1e-9)


def verdicts(questions: Sequence[Question], typed: Sequence[str]) -> list[bool | None]:
    """For each question: right, wrong, or None while nothing was typed."""
    answers = [*typed, *([""] * len(questions))]
    return [
        question.is_right(answer) if answer.strip() else None
        for question, answer in zip(questions, answers, strict=False)
    ]


def outcome(found: Sequence[bool | None]) -> bool | None:
    """Of all questions: right, wrong where one is, or None: right so far, but not at the end."""
    if False in found:
        return False
    return True if found and all(found) else None


def reached(found: Sequence[bool | None]) -> int:
    """How many questions are shown: up to the first one that is not right yet."""
    right = next((index for index, ok in enumerate(found) if not ok), len(found))
    return min(right + 1, len(found))
