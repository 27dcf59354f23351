"""What exports and pages ask of the journal, against looking at every reception; blocks, too."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from groundstation.cli.compact import compact
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader, JournalWriter

HOUR = 3_600_000_000


@pytest.fixture(scope="module", params=[False, True], ids=["rows", "blocks and rows"])
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Times that grow, jump a day ahead and back, and imports of long ago in long runs."""
    path, chance = tmp_path_factory.mktemp("journal"), random.Random(1)
    found = []
    for n in range(3000):
        imported = n % 700 > 400 or n > 2900
        time = n * 1_000_000 + (24 * HOUR if 900 < n < 950 else 0)
        when = chance.randrange(HOUR) if imported else HOUR + time
        marks = {"imported": imported, "unsynchronised": chance.random() < 0.01}
        found.append(Reception(0, when, "tnc", bytes([n % 256]), **marks))
    writer = JournalWriter(path)
    writer.append(found[:2100])
    if request.param:
        words = ["--data", str(path), "--older-than", "90d", "--apply"]
        assert CliRunner().invoke(compact, words).exit_code == 0
    writer.append(found[2100:])
    writer.close()
    return path


@pytest.fixture(scope="module")
def every(folder: Path) -> list[Reception]:
    with JournalReader(folder) as journal:
        return journal.after(0, 10_000)


def test_the_newest_that_was_heard(folder: Path, every: list[Reception]) -> None:
    with JournalReader(folder) as journal:
        assert journal.newest_heard() == [item for item in every if not item.imported][-1]
        for until in (1, 401, 402, 699, 700, 701, 702, 1500, 2099, 2100, 2101, 2950, 3000, 9999):
            heard = [item for item in every if not item.imported and item.seq <= until]
            assert journal.newest_heard(until) == (heard[-1] if heard else None)
        assert journal.newest_heard(0) is None


def test_marks(folder: Path, every: list[Reception]) -> None:
    with JournalReader(folder) as journal:
        for low, high in ((0, 3000), (400, 402), (1990, 2200), (2999, 3000), (3000, 4000)):
            some = [item for item in every if low < item.seq <= high]
            assert journal.marked(low, high) == (
                {item.seq for item in some if item.imported},
                {item.seq for item in some if item.unsynchronised},
            )


def test_bounds_of_a_time(folder: Path, every: list[Reception]) -> None:
    chance = random.Random(2)
    with JournalReader(folder) as journal:
        for _ in range(100):
            time = chance.randrange(2 * HOUR)
            since = [item.seq for item in every if item.received_us >= time]
            before = [item.seq for item in every if item.received_us < time]
            assert journal.first_since(time) <= since[0]
            assert not before or journal.last_before(time) >= before[-1]
        assert journal.first_since(1 << 60) > 3000
        assert journal.last_before(0) == 0
