"""History made anew: a stretch of the journal interpreted again, newest first, and what it
changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from decoders.definition.model import Satellite
from groundstation.interpret.interpreter import Interpreter
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.comparison import Changes
from groundstation.storage.telemetry.interpretation import Interpretation, PacketColumns
from groundstation.storage.telemetry.keys import OWN, number_of, seq_of, seqs_of
from groundstation.storage.telemetry.parts import part_columns
from groundstation.storage.telemetry.writer import TelemetryWriter

#: Receptions read at once.
_CHUNK = 5000


def interpret_again(
    journal: JournalReader,
    writer: TelemetryWriter,
    interpreter: Interpreter,
    most: int,
    changes: Changes | None = None,
) -> None:
    """Interpret the newest ``most`` receptions of the backlog; only what changed is written.

    ``changes``: where frames are counted that have another sender now.
    """
    place = writer.place
    low = max(place.backlog_low, place.backlog_high - most)
    receptions = journal.after(low, most, until=place.backlog_high)
    found = interpreter.interpret(receptions, joins=lambda satellite: False)
    known = writer.verdicts(low, place.backlog_high)
    # Equal verdicts by definitions that did not change mean equal values: they are there already,
    # but what lies behind a frame's own packet may be of another definition than this.
    further = {seq_of(key) for each in found.packets for key in each.keys if number_of(key) != OWN}
    changed = [v for v in found.verdicts if known.get(v.seq) != (v, False) or v.seq in further]
    again = set(place.again)
    for verdict in changed:
        before = known[verdict.seq][0].satellite if verdict.seq in known else None
        again |= {id for id in (before, verdict.satellite) if id is not None}
        if changes is not None and verdict.seq in known and before != verdict.satellite:
            changes.senders[before, verdict.satellite] += 1
    after = replace(place, backlog_high=low, again=frozenset(again))
    if low <= place.backlog_low:
        after = replace(after, backlog_low=0, backlog_high=0)
    writer.replace(_only(found, {verdict.seq for verdict in changed}), after)


def _only(found: Interpretation, seqs: Collection[int]) -> Interpretation:
    """The part of an interpretation that these receptions have."""
    if len(seqs) == len(found.verdicts):
        return found
    verdicts = [verdict for verdict in found.verdicts if verdict.seq in seqs]
    packets = [_rows(each, np.isin(seqs_of(each.keys), list(seqs))) for each in found.packets]
    return Interpretation(verdicts, [each for each in packets if len(each.keys)])


def _rows(packets: PacketColumns, chosen: np.ndarray) -> PacketColumns:
    if chosen.all():
        return packets
    return replace(
        packets,
        keys=packets.keys[chosen],
        times_us=packets.times_us[chosen],
        columns={name: column.rows(chosen) for name, column in packets.columns.items()},
    )


def rejoin(
    journal: JournalReader,
    writer: TelemetryWriter,
    interpreter: Interpreter,
    satellite: Satellite | None,
) -> None:
    """Join a satellite's pieces anew, from the oldest on: the packets that they complete replace
    those that were there."""
    if satellite is None:
        return
    wholes = {packet.spans.packet for packet in satellite.packets if packet.spans}
    carries = interpreter.carries(satellite.id)
    if not wholes and not carries:
        return
    interpreter.forget(satellite.id)
    writer.replace_joined(
        satellite.id,
        wholes,
        _joined(journal, writer, interpreter, satellite),
        interpreter.waiting,
    )


def _joined(
    journal: JournalReader, writer: TelemetryWriter, interpreter: Interpreter, satellite: Satellite
) -> Iterator[PacketColumns]:
    parts: list[PacketColumns] = []
    if interpreter.carries(satellite.id):
        for receptions in _receptions(journal, writer, satellite.id):
            joined = interpreter.joined(receptions, satellite.id)
            parts += [packets for packets in joined if packets.layout.spans]
            yield from joined
    yield from interpreter.join([*part_columns(writer, satellite), *parts])


def _receptions(
    journal: JournalReader, writer: TelemetryWriter, satellite: str
) -> Iterator[list[Reception]]:
    """A satellite's receptions, oldest first, some at a time."""
    after = 0
    while seqs := writer.frames_of(satellite, after, _CHUNK):
        found = journal.those(seqs)
        yield [found[seq] for seq in seqs if seq in found]
        after = seqs[-1]
