"""History made anew: a stretch of the journal interpreted again, newest first, and what it
changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from decoders.definition.model import Satellite
from groundstation.interpret.interpreter import Interpreter
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.comparison import Changes
from groundstation.storage.telemetry.interpretation import Interpretation, PacketColumns
from groundstation.storage.telemetry.parts import part_columns
from groundstation.storage.telemetry.writer import TelemetryWriter


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
    # Equal verdicts by definitions that did not change mean equal values: they are there already.
    changed = [v for v in found.verdicts if known.get(v.seq) != (v, False)]
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
    packets = [_rows(each, np.isin(each.seqs, list(seqs))) for each in found.packets]
    return Interpretation(verdicts, [each for each in packets if len(each.seqs)])


def _rows(packets: PacketColumns, chosen: np.ndarray) -> PacketColumns:
    if chosen.all():
        return packets
    return replace(
        packets,
        seqs=packets.seqs[chosen],
        times_us=packets.times_us[chosen],
        columns={name: column.rows(chosen) for name, column in packets.columns.items()},
    )


def rejoin(writer: TelemetryWriter, interpreter: Interpreter, satellite: Satellite | None) -> None:
    """Join a satellite's parts anew, from the oldest on: the packets that they complete replace
    those that were there."""
    if satellite is None:
        return
    wholes = {packet.spans.packet for packet in satellite.packets if packet.spans}
    if not wholes:
        return
    interpreter.forget(satellite.id)
    joined = interpreter.join(part_columns(writer, satellite))
    writer.replace_joined(
        satellite.id, wholes, Interpretation((), joined, interpreter.held()), writer.place
    )
