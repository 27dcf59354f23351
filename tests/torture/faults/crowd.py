"""Hundreds of live pages, some of them stalled, page loads, idle connections, slow headers."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

from tests.torture import crowd
from tests.torture.account import account
from tests.torture.browser import percentile
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.world import World, last_seq

#: Frames a second: more than a satellite sends.
_A_SECOND = 4
#: What the long run holds: live events and pages, seconds.
_LIVE_S, _PAGE_S = 0.150, 1.0
_DESCRIPTORS = 4096


def run(scene: Scene) -> Outcome:
    """``times`` seconds of it while frames come."""
    outcome, progress = Outcome(), Progress("crowd", scene.times)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < _DESCRIPTORS:
        raise OSError(f"this user may open {hard} files only")
    with World(scene.folder) as world:
        world.start()
        world.wait_for_pages()
        command = [sys.executable, "-m", "tests.torture.crowd", str(world.port), str(scene.times)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, preexec_fn=_files
        ) as them:
            assert them.stdout is not None
            assert them.stdout.readline() == "ready\n"
            _send(world, scene.times, progress)
            world.witness.wait_for(max(world.sent), world.is_alive)
            seq = last_seq(world.data)
            found = json.loads(them.stdout.readline())
        code = world.finish()
        account(world.data, world.sent, world.witness.told, world.browser, outcome)
        delays_s = world.browser.delays_s if world.browser else []
    outcome.expect(code == 0, f"the station ended with {code}")
    _judge(found, seq, delays_s, scene, outcome)
    return outcome


def _files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (_DESCRIPTORS, _DESCRIPTORS))


def _send(world: World, seconds: int, progress: Progress) -> None:
    began_s = time.monotonic()
    for number in range(seconds * _A_SECOND):
        world.send(number)
        time.sleep(max(0.0, began_s + (number + 1) / _A_SECOND - time.monotonic()))
        progress.at(number // _A_SECOND)


def _judge(
    found: dict[str, Any], seq: int, delays_s: list[float], scene: Scene, outcome: Outcome
) -> None:
    live_s, page_s = percentile(delays_s, 0.99), percentile(found["page_s"], 0.99)
    outcome.expect(found["last_ids"] == [seq], f"live pages ended at {found['last_ids'][:5]}")
    outcome.expect(found["listening"] == crowd.LISTENING, f"{found['listening']} pages listened")
    outcome.expect(not found["broken"], f"{found['broken']} live streams broke")
    outcome.expect(not found["failed"], f"pages failed: {found['failed']}")
    if scene.is_long:
        outcome.expect(live_s < _LIVE_S, f"live p99 {live_s * 1000:.0f} ms")
        outcome.expect(page_s < _PAGE_S, f"page p99 {page_s * 1000:.0f} ms")
    outcome.remark = (
        f"live p50 {percentile(delays_s, 0.5) * 1000:.0f} ms, p99 {live_s * 1000:.0f} ms after "
        f"sending; {found['pages']:,} pages, p50 {percentile(found['page_s'], 0.5) * 1000:.0f} ms, "
        f"p99 {page_s * 1000:.0f} ms; all from the one machine"
    )


FAULT = Fault(
    "crowd",
    "300 live pages, 40 that never read, 1,000 idle connections, slow headers, 200 pages in 5 s",
    run,
    short=15,
    long=3600,
    unit="s",
)
