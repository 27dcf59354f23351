"""Which words a native speaker has confirmed: those of ``confirmed.tsv``, as they were said."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

from groundstation.words.language import LANGUAGES, catalogue
from groundstation.words.vocabulary import entries


class Spoken(NamedTuple):
    """How a phrase is said in a language."""

    language: str
    english: str
    said: str


def confirmed() -> dict[Spoken, str]:
    """What was confirmed, and by whom."""
    text = files("groundstation.words").joinpath("confirmed.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {Spoken(row["language"], row["en"], row["said"]): row["by"] for row in rows}


def spoken() -> Iterator[Spoken]:
    """All that is said in other languages than English: phrases first, then the vocabulary."""
    languages = tuple(LANGUAGES)[1:]
    for language in languages:
        for message in catalogue(language):
            if message.id:
                yield Spoken(language, _whole(message.id), _whole(message.string or ""))
    for entry in entries():
        for language, said in zip(languages, (entry.russian, entry.kyrgyz), strict=True):
            yield Spoken(language, entry.english, said)


def unconfirmed() -> list[Spoken]:
    """What nobody has confirmed as it is said today."""
    known = confirmed()
    return [each for each in dict.fromkeys(spoken()) if each not in known]


def _whole(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else " / ".join(text)
