"""The vocabulary that labels of definitions are translated by, and words of enums and flags.

``vocabulary.tsv`` is a table that any editor opens; its columns are those of
:class:`decoders.definition.translate.Entry`.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from decoders.definition.translate import Entry, Vocabulary


@cache
def vocabulary() -> Vocabulary:
    """All of ``vocabulary.tsv``, read when the first label is translated."""
    return Vocabulary(entries)


@cache
def entries() -> tuple[Entry, ...]:
    """The lines of ``vocabulary.tsv``."""
    text = files("groundstation.words").joinpath("vocabulary.tsv").read_text("utf-8")
    return tuple(
        Entry(row["kind"], row["en"], row["ru"], row["ky"], row["gender"] or "")
        for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    )
