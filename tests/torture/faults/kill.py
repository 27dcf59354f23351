"""Kill -9 of the station, of its dashboard, of both, at random moments while frames arrive."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import suppress

from dashboard.data.tail import MOST_REPLAYED
from tests.links.devices import wait_until
from tests.torture.account import account
from tests.torture.browser import percentile
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.world import World, last_seq

#: Frames that the sender has on the way at most, and its pause after some: 100 to 200 a second.
_WINDOW, _PAUSE_S = 10, 0.05
#: Who is killed, in turn: a dashboard several times in a row, as one that somebody's pages crash.
_WHOM = (*4 * ("dashboard",), "station", "both", "station", "both", "both", "station")
#: A killed dashboard must answer again within so long, seconds.
_BACK_S = 5.0


class _Sender:
    """Sends 0, 1, 2, ...; after a silence again what was not acknowledged, from the oldest on."""

    def __init__(self, world: World):
        self._world = world
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        told, heard_s, known, missing = self._world.witness.told, time.monotonic(), 0, set[int]()
        count = 0
        while not self._stopping.is_set():
            missing -= told
            if len(told) > known:
                known, heard_s = len(told), time.monotonic()
            elif time.monotonic() - heard_s > 0.5:
                heard_s = time.monotonic()
                self._world.send(*sorted(missing))
            fresh = range(count, count + _WINDOW - len(missing))
            if fresh:
                missing.update(fresh)
                count = fresh.stop
                self._world.send(*fresh)
            time.sleep(_PAUSE_S)


def run(scene: Scene) -> Outcome:
    """Whoever is killed must go on, and have lost nothing that it told."""
    chance, progress = scene.chance(), Progress("kill", scene.times)
    outcome, back_s = Outcome(), list[float]()
    with World(scene.folder) as world:
        world.start()
        world.wait_for_pages()
        sender = _Sender(world)
        try:
            for turn in range(scene.times):
                _one(world, chance, _WHOM[turn % len(_WHOM)], back_s, outcome)
                progress.at(turn)
            world.wait_for_pages()
        finally:
            sender.stop()
        world.station.wait_open()
        code = world.finish()
        account(world.data, world.sent, world.witness.told, world.browser, outcome)
    outcome.expect(code == 0, f"the station ended with {code}")
    worst = max(back_s, default=0.0)
    outcome.expect(
        worst <= _BACK_S or not scene.is_long,
        f"a killed dashboard was back after {worst:.1f} s only",
    )
    median = percentile(back_s, 0.5)
    outcome.remark = f"a killed dashboard was back after {median:.1f} s, at most {worst:.1f} s"
    return outcome


def _one(
    world: World, chance: random.Random, whom: str, back_s: list[float], outcome: Outcome
) -> None:
    _wait_for_browser(world)
    time.sleep(chance.uniform(0.0, 0.4))  # perhaps while something starts
    dashboard = world.dashboard()
    if whom != "station" and dashboard is not None:
        with suppress(ProcessLookupError):
            os.kill(dashboard, signal.SIGKILL)
    began_s = time.monotonic()
    if whom == "dashboard":
        world.wait_for_pages()
        back_s.append(time.monotonic() - began_s)
        return
    world.station.kill()
    world.start(wait=False)
    known = len(world.witness.told)
    deadline_s = time.monotonic() + 60
    while len(world.witness.told) == known and time.monotonic() < deadline_s:
        if not world.is_alive():  # as systemd would
            outcome.expect(False, f"the station did not start: {world.station.log()[-300:]}")
            world.start(wait=False)
        time.sleep(0.005)


def _wait_for_browser(world: World) -> None:
    """One that missed MOST_REPLAYED receptions begins anew, by design: kills that each come just
    when it is back do not keep it out so long."""
    browser = world.browser
    if browser is not None:
        wait_until(
            lambda: last_seq(world.data) - (browser.last_id or 0) < MOST_REPLAYED // 2,
            what="the browser",
        )


FAULT = Fault(
    "kill",
    "kill -9 of the station, of the dashboard, of both, in turn, while frames arrive",
    run,
    short=10,
    long=1000,
)
