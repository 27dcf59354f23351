"""200 kill -9 of the station while numbered frames arrive: what was acknowledged is there."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

from decoders.framing.kiss import kiss_encode
from groundstation.storage.journal import JournalReader
from tests.links.devices import PtyDevice, wait_until
from tests.station.frames import beacon
from tests.station.running import Process, journal, write_config

KILLS = 200
#: Frames that the sender has on the way at most.
WINDOW = 30


class Sender:
    """Sends frames 0, 1, 2, ... A frame is acknowledged once another process sees it committed.

    After a silence it sends again what was not acknowledged, from the oldest on.
    """

    def __init__(self, device: PtyDevice, data: Path):
        self.acknowledged: set[int] = set()
        self.sent = 0
        self._numbers = {}  # type: dict[bytes, int]
        self._device = device
        self._data = data
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        wait_until(lambda: (self._data / "journal.db").exists())
        reader = None
        while reader is None:
            try:
                reader = JournalReader(self._data)
            except Exception:  # killed before the tables were made
                time.sleep(0.01)
        seq, heard_s = 0, time.monotonic()
        with reader:
            while not self._stopping.is_set():
                for item in reader.after(seq):
                    seq, heard_s = item.seq, time.monotonic()
                    if item.raw in self._numbers:
                        self.acknowledged.add(self._numbers[item.raw])
                self._send(again=time.monotonic() - heard_s > 0.5)
                if time.monotonic() - heard_s > 0.5:
                    heard_s = time.monotonic()
                time.sleep(0.001)

    def _send(self, again: bool) -> None:
        missing = [n for n in range(self.sent) if n not in self.acknowledged]
        if again:
            for number in missing:
                self._write(number)
        for _ in range(WINDOW - len(missing)):
            self._numbers[beacon(self.sent)] = self.sent
            self._write(self.sent)
            self.sent += 1

    def _write(self, number: int) -> None:
        self._device.write(kiss_encode(beacon(number)))


def check(data: Path) -> None:
    with closing(sqlite3.connect(data / "journal.db")) as connection:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def test_kill(tmp_path: Path) -> None:
    chance = random.Random(20263)
    device = PtyDevice(tmp_path / "ttyUSB0")
    device.plug()
    write_config(tmp_path, device.url)
    data = tmp_path / "data"
    sender = Sender(device, data)
    try:
        for turn in range(KILLS):
            station = Process(tmp_path)
            if turn % 4 == 3:
                time.sleep(chance.uniform(0, 0.3))  # perhaps while it starts
            else:
                known = len(sender.acknowledged)
                wait_until(lambda: len(sender.acknowledged) > known, what="frames")  # noqa: B023
                time.sleep(chance.uniform(0, 0.05))
            station.kill()
            if turn % 20 == 0:
                check(data)
    finally:
        sender.stop()
        device.unplug()
    check(data)
    found = {item.raw for item in journal(data) if not item.damaged}
    assert len(sender.acknowledged) > 2 * KILLS
    assert not [n for n in sender.acknowledged if beacon(n) not in found]
    for item in journal(data):
        assert item.damaged or item.raw in sender._numbers, "a frame that was never sent"
