"""The web server: waitress with a thread for each live page that is open, and for each request."""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress.server import create_server

from dashboard.web.dispatcher import GrowingDispatcher
from dashboard.web.live import MAX_LISTENERS

#: Threads that answer ordinary requests while every listener is taken.
SPARE_THREADS = 8
#: Connections at most. Browsers keep some open that are not live pages, and a few hundred idle
#: ones must not shut others out.
CONNECTIONS = 4000
#: A connection that asks nothing is closed after so long, seconds; looked at so often.
_IDLE_S = 15
_LOOK_S = 3
#: Files and connections that the process may have open, where the system allows it.
_DESCRIPTORS = 8192
#: What waits for one slow browser before its answer pauses, bytes. Waitress also keeps what was
#: sent until a stream has filled so much: a thousand streams must fit into memory.
_HIGH_WATER = 1 << 15
_PARENT_POLL_S = 0.5


def listen(app: Flask, host: str, port: int) -> Any:
    """A server bound to its port, whose ``run()`` serves until the process is told to end.

    Raises OSError when the port cannot be had.
    """
    _allow_descriptors()
    return create_server(
        app,
        host=host,
        port=port,
        threads=MAX_LISTENERS + SPARE_THREADS,
        _dispatcher=GrowingDispatcher(MAX_LISTENERS + SPARE_THREADS),
        connection_limit=CONNECTIONS,
        channel_timeout=_IDLE_S,
        cleanup_interval=_LOOK_S,
        # select() knows no descriptor above 1023.
        asyncore_use_poll=True,
        # So that a stream can ask whether its browser is still there.
        channel_request_lookahead=1,
        outbuf_high_watermark=_HIGH_WATER,
        ident="",
    )


def _allow_descriptors() -> None:
    """Each connection is a descriptor; systems give a process 1024 if it does not ask for more."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _DESCRIPTORS)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def end_on_signals(begin: Callable[[], None]) -> None:
    """SIGTERM and Ctrl-C end the process in order; ``begin`` is called first.

    Live streams must end then, for the server waits for their threads.
    """

    def end(*_: object) -> None:
        begin()
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def end_with_parent(parent_pid: int | None) -> None:
    """End this process when the station that started it is gone.

    It is gone when the pipe that it gave as standard input closes, or, with ``parent_pid``, when
    that process is no longer our parent.
    """
    if parent_pid is not None:
        _watch(lambda: _await_orphanhood(parent_pid))
    if sys.stdin is not None and stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        _watch(_await_end_of_pipe)


def _watch(wait: Callable[[], None]) -> None:
    def run() -> None:
        wait()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=run, name="parent-watch", daemon=True).start()


def _await_orphanhood(parent_pid: int) -> None:
    while os.getppid() == parent_pid:
        time.sleep(_PARENT_POLL_S)


def _await_end_of_pipe() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
