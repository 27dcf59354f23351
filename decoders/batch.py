"""Many frames at once: whose each is, and the values of all in columns.

Equal to one by one (:mod:`decoders.identify`): what fits and is sound is found in columns, the same
rules decide between satellites, and every frame with something wrong is told about one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache
from itertools import product

import numpy as np

from decoders.frame_columns import FrameColumns, Mask, Numbers, Packets, Rows, distinct
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
from decoders.sound import Sound, fits, sound_parts
from decoders.value import LayerHeader
from decoders.verdicts import Batch, Verdict, Work, groups

#: Fewer frames of nobody's callsign are identified faster one by one.
_FEW = 24


def batch(
    identifier: Identifier,
    frames: Sequence[bytes],
    satellites: Sequence[str | None] | None,
    received_us: Sequence[int | None] | None,
    supposed: Sequence[str | None] | None,
) -> Batch:
    """See :meth:`decoders.decode.Decoder.batch`."""
    columns = FrameColumns(frames, received_us)
    work = Work(frames, satellites, received_us, supposed, columns, [None] * len(frames))
    for id, rows in _by_satellite(satellites, len(frames)).items():
        if id is None:
            _unnamed(work, identifier, rows)
        elif id in identifier.known:
            _named(work, identifier, identifier.known[id], rows)
    _one_by_one(work, identifier)
    return Batch([verdict for verdict in work.verdicts if verdict], groups(work.sound))


def _by_satellite(satellites: Sequence[str | None] | None, count: int) -> dict[str | None, Rows]:
    if satellites is None or not any(satellites):
        return {None: np.arange(count)}
    found: dict[str | None, list[int]] = {}
    for row, id in enumerate(satellites):
        found.setdefault(id, []).append(row)
    return {id: np.array(rows, np.intp) for id, rows in found.items()}


def _named(work: Work, identifier: Identifier, known: KnownSatellite, rows: Rows) -> None:
    """Frames of the satellite that the operator named."""

    def kind(caller: LayerHeader | None) -> Hashable:
        if caller is None:
            return None
        return known.called_by(caller), *known.called_as(caller)

    for caller, some in _by_caller(work, identifier, rows, kind):
        if caller is None or known.called_by(caller):
            _owned(work, known, caller, some)


def _unnamed(work: Work, identifier: Identifier, rows: Rows) -> None:
    def kind(caller: LayerHeader | None) -> Hashable:
        if caller is None:
            return None
        called = identifier.called(caller)
        return tuple((known.sketch.id, *known.called_as(caller)) for known in called)

    for caller, some in _by_caller(work, identifier, rows, kind):
        called = identifier.called(caller)
        if len(called) == 1:
            _owned(work, called[0], caller, some)
        elif called:
            _contested(work, called, caller, some)
        elif len(some) >= _FEW:
            _by_packet(work, identifier, caller, some)


def _by_caller(
    work: Work,
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


def _owned(work: Work, known: KnownSatellite, caller: LayerHeader | None, rows: Rows) -> None:
    """Frames that can only be of ``known``; what is not sound is left for one by one."""
    for sound in fits(work.columns, known, caller, rows):
        work.accept(sound)


def _contested(
    work: Work, called: list[KnownSatellite], caller: LayerHeader | None, rows: Rows
) -> None:
    """Frames whose callsign several satellites have."""
    found = [sound for known in called for sound in fits(work.columns, known, caller, rows)]
    count = _count(found, len(work.frames))
    for sound in found:
        alone = np.flatnonzero(count[sound.rows] == 1)
        if len(alone):
            work.accept(sound, alone)
    _settle(work, found, count, undecided)


def _by_packet(work: Work, identifier: Identifier, caller: LayerHeader | None, rows: Rows) -> None:
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


def _alone(work: Work, sound: Sound, places: Rows) -> None:
    """Frames that only one satellite claims."""
    id = sound.known.sketch.id
    supposed = np.zeros(len(places), bool)
    if work.supposed is not None:
        supposed[:] = [work.supposed_of(row) == id for row in sound.rows[places].tolist()]
    bits = sound.bits[places]
    for number, hint in product(distinct(bits), (False, True)):
        some = places[(bits == number) & (supposed == hint)]
        decision = decide((Claim(id, number),), id if hint else None)
        if decision.id is not None and len(some):
            work.accept(sound, some)
        elif len(some):
            work.refuse(sound.rows[some].tolist(), decision)


def _settle(
    work: Work,
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


def _one_by_one(work: Work, identifier: Identifier) -> None:
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
            start, end = np.array([fit.inside.start]), np.array([fit.inside.end])
            work.sound.append(Sound(found.known, fit.packet, shape, rows, bits, data, start, end))


def _verdict(found: Identified) -> Verdict:
    satellite = found.known.sketch if found.known else None
    return Verdict(
        satellite.id if satellite else None,
        found.fit.packet.name if found.fit else None,
        found.error,
        found.candidates,
        found.bits,
        satellite.simulated if satellite else False,
        found.note,
    )
