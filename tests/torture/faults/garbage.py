"""A flood of garbage, an endless frame, wrong lengths and checks, with good frames between."""

from __future__ import annotations

import random
import re
import socket
import time
from pathlib import Path

from decoders.coding.crc import crc
from decoders.framing.kiss import kiss_encode
from groundstation.receive.damage import KEPT_BYTES, MOSTLY_DAMAGED
from groundstation.receive.intake import MAX_WAITING_BYTES
from tests.links.devices import wait_until
from tests.peers import free_port
from tests.station.frames import beacon
from tests.station.running import ask, write_config
from tests.torture.account import account
from tests.torture.fault import Fault, Outcome, Progress, Scene
from tests.torture.world import World

_MB = 1_000_000
#: What is written between two beacons.
_BLOCK = 1 << 20
#: The beacon with which a stream begins.
_FIRST = 1_000_000
#: A station that receives keeps below this, whatever comes.
_MOST_MEMORY = 200 * _MB + MAX_WAITING_BYTES


def run(scene: Scene) -> Outcome:
    """``times`` megabytes, as fast as the station takes them."""
    progress, outcome = Progress("garbage", scene.times), Outcome()
    port = free_port()
    with World(scene.folder) as world, socket.create_server(("127.0.0.1", port)) as server:
        write_config(scene.folder, f"tcp://127.0.0.1:{port}")
        world.start(wait=False)
        line, _ = server.accept()
        world.wait_for_pages()
        with line:
            began_s = time.monotonic()
            halves_s = _flood(world, line, scene, progress)
            rate = scene.times / (time.monotonic() - began_s)
            told = str(ask(world.port, "/api/v1/status"))
            outcome.expect(MOSTLY_DAMAGED in told, "the pages do not say that it is garbage")
            _settle(world, line)
        peak = _peak_memory(world.station.popen.pid)
        said = world.station.log().count(MOSTLY_DAMAGED)
        world.finish()
        account(world.data, world.sent, world.witness.told, world.browser, outcome)
    lost = world.sent.keys() - world.witness.told
    outcome.expect(not lost, f"good frames between garbage that are missing: {len(lost)}")
    outcome.expect(said == 1, f"the log says {said} times that it is garbage")
    outcome.expect(peak < _MOST_MEMORY, f"the station took {peak / _MB:.0f} MB of memory")
    size = sum(path.stat().st_size for path in world.data.glob("journal.db*"))
    most = 4 * KEPT_BYTES + scene.times * _MB / 100
    outcome.expect(size < most, f"the journal grew to {size / _MB:.0f} MB")
    first_s, second_s = halves_s
    outcome.expect(
        second_s < 2 * first_s or not scene.is_long, f"not linear: {first_s:.0f}, {second_s:.0f} s"
    )
    outcome.remark = (
        f"{rate:.0f} MB/s; the station at most {peak / _MB:.0f} MB of memory; "
        f"the journal {size / _MB:.0f} MB"
    )
    return outcome


def _flood(
    world: World, line: socket.socket, scene: Scene, progress: Progress
) -> tuple[float, float]:
    """Write it all; how long the first and the second half took, seconds."""
    blocks = _blocks(scene.chance())
    chance = scene.chance("order")
    spent_s = [0.0, 0.0]
    world.note(_FIRST)
    line.sendall(_smack(_FIRST))
    for turn in range(scene.times * _MB // _BLOCK):
        began_s = time.monotonic()
        # Behind garbage a frame begins with a marker of its own.
        world.note(turn)
        line.sendall(chance.choice(blocks) + b"\xc0" + kiss_encode(beacon(turn)))
        spent_s[turn * 2 * _BLOCK // (scene.times * _MB)] += time.monotonic() - began_s
        progress.at(turn * _BLOCK // _MB)
    return spent_s[0], spent_s[1]


def _blocks(chance: random.Random) -> list[bytes]:
    """Noise, a frame without end, frames with wrong escapes, with wrong check values.

    KISS without check takes all that begins with a data command for a frame: here nothing does.
    """
    noise = re.sub(rb"\xc0[\x00-\xff]", b"\xc0\x01", chance.randbytes(_BLOCK))
    escapes = b"".join(b"\xc0\x00\xdb\x00" + _tail(chance, 80) for _ in range(_BLOCK // 84))
    checks = b"".join(b"\xc0" + _wrongly_checked(chance) for _ in range(_BLOCK // 63))
    return [*4 * (noise,), *4 * (b"\x55" * _BLOCK,), escapes, checks]


def _tail(chance: random.Random, size: int) -> bytes:
    return chance.randbytes(size).replace(b"\xc0", b"\xc1").replace(b"\xdb", b"\xdc")


def _wrongly_checked(chance: random.Random) -> bytes:
    """A SMACK frame whose last byte is another than its check says."""
    start = bytes([0x80]) + _tail(chance, 60)
    check = crc("crc16-arc", start + b"\x54").to_bytes(2, "little")
    return start + b"\x55" + check.replace(b"\xc0", b"\xc1")


def _smack(number: int) -> bytes:
    """A beacon with its check: from then on wrong ones are noticed."""
    plain = bytes([0x80]) + beacon(number)
    return kiss_encode(plain[1:] + crc("crc16-arc", plain).to_bytes(2, "little")).replace(
        b"\xc0\x00", b"\xc0\x80", 1
    )


def _settle(world: World, line: socket.socket) -> None:
    """Good frames follow until the link is said to be well."""
    last = max(world.sent)
    wait_until(lambda: world.witness.wait_for(last, world.is_alive), 120)

    def is_well() -> bool:
        number = max(world.sent) + 1
        world.note(*range(number, number + 50))
        line.sendall(b"".join(kiss_encode(beacon(n)) for n in range(number, number + 50)))
        time.sleep(0.2)
        return MOSTLY_DAMAGED not in str(ask(world.port, "/api/v1/status"))

    wait_until(is_well, 60, "the link to be well")
    last = max(world.sent)
    wait_until(lambda: world.witness.wait_for(last, world.is_alive), 60)


def _peak_memory(pid: int) -> int:
    """The most memory that the process had, bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


FAULT = Fault(
    "garbage",
    "a flood of garbage: noise, an endless frame, wrong checks and escapes; good frames between",
    run,
    short=100,
    long=10_000,
    unit="MB",
)
