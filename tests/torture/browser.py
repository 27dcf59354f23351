"""A browser that listens to the live stream, and comes back when it breaks, as browsers do."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

from tests.dashboard.sse import Event, EventStream

#: What the server tells a browser to wait: ``retry: 1000``. Here a tenth of it.
_RETRY_S = 0.1


class Browser:
    """``seen``: how often each beacon's event came, ``seqs``: each reception's.

    ``first_id``: the newest reception when the page was opened; ``anew``: how often it began anew,
    with a hole; ``disorder``: events whose number was not above the one before. ``delays_s``: from
    ``sent_s`` (by beacon, where the sender notes it) to the event.
    """

    def __init__(self, port: int, sent_s: dict[int, float] | None = None):
        self.seen: Counter[int] = Counter()
        self.seqs: Counter[int] = Counter()
        self.anew = self.disorder = 0
        self.first_id: int | None = None
        self.last_id: int | None = None
        self.delays_s: list[float] = []
        self._port = port
        self._sent_s = {} if sent_s is None else sent_s
        self._stopping = threading.Event()
        self._stream: EventStream | None = None
        self._thread = threading.Thread(target=self._run, name="browser", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the page."""
        self._stopping.set()
        self._thread.join()

    def wait_for_id(self, seq: int, seconds: float = 60) -> bool:
        """Until the event of reception ``seq`` or a later one was seen."""
        deadline = time.monotonic() + seconds
        while (self.last_id or 0) < seq and time.monotonic() < deadline:
            time.sleep(0.01)
        return (self.last_id or 0) >= seq

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with EventStream(self._port, self.last_id, timeout_s=15) as stream:
                    if stream.status == 200:
                        self._listen(stream)
            except (OSError, IndexError, ValueError):
                pass  # it is not there, or went away in the middle
            self._stopping.wait(_RETRY_S)

    def _listen(self, stream: EventStream) -> None:
        while not self._stopping.is_set():
            self._take(stream.next())

    def _take(self, event: Event) -> None:
        if event.id is None:
            return
        if event.name == "snapshot":
            self.anew += self.last_id is not None
            self.first_id = event.id if self.first_id is None else self.first_id
            for record in event.data["frames"]:  # those that came before the page was opened
                if record["seq"] not in self.seqs:
                    self._count(record)
        else:
            self.disorder += self.last_id is not None and event.id <= self.last_id
            self._count(event.data)
        self.last_id = event.id

    def _count(self, record: Any) -> None:
        self.seqs[record["seq"]] += 1
        uptime = record["values"].get("uptime")
        if uptime is None:
            return
        number = int(uptime["raw"])
        self.seen[number] += 1
        if (sent_s := self._sent_s.pop(number, None)) is not None:
            self.delays_s.append(time.monotonic() - sent_s)


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the ``values`` lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0
