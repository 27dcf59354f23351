"""Many frames at once: whose each is, and the values of all in columns.

Equal to one by one (:mod:`decoders.identify`): what fits and is sound is found in columns, the same
rules decide between satellites, and every frame with something wrong is told about one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from decoders.columns import Column, decode_columns
from decoders.frame_columns import FrameColumns, Mask, Numbers, Packets, Rows
from decoders.identify import (
    Claim,
    Decision,
    Identified,
    Identifier,
    decide,
    undecided,
)
from decoders.known import KnownPacket, KnownSatellite
from decoders.layer_columns import below
from decoders.peeler import Peeler
from decoders.plan import Plan
from decoders.shape import Shape
from decoders.sound import Sound, fits, sound_parts
from decoders.value import LayerHeader

#: Fewer frames of nobody's callsign are identified faster one by one.
_FEW = 24


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a frame is, without its values; as in :class:`decoders.value.Decoded`."""

    satellite: str | None
    packet: str | None
    error: str | None
    candidates: tuple[str, ...]
    evidence_bits: int
    simulated: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Frames of one packet layout and one shape, all sound, decoded as columns.

    ``indexes``: their places in the batch, ascending. ``columns``: every parameter and derived
    value, in the order of the shape.
    """

    satellite: str
    plan: Plan
    shape: Shape
    indexes: Rows
    columns: dict[str, Column]


@dataclass(frozen=True, slots=True)
class Batch:
    """``verdicts``: one a frame. ``groups``: the frames whose verdict has no error."""

    verdicts: list[Verdict]
    groups: list[Group]


@dataclass(slots=True)
class _Work:
    """A batch on its way: ``verdicts`` None where nothing has been decided yet."""

    frames: Sequence[bytes]
    satellites: Sequence[str | None] | None
    received_us: Sequence[int | None] | None
    supposed: Sequence[str | None] | None
    columns: FrameColumns
    verdicts: list[Verdict | None]
    sound: list[Sound] = field(default_factory=list)

    def accept(self, sound: Sound, places: Rows | None = None) -> None:
        """These frames (``places`` of ``sound``, None: all) are what ``sound`` says."""
        if places is not None:
            rows, bits, data = sound.rows[places], sound.bits[places], sound.data[places]
            sound = sound._replace(rows=rows, bits=bits, data=data)
        self.sound.append(sound)
        satellite, packet = sound.known.sketch, sound.packet.name
        made = {
            bits: Verdict(satellite.id, packet, None, (), bits, satellite.simulated)
            for bits in np.unique(sound.bits).tolist()
        }
        for row, bits in zip(sound.rows.tolist(), sound.bits.tolist(), strict=True):
            self.verdicts[row] = made[bits]

    def refuse(self, rows: Rows | list[int], decision: Decision) -> None:
        """These frames are nobody's."""
        candidates, bits = decision.candidates, decision.bits
        verdict = Verdict(None, None, decision.error, candidates, bits, simulated=False)
        for row in rows:
            self.verdicts[row] = verdict

    def supposed_of(self, row: int) -> str | None:
        """The hint for a frame."""
        return None if self.supposed is None else self.supposed[row]


def batch(
    identifier: Identifier,
    frames: Sequence[bytes],
    satellites: Sequence[str | None] | None,
    received_us: Sequence[int | None] | None,
    supposed: Sequence[str | None] | None,
) -> Batch:
    """See :meth:`decoders.decode.Decoder.batch`."""
    columns = FrameColumns(frames, received_us)
    work = _Work(frames, satellites, received_us, supposed, columns, [None] * len(frames))
    for id, rows in _by_satellite(satellites, len(frames)).items():
        if id is None:
            _unnamed(work, identifier, rows)
        elif id in identifier.known:
            _named(work, identifier, identifier.known[id], rows)
    _one_by_one(work, identifier)
    return Batch([verdict for verdict in work.verdicts if verdict], _groups(work.sound))


def _by_satellite(satellites: Sequence[str | None] | None, count: int) -> dict[str | None, Rows]:
    if satellites is None or not any(satellites):
        return {None: np.arange(count)}
    found: dict[str | None, list[int]] = {}
    for row, id in enumerate(satellites):
        found.setdefault(id, []).append(row)
    return {id: np.array(rows, np.intp) for id, rows in found.items()}


