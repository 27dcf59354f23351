"""InfluxDB itself is down for a third of the time, and then killed again and again in a batch."""

from __future__ import annotations

import itertools
import random
import threading
import time
from contextlib import suppress
from typing import Any

from tests.links.devices import wait_until
from tests.station.frames import SATELLITE
from tests.storage.servers import InfluxServer
from tests.torture.account import account, some
from tests.torture.browser import percentile
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.faults.influx_answers import SETTINGS
from tests.torture.world import World

_DATABASE = "school"
#: Frames written at once, the most that may be on the way, and kills of the server.
_AT_ONCE, _WINDOW, _KILLS = 100, 1000, 6


def run(scene: Scene) -> Outcome:
    """``times`` frames: each is in the database once, in order of its number."""
    outcome = Outcome()
    server_folder = scene.folder / "influx"
    server_folder.mkdir()
    server = InfluxServer(server_folder)
    try:
        with World(scene.folder, more=SETTINGS.format(url=server.url)) as world:
            world.start()
            world.wait_for_pages()
            lag = _send_while_it_fails(world, server, scene)
            wait_until(lambda: _influx(world).get("seq") == scene.times, 600, "the database")
            wait_until(lambda: _influx(world).get("lag") == 0)
            # Frames that came before the interpreter began are history, which is written anew.
            with suppress(AssertionError):
                wait_until(lambda: _is_all_there(world, server, scene.times), 120, "history")
            world.finish()
            account(world.data, world.sent, world.witness.told, world.browser, outcome)
            delays_s = world.browser.delays_s if world.browser else []
        outcome.store = _check_database(server, scene.times, outcome)
    finally:
        server.close()
    outcome.expect(lag > 0, "the lag was never shown")
    outcome.remark = (
        f"at most {lag:,} frames behind; live pages {percentile(delays_s, 0.5) * 1000:.0f} ms "
        "(median) after sending; in the store: points in the database"
    )
    return outcome


def _send_while_it_fails(world: World, server: InfluxServer, scene: Scene) -> int:
    """The greatest lag that the station's page showed."""
    progress, lag = Progress("influx", scene.times), 0
    killer = _Killer(server, scene.chance())
    for first in range(0, scene.times, _AT_ONCE):
        if first >= scene.times // 3 and not killer.is_at_it:
            # The page is written each second: it must have said so while nobody answered.
            wait_until(lambda: _influx(world).get("lag"), what="the lag")
            lag = max(lag, int(_influx(world).get("lag") or 0))
            killer.begin()
        numbers = range(first, min(first + _AT_ONCE, scene.times))
        world.send(*numbers)
        world.witness.wait_for(first - _WINDOW, world.is_alive) if first > _WINDOW else None
        lag = max(lag, int(_influx(world).get("lag") or 0))
        progress.at(first)
    killer.end()
    return lag


class _Killer:
    """Starts the server, and kills it in the middle of its work, some times."""

    def __init__(self, server: InfluxServer, chance: random.Random):
        self._server, self._chance = server, chance
        self._thread = threading.Thread(target=self._run, name="killer", daemon=True)

    @property
    def is_at_it(self) -> bool:
        """Whether it began."""
        return self._thread.ident is not None

    def begin(self) -> None:
        """Once."""
        if not self.is_at_it:
            self._thread.start()

    def end(self) -> None:
        """Wait until the server is up for good."""
        self.begin()
        self._thread.join()

    def _run(self) -> None:
        for turn in itertools.count():
            self._server.start()
            if turn == _KILLS:
                return
            time.sleep(self._chance.uniform(0.2, 3.0))
            self._server.kill()
            time.sleep(self._chance.uniform(0.0, 2.0))


def _influx(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.station.status().get("followers", {}).get("influx", {})
    return found


def _is_all_there(world: World, server: InfluxServer, count: int) -> bool:
    found = server.query(f'SELECT count(uptime) FROM "{SATELLITE}"', _DATABASE)
    return bool(found) and found[0]["values"][0][1] == count and _influx(world).get("backlog") == 0


def _check_database(server: InfluxServer, count: int, outcome: Outcome) -> int:
    (series,) = server.query(f'SELECT uptime FROM "{SATELLITE}"', _DATABASE)
    found = [int(row[1]) for row in series["values"]]
    missing = set(range(count)) - set(found)
    outcome.expect(not missing, f"not in the database: {some(missing)}")
    outcome.expect(found == sorted(set(found)), "doubled or out of order in the database")
    return len(found)


FAULT = Fault(
    "influx",
    "InfluxDB 1.6.7 is down for a third of the time, then killed in its work six times",
    run,
    short=2000,
    long=216_000,
    unit="frames",
)
