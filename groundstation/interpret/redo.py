"""Everything interpreted again at once, and what that changed: ``groundstation redecode``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from groundstation.config import AlarmsConfig, StorageConfig
from groundstation.errors import StoreError
from groundstation.followers.alarms import alarm_follower
from groundstation.followers.follower import Follower
from groundstation.followers.sinks import sink_followers
from groundstation.interpret.work import Catalog, InterpreterWork
from groundstation.storage.journal import JournalWriter
from groundstation.storage.telemetry.comparison import Changes

#: Receptions at once: more than a station that also receives can take.
_BATCH = 5000


def redo(
    folder: Path,
    catalog: Catalog,
    say: Callable[[str], None],
    storage: StorageConfig,
    progress: Callable[[int, int], None] = lambda done, total: None,
    alarms: AlarmsConfig | None = None,
) -> tuple[int, Changes]:
    """Interpret every reception of the journal in ``folder`` again by today's definitions.

    Returns how many there are and what changed. What ``storage`` names outside is brought up to
    date too, where it answers; else the station does that. So does it with alarms where their
    settings are not given. ``progress`` hears how many of how
    many are done. The journal is brought forward first where an older version wrote it. Raises
    StoreError.
    """
    JournalWriter.bring_forward(folder)
    changes = Changes()
    work = InterpreterWork(folder, catalog, say=say, batch=_BATCH, redo=changes)
    try:
        work.open()
        total = work.place()
        while work.advance():
            progress(total - work.backlog, total)
        work.wait_for_check()
        work.open()  # what was found damaged only now is made again
        while work.advance():
            progress(total - work.backlog, total)
        for follower in sink_followers(storage, work, catalog, say):
            _bring_up_to_date(follower, say)
        if alarms is not None:
            _bring_up_to_date(alarm_follower(alarms, work, catalog, say), say)
        work.writer.shrink()
        return work.place(), changes
    finally:
        work.close()


def _bring_up_to_date(follower: Follower, say: Callable[[str], None]) -> None:
    try:
        follower.work.open()
        while follower.work.advance():
            pass
    except StoreError as error:
        say(f"{follower.name}: {error}; the station brings it up to date when it runs")
    finally:
        follower.work.close()
