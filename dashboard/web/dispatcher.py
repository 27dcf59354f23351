"""Threads of the web server, as many as are needed at once."""

from __future__ import annotations

from typing import Any

from waitress.task import ThreadedTaskDispatcher

_AT_START = 8


class GrowingDispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Begins with a few threads and starts another one while all are busy, up to ``most``.

    Waitress gives each request to the thread that has rested longest. With hundreds of them every
    one keeps the memory of a page that it made once; what is open at once needs far fewer.
    """

    def __init__(self, most: int):
        super().__init__()
        self._most = most
        self._ending = False
        self.set_thread_count(min(_AT_START, most))

    def add_task(self, task: Any) -> None:
        """Queue a request, and see that a thread is free for it."""
        with self.lock:
            count = len(self.threads) - self.stop_count
            free = count - self.active_count
            more = len(self.queue) >= free and count < self._most and not self._ending
        if more:
            self.set_thread_count(count + 1)
        super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End all threads; no more are started."""
        self._ending = True
        return bool(super().shutdown(cancel_pending, timeout))
