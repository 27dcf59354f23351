"""A database that answers wrongly, half, or never: a scripted server in place of InfluxDB."""

from __future__ import annotations

import random
import time
from typing import Any

from tests.links.devices import wait_until
from tests.torture.account import account
from tests.torture.browser import percentile
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.scripted_influx import ANSWERS, CUT, HANG, ONE_BAD, ScriptedInflux
from tests.torture.world import World

SETTINGS = '[storage]\nkind = "influx"\nurl = "{url}"\nbucket = "school"\n'
#: A station must end within so long, whatever the database does, seconds.
_STOP_S = 3.0
_FRAMES = 20
#: Those that the server never takes are set apart; 400 and 413 mean the points themselves.
_SET_APART = (400, 413)


def run(scene: Scene) -> Outcome:
    """Each kind of answer while frames come, then a well server, ``times`` rounds."""
    chance, progress, outcome = scene.chance(), Progress("influx_answers", scene.times), Outcome()
    server, stops_s = ScriptedInflux(), list[float]()
    try:
        with World(scene.folder, more=SETTINGS.format(url=server.url)) as world:
            database = _Database(world, server, outcome)
            world.start()
            world.wait_for_pages()
            wait_until(lambda: server.asked, what="the database to be made")
            for turn in range(scene.times):
                for mode in (*ANSWERS, CUT, ONE_BAD, HANG):
                    database.fails(mode, chance)
                stops_s.append(database.hangs_at_the_stop())
                progress.at(turn)
            world.finish()
            account(world.data, world.sent, world.witness.told, world.browser, outcome)
            delays_s = world.browser.delays_s if world.browser else []
    finally:
        server.close()
    outcome.store = len(server.lines)
    outcome.expect(server.order == sorted(server.order), "points did not come oldest first")
    worst = max(stops_s)
    outcome.expect(worst < _STOP_S or not scene.is_long, f"it took {worst:.1f} s to stop")
    outcome.remark = (
        f"stopped within {worst:.1f} s while it hung; live pages {_ms(delays_s, 0.5)}, p99 "
        f"{_ms(delays_s, 0.99)} after sending; {database.apart:,} points set apart; "
        "in the store: points in the database"
    )
    return outcome


def _ms(values: list[float], share: float) -> str:
    return f"{percentile(values, share) * 1000:.0f} ms"


class _Database:
    """A station's database. ``taken`` and ``apart``: points that it must have, or never took."""

    def __init__(self, world: World, server: ScriptedInflux, outcome: Outcome):
        self.taken = self.apart = 0
        self._world, self._server, self._outcome = world, server, outcome

    def fails(self, mode: int | str, chance: random.Random) -> None:
        """Frames while the server is ``mode``, until it is well again."""
        world, server = self._world, self._server
        if mode == ONE_BAD:
            server.refuse_next = chance.randrange(1, _FRAMES)
        else:
            server.mode = mode
        asked = server.asked
        first = self._send()
        self._outcome.expect(_is_live(world, first), f"live pages waited for it ({mode})")
        wait_until(lambda: server.asked > asked, what=f"a request ({mode})")
        apart = _FRAMES if mode in _SET_APART else int(mode == ONE_BAD)
        self.apart += apart
        if apart:
            told = f"{self.apart} set apart"
            wait_until(lambda: told in _influx(world).get("set_apart", ""), what=told)
        elif mode != HANG:
            wait_until(lambda: _influx(world).get("error"), what=f"the error ({mode})")
        self._gets_well(_FRAMES - apart, str(mode))

    def hangs_at_the_stop(self) -> float:
        """Stop and start again; how long the stop took, seconds."""
        world, server = self._world, self._server
        server.mode, asked = HANG, server.asked
        self._send()
        wait_until(lambda: server.asked > asked, what="a request that hangs")
        began_s = time.monotonic()
        code = world.station.stop()
        took_s = time.monotonic() - began_s
        self._outcome.expect(code == 0, f"it ended with {code} while the database hung")
        server.released.set()
        world.start()
        world.wait_for_pages()
        self._gets_well(_FRAMES, "the stop")
        return took_s

    def _send(self) -> int:
        """Send frames, and wait until they are committed; the first of them."""
        first = max(self._world.sent, default=-1) + 1
        self._world.send(*range(first, first + _FRAMES))
        self._world.witness.wait_for(first + _FRAMES - 1, self._world.is_alive)
        return first

    def _gets_well(self, points: int, after: str) -> None:
        server = self._server
        self.taken += points
        server.mode = 204
        server.released.set()
        wait_until(lambda: len(server.lines) == self.taken, what=f"all points (after {after})")
        server.released.clear()


def _is_live(world: World, first: int) -> bool:
    """Whether the browser sees these frames while the database does not take them."""
    browser, deadline_s = world.browser, time.monotonic() + 30
    wanted = set(range(first, first + _FRAMES))
    while browser is not None and not wanted <= browser.seen.keys():
        if time.monotonic() > deadline_s:
            return False
        time.sleep(0.01)
    return True


def _influx(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.station.status().get("followers", {}).get("influx", {})
    return found


FAULT = Fault(
    "influx_answers",
    "a database answers 400, 401, 404, 413, 429, 500, 503, half, never, or refuses one point",
    run,
    short=1,
    long=20,
    unit="rounds",
)
