"""The dashboard as a child process: started again when it fails, and ended with the station."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from groundstation.unbroken import unbroken

#: Pauses before it is started again double from the first to the second while it cannot start;
#: after one that served pages they begin small again: a killed dashboard is back within seconds.
RETRY_S = (0.2, 30.0)
#: Time to end by itself before it is killed.
_STOP_WAIT_S = 3.0
_LOOK_S = 0.2


class DashboardProcess:
    """Keeps ``command`` running. The child's standard input is a pipe that nothing is written to:

    when the station ends, however it ends, the pipe closes, and the child knows. A word on its
    standard output says that it serves.
    """

    def __init__(self, command: Sequence[str], say: Callable[[str], None] = lambda text: None):
        self._command = list(command)
        self._say = unbroken(say)
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="dashboard", daemon=True)

    def start(self) -> None:
        """Start the child."""
        self._thread.start()

    def end(self) -> None:
        """Begin to end the child, without waiting for it."""
        self._stopping.set()

    def stop(self) -> None:
        """End the child."""
        self.end()
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def pid(self) -> int | None:
        """The child's process number, None while there is none."""
        child = self._child
        return child.pid if child else None

    def _run(self) -> None:
        pause_s = RETRY_S[0]
        while not self._stopping.is_set():
            code, served = self._run_once()
            if self._stopping.is_set():
                return
            if served:
                pause_s = RETRY_S[0]
            self._say(f"the dashboard ended ({code}); it starts again in {pause_s:g} s")
            self._stopping.wait(pause_s)
            pause_s = min(RETRY_S[1], 2 * pause_s)

    def _run_once(self) -> tuple[str, bool]:
        """Run the child until it ends or the station stops: how it ended, whether it served."""
        try:
            # A session of its own: Ctrl-C is for the station, which then ends the child in order.
            child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            return str(error), False
        self._child = child
        try:
            while child.poll() is None and not self._stopping.wait(_LOOK_S):
                pass
            return f"code {_end(child)}", _has_served(child)
        except Exception as error:
            return repr(error), False
        finally:
            # Whatever happened while waiting: it is not left alone, or the next one finds no port.
            _kill(child)
            self._child = None


def _environment() -> dict[str, str]:
    """Ours, but no module is looked for in the current folder: an empty or relative entry of
    PYTHONPATH would run somebody's ``dashboard/`` that lies there."""
    environment = dict(os.environ)
    entries = environment.pop("PYTHONPATH", "").split(os.pathsep)
    if absolute := [entry for entry in entries if Path(entry).is_absolute()]:
        environment["PYTHONPATH"] = os.pathsep.join(absolute)
    return environment


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Make sure that ``child`` has ended, now."""
    _close_input(child)
    if child.poll() is None:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _has_served(child: subprocess.Popen[bytes]) -> bool:
    """Whether a child that has ended had said so."""
    return child.stdout is not None and bool(child.stdout.read(1))


def _close_input(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        with contextlib.suppress(OSError):
            child.stdin.close()


def _end(child: subprocess.Popen[bytes]) -> int:
    """End ``child``, gently if possible; returns its exit code."""
    _close_input(child)
    if child.poll() is None:
        child.terminate()
    try:
        return child.wait(_STOP_WAIT_S)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()
