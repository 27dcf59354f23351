"""A link: one thread that opens a port, reads it, and opens it again whenever it vanishes."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from groundstation.clock import Clock
from groundstation.errors import LinkError

#: A port's ``read`` returns within this time, so that a link can be stopped at any moment.
READ_WAIT_S = 0.2
#: How long ``stop`` waits for a thread without an open port. One that hangs in the system (in a
#: name look-up, say) holds no bytes, and is left behind.
STOP_WAIT_S = 0.8
#: How long it waits for one that may have bytes in hand: longer only when the disk is slow.
STOP_WAIT_OPEN_S = 10.0
#: A connection that brought no frame must have lasted so long to be a good one.
WELL_S = 5.0


class LinkEnded(Exception):  # noqa: N818 - an end, like StopIteration, not an error
    """There will be no more bytes: a recording was read to its end. The message tells the rest."""


class Port(Protocol):
    """An open device."""

    def read(self) -> bytes:
        """Bytes that came, or ``b""`` after READ_WAIT_S; raises LinkError or LinkEnded.

        Bytes that came before the device vanished are returned before LinkError is raised.
        """
        ...

    def close(self) -> None:
        """Let go of the device; never raises."""
        ...


#: Opens the device, or raises LinkError. Called again after each loss.
Opener = Callable[[], Port]


class Receiver(Protocol):
    """Who takes the bytes of a link; all calls come from the link's thread.

    ``frames``: how many it has found in them.
    """

    frames: int

    def ready(self) -> bool:
        """False: do not read now (the bytes wait in the operating system)."""
        ...

    def take(self, data: bytes) -> None:
        """The next bytes of the stream."""
        ...

    def interrupted(self) -> None:
        """The stream broke here: what comes next does not continue what came before."""
        ...


@dataclass(frozen=True, slots=True)
class LinkState:
    """What a link does now. ``state`` is waiting, open or ended; ``detail`` says why, if it waits.

    ``last_byte_us``: station time of the last byte, or None. ``bytes``: how many came in all.
    """

    state: str = "waiting"
    detail: str = ""
    last_byte_us: int | None = None
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses between attempts to open: doubling from ``first_s`` to ``most_s``, with jitter."""

    first_s: float = 0.5
    most_s: float = 10.0

    def pause_s(self, attempt: int) -> float:
        """The pause after failed attempt 0, 1, 2, ...; jitter keeps links from marching in step."""
        full = min(self.most_s, self.first_s * 2.0 ** min(attempt, 30))
        return max(self.first_s, full * random.uniform(0.7, 1.0))


class Link:
    """Reads one device for ever, in a thread of its own.

    ``changed`` is called (in that thread) when the state changes, not for each byte.
    """

    def __init__(
        self,
        name: str,
        open_port: Opener,
        receiver: Receiver,
        *,
        clock: Clock | None = None,
        changed: Callable[[LinkState], None] = lambda state: None,
        backoff: Backoff | None = None,
    ):
        self.name = name
        self.state = LinkState()
        self._open_port = open_port
        self._receiver = receiver
        self._clock = clock or Clock()
        self._changed = changed
        self._backoff = backoff or Backoff()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"link {name}", daemon=True)

    def start(self) -> None:
        """Begin to open and read."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and close the port; returns within a second, unless the disk is slow."""
        self._stopping.set()
        is_open = self.state.state == "open"
        if self._thread.ident is not None:
            self._thread.join(STOP_WAIT_OPEN_S if is_open else STOP_WAIT_S)

    def __repr__(self) -> str:
        return f"Link({self.name!r}, {self.state})"

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            frames_before, began_s = self._receiver.frames, time.monotonic()
            bytes_before = self.state.bytes
            try:
                self._read_until_lost()
            except LinkEnded as end:
                self._enter("ended", str(end))
                return
            except LinkError as error:
                self._enter("waiting", str(error))
            except Exception as error:
                # A mistake in this program must not end reception: say it and go on.
                self._enter("waiting", f"a mistake in the program: {error!r}; please report it")
            # A device that opens but never says a word is as good as absent: pause longer. So is
            # one that breaks off at once, again and again, before a single frame.
            lasted = time.monotonic() - began_s >= WELL_S and self.state.bytes > bytes_before
            failures = 0 if lasted or self._receiver.frames > frames_before else failures + 1
            self._stopping.wait(self._backoff.pause_s(max(0, failures - 1)))

    def _read_until_lost(self) -> None:
        port = self._open_port()
        try:
            self._enter("open", "")
            while not self._stopping.is_set():
                if self._receiver.ready():
                    self._take(port.read())
                else:
                    self._stopping.wait(READ_WAIT_S)
        finally:
            port.close()
            self._receiver.interrupted()

    def _take(self, data: bytes) -> None:
        if data:
            self.state = replace(
                self.state,
                last_byte_us=self._clock.now_us(),
                bytes=self.state.bytes + len(data),
            )
            self._receiver.take(data)

    def _enter(self, state: str, detail: str) -> None:
        if (state, detail) != (self.state.state, self.state.detail):
            self.state = replace(self.state, state=state, detail=detail)
            # Who listens no more must not end reception.
            with contextlib.suppress(Exception):
                self._changed(self.state)
