"""The station's own passes: what it follows, how an account reaches the journal, who is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from decoders.sketch import Sketch
from groundstation.catalog import SatelliteCatalog
from groundstation.clock import Clock
from groundstation.config import Config
from groundstation.model import from_us
from groundstation.passes.notify import Announcer
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.tracking.scheduler import Scheduler
from groundstation.tracking.wanted import Orders, Wanted

if TYPE_CHECKING:
    from groundstation.tracking.conductor import Conductor, Watched


def pass_watch(
    config: Config,
    catalog: SatelliteCatalog,
    journal: JournalWriter,
    clock: Clock,
    say: Callable[[str], None],
) -> Scheduler | None:
    """The scheduler of a station, or None for one that names no satellite with a NORAD number."""
    wanted = _wanted(config, catalog.index)
    if not wanted:
        return None
    folder = journal.path.parent
    orders = Orders(
        config.site,
        folder / "elements",
        wanted,
        config.min_elevation_deg,
        config.tracking,
        config.horizon,
    )
    announcer = Announcer(config, say)

    def make() -> Conductor:
        from groundstation.tracking.conductor import Conductor

        return Conductor(
            orders,
            clock,
            newest_frame=lambda: _newest_frame(folder),
            keep=lambda item: _keep(journal, orders, item, say),
            announce=announcer.hear,
            say=say,
        )

    return Scheduler(make, say)


def _wanted(config: Config, known: Mapping[str, Sketch]) -> tuple[Wanted, ...]:
    found: Sequence[tuple[Sketch, int]] = [
        (known[item.id], item.priority) for item in config.satellites if item.id in known
    ]
    return tuple(
        Wanted(*(item.id, item.name, item.norad, priority, item.frequency_hz, item.simulated))
        for item, priority in found
        if item.norad is not None
    )


def _newest_frame(folder: Path) -> datetime | None:
    with JournalReader(folder) as reader:
        newest = reader.before(limit=1)
    return from_us(newest[0].received_us) if newest else None


def _keep(
    journal: JournalWriter, orders: Orders, item: Watched, say: Callable[[str], None]
) -> None:
    """Write the account of a pass. Raises StoreError, so that it is tried again."""
    # Heavy, and in memory already when there is a pass.
    from groundstation.errors import ElementsError
    from groundstation.passes.account import Circumstances
    from groundstation.passes.book import keep_pass

    planned, wanted = item.planned, item.planned.wanted
    facts = Circumstances(
        *(wanted.id, wanted.name, orders.site, orders.mask_deg, wanted.frequency_hz),
        simulated=wanted.simulated,
        watched=() if item.span is None else (item.span,),
        tracking=item.tracking,
        doubt=item.doubt,
    )
    try:
        flown = keep_pass(journal, planned.one, planned.elements, facts)
    except ElementsError as error:
        say(f"passes: the pass of {wanted.name} is not kept: {error}")
        return
    if flown is not None:
        heard = flown.report["heard"]["frames"]
        say(f"pass of {wanted.name} at {planned.aos:%Y-%m-%d %H:%M} UTC: {heard} frames")
