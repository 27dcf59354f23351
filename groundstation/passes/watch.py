"""The station's own passes: what it follows, how an account reaches the journal, who is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from groundstation.catalog import SatelliteCatalog
from groundstation.clock import Clock
from groundstation.config import Config, SatelliteConfig
from groundstation.hooks import Event
from groundstation.model import from_us
from groundstation.naming import Followed, followed, near_names
from groundstation.passes.hooked import PassEvents
from groundstation.passes.notify import Announcer
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.tracking.scheduler import Scheduler
from groundstation.tracking.wanted import Found, Orders, Wanted

if TYPE_CHECKING:
    from groundstation.elements import ElementsCatalog
    from groundstation.tracking.conductor import Conductor, Watched
    from groundstation.tracking.planner import PassPlan


def pass_watch(
    config: Config,
    catalog: SatelliteCatalog,
    journal: JournalWriter,
    clock: Clock,
    say: Callable[[str], None],
    tell: Callable[[Event], None] = lambda event: None,
) -> Scheduler | None:
    """The scheduler of a station, or None for one that names no satellite. ``tell`` hears of AOS
    and LOS."""
    if not config.satellites:
        return None
    folder = journal.path.parent
    orders = Orders(
        config.site,
        folder / "elements",
        (),
        config.min_elevation_deg,
        config.tracking,
        config.horizon,
        _Names(config.satellites, catalog, say).find,
    )
    announcer, events = Announcer(config, say), PassEvents(tell)

    def announce(plan: PassPlan, now: datetime) -> None:
        announcer.hear(plan, now)
        events.hear(plan, now)

    def make() -> Conductor:
        from groundstation.tracking.conductor import Conductor

        return Conductor(
            orders,
            clock,
            newest_frame=lambda: _newest_frame(folder),
            keep=lambda item: _keep(journal, orders, item, say),
            announce=announce,
            say=say,
        )

    return Scheduler(make, say)


class _Names:
    """What ``[[satellites]]`` names, looked up at each plan; ``say`` gets what to do, once."""

    def __init__(
        self,
        named: Sequence[SatelliteConfig],
        catalog: SatelliteCatalog,
        say: Callable[[str], None],
    ) -> None:
        self._named = named
        self._catalog = catalog
        self._say = say
        self._told: set[str] = set()

    def find(self, elements: ElementsCatalog) -> Found:
        """Whom to follow, and sentences about words that mean nobody."""
        wanted, problems = [], []
        for item in self._named:
            found = followed(
                item.id, self._catalog.index, lambda n: bool(elements.of((n,))), elements.all
            )
            if found is None:
                problems.append(self._unknown(item.id, elements))
            elif found.norad is None:
                problems.append(
                    f"the definition of {found.name} has no NORAD number and there are no elements "
                    "of that name, so its passes are not known"
                )
            else:
                wanted.append(_wanted(found, found.norad, item))
                self._tell(found)
        return wanted, problems

    def _unknown(self, word: str, elements: ElementsCatalog) -> str:
        names = [*self._catalog.index, *(item.name for item in elements.all())]
        return (
            f"nobody is known as {word!r}: there is neither a definition of that id nor are there "
            f"elements of that name{near_names(word, names)}; get elements with 'groundstation "
            "elements update' or 'groundstation elements import FILE'"
        )

    def _tell(self, found: Followed) -> None:
        """Once what this choice means."""
        new = found.id not in self._told
        self._told.add(found.id)
        if new and found.note:
            self._say(f"station.toml: {found.note}")
        if new and found.sketch is None:
            self._say(
                f"{found.name} has no definition: it is followed and its frames are kept, but not "
                "decoded; write one with 'groundstation satellites new ID' "
                "(see docs/add-a-satellite.md)"
            )


def _wanted(found: Followed, norad: int, named: SatelliteConfig) -> Wanted:
    sketch = found.sketch
    return Wanted(
        *(found.id, found.name, norad, named.priority),
        frequency_hz=named.frequency_hz or (sketch.frequency_hz if sketch else None),
        simulated=sketch.simulated if sketch else False,
        defined=sketch is not None,
    )


def _newest_frame(folder: Path) -> datetime | None:
    with JournalReader(folder) as reader:
        newest = reader.newest_heard()
    return from_us(newest.received_us) if newest else None


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
