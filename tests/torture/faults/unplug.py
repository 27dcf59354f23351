"""A serial device vanishes at a random byte, and returns under another name of the system's."""

from __future__ import annotations

import random

from decoders.framing.kiss import kiss_encode
from groundstation.storage.journal import JournalReader
from tests.links.devices import wait_until
from tests.station.frames import beacon
from tests.torture.account import account
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.world import World


def run(scene: Scene) -> Outcome:
    """Whole frames, a part of one, and gone; what was read of the part must be kept as damaged."""
    chance, progress = scene.chance(), Progress("unplug", scene.times)
    cut: list[tuple[bytes, bool]] = []
    with World(scene.folder) as world:
        world.start()
        world.wait_for_pages()
        number = 0
        for turn in range(scene.times):
            cut.append(_one(world, chance, number))
            number = max(world.sent) + 1
            progress.at(turn)
        world.send(number)
        world.witness.wait_for(number, world.is_alive)
        world.station.wait_open()
        code = world.finish()
        outcome = account(world.data, world.sent, world.witness.told, world.browser)
    outcome.expect(code == 0, f"the station ended with {code}")
    lost = world.sent.keys() - world.witness.told
    outcome.expect(not lost, f"whole frames that are missing: {len(lost)}")
    _check_halves(world, cut, outcome)
    return outcome


def _one(world: World, chance: random.Random, number: int) -> tuple[bytes, bool]:
    """Some frames, the beginning of the next, and the device is gone and back.

    Returns the beginning, and whether it was read for sure.
    """
    world.station.wait_open()
    last = number + chance.randint(1, 5)
    world.send(*range(number, last))
    # The kernel throws away what a reader has not taken when a terminal is hung up, as a cable
    # does with bits in flight: a frame is delivered once it was read.
    world.witness.wait_for(last - 1, world.is_alive)
    following = kiss_encode(beacon(last))
    part = following[: chance.randrange(2, len(following))]
    world.device.write(part)
    is_read = chance.random() < 0.7
    if is_read:  # else it is in flight
        wait_until(world.device.is_drained, what="the station to read")
    world.device.unplug()
    wait_until(lambda: _states(world) == ["waiting"], what="the loss to be noticed")
    world.device.plug()
    return part, is_read


def _states(world: World) -> list[str]:
    return [link["state"] for link in world.station.status().get("links", [])]


def _check_halves(world: World, cut: list[tuple[bytes, bool]], outcome: Outcome) -> None:
    """Each damaged reception is the beginning of a frame that was cut, in order."""
    with JournalReader(world.data) as journal:
        halves = [item for item in journal.after(0, 1 << 40) if item.damaged]
    ahead = iter(cut)
    foreign = [
        item.seq for item in halves if not any(part[1:].startswith(item.raw) for part, _ in ahead)
    ]
    outcome.expect(not foreign, f"damaged receptions that nobody sent: {foreign[:5]}")
    sure = sum(is_read for _, is_read in cut)
    outcome.expect(len(halves) >= sure, f"only {len(halves)} of {sure} cut frames are kept")
    outcome.remark = f"{len(halves):,} broken frames kept as damaged"


FAULT = Fault(
    "unplug",
    "a serial device vanishes at a random byte and returns under another name",
    run,
    short=15,
    long=1000,
)
