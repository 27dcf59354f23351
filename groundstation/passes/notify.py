"""Tell people that a pass comes: by e-mail, messenger or web hook, through the library Apprise.

An optional part: ``pip install "nanosat-groundstation[notify]"``. Addresses are secrets and live in
an environment variable, separated by blanks, as https://github.com/caronc/apprise writes them.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from groundstation.config import Config
from groundstation.errors import NotifyError
from groundstation.unbroken import unbroken

if TYPE_CHECKING:
    from groundstation.tracking.planner import PassPlan, PlannedPass

#: A message that could not be sent is tried again after so long, until AOS; real seconds.
_RETRY_S = 60.0
#: Messages at once; more are a mistake of the settings, and would wait for each other.
_MOST_SENDING = 4


@dataclass(slots=True)
class _Told:
    """A pass and the addresses that it still has to be told to; None: to all."""

    planned: PlannedPass
    left: list[str] | None = None
    again_s: float = 0.0
    #: A thread is at it, however long the network takes: nobody is told twice.
    sending: bool = False


class Announcer:
    """Hears of the schedule at each step, and sends in threads of its own: the network may hang.

    ``say`` tells the operator what went wrong, once for each reason.
    """

    def __init__(self, config: Config, say: Callable[[str], None]) -> None:
        self._settings = config.notify
        self._language = config.notify.language or config.dashboard.language
        self._zone_name = config.timezone
        self._say = unbroken(say)
        self._told: list[_Told] = []
        self._said: set[str] = set()
        self._free = threading.Semaphore(_MOST_SENDING)

    def hear(self, plan: PassPlan, now: datetime) -> None:
        """Tell of passes that begin soon; each once."""
        if not self._settings.urls_env:
            return
        self._told = [item for item in self._told if item.planned.los > now]
        soon = now + timedelta(minutes=self._settings.minutes_before)
        for planned in plan.passes:
            if now < planned.aos <= soon and self._is_high(planned):
                self._tell(planned, plan.doubt, now)

    def _is_high(self, planned: PlannedPass) -> bool:
        return planned.one.max_elevation_deg >= self._settings.min_elevation_deg

    def _tell(self, planned: PlannedPass, doubt: str | None, now: datetime) -> None:
        told = next((item for item in self._told if item.planned.same(planned)), None)
        if told is None:
            told = _Told(planned)
            self._told.append(told)
        if told.sending or told.left == [] or time.monotonic() < told.again_s:
            return
        if not self._free.acquire(blocking=False):
            return
        told.sending = True
        work = threading.Thread(
            target=self._work, args=(told, doubt, now), name="notify", daemon=True
        )
        work.start()

    def _work(self, told: _Told, doubt: str | None, now: datetime) -> None:
        try:
            title, body = self.message(told.planned, doubt, now)
            variable = self._settings.urls_env
            told.left = send_to_all(variable, told.left, title, body, self._complain)
        except NotifyError as error:
            self._complain(str(error))
        except Exception as error:
            # Its words may quote an address, and those are secrets.
            self._complain(f"a mistake in the program: {type(error).__name__}; please report it")
        finally:
            told.again_s = time.monotonic() + _RETRY_S
            told.sending = False
            self._free.release()

    def _complain(self, problem: str) -> None:
        if problem not in self._said:
            self._said.add(problem)
            self._say(f"somebody could not be told of a pass: {problem}")

    def message(self, planned: PlannedPass, doubt: str | None, now: datetime) -> tuple[str, str]:
        """Title and text in the language of the settings."""
        from zoneinfo import ZoneInfo

        from groundstation.orbit.where_to_look import look_there
        from groundstation.words.language import in_language

        words = in_language(self._language)
        zone = ZoneInfo(self._zone_name)
        title = words(
            "%(name)s in %(minutes)s min, up to %(height)s°",
            name=planned.wanted.name,
            minutes=max(1, round((planned.aos - now).total_seconds() / 60)),
            height=f"{planned.one.max_elevation_deg:.0f}",
        )
        body = look_there(planned.one, zone, words)
        if planned.wanted.simulated:
            title = f"{words('SIMULATED')}: {title}"
        return title, body if doubt is None else f"{body}\n{doubt}"


def send_to_all(
    variable: str,
    left: list[str] | None,
    title: str,
    body: str,
    complain: Callable[[str], None],
) -> list[str]:
    """Send a message to the addresses in the environment ``variable``, of which those ``left``
    (None: all) have still to get it; returns who has still to be told after that.

    ``complain`` hears which address did not take it and why. Raises NotifyError where there is no
    address at all.
    """
    urls = os.environ.get(variable, "").split()
    if not urls:
        raise NotifyError(f"the environment variable {variable} is empty")
    failed = []
    for number, url in enumerate(urls, 1):
        if left is None or url in left:
            try:
                send(url, title, body)
            except NotifyError as error:
                complain(f"address {number} of {len(urls)}: {error}")
                failed.append(url)
    return failed


def send(url: str, title: str, body: str) -> None:
    """Send a message. Raises NotifyError, which never quotes ``url``: it holds a password."""
    try:
        import apprise
    except ImportError:
        raise NotifyError(
            'the library Apprise is not installed: pip install "nanosat-groundstation[notify]"'
        ) from None
    sender = apprise.Apprise()
    if not sender.add(url):
        raise NotifyError("Apprise does not know this kind of address")
    if not sender.notify(title=title, body=body):
        raise NotifyError("the message was not taken (is the network there?)")
