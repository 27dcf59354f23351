"""The exercises of one frame as people see them: in their language and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.data.station_data import StationData
from dashboard.exercises.by_hand import by_hand, chosen_values, fits
from dashboard.exercises.damaged import Damage, damage
from dashboard.exercises.questions import Question
from dashboard.exercises.whose import Whose, whose
from dashboard.show import display, step_words
from dashboard.show.chosen import where, where_words
from dashboard.show.xray import Xray
from decoders.explain import Explanation
from decoders.value import Decoded, Value
from groundstation.words.language import in_language

#: Values that are looked through for the one that stands out.
_MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class HandTask:
    """A value to be decoded by hand. ``bits``: first and number; ``sentence``: what comes out."""

    name: str
    label: str
    where: str
    bits: tuple[int, int]
    questions: tuple[Question, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One value in the frame before, the damaged one, and the one after."""

    label: str
    where: str
    before: str
    now: str
    after: str
    spoilt: bool


@dataclass(frozen=True, slots=True)
class DamagedTask:
    """``xray``: the frame with its damage; ``rows``: its values beside those around it."""

    damage: Damage
    xray: Xray
    rows: tuple[CompareRow, ...]
    came: str
    sent: str


class Sheet:
    """The exercises of the frame ``xray``.

    ``around``: two sound frames of the same packet, the one before and the one after, or fewer.
    """

    def __init__(self, data: StationData, xray: Xray, around: Sequence[Xray], code: str):
        self.xray = xray
        self._data, self._around, self._code = data, around, code

    def hand_tasks(self, count: int) -> list[HandTask]:
        """Values that are worth the work."""
        return [self._hand(each) for each in chosen_values(self.xray.explanations, count)]

    def hand_names(self) -> dict[str, str]:
        """Labels of all values that can be worked out by hand, by name."""
        return {
            each.value.name: self._label(each.value)
            for each in self.xray.explanations
            if fits(each)
        }

    def hand_task(self, name: str) -> HandTask | None:
        """The value of that name; None where it cannot be worked out by hand."""
        found = (each for each in self.xray.explanations if each.value.name == name)
        each = next(found, None)
        return self._hand(each) if each is not None and fits(each) else None

    def whose(self) -> Whose | None:
        """Which satellite is this?"""
        if self.xray.decoded is None:
            return None
        known = self._data.catalog.index.values()
        return whose(self.xray.decoded, known, self.xray.reception.seq)

    def damaged(self) -> DamagedTask | None:
        """Find the damaged byte."""
        decoded = self.xray.decoded
        near = [each.decoded for each in self._around if each.decoded is not None]
        if decoded is None or len(near) < 2:
            return None
        found = damage(decoded, near[0], near[1], self._changed, self.xray.reception.seq)
        return None if found is None else self._damaged(found)

    def _changed(self, bit: int) -> Decoded:
        changed = self._flipped(bit).decoded
        assert changed is not None  # what was decoded before is decoded again
        return changed

    def _flipped(self, bit: int) -> Xray:
        return Xray(self._data, self.xray.reception, 0, frozenset((bit,)), self.xray)

    def _damaged(self, found: Damage) -> DamagedTask:
        shown = self._flipped(found.bit)
        came, sent = (each.reception.raw[found.byte] for each in (shown, self.xray))
        return DamagedTask(found, shown, self._rows(found, shown), f"{came:02X}", f"{sent:02X}")

    def _rows(self, found: Damage, shown: Xray) -> tuple[CompareRow, ...]:
        """The spoilt value among others, in the order of the packet."""
        before, after = ({v.name: v for v in each.values} for each in self._around[:2])
        names = [v.name for v in shown.values if v.bits and v.name in before and v.name in after]
        place = names.index(found.name)
        first = max(0, min(place - place % _MOST_ROWS, len(names) - _MOST_ROWS))
        kept = set(names[first : first + _MOST_ROWS])
        return tuple(
            CompareRow(
                label=self._label(value),
                where=where(value.bits),
                before=self._text(before[value.name]),
                now=self._text(value),
                after=self._text(after[value.name]),
                spoilt=value.name == found.name,
            )
            for value in shown.values
            if value.name in kept and value.bits is not None
        )

    def _hand(self, found: Explanation) -> HandTask:
        bits = found.value.bits
        assert bits is not None  # of what fits
        label, text = self._label(found.value), self._text(found.value)
        said = step_words.sentence(found, label, text, in_language(self._code))
        questions = tuple(by_hand(found, self.xray.writing(found.value, self._code)))
        return HandTask(found.value.name, label, where_words(bits), bits, questions, said)

    def _label(self, value: Value) -> str:
        return display.label(value.name, self.xray.row_of(value), self._code)

    def _text(self, value: Value) -> str:
        return self.xray.measured(value, self._code)