def _named(work: _Work, identifier: Identifier, known: KnownSatellite, rows: Rows) -> None:
    """Frames of the satellite that the operator named."""

    def kind(caller: LayerHeader | None) -> Hashable:
        if caller is None:
            return None
        source, ssid = str(caller.fields["source"]), int(caller.fields["source_ssid"] or 0)
        return known.called_by(source, ssid), *_called_as(known, caller)

    for caller, some in _by_caller(work, identifier, rows, kind):
        if caller is None or known.called_by(
            str(caller.fields["source"]), int(caller.fields["source_ssid"] or 0)
        ):
            _owned(work, known, caller, some)


def _unnamed(work: _Work, identifier: Identifier, rows: Rows) -> None:
    def kind(caller: LayerHeader | None) -> Hashable:
        if caller is None:
            return None
        called = identifier.called(caller)
        return tuple((known.sketch.id, *_called_as(known, caller)) for known in called)

    for caller, some in _by_caller(work, identifier, rows, kind):
        called = identifier.called(caller)
        if len(called) == 1:
            _owned(work, called[0], caller, some)
        elif called:
            _contested(work, called, caller, some)
        elif len(some) >= _FEW:
            _by_packet(work, identifier, caller, some)


def _called_as(known: KnownSatellite, caller: LayerHeader) -> tuple[bool, bool]:
    """All that the evidence of a callsign depends on."""
    source, ssid = caller.fields["source"], caller.fields["source_ssid"]
    return source in known.callsigns, f"{source}-{ssid}" in known.callsigns


def _by_caller(
    work: _Work,
    identifier: Identifier,
    rows: Rows,
    kind: Callable[[LayerHeader | None], Hashable],
) -> Iterator[tuple[LayerHeader | None, Rows]]:
    """The rows by the ``kind`` of their AX.25 callsign, with one caller of that kind."""
    ax25 = work.columns.ax25
    callers = [header if identifier.says(header) else None for header in ax25.headers]
    kinds: dict[Hashable, int] = {}
    one: list[LayerHeader | None] = []
    numbers = []
    for caller in (*callers, None):  # -1, no AX.25, is the last
        number = kinds.setdefault(kind(caller), len(kinds))
        if number == len(one):
            one.append(caller)
        numbers.append(number)
    kind_of = np.array(numbers)[ax25.number[rows]]
    for number, caller in enumerate(one):
        some = rows[kind_of == number]
        if len(some):
            yield caller, some


def _owned(work: _Work, known: KnownSatellite, caller: LayerHeader | None, rows: Rows) -> None:
    """Frames that can only be of ``known``; what is not sound is left for one by one."""
    for sound in fits(work.columns, known, caller, rows):
        work.accept(sound)


def _contested(
    work: _Work, called: list[KnownSatellite], caller: LayerHeader | None, rows: Rows
) -> None:
    """Frames whose callsign several satellites have."""
    found = [sound for known in called for sound in fits(work.columns, known, caller, rows)]
    count = _count(found, len(work.frames))
    for sound in found:
        alone = np.flatnonzero(count[sound.rows] == 1)
        if len(alone):
            work.accept(sound, alone)
    _settle(work, found, count, undecided)


def _by_packet(work: _Work, identifier: Identifier, caller: LayerHeader | None, rows: Rows) -> None:
    """Frames of which only their packets can tell whose they are."""
    hits: list[tuple[int, KnownSatellite, KnownPacket, Packets, Rows]] = []
    for layers, index in identifier.by_packet.items():
        if caller is None or "ax25" in layers:
            packets = below(work.columns, rows, layers, index.matches)
            for order, known, packet, places in packets.by_index(index):
                hits.append((order, known, packet, packets, places))
    found = [
        sound
        for _, known, packet, packets, places in _first_fits(hits, len(work.frames))
        if packet.tells
        for sound in sound_parts(known, packet, packets, places, 0)
    ]
    count = _count(found, len(work.frames))
    work.refuse(rows[count[rows] == 0].tolist(), decide((), None))
    for sound in found:
        _alone(work, sound, np.flatnonzero(count[sound.rows] == 1))
    _settle(work, found, count, decide)


def _first_fits(
    hits: list[tuple[int, KnownSatellite, KnownPacket, Packets, Rows]], total: int
) -> Iterator[tuple[int, KnownSatellite, KnownPacket, Packets, Rows]]:
    """Of each satellite's packets that apply to a frame only the one that is tried first."""
    taken: dict[str, Mask] = {}
    for order, known, packet, packets, places in sorted(hits, key=lambda hit: hit[0]):
        mask = taken.setdefault(known.sketch.id, np.zeros(total, bool))
        places = places[~mask[packets.rows[places]]]
        mask[packets.rows[places]] = True
        yield order, known, packet, packets, places


