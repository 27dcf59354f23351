"""Kill -9 of the interpreter at random moments; what it leaves must be what a fresh one makes.

``python -m tests.interpret.kill FOLDER`` is the process that is killed. Definitions
change all the while, frames of three satellites come in; one of them joins parts over frames, one
sends packets that span frames.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from groundstation.catalog import SatelliteCatalog
from groundstation.interpret.work import InterpreterWork
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader, JournalWriter
from tests.storage.interpreted import START, told

SPANNING = """
[satellite]
name = "Spanning"
[[packets]]
name = "part"
match = { prefix = "DA 7A 01 02" }
spans = { packet = "orbit", data = "content", index = "number", count = 3, set = "dataset" }
parameters = [
  { name = "dataset", type = "u8" },
  { name = "number", type = "u8" },
  { name = "content", type = "bytes" },
]
[[packets]]
name = "orbit"
parameters = [ { name = "voltage", type = "u16", divide = DIVISOR, unit = "V", repeat = "end" } ]
"""
PLAIN = """
[satellite]
name = "Plain"
[[packets]]
name = "beacon"
match = { prefix = "A5 5A 01 02" }
parameters = [ { name = "kind", type = "u8" }, { name = "ROW", type = "u16", divide = 1000 } ]
"""
CARRYING = """
[satellite]
name = "Carrying"
callsigns = []
[[downlinks]]
name = "d"
framing = "kiss"
layers = ["tm-frame", "space-packet"]
[[packets]]
name = "p"
match = { fields = { "space-packet.apid" = 100 }, length = 40 }
parameters = [ { name = "number", type = "u16", SCALE }, { name = "rest", type = "bytes" } ]
"""
NARROWED = PLAIN.replace('"A5 5A 01 02"', '"A5 5A 01 02 01"').replace(
    '{ name = "kind", type = "u8" }, ', ""
)


def frame(chance: random.Random) -> bytes:
    """A frame of one of the first two, or of nobody."""
    if chance.random() < 0.5:
        number = chance.randrange(3)
        return bytes([0xDA, 0x7A, 1, 2, chance.randrange(6), number]) + chance.randbytes(6)
    return bytes([0xA5, 0x5A, 1, 2, chance.randrange(3)]) + chance.randbytes(2)


def carried(start: int, count: int) -> list[bytes]:
    """The TM frames ``start`` to ``start + count`` of a channel that sends packets without end."""
    size, each = 33, 46
    frames = []
    for number in range(start, start + count):
        first = number * size
        pointer = -first % each
        data = b"".join(_packet(n) for n in range(first // each, (first + size) // each + 1))
        skip = first - first // each * each
        header = bytes([1, 0x20, number & 0xFF, number & 0xFF])
        header += (3 << 11 | (pointer if pointer < size else 0x7FF)).to_bytes(2)
        frames.append(header + data[skip : skip + size])
    return frames


def _packet(number: int) -> bytes:
    head = bytes([0, 100]) + (3 << 14 | number & 0x3FFF).to_bytes(2) + (39).to_bytes(2)
    return head + (number & 0xFFFF).to_bytes(2) + bytes(38)


def define(folder: Path, chance: random.Random) -> None:
    """Other definitions than before, perhaps."""
    texts = {
        "spanning": SPANNING.replace("DIVISOR", chance.choice(("1000", "500"))),
        "carrying": CARRYING.replace("SCALE", chance.choice(("scale = 1", "scale = 2"))),
        "plain": chance.choice((PLAIN, NARROWED)).replace("ROW", chance.choice(("volts", "amps"))),
    }
    (folder / "satellites").mkdir(exist_ok=True)
    for id, text in texts.items():
        new = folder / "satellites" / f"{id}.new"
        new.write_text(text)
        new.replace(folder / "satellites" / f"{id}.toml")


def interpret(folder: Path, for_ever: bool) -> None:
    """What the killed process does: interpret in small steps, and wait for more."""
    work = InterpreterWork(folder, SatelliteCatalog(folder), batch=30)
    while True:
        work.open()
        if not work.advance():
            if not for_ever:
                work.close()
                return
            time.sleep(0.001)


def check(folder: Path) -> None:
    """Nothing is damaged, nothing is ahead of its data, and all is what a fresh one makes."""
    with closing(sqlite3.connect(folder / "telemetry.db")) as connection:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    with JournalReader(folder) as journal:
        last = journal.last_seq()
    interpret(folder, for_ever=False)
    other = folder.with_name("fresh")
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(folder / "satellites", other / "satellites")
    with closing(sqlite3.connect(folder / "journal.db")) as source:
        source.execute("VACUUM INTO ?", (str(other / "journal.db"),))
    interpret(other, for_ever=False)
    found, expected = told(folder), told(other)
    assert len(found["frames"]) == last
    assert found == expected


def torture(folder: Path, kills: int, seed: int, every: int = 10) -> int:
    """Kill so many times; returns how many receptions there were in the end."""
    chance = random.Random(seed)
    define(folder, chance)
    journal = JournalWriter(folder)
    count = sending = 0
    for kill in range(1, kills + 1):
        process = subprocess.Popen([sys.executable, "-m", "tests.interpret.kill", str(folder)])
        begin = time.monotonic()
        lives_s = chance.uniform(0.3, 0.9)
        while time.monotonic() - begin < lives_s:
            some = [frame(chance) for _ in range(chance.randrange(1, 9))]
            sent = carried(sending, chance.randrange(3))
            sending += len(sent)
            journal.append(
                [Reception(0, START + chance.randrange(10**12), "t", f) for f in some]
                + [Reception(0, START + count, "t", f, satellite="carrying") for f in sent]
            )
            count += len(some) + len(sent)
            if chance.random() < 0.1:
                define(folder, chance)
            time.sleep(0.02)
        process.kill()
        process.wait()
        if kill % every == 0 or kill == kills:
            check(folder)
    journal.close()
    return count


if __name__ == "__main__":
    interpret(Path(sys.argv[1]), for_ever=True)
