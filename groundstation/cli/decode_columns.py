"""``groundstation decode`` to CSV: texts from columns, rows joined."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from operator import add
from typing import Protocol

from decoders.value import Decoded
from decoders.verdicts import Group, Verdict
from groundstation.cli.decoded_batches import Frames
from groundstation.history.column_text import long_texts, quoted, value_texts
from groundstation.history.value_text import value_text

#: Batches that are kept until the columns of all are known.
MOST_KEPT = 8


class Form(Protocol):
    """How values stand in a CSV: ``header``, the columns between packet and simulated."""

    @property
    def header(self) -> Sequence[str]:
        """See above."""
        ...

    def of_group(self, group: Group, begins: list[str], end: str) -> list[str]:
        """The rows of each frame of a group, between its entry of ``begins`` and ``end``."""
        ...

    def of_one(self, decoded: Decoded) -> list[list[str]]:
        """The cells of each row of one frame."""
        ...


class LongForm:
    """A row a value."""

    header: Sequence[str] = ("parameter", "raw", "value", "unit", "state")

    def of_group(self, group: Group, begins: list[str], end: str) -> list[str]:
        """See Form."""
        texts = [long_texts(column, name) for name, column in group.columns.items()]
        cells = zip(*texts, strict=True) if texts else [(",,,,",)] * len(begins)
        return [
            f"{begin}{f',{end}{begin}'.join(each)},{end}"
            for begin, each in zip(begins, cells, strict=True)
        ]

    def of_one(self, decoded: Decoded) -> list[list[str]]:
        """See Form."""
        found = [
            [
                *(value.name, value_text(value.raw), value_text(value.value)),
                *(value.unit, value.state),
            ]
            for value in decoded.values
        ]
        return found or [[""] * len(self.header)]


class WideForm:
    """A row a frame, a column for each of ``names``; a cell is the engineering value."""

    def __init__(self, names: Sequence[str]):
        self.header: Sequence[str] = names

    def of_group(self, group: Group, begins: list[str], end: str) -> list[str]:
        """See Form."""
        nothing, columns = [""] * len(begins), group.columns
        texts = [value_texts(columns[n]) if n in columns else nothing for n in self.header]
        first, *others = (*texts, [end] * len(begins))
        return list(map(",".join, zip(map(add, begins, first), *others, strict=True)))

    def of_one(self, decoded: Decoded) -> list[list[str]]:
        """See Form."""
        named = decoded.named
        return [[value_text(named[n].value) if n in named else "" for n in self.header]]


def write_wide(batches: Callable[[], Iterable[Frames]]) -> bool:
    """Write all frames with a column for each of their parameters; whether any was bad.

    What is more than fits in memory is asked for again.
    """
    names: dict[str, None] = {}
    kept: list[Frames] = []
    all_kept = True
    for frames in batches():
        _add_names(frames, names)
        all_kept = all_kept and len(kept) < MOST_KEPT
        kept = [*kept, frames] if all_kept else []
    return write_csv(WideForm(list(names)), kept if all_kept else batches())


def _add_names(frames: Frames, found: dict[str, None]) -> None:
    """The parameters of all frames, each once, in the order in which packets have them."""
    for group in frames.batch.groups:
        found.update(dict.fromkeys(group.columns))
    for several in frames.odd.values():
        for decoded in several:
            found.update(dict.fromkeys(value.name for value in decoded.values))


def write_csv(form: Form, batches: Iterable[Frames]) -> bool:
    """Write all frames in order; whether anything could not be decoded."""
    header = ("frame", "satellite", "packet", *form.header, "simulated", "error")
    sys.stdout.write(",".join(map(quoted, header)) + "\n")
    bad = False
    for frames in batches:
        sys.stdout.write("".join(_rows(form, frames)))
        bad = bad or any(verdict.error for verdict in frames.batch.verdicts)
        bad = bad or any(each.error for several in frames.odd.values() for each in several)
    return bad


def _rows(form: Form, frames: Frames) -> list[str]:
    rows = [""] * len(frames.frames)
    for group in frames.batch.groups:
        places = group.indexes.tolist()
        verdict = frames.batch.verdicts[places[0]]
        about = f",{quoted(group.satellite)},{quoted(verdict.packet or '')},"
        begins = [f"{frames.first + place}{about}" for place in places]
        end = f"{int(verdict.simulated)},\n"
        for place, row in zip(places, form.of_group(group, begins, end), strict=True):
            rows[place] = row
    nothing = [""] * len(form.header)
    for place, verdict in enumerate(frames.batch.verdicts):
        if verdict.error and place not in frames.odd:
            rows[place] = _row(frames.first + place, verdict, nothing)
    for place, several in frames.odd.items():
        number = frames.first + place
        rows[place] = "".join(
            _row(number, each, cells) for each in several for cells in form.of_one(each)
        )
    return rows


def _row(number: int, of: Verdict | Decoded, cells: list[str]) -> str:
    about = (str(number), of.satellite or "", of.packet or "")
    row = (*about, *cells, str(int(of.simulated)), of.error or "")
    return ",".join(map(quoted, row)) + "\n"