def _count(found: list[Sound], total: int) -> Numbers:
    """How many satellites claim each frame."""
    if not found:
        return np.zeros(total, np.int64)
    return np.bincount(np.concatenate([sound.rows for sound in found]), minlength=total)


def _alone(work: _Work, sound: Sound, places: Rows) -> None:
    """Frames that only one satellite claims."""
    id = sound.known.sketch.id
    by_claim: dict[tuple[int, bool], list[int]] = {}
    for place, bits in zip(places.tolist(), sound.bits[places].tolist(), strict=True):
        supposed = work.supposed_of(int(sound.rows[place])) == id
        by_claim.setdefault((bits, supposed), []).append(place)
    for (bits, supposed), some in by_claim.items():
        decision = decide((Claim(id, bits),), id if supposed else None)
        if decision.id is None:
            work.refuse(sound.rows[some].tolist(), decision)
        else:
            work.accept(sound, np.array(some, np.intp))


def _settle(
    work: _Work,
    found: list[Sound],
    count: Numbers,
    judge: Callable[[Sequence[Claim], str | None], Decision],
) -> None:
    """Frames that more than one satellite claims."""
    claims: dict[int, list[Claim]] = {}
    places: dict[tuple[int, str], tuple[Sound, int]] = {}
    for sound in found:
        name = sound.known.sketch.id
        for place in np.flatnonzero(count[sound.rows] > 1).tolist():
            row = int(sound.rows[place])
            claims.setdefault(row, []).append(Claim(name, int(sound.bits[place])))
            places[row, name] = (sound, place)
    known = cache(judge)
    accepted: dict[int, tuple[Sound, list[int]]] = {}
    for row, those in claims.items():
        decision = known(tuple(those), work.supposed_of(row))
        if decision.id is None:
            work.refuse([row], decision)
        else:
            sound, place = places[row, decision.id]
            accepted.setdefault(id(sound), (sound, []))[1].append(place)
    for sound, some in accepted.values():
        work.accept(sound, np.array(some, np.intp))


def _one_by_one(work: _Work, identifier: Identifier) -> None:
    """What has not been decided: frames with something wrong, and a few odd ones."""
    for row in [row for row, verdict in enumerate(work.verdicts) if verdict is None]:
        time = None if work.received_us is None else work.received_us[row]
        satellite = None if work.satellites is None else work.satellites[row]
        peeler = Peeler(work.frames[row], time)
        found = identifier.identify(peeler, satellite, work.supposed_of(row))
        work.verdicts[row] = _verdict(found)
        if found.error is None and found.known and found.fit and found.fit.shape:
            fit, shape = found.fit, found.fit.shape
            packet = work.frames[row][fit.inside.start :][: shape.needed_bytes]
            data = np.frombuffer(packet, np.uint8).reshape(1, -1)
            rows, bits = np.array([row]), np.array([found.bits])
            work.sound.append(Sound(found.known, fit.packet, shape, rows, bits, data))


def _verdict(found: Identified) -> Verdict:
    satellite = found.known.sketch if found.known else None
    return Verdict(
        satellite.id if satellite else None,
        found.fit.packet.name if found.fit else None,
        found.error,
        found.candidates,
        found.bits,
        satellite.simulated if satellite else False,
    )


def _groups(found: list[Sound]) -> list[Group]:
    """Frames of one shape together, whatever led to them."""
    alike: dict[tuple[str, int, int], list[Sound]] = {}
    for sound in found:
        key = (sound.known.sketch.id, id(sound.packet), id(sound.shape))
        alike.setdefault(key, []).append(sound)
    groups = [_group(those) for those in alike.values()]
    return sorted(groups, key=lambda group: int(group.indexes[0]))


def _group(those: list[Sound]) -> Group:
    first = those[0]
    rows = np.concatenate([sound.rows for sound in those])
    data = np.concatenate([sound.data for sound in those])
    if not np.all(rows[1:] > rows[:-1]):
        order = np.argsort(rows)
        rows, data = rows[order], data[order]
    columns = decode_columns(first.shape, data)
    return Group(first.known.sketch.id, first.packet.plan, first.shape, rows, columns)
