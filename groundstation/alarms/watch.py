"""One satellite's alarms: batches of its frames and values in, events out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decoders.bits import Array
from decoders.columns import Column, numbers_of
from decoders.definition.limits import INVALID, STATE_NUMBERS
from decoders.definition.model import in_rows
from groundstation.alarms.counting import Change, Count, Samples, count
from groundstation.alarms.levels import CRITICAL, UNJUDGED, Codes, Judged, judge
from groundstation.alarms.presence import Presence, Turn, follow
from groundstation.alarms.rules import Rule, Settings
from groundstation.alarms.state import State
from groundstation.model import Scalar
from groundstation.model.alarms import AlarmEvent, AlarmKey

_INVALID = STATE_NUMBERS[INVALID]
_ORDER = {"triggered": 0, "raised": 1, "returned": 2}


class Frames(NamedTuple):
    """Sound frames of the satellite by number, the packet each is itself (None: no packet of its
    own), and those that are simulated."""

    seqs: NDArray[np.int64]
    packets: Sequence[str | None]
    simulated: frozenset[int] = frozenset()


class Part(NamedTuple):
    """Packets of one name and shape. ``keys`` order them among all packets of the satellite;
    ``seqs``: their receptions; ``rules``: of the packet's rows, by the rows' names."""

    packet: str
    keys: NDArray[np.int64]
    seqs: NDArray[np.int64]
    times_us: NDArray[np.int64]
    columns: Mapping[str, Column]
    rules: Mapping[str, Rule]

    def watched(self) -> Iterator[tuple[str, Rule]]:
        """The columns that have a rule."""
        for name in self.columns:
            row = in_rows(name, self.rules)
            if row is not None:
                yield name, self.rules[row]

    def sent(self) -> Iterator[str]:
        """Those that are in the packet itself, not computed from others."""
        return (name for name, _ in self.watched() if self.columns[name].raw is not None)


@dataclass(slots=True)
class Watch:
    """Takes the frames of ``satellite`` in order; a batch ends between two receptions.

    ``rules``: by the rows' names, of the first packet that has each: what counts, where several
    packets bring a value. ``sun_at``: whether the Sun shines on it at these times; ``time_of``: a
    reception's time.
    """

    satellite: str
    settings: Settings
    rules: Mapping[str, Rule]
    sun_at: Callable[[NDArray[np.int64]], Codes]
    time_of: Callable[[int], int]
    state: State = field(default_factory=State)

    def take(self, frames: Frames, parts: Sequence[Part]) -> list[AlarmEvent]:
        """What happened in these frames, in order."""
        found = list(self._outside(parts, frames.simulated))
        if self.settings.missing_frames:
            found += self._missing(frames)
            found += self._invalid(parts, frames.simulated)
        return sorted(found, key=lambda event: (event.seq, event.key, _ORDER[event.kind]))

    def _outside(self, parts: Sequence[Part], simulated: frozenset[int]) -> Iterator[AlarmEvent]:
        judged: dict[str, list[_Piece]] = {}
        for part in parts:
            sun = self._sun(part)
            for name, rule in part.watched():
                one = judge(rule, part.columns[name], _others(part, rule), sun)
                judged.setdefault(name, []).append(_Piece(part, part.columns[name], one))
                if one.sunless:
                    sunless = self.state.sunless
                    sunless[name] = sunless.get(name, 0) + one.sunless
        for name, pieces in judged.items():
            yield from self._counted(name, pieces, simulated)

    def _sun(self, part: Part) -> Codes:
        if any(rule.needs_sun for rule in part.rules.values()):
            return self.sun_at(part.times_us)
        return np.empty(0, np.int8)

    def _counted(
        self, name: str, pieces: Sequence[_Piece], simulated: frozenset[int]
    ) -> Iterator[AlarmEvent]:
        codes = np.concatenate([one.judged.codes for one in pieces])
        order = np.argsort(np.concatenate([one.part.keys for one in pieces]), kind="stable")
        order = order[codes[order] != UNJUDGED]
        samples = Samples(
            np.concatenate([one.part.seqs for one in pieces])[order],
            np.concatenate([one.part.times_us for one in pieces])[order],
            codes[order],
        )
        rule = self.rules[in_rows(name, self.rules) or name]
        state = self.state.counts.setdefault(name, Count())
        gap_us = round(self.settings.gap_s * 1e6)
        for change in count(state, samples, rule.count, rule.back, gap_us):
            piece, index = _piece(pieces, int(order[change.at]))
            yield self._event(name, change, piece, index, simulated)

    def _event(
        self, name: str, change: Change, piece: _Piece, index: int, simulated: frozenset[int]
    ) -> AlarmEvent:
        seq = int(piece.part.seqs[index])
        return AlarmEvent(
            kind=change.kind,
            key=AlarmKey(self.satellite, "limits", name, change.seq),
            severity=change.severity,
            seq=seq,
            time_us=int(piece.part.times_us[index]),
            value=_scalar(piece.column.value[index]),
            unit=piece.column.unit,
            limits=piece.span(index),
            packet=piece.part.packet,
            simulated=seq in simulated,
        )

    def _missing(self, frames: Frames) -> Iterator[AlarmEvent]:
        """Packets that came regularly."""
        state = self.state
        names = sorted({*state.packets, *(name for name in frames.packets if name)})
        numbers = {name: number for number, name in enumerate(names)}
        codes = np.array([numbers.get(name or "", -1) for name in frames.packets], np.int64)
        for name in names:
            known = state.packets.setdefault(name, Presence(state.frames))
            for turn in follow(known, codes == numbers[name], frames.seqs, self._least):
                seq = int(frames.seqs[turn.at])
                yield self._turned("missing", name, turn, seq, seq in frames.simulated, name)
        state.frames += len(frames.seqs)

    def _invalid(self, parts: Sequence[Part], simulated: frozenset[int]) -> Iterator[AlarmEvent]:
        """Values that came regularly, in packets that go on coming."""
        by_packet: dict[str, list[Part]] = {}
        for part in parts:
            by_packet.setdefault(part.packet, []).append(part)
        for packet, mine in by_packet.items():
            order = np.argsort(np.concatenate([part.keys for part in mine]), kind="stable")
            seqs = np.concatenate([part.seqs for part in mine])[order]
            known = self.state.values.setdefault(packet, {})
            names = sorted({*known, *(name for part in mine for name in part.sent())})
            for name in names:
                there = np.concatenate([_there(part, name) for part in mine])[order]
                places = known.setdefault(name, Presence(self.state.places.get(packet, 0)))
                for turn in follow(places, there, seqs, self._least):
                    seq = int(seqs[turn.at])
                    yield self._turned("invalid", name, turn, seq, seq in simulated, packet)
            self.state.places[packet] = self.state.places.get(packet, 0) + len(seqs)

    @property
    def _least(self) -> int:
        return self.settings.missing_frames

    def _turned(
        self, rule: str, name: str, turn: Turn, seq: int, simulated: bool, packet: str
    ) -> AlarmEvent:
        key = AlarmKey(self.satellite, rule, name, turn.seq)
        time_us = self.time_of(seq)
        return AlarmEvent(
            turn.kind, key, "warning", seq, time_us, packet=packet, simulated=simulated
        )


class _Piece(NamedTuple):
    """One part's column of a value, judged."""

    part: Part
    column: Column
    judged: Judged

    def span(self, index: int) -> tuple[float, float] | None:
        """The limits that one value lies outside of, or lies within."""
        limits = self.judged.limits(index)
        if limits is None:
            return None
        critical = self.judged.codes[index] == CRITICAL
        return limits.critical if critical else limits.warning or limits.critical


def _piece(pieces: Sequence[_Piece], index: int) -> tuple[_Piece, int]:
    """Which of ``pieces``, laid one behind the other, has ``index``, and at which place."""
    for piece in pieces:
        if index < len(piece.part.keys):
            return piece, index
        index -= len(piece.part.keys)
    raise IndexError(index)


def _others(part: Part, rule: Rule) -> dict[str, Array]:
    """Numbers of the values that the conditions of ``rule`` name, as far as they are there."""
    return {name: numbers_of(part.columns[name]) for name in rule.names if name in part.columns}


def _there(part: Part, name: str) -> NDArray[np.bool_]:
    column = part.columns.get(name)
    return np.zeros(len(part.keys), bool) if column is None else column.state != _INVALID


def _scalar(value: object) -> Scalar:
    """A value of a column as it is stored: flags are a comma-separated text."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, np.generic):
        value = value.item()
    return value if isinstance(value, int | float | str) else None
