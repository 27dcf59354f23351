"""A program of the operator's that is run at AOS, at LOS and on an alarm.

It gets the event as JSON on its standard input and in environment variables; no shell sees any of
it, so that nothing that a spacecraft sent can be an order. Events wait for each other in a thread
of their own, and a program that hangs is ended: reception never waits.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import IO, TypeAlias

from groundstation.config import Config
from groundstation.unbroken import Mistakes, unbroken

#: Events that wait for the program; the oldest of more go.
MOST_WAITING = 100
#: Of what the program prints: bytes that are read, and lines that are told.
MOST_OUTPUT, MOST_LINES = 65_536, 20
#: Characters of one text of an event: all of it fits into a pipe.
MOST_TEXT = 1000
_PREFIX = "GROUNDSTATION_"
#: How long a program that was told to end has for it, seconds.
_GRACE_S = 1.0
#: How often it is looked whether the station stops, seconds.
_LOOK_S = 0.2

Event: TypeAlias = Mapping[str, str | int | float | bool | None]


class Hooks:
    """Runs the program of ``config`` for each event; without one it does nothing.

    ``say`` gets what the program prints, and what went wrong.
    """

    def __init__(self, config: Config, say: Callable[[str], None]):
        self._program = list(config.hooks.program)
        self._timeout_s = config.hooks.timeout_s
        # Their names stand in the settings; what they hold is not the program's.
        self._secret = {config.storage.token_env, config.notify.urls_env}
        self._say = unbroken(say)
        self._mistakes = Mistakes("hooks", say)
        self._waiting: deque[Event] = deque()
        self._news = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="hooks", daemon=True)

    def start(self) -> None:
        """Begin to run the program, where there is one."""
        if self._program:
            self._thread.start()

    def stop(self) -> None:
        """End it, and the program; what waits is not run."""
        with self._news:
            self._stopping = True
            self._waiting.clear()
            self._news.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def hear(self, event: Event) -> None:
        """Run the program for ``event`` when it is free; returns at once."""
        if not self._program:
            return
        event = {name: _short(value) for name, value in event.items()}
        with self._news:
            if len(self._waiting) >= MOST_WAITING:
                lost = self._waiting.popleft()
                self._say(f"hooks: the program is too slow: {lost.get('event')} was left out")
            self._waiting.append(event)
            self._news.notify_all()

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopping or self._waiting)
                if self._stopping:
                    return
                event = self._waiting.popleft()
            self._mistakes.attempt(lambda e=event: self._run_once(e))  # type: ignore[misc]  # bound now

    def _run_once(self, event: Event) -> None:
        data = json.dumps(event, ensure_ascii=False, allow_nan=False).encode()
        try:
            child = subprocess.Popen(
                self._program,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=self._environment(event),
                start_new_session=sys.platform != "win32",
            )
        except (OSError, ValueError) as error:
            self._say(f"hooks: {self._program[0]} cannot be run: {error}")
            return
        assert child.stdin is not None
        assert child.stdout is not None
        output = _Output(child.stdout)
        output.start()
        _feed(child.stdin, data)
        code = self._wait(child)
        output.join(_GRACE_S)
        self._tell(output, code)

    def _wait(self, child: subprocess.Popen[bytes]) -> int:
        """Its exit code; 0 where it was ended."""
        end_s = time.monotonic() + self._timeout_s
        while not self._stopping and time.monotonic() < end_s:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(min(_LOOK_S, max(0.0, end_s - time.monotonic())))
        _end(child)
        if not self._stopping:
            self._say(f"hooks: {self._program[0]} took more than {self._timeout_s:g} s: ended")
        return 0

    def _tell(self, output: _Output, code: int) -> None:
        lines = output.text().splitlines()
        for line in lines[:MOST_LINES]:
            self._say(f"hooks: {line}")
        if len(lines) > MOST_LINES:
            self._say(f"hooks: and {len(lines) - MOST_LINES} more lines")
        if code and not self._stopping:
            self._say(f"hooks: {self._program[0]} ended with code {code}")

    def _environment(self, event: Event) -> dict[str, str]:
        ours = {name: text for name, text in os.environ.items() if name not in self._secret}
        told = {
            f"{_PREFIX}{name.upper()}": _plain(str(value))
            for name, value in event.items()
            if value is not None
        }
        return {**ours, **told}


class _Output(threading.Thread):
    """Reads what a program prints, and keeps the beginning of it."""

    def __init__(self, pipe: IO[bytes]):
        super().__init__(name="hook output", daemon=True)
        self._pipe = pipe
        self._kept = bytearray()

    def run(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(self._pipe.fileno(), 4096):
                self._kept += chunk[: MOST_OUTPUT - len(self._kept)]
            self._pipe.close()

    def text(self) -> str:
        """What was kept, without what a terminal would obey."""
        lines = bytes(self._kept).decode("utf-8", "replace").splitlines()
        return "\n".join(_plain(line) for line in lines)


def _feed(pipe: IO[bytes], data: bytes) -> None:
    """Give a program its input; one that does not read it may."""
    with contextlib.suppress(OSError):
        # Shorter than what a pipe holds (64 KiB on Linux), so that this does not wait.
        pipe.write(data)
        pipe.flush()
    with contextlib.suppress(OSError):
        pipe.close()


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a program and what it started."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    if child.poll() is None:
        child.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_GRACE_S)


def _short(value: str | int | float | bool | None) -> str | int | float | bool | None:
    return value[:MOST_TEXT] if isinstance(value, str) else value


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
