"""What was sent, told, kept and seen, held against each other."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path

from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.keys import seq_of
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.station.frames import SATELLITE
from tests.torture.browser import Browser
from tests.torture.fault import Outcome
from tests.torture.witness import number_of

_STRETCH = 5000


def some(numbers: Collection[int]) -> str:
    """How many, and the first of them."""
    return f"{len(numbers)} ({', '.join(map(str, sorted(numbers)[:5]))})"


def account(
    data: Path,
    sent: Mapping[int, int],
    told: Collection[int],
    browser: Browser | None = None,
    outcome: Outcome | None = None,
) -> Outcome:
    """The figures of a station that was stopped after it had interpreted all.

    ``sent``: how often each beacon was sent; ``told``: those that somebody was told of.
    """
    outcome = outcome or Outcome()
    acknowledged = set(told) | set(browser.seen if browser else ())
    kept = in_journal(data, outcome)
    stored = in_store(data)
    journal = Counter(kept.values())
    outcome.sent, outcome.acknowledged = sum(sent.values()), len(acknowledged)
    outcome.journal, outcome.store = len(kept), len(stored)
    lost = acknowledged - set(journal)
    outcome.expect(not lost, f"acknowledged, and not in the journal: {some(lost)}")
    strange = {number for number, count in journal.items() if count > sent.get(number, 0)}
    outcome.expect(not strange, f"more often in the journal than sent: {some(strange)}")
    wrong = {seq for seq in {*kept, *stored} if kept.get(seq) != stored.get(seq)}
    outcome.expect(not wrong, f"not the same in journal and store: receptions {some(wrong)}")
    if browser is not None:
        _seen(browser, kept, outcome)
    return outcome


def _seen(browser: Browser, kept: Mapping[int, int], outcome: Outcome) -> None:
    outcome.browser = len(browser.seqs.keys() & kept.keys())
    after = {seq for seq in kept if seq > (browser.first_id or 0)}
    unseen = after - browser.seqs.keys()
    outcome.expect(not unseen, f"never seen by the browser: receptions {some(unseen)}")
    twice = {seq for seq, count in browser.seqs.items() if count > 1}
    outcome.expect(not twice, f"seen twice by the browser: receptions {some(twice)}")
    outcome.expect(not browser.disorder, f"{browser.disorder} events out of order")
    outcome.expect(not browser.anew, f"the browser had to begin anew {browser.anew} times")


def in_journal(data: Path, outcome: Outcome) -> dict[int, int]:
    """Number of each undamaged reception by ``seq``; a frame that nobody sent is a problem."""
    check_file(data / "journal.db", outcome)
    found, foreign, seq = {}, [], 0
    with JournalReader(data) as journal:
        while batch := journal.after(seq, _STRETCH):
            seq = batch[-1].seq
            for item in batch:
                number = number_of(item.raw)
                if number is not None:
                    found[item.seq] = number
                elif not item.damaged:
                    foreign.append(item.seq)
    outcome.expect(not foreign, f"frames that nobody sent: receptions {some(foreign)}")
    return found


def in_store(data: Path) -> dict[int, int]:
    """The number that each reception's value in the store says, by ``seq``."""
    found: dict[int, int] = {}
    with closing(TelemetryReader(data)) as reader:
        for low, high in reader.stretches(SATELLITE, _STRETCH):
            for each in reader.rows(SATELLITE, ["uptime"], low, high):
                raws = each.rows.columns["uptime"].raw
                if raws is not None:
                    seqs = map(seq_of, each.rows.keys.tolist())
                    found.update(zip(seqs, raws.tolist(), strict=True))
    return found


def check_file(path: Path, outcome: Outcome) -> None:
    """SQLite's own look at a database."""
    with closing(sqlite3.connect(path)) as connection:
        said = connection.execute("PRAGMA quick_check").fetchall()
    outcome.expect(said == [("ok",)], f"quick_check of {path.name}: {said}")
