"""Threads of the web server: as many as are needed at once."""

from __future__ import annotations

import threading

from dashboard.web.dispatcher import GrowingDispatcher
from tests.links.devices import wait_until


class Task:
    """Holds its thread until it is let go."""

    def __init__(self, let_go: threading.Event | None = None):
        self.begun, self.done = threading.Event(), threading.Event()
        self._let_go = let_go

    def service(self) -> None:
        self.begun.set()
        if self._let_go is not None:
            self._let_go.wait()
        self.done.set()

    def cancel(self) -> None:
        self.done.set()


def test_it_grows_while_all_are_busy_and_no_further() -> None:
    dispatcher, let_go = GrowingDispatcher(most=20), threading.Event()
    for _ in range(200):  # one after the other
        task = Task()
        dispatcher.add_task(task)
        assert task.done.wait(60)
    few = len(dispatcher.threads)
    assert few <= 10
    long = [Task(let_go) for _ in range(15)]
    for task in long:
        dispatcher.add_task(task)
    assert all(task.begun.wait(60) for task in long)
    more = [Task(let_go) for _ in range(30)]
    for task in more:
        dispatcher.add_task(task)
    wait_until(lambda: sum(task.begun.is_set() for task in more) == 5)
    assert len(dispatcher.threads) == 20
    let_go.set()
    assert all(task.done.wait(60) for task in more)
    dispatcher.shutdown()
    dispatcher.add_task(Task())
    assert not dispatcher.threads
