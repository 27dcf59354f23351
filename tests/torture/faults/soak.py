"""A day of twenty frames a second, sent as fast as the station takes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.torture.account import account
from tests.torture.browser import percentile
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.gauges import Gauges, gauges
from tests.torture.world import World, load

_AT_ONCE, _WINDOW = 50, 400
#: Looked at so often; the first looks, while caches fill, are the measure for the others.
_LOOKS, _FIRST = 20, 4
#: Somebody looks at a page each so many frames.
_A_PAGE = 250
_PAGES = ("/", "/status", "/frames", "/passes", "/satellites", "/api/v1/frames?limit=50")
_MB = 1_000_000
#: Memory may differ so much between looks: caches of pages that are asked for now and then.
_GROWTH = 12 * _MB


@dataclass
class _Course:
    """A process over time."""

    name: str
    looks: list[Gauges] = field(default_factory=list)

    def judge(self, outcome: Outcome) -> str:
        early, late = self.looks[:_FIRST], self.looks[_FIRST:]
        if late:
            grown = max(each.memory for each in late) - max(each.memory for each in early)
            outcome.expect(grown < _GROWTH, f"{self.name} grew by {grown / _MB:.0f} MB")
            for what in ("files", "threads"):
                # What leaks stays: a request that is answered just now has files and goes.
                before = max(getattr(each, what) for each in early)
                after = min(getattr(each, what) for each in late)
                outcome.expect(after <= before + 2, f"{self.name}: {what} {before} to {after}")
        first, last = self.looks[min(_FIRST, len(self.looks)) - 1], self.looks[-1]
        return (
            f"{self.name} {first.memory / _MB:.0f} to {last.memory / _MB:.0f} MB,"
            f" {first.files} to {last.files} files, {first.threads} to {last.threads} threads"
        )


def run(scene: Scene) -> Outcome:
    """``times`` frames while a browser listens."""
    outcome, progress = Outcome(), Progress("soak", scene.times)
    station, dashboard = _Course("station"), _Course("dashboard")
    delays_s: list[list[float]] = []
    with World(scene.folder) as world:
        world.start()
        world.wait_for_pages()
        assert world.browser is not None
        due = scene.times // _LOOKS
        for first in range(0, scene.times, _AT_ONCE):
            world.send(*range(first, min(first + _AT_ONCE, scene.times)))
            _keep_pace(world, first)
            if first % _A_PAGE == 0:
                load(world.port, _PAGES[first // _A_PAGE % len(_PAGES)])
            progress.at(first)
            if first >= due:
                due += scene.times // _LOOKS
                station.looks.append(gauges(world.station.popen.pid))
                dashboard.looks.append(gauges(world.dashboard() or 0))
                delays_s.append(world.browser.delays_s)
                world.browser.delays_s = []
        code = world.finish()
        outcome.expect(code == 0, f"the station ended with {code}")
        account(world.data, world.sent, world.witness.told, world.browser, outcome)
    medians = [percentile(each, 0.5) * 1000 for each in delays_s]
    outcome.remark = "; ".join(
        (
            station.judge(outcome),
            dashboard.judge(outcome),
            f"to the browser after {medians[0]:.0f} ms at first, {medians[-1]:.0f} ms at last",
            f"{scene.times / 20 / 3600:.1f} h of 20 frames a second, in less time",
        )
    )
    return outcome


def _keep_pace(world: World, first: int) -> None:
    """The sender waits for the journal, and for a browser that is far behind."""
    if first >= _WINDOW:
        world.witness.wait_for(first - _WINDOW, world.is_alive)
        assert world.browser is not None
        world.browser.wait_for_id(first - 4 * _WINDOW)


FAULT = Fault(
    "soak",
    "a day of twenty frames a second, in less time",
    run,
    short=10_000,
    long=1_728_000,
    unit="frames",
)
