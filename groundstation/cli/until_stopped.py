"""For commands that run until they are told to stop: signals, messages, and how starting fails."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from groundstation.errors import StationError
from groundstation.systemd import writes_to_the_journal


def tell(text: str) -> None:
    """One message for the operator, with the time, on standard error.

    Under systemd without it: its journal has the time of each line.
    """
    stamp = "" if writes_to_the_journal() else f"{time.strftime('%H:%M:%S')} "
    click.echo(f"{stamp}{text}", err=True)


class CannotStart(click.ClickException):
    """Something stands in the way of starting: one sentence, exit code 2."""

    exit_code = 2


@contextmanager
def starting() -> Iterator[None]:
    """Turn what keeps a station from starting into one sentence on standard error."""
    try:
        yield
    except StationError as error:
        raise CannotStart(str(error)) from error


def stop_on_signals() -> threading.Event:
    """An event that Ctrl-C, SIGTERM and a closed terminal set; a second Ctrl-C ends at once."""
    stop, interrupted = threading.Event(), threading.Event()

    def stopping(number: int, frame: object) -> None:
        stop.set()
        if number == signal.SIGINT:
            if interrupted.is_set():
                raise KeyboardInterrupt
            interrupted.set()

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stopping)
    return stop
