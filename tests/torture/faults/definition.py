"""A definition is edited while the station receives: broken, then right, then changed."""

from __future__ import annotations

import random
import time
from contextlib import closing
from pathlib import Path

from groundstation.storage.telemetry.reader import TelemetryReader
from tests.links.devices import wait_until
from tests.station.frames import SATELLITE
from tests.torture.account import account
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.world import World, load

_BUILT_IN = Path(__file__).parents[3] / "decoders" / "satellites" / f"{SATELLITE}.toml"
#: What an editor may leave in the middle of a change.
_BREAKAGES = (
    lambda text: text.replace('name = "uptime"', 'name = "uptime', 1),
    lambda text: text[: len(text) // 2],
    lambda text: text.replace("[[packets]]", "[[pakets]]"),
    lambda text: text.replace('type = "u32"', 'type = "u33x"'),
    lambda text: "",
)


def run(scene: Scene) -> Outcome:
    """The old definition stays in force, the error shows, and the new one corrects history."""
    chance, progress, outcome = scene.chance(), Progress("definition", scene.times), Outcome()
    right = _BUILT_IN.read_text("utf-8")
    with World(scene.folder) as world:
        place = world.data / "satellites" / f"{SATELLITE}.toml"
        place.parent.mkdir(parents=True)
        place.write_text(right, "utf-8")
        world.start()
        world.wait_for_pages()
        for turn in range(scene.times):
            world.send(*range(20 * turn, 20 * turn + 10))
            _break(world, place, chance.choice(_BREAKAGES)(place.read_text("utf-8")), outcome)
            world.send(*range(20 * turn + 10, 20 * turn + 20))
            last = 20 * turn + 19
            in_force = world.witness.wait_for(last, world.is_alive) and _is_seen(world, last)
            outcome.expect(in_force, "the old definition did not stay in force")
            _correct(world, place, right, turn, chance, outcome)
            progress.at(turn)
        code = world.finish()
        outcome.expect(code == 0, f"the station ended with {code}")
        account(world.data, world.sent, world.witness.told, None, outcome)
        assert world.browser is not None
        outcome.browser = len(world.browser.seen)
        unseen = world.sent.keys() - world.browser.seen.keys()
        outcome.expect(not unseen, f"never seen by the browser: {len(unseen)} frames")
    return outcome


def _is_seen(world: World, number: int) -> bool:
    """Whether a browser sees the beacon's values."""
    browser, deadline_s = world.browser, time.monotonic() + 60
    while browser is not None and number not in browser.seen and time.monotonic() < deadline_s:
        time.sleep(0.01)
    return browser is not None and number in browser.seen


def _break(world: World, place: Path, text: str, outcome: Outcome) -> None:
    place.write_text(text, "utf-8")
    log = world.station.log()

    def shows() -> bool:
        said = world.station.log()[len(log) :]
        return place.name in said and place.name in load(world.port, "/status")

    try:
        wait_until(shows, 60)
    except AssertionError:
        outcome.expect(False, f"a broken definition is not shown: {text[:40]!r}")


def _correct(
    world: World, place: Path, right: str, turn: int, chance: random.Random, outcome: Outcome
) -> None:
    """Another scale for the uptime: all of history has it within a minute."""
    scale = turn % 7 + 2
    row = next(line for line in right.splitlines() if 'name = "uptime"' in line)
    scaled = row.replace('type = "u32"', f'type = "u32", scale = {scale}')
    new = place.with_suffix(".new")
    new.write_text(right.replace(row, scaled), "utf-8")
    if chance.random() < 0.5:  # some editors write in place, some replace
        new.replace(place)
    else:
        place.write_text(new.read_text("utf-8"), "utf-8")
        new.unlink()
    numbers = sorted(world.sent)
    try:
        wait_until(lambda: _values(world.data) == [scale * number for number in numbers], 60)
    except AssertionError:
        outcome.expect(False, "history is not corrected by the new definition")


def _values(data: Path) -> list[float]:
    with closing(TelemetryReader(data)) as reader:
        return list(reader.series(SATELLITE, "uptime", 0, 1 << 60, 1_000_000).mean)


FAULT = Fault(
    "definition",
    "a definition is edited while frames arrive: broken, then right",
    run,
    short=5,
    long=100,
)
