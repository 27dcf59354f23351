"""A station with a frame of every kind, an hour of modes, a pass and an account, for browsers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from decoders.modem import Mode
from decoders.modem.modulate import afsk_audio
from groundstation.model.board import Board, Tile
from groundstation.storage.accounts import Accounts
from groundstation.storage.audit import Actor
from groundstation.storage.boards import Boards
from groundstation.storage.burst import Burst, BurstFacts, write_burst
from groundstation.storage.notes import Notes
from tests.dashboard.conftest import Served
from tests.dashboard.station_folder import StationFolder

PAGES = {
    "now": "/",
    "satellites": "/satellites",
    "satellite": "/satellites/classroom-1",
    "many values": "/satellites/cpsat",
    "words": "/satellites/classroom-1?parameter=mode",
    "flags": "/satellites/classroom-1?parameter=status",
    "passes": "/passes",
    "passes over my village": "/passes?of=talas",
    "village": "/place",
    "over my village": "/place?of=talas",
    "flown": "/passes/last",
    "frames": "/frames",
    "xray": "/frames/5",
    "explained": "/frames/5?value=battery_current",
    "flipped": "/frames/5?value=battery_voltage&flip=200",
    "example": "/satellites/delfi-c3/examples/1?value=sequence_counter",
    "damaged": "/frames/21",
    "exercises": "/exercises",
    "by hand": "/exercises/by-hand?frame=5&value=panel_temperature&a=0",
    "solved": "/exercises/which-satellite?frame=5&answer=classroom-1",
    "damaged byte": "/exercises/damaged-byte?frame=5&byte=0",
    "worksheet": "/exercises/worksheet?frame=5&answers=1",
    "boards": "/boards",
    "board": "/boards/1",
    "wall": "/kiosk",
    "values": "/satellites/classroom-1/values",
    "notes": "/notes",
    "noted": "/frames/6",
    "board on the wall": "/kiosk?board=1",
    "search": "/search?q=battery",
    "signal": "/learn/signal",
    "alarms": "/alarms",
    "learn": "/learn",
    "lesson": "/learn/bits",
    "station": "/status",
    "login": "/login",
    "share": "/share",
}
#: A tile of every kind, and some of whose pass is on.
BOARD = Board(
    "Power",
    (
        Tile("value", "classroom-1", ("battery_voltage",)),
        Tile("value", None, ("#2",)),
        Tile("chart", "classroom-1", ("battery_voltage", "mode"), width=2, height=2),
        Tile("story", None, width=2),
        Tile("sky", None, width=2, height=2),
        Tile("map", "classroom-1", width=2),
        Tile("frames", None, width=2),
    ),
)
#: Modes of the last hour: from and to how many minutes ago, a frame a minute.
MODES = ((55, 40, "nominal"), (39, 30, "safe"), (29, 15, "science"))


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StationFolder]:
    """It stays alive for all tests of a file."""
    folder = StationFolder(tmp_path_factory.mktemp("browser"))
    furnish(folder)
    accounts = Accounts(folder.folder)
    accounts.add("Aida", "teacher", "three words do", folder.clock.now_us(), Actor("test"))
    with folder.alive():
        yield folder
    folder.close()


@contextmanager
def furnished() -> Iterator[Served]:
    """A dashboard over such a station, for programs that look at it from outside."""
    with TemporaryDirectory() as name:
        folder = StationFolder(Path(name))
        furnish(folder)
        with folder.alive():
            served = Served(folder.folder, "--config", str(folder.config))
            try:
                yield served
            finally:
                served.end()
                folder.close()


def furnish(folder: StationFolder) -> None:
    """All but the account."""
    folder.launch(-100)
    folder.fill(20)
    folder.receive_damaged()
    folder.receive_unknown()
    remember_modes(folder)
    folder.receive(battery_voltage=3.4)
    folder.fly()
    remember_burst(folder)
    now_us = folder.clock.now_us()
    Boards(folder.folder).add(BOARD, now_us, Actor("test"))
    notes = Notes(folder.folder)
    notes.write("classroom-1", now_us - 90_000_000_000, None, "The day before", now_us, Actor("A"))
    notes.write("classroom-1", now_us - 90_000_000_000, 6, "Look at the mode", now_us, Actor("A"))


def remember_burst(folder: StationFolder) -> None:
    """What the last frame sounded like, as a station keeps it that demodulates by itself."""
    mode = Mode("afsk", 1200.0, -500.0, 1700.0)
    bits = np.random.default_rng(5).integers(0, 2, 900).astype(np.uint8)
    noise = np.random.default_rng(6).standard_normal
    samples = afsk_audio(bits, mode, 48_000) / 2
    samples = (samples + 0.01 * noise(len(samples))).astype(np.float32)
    facts = BurstFacts(
        *("radio", folder.frame_bytes(folder.clock.now_us()).hex(), folder.clock.now_us()),
        *("classroom-1", True, mode.modulation),
        *(mode.baud, mode.deviation_hz, mode.carrier_hz, "AFSK 1200", 4000, None, False),
    )
    write_burst(folder.folder, Burst(facts, 48_000, samples))


def remember_modes(folder: StationFolder) -> None:
    """An hour ago and since the satellite said MODES."""
    now_us = folder.clock.now_us()
    for first, last, mode in MODES:
        for minutes in range(first, last - 1, -1):
            folder.receive(at_us=now_us - minutes * 60_000_000, mode=mode)
