"""The station as processes, its device, and those who watch: what most faults begin with."""

from __future__ import annotations

import os
import signal
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from decoders.framing.kiss import kiss_encode
from groundstation.errors import StoreError
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.links.devices import wait_until
from tests.peers import free_port
from tests.station.frames import beacon
from tests.station.running import Process, ask, children, write_config
from tests.torture.browser import Browser
from tests.torture.device import WanderingDevice
from tests.torture.witness import Witness


class World:
    """One station with a serial device, a witness and a browser, in an empty ``folder``.

    ``sent``: how often each beacon was written; ``more``: further settings.
    """

    def __init__(self, folder: Path, *, more: str = "", pages: bool = True):
        self.folder, self.data = folder, folder / "data"
        self.device = WanderingDevice(folder / "usb-TNC-if00")
        self.port = free_port()
        self.pages = pages
        self.sent: Counter[int] = Counter()
        self.sent_s: dict[int, float] = {}
        self.environment: dict[str, str] = {}
        write_config(folder, self.device.url, more=more)
        self.browser: Browser | None = None
        self._stack = ExitStack()
        self._processes: list[Process] = []

    def __enter__(self) -> Self:
        self.device.plug()
        self._stack.callback(self.device.close)
        self.witness = Witness(self.data)
        self._stack.callback(self.witness.stop)
        if self.pages:
            self.browser = Browser(self.port, self.sent_s)
            self._stack.callback(self.browser.stop)
        self._stack.callback(self._end)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def station(self) -> Process:
        """The station that runs, or ran last."""
        return self._processes[-1]

    def start(self, *, wait: bool = True) -> Process:
        """Start the station, and wait until it reads its device."""
        arguments = ["--port", str(self.port)] if self.pages else ["--no-dashboard"]
        for process in self._processes:
            process.kill()
        process = Process(self.folder, *arguments, environment=self.environment)
        self._processes = [process]
        if wait:
            process.wait_open()
        return process

    def is_alive(self) -> bool:
        """Whether the station runs."""
        return self.station.popen.poll() is None

    def dashboard(self) -> int | None:
        """The number of the dashboard's process, or None."""
        with suppress(OSError):
            return next(iter(children(self.station.popen.pid)), None)
        return None

    def status(self) -> Any:
        """What the dashboard says of the station, None while it does not answer."""
        return ask(self.port, "/api/v1/status")

    def wait_for_pages(self, seconds: float = 60) -> None:
        """Until the dashboard answers, and the browser has its first page."""
        wait_until(self.status, seconds, "the dashboard")
        if self.browser is not None:
            wait_until(lambda: self.browser.last_id is not None, seconds, "the browser")

    def send(self, *numbers: int) -> bytes:
        """Write these beacons in one go; returns the bytes."""
        stream = b"".join(kiss_encode(beacon(number)) for number in numbers)
        self.note(*numbers)
        self.device.write(stream)
        return stream

    def note(self, *numbers: int) -> None:
        """These are sent now."""
        self.sent.update(numbers)
        now_s = time.monotonic()
        self.sent_s.update((number, now_s) for number in numbers)

    def settle(self, seconds: float = 120) -> None:
        """Until all that is in the journal is interpreted, and the browser has seen it."""
        wait_until(lambda: is_interpreted(self.data), seconds, "the interpreter")
        if self.browser is not None:
            self.browser.wait_for_id(last_seq(self.data), seconds)

    def finish(self) -> int:
        """Settle, and end the station as an operator would; its exit code."""
        if self.sent:
            self.witness.wait_for(max(self.sent), self.is_alive)
        self.settle()
        return self.station.stop()

    def _end(self) -> None:
        for process in self._processes:
            process.kill()


def load(port: int, path: str) -> str:
    """A page of the dashboard."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        text: str = answer.read().decode()
    return text


def last_seq(data: Path) -> int:
    """The newest reception of a journal."""
    with JournalReader(data) as journal:
        return journal.last_seq()


def is_interpreted(data: Path) -> bool:
    """Whether the store has all that the journal has, and nothing is to be made anew."""
    try:
        with closing(TelemetryReader(data)) as reader:
            place = reader.place()
    except StoreError:
        return False
    return place.seq == last_seq(data) and not place.backlog and not place.again


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """The process stands still meanwhile, wherever it is."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
