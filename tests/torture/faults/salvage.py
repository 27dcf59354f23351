"""A journal whose pages were overwritten, emptied or cut off, and what is recovered of it."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from groundstation.model import Reception
from groundstation.storage.journal import FILE_NAME, JournalReader, JournalWriter
from groundstation.storage.journal.blocks import PER_BLOCK, pack
from tests.torture.account import some
from tests.torture.fault import Fault, Outcome, Progress, Scene

PAGE = 4096
_FRAMES = 4000
#: Of these so many are compressed.
_COMPRESSED = 2000
#: What happens to a file, in turn.
_KINDS = ("pages", "head", "tail", "zeros")


def run(scene: Scene) -> Outcome:
    """Every frame that lies on pages that were left alone comes back as it was."""
    chance, progress, outcome = scene.chance(), Progress("salvage", scene.times), Outcome()
    before = _journal(scene.folder / "whole", chance)
    pages = _pages(scene.folder / "whole" / FILE_NAME)
    outcome.sent = outcome.journal = 0
    lost = 0
    for turn in range(scene.times):
        folder = scene.folder / "broken"
        shutil.copytree(scene.folder / "whole", folder)
        damaged = _damage(folder / FILE_NAME, _KINDS[turn % len(_KINDS)], chance)
        found = _recovered(folder, outcome)
        wrong = {seq for seq, item in found.items() if before.get(seq) != item}
        outcome.expect(not wrong, f"recovered, and not as they were: {some(wrong)}")
        missing, most = len(before) - len(found), sum(pages.get(page, 0) for page in damaged)
        outcome.expect(missing <= most, f"{missing} lost, {most} lie on damaged pages")
        outcome.sent += len(before)
        outcome.journal += len(found)
        lost += missing
        shutil.rmtree(folder)
        progress.at(turn)
    outcome.remark = f"{lost:,} frames lay on damaged pages and are lost, all others are back"
    return outcome


def _journal(folder: Path, chance: random.Random) -> dict[int, Reception]:
    """A closed journal of rows, of some that do not fit on a page, and of blocks."""
    with closing(JournalWriter(folder)) as writer:
        sizes = (20, 60, 200, 256, 5000)
        found = writer.append(
            [
                Reception(
                    0, 1_780_000_000_000_000 + n, "tnc", chance.randbytes(chance.choice(sizes))
                )
                for n in range(_FRAMES)
            ]
        )
        for start in range(0, _COMPRESSED, PER_BLOCK):
            part = found[start : start + PER_BLOCK]
            writer.put_block(part, pack(part))
        writer.shrink()
    with JournalReader(folder) as journal:
        return {item.seq: item for item in journal.after(0, _FRAMES)}


def _pages(path: Path) -> dict[int, int]:
    """How many receptions each page holds, or a part of them; pages are counted from 0.

    SQLite says it itself: how many rows lie on each page of each table (dbstat). A page on which a
    long row goes on has a part of one.
    """
    worth = {"receptions": 1, "blocks": PER_BLOCK}
    query = (
        "SELECT pageno, name, pagetype, ncell FROM dbstat WHERE name IN ('receptions', 'blocks')"
    )
    with closing(sqlite3.connect(path)) as connection:
        return {
            page - 1: worth[name] * {"leaf": cells, "overflow": 1, "internal": 0}[kind]
            for page, name, kind, cells in connection.execute(query)
        }


def _damage(path: Path, kind: str, chance: random.Random) -> list[int]:
    """Damage a file; which pages, counted from 0."""
    content = bytearray(path.read_bytes())
    count = len(content) // PAGE
    if kind == "tail":
        left = chance.randrange(count // 2, count)
        path.write_bytes(content[: left * PAGE])
        return list(range(left, count))
    chosen = [0, 1] if kind == "head" else chance.sample(range(2, count), chance.randint(1, 9))
    for page in chosen:
        other = bytes(PAGE) if kind == "zeros" else chance.randbytes(PAGE)
        content[page * PAGE : (page + 1) * PAGE] = other
    path.write_bytes(content)
    return chosen


def _recovered(folder: Path, outcome: Outcome) -> dict[int, Reception]:
    """What the command recovers; the damaged file stays."""
    done = subprocess.run(
        [sys.executable, "-m", "groundstation", "doctor", "--data", str(folder), "--recover"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    outcome.expect("Traceback" not in done.stderr, done.stderr[-200:])
    if "is not damaged" in done.stderr:
        # What was overwritten was of no use to anybody, such as a page that is free.
        outcome.expect(not list(folder.glob("*.damaged-*")), "replaced without a need")
    else:
        outcome.expect(list(folder.glob("*.damaged-*")), f"not recovered: {done.stderr[-200:]}")
    with JournalReader(folder) as journal:
        return {item.seq: item for item in journal.after(0, _FRAMES)}


FAULT = Fault(
    "salvage",
    "a journal of 4,000 frames with overwritten, emptied or missing pages, recovered by `doctor`",
    run,
    short=8,
    long=500,
)
