"""The running program: builds its parts from the settings, starts them and stops them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from decoders.framing.registry import deframer
from groundstation.alarm_calls import AlarmCalls
from groundstation.catalog import SatelliteCatalog
from groundstation.clock import Clock
from groundstation.config import Config, LinkConfig
from groundstation.errors import ConfigError
from groundstation.followers.alarms import alarm_follower
from groundstation.followers.follower import Follower
from groundstation.followers.sinks import sink_followers
from groundstation.hooks import Hooks
from groundstation.interpret.work import InterpreterWork
from groundstation.links.link import Backoff, Link, LinkState, Opener
from groundstation.links.registry import opener
from groundstation.model import Reception
from groundstation.model.status import FollowerStatus, LinkStatus, StationStatus
from groundstation.naming import followed, is_number, near_ids, near_names
from groundstation.passes.watch import pass_watch
from groundstation.receive.intake import RETRY_S, Intake
from groundstation.receive.receiver import Finder, Origin, Receiver
from groundstation.receive.rescue import rescue
from groundstation.receive.reserve import Reserve
from groundstation.sound.addresses import is_sound_url
from groundstation.station_faults import StationFaults
from groundstation.status import StatusWriter
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.thinned import Thinned
from groundstation.timekeeping import Moment, Timekeeper
from groundstation.tracking.scheduler import Scheduler
from groundstation.unbroken import unbroken

if TYPE_CHECKING:
    from groundstation.tracking.planner import PlannedPass

#: The follower that interprets the journal into ``telemetry.db``.
TELEMETRY = "telemetry"
#: Pauses of the interpreter, which waits for nobody but the disk.
_LOCAL_RETRY_S = (0.5, 5.0)
#: A word that is so like the id of a definition is a slip of the pen.
_SLIP = 0.9
#: The intake is looked at each second; if that takes longer, something hangs.
_HANGS_S = 30.0
#: Among so many receptions the newest time is looked for.
_NEWEST = 1000


class Station:
    """One ground station on one data folder.

    Raises ConfigError or LinkUrlError for settings that cannot work and StoreError for a journal
    that cannot be opened. ``say`` gets one-sentence messages for the operator. ``backoff``:
    pauses of all links.
    """

    def __init__(
        self,
        config: Config,
        folder: Path,
        *,
        clock: Clock | None = None,
        say: Callable[[str], None] = lambda text: None,
        backoff: Backoff | None = None,
    ):
        self._config, self._folder = config, folder
        self._clock = clock or Clock()
        self._scheduler: Scheduler | None = None
        say = self._say = unbroken(say)
        self._backoff = backoff
        self._started_us = 0
        self._catalog = SatelliteCatalog(folder)
        _check_satellites(config, self._catalog, folder)
        for problem in self._catalog.problems:
            say(problem)
        self._reserve = Reserve(folder)
        self._reserve.make_room()
        self._status = StatusWriter(folder, self.snapshot, say, self._reserve.give_up)
        self._listens: dict[str, Callable[[], str]] = {}
        sources = [self._source(link) for link in config.links]
        self.journal = JournalWriter(folder)
        with JournalReader(folder) as reader:
            self.intake = Intake(self.journal, say, reader.last_seq(), self._reserve)
            newest_us = max(map(_heard_us, reader.before(limit=_NEWEST)), default=0)
        self._timekeeper: Timekeeper | None = None
        if self._clock.is_real:
            self._timekeeper = Timekeeper(self.journal, newest_us, self.intake.last_seq + 1, say)
        self._thinned = {link.name: Thinned(say) for link in config.links}
        self._receivers = [
            self._receiver(link, finder)
            for link, (_, finder) in zip(config.links, sources, strict=True)
        ]
        self.links = [
            self._link(link, open_port, receiver)
            for link, (open_port, _), receiver in zip(
                config.links, sources, self._receivers, strict=True
            )
        ]
        self.interpreter = InterpreterWork(folder, self._catalog, say=say)
        self._hooks = Hooks(config, say)
        self._alarm_calls = AlarmCalls(
            *(config, folder, self._catalog, self._clock, self._hooks, say)
        )
        interpreting = Follower(
            TELEMETRY, self.interpreter, self.journal.news, say=say, retry_s=_LOCAL_RETRY_S
        )
        self.followers = [
            interpreting,
            alarm_follower(
                *(config.alarms, self.interpreter, self._catalog, say), self._alarm_calls.hear
            ),
            *sink_followers(config.storage, self.interpreter, self._catalog, say),
        ]
        self._scheduler = pass_watch(
            *(config, self._catalog, self.journal, self._clock, say), self._hooks.hear
        )
        self._looked_s = time.monotonic()
        fault_s = config.alarms.fault_s
        self._faults = StationFaults(self.journal, self.snapshot, self._clock, fault_s, say)
        self._stopping = threading.Event()
        self._retrying = threading.Thread(target=self._retry, name="intake", daemon=True)

    def _source(self, link: LinkConfig) -> tuple[Opener, Finder]:
        """What opens a link, and what finds frames in what it brings."""
        if not is_sound_url(link.url):
            return opener(link.url), deframer(link.framing, link.options)
        # Heavy, and few stations have it.
        from groundstation.listening import hearing

        open_port, ear, listening = hearing(
            self._folder,
            *(link, self._config.site, self._catalog, self._heard, self._clock.now_us),
            lambda text: self._thinned[link.name](f"link {link.name}: {text}"),
            follows=bool(self._config.satellites),
        )
        self._listens[link.name] = listening.told
        return open_port, ear

    def _receiver(self, link: LinkConfig, finder: Finder) -> Receiver:
        recorded = link.url.startswith(("file://", "wav://"))
        return Receiver(
            Origin(link.name, link.satellite, link.simulated, recorded),
            finder,
            self.intake,
            self._moment,
            self._expected,
            lambda text: self._thinned[link.name](f"link {link.name}: {text}"),
        )

    def _moment(self) -> Moment:
        return self._timekeeper.moment() if self._timekeeper else Moment(self._clock.now_us())

    def _expected(self) -> str | None:
        return self._scheduler.expected() if self._scheduler else None

    def _heard(self) -> tuple[PlannedPass, ...]:
        return self._scheduler.heard() if self._scheduler else ()

    def _link(self, link: LinkConfig, open_port: Opener, receiver: Receiver) -> Link:
        say = self._thinned[link.name]

        def changed(state: LinkState) -> None:
            detail = f": {state.detail}" if state.detail else ""
            say(f"link {link.name}: {state.state}{detail}")
            self._status.changed()

        return Link(
            *(link.name, open_port, receiver),
            clock=self._clock,
            changed=changed,
            backoff=self._backoff,
        )

    def start(self) -> None:
        """Begin to receive."""
        self._reserve.keep()
        self._started_us = _real_us()
        self._status.start()
        self._retrying.start()
        self._hooks.start()
        self._alarm_calls.start()
        for follower in self.followers:
            follower.start()
        for link in self.links:
            link.start()
        if self._scheduler is not None:
            self._scheduler.start()
        self._faults.start()

    def stop(self) -> None:
        """Stop receiving and close everything; what is not stored yet is stored next time."""
        self._stopping.set()
        for follower in self.followers[1:]:
            follower.end()  # a sink that hangs is waited for from here on
        self._faults.stop()
        self._alarm_calls.stop()
        self._hooks.stop()
        for link in self.links:
            link.stop()
        if self._retrying.ident is not None:
            self._retrying.join()
        if self._scheduler is not None:
            self._scheduler.stop()
        self.intake.retry(at_once=True)
        if unwritten := self.intake.waiting():
            self._say(rescue(unwritten, self.journal.path.parent))
        for follower in self.followers:
            follower.stop()
        self._status.stop()
        self.journal.close()

    def is_at_work(self) -> bool:
        """Whether what is received still gets to the journal, or is held for it: nothing hangs."""
        return time.monotonic() - self._looked_s < _HANGS_S

    def _retry(self) -> None:
        """Each second: frames that wait for a full disk are written even when nothing more
        arrives, and the clock is looked at."""
        while not self._stopping.wait(RETRY_S):
            self._looked_s = time.monotonic()
            if self._timekeeper is not None:
                self._timekeeper.look()
            before = self.intake.error
            self.intake.retry()
            self._reserve.keep()
            for say in self._thinned.values():
                say.look()
            if self.intake.error != before:
                self._status.changed()

    def snapshot(self) -> StationStatus:
        """What ``status.json`` says."""
        config = self._config
        return StationStatus(
            pid=os.getpid(),
            started_us=self._started_us,
            written_us=_real_us(),
            simulated=bool(config.links) and all(link.simulated for link in config.links),
            clock=self._clock,
            site=config.site,
            satellites=tuple(item.id for item in config.satellites)
            or tuple(sorted(self._catalog.satellites)),
            links=tuple(
                _link_status(link, self.links[place], self._receivers[place], self._told(link))
                for place, link in enumerate(config.links)
            ),
            followers={item.name: self._follower_status(item) for item in self.followers},
            journal_error=self.intake.error,
            schedule=self._scheduler.status() if self._scheduler else None,
            timekeeping=self._timekeeper.status() if self._timekeeper else None,
        )

    def _told(self, link: LinkConfig) -> str:
        """What a link of sound listens for; of others nothing."""
        return self._listens[link.name]() if link.name in self._listens else ""

    def _follower_status(self, follower: Follower) -> FollowerStatus:
        state = follower.state
        return FollowerStatus(
            seq=state.seq,
            lag=self.intake.last_seq - state.seq,
            error=state.error,
            backlog=follower.work.backlog,
            set_apart=follower.work.set_apart,
            left_out=follower.work.left_out,
        )


def _link_status(config: LinkConfig, link: Link, receiver: Receiver, told: str) -> LinkStatus:
    state = link.state
    return LinkStatus(
        name=config.name,
        url=config.url,
        framing=config.framing,
        state=state.state,
        detail=state.detail or receiver.damage.told(),
        last_byte_us=state.last_byte_us,
        bytes=state.bytes,
        frames=receiver.frames,
        bad_frames=receiver.bad_frames,
        simulated=config.simulated,
        listens=told,
    )


def _heard_us(item: Reception) -> int:
    """When a reception was heard here; 0: it was not."""
    return 0 if item.imported or item.simulated or item.unsynchronised else item.received_us


def _real_us() -> int:
    return time.time_ns() // 1000


def _check_satellites(config: Config, catalog: SatelliteCatalog, folder: Path) -> None:
    for name in sorted({id for link in config.links for id in link.listened}):
        if name not in catalog.satellites:
            hint = near_ids(name, catalog.satellites)
            raise ConfigError(f"there is no satellite definition {name!r}{hint}")
    for item in config.satellites:
        if item.id not in catalog.satellites and not is_number(item.id):
            _check_name(item.id, catalog, folder)


def _check_name(word: str, catalog: SatelliteCatalog, folder: Path) -> None:
    """Raise ConfigError for a definition's id with a slip of the pen.

    A name that nobody knows yet is none: its elements may come.
    """
    near = near_names(word, catalog.index, cutoff=_SLIP)
    if not near:
        return
    from groundstation.elements import ElementsCatalog

    elements = ElementsCatalog(folder / "elements")
    if followed(word, catalog.index, lambda n: bool(elements.of((n,))), elements.all) is None:
        raise ConfigError(f"there is no satellite {word!r}{near}")
