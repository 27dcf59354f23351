"""The web server: waitress with a few threads for requests; live pages are handed over."""

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
from waitress.server import BaseWSGIServer, create_server

#: Threads that answer requests: more than cores, for some wait for a disk or a slow reader.
_THREADS = 16
#: Connections at most. Browsers keep some open that are not live pages, and a few hundred idle
#: ones must not shut others out.
CONNECTIONS = 4000
#: A connection that asks nothing is closed after so long, seconds; looked at so often.
_IDLE_S = 15
_LOOK_S = 3
#: Files and connections that the process may have open, where the system allows it.
_DESCRIPTORS = 8192
#: What waits for one slow browser before its answer pauses and so holds a thread, bytes: more than
#: any page or script has.
_HIGH_WATER = 1 << 18
_PARENT_POLL_S = 0.5
#: Connections that are taken before others have their turn.
_TOGETHER = 100
#: How long one thread computes while others wait for their turn, seconds (5 ms by default): the one
#: that tells live pages gives its turn away at each page, and would wait for a turn at each.
_TURN_S = 0.0005


def listen(app: Flask, host: str, port: int) -> Any:
    """A server bound to its port, whose ``run()`` serves until the process is told to end.

    Raises OSError when the port cannot be had.
    """
    _allow_descriptors()
    sys.setswitchinterval(_TURN_S)
    sockets: dict[int, Any] = {}
    server = create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        threads=_THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=_IDLE_S,
        cleanup_interval=_LOOK_S,
        # select() knows no descriptor above 1023.
        asyncore_use_poll=True,
        outbuf_high_watermark=_HIGH_WATER,
        ident="",
    )
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            _accept_together(each)
    return server


def _accept_together(server: BaseWSGIServer) -> None:
    """Take all who wait at the door: waitress takes one, and looks at every connection before the
    next, so that a page would wait seconds behind a thousand who only connect."""
    accept = server.handle_accept

    def accept_all() -> None:
        for _ in range(_TOGETHER):
            before = len(server.active_channels)
            accept()
            if len(server.active_channels) == before:
                return

    server.handle_accept = accept_all


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


def end_on_signals() -> None:
    """SIGTERM and Ctrl-C end the process in order."""

    def end(*_: object) -> None:
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
