"""Two want the same: a port, a data folder, a file. The second is refused, and nothing is lost."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

from tests.peers import free_port
from tests.station.running import COMMAND
from tests.torture.account import account
from tests.torture.fault import Fault, Outcome, Scene
from tests.torture.world import World

_MINE = "# these are my settings, and nobody else's\n"


def run(scene: Scene) -> Outcome:
    """Each second one while the first one receives."""
    outcome = Outcome()
    with World(scene.folder) as world:
        world.start()
        world.wait_for_pages()
        for turn in range(scene.times):
            world.send(*range(10 * turn, 10 * turn + 10))
            folder = scene.folder / f"turn-{turn}"
            folder.mkdir()
            _second_station(world, folder, outcome)
            _second_demo(world, folder, outcome)
            _files(world, folder, outcome)
        world.witness.wait_for(10 * scene.times - 1, world.is_alive)
        world.finish()
        account(world.data, world.sent, world.witness.told, world.browser, outcome)
    outcome.remark = f"{len(_writers(world.data))} commands that write a file refused another's"
    return outcome


def _second_station(world: World, folder: Path, outcome: Outcome) -> None:
    settings = ["-c", str(world.folder / "station.toml")]
    process = str(world.station.popen.pid)
    same = ["run", *settings, "--data", str(world.data), "--port", str(free_port())]
    _expect_refusal(same, ("another station", process, str(world.data)), outcome)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        taken = ["run", *settings, "--data", str(folder / "other"), "--port", port]
        _expect_refusal(taken, (f"the web port {port}", "by process"), outcome)


def _second_demo(world: World, folder: Path, outcome: Outcome) -> None:
    """Where somebody's settings lie, where a station receives, and where a demo flies."""
    mine = folder / "mine"
    mine.mkdir()
    (mine / "station.toml").write_text(_MINE)
    _expect_refusal(_demo(mine), ("station.toml",), outcome)
    outcome.expect((mine / "station.toml").read_text() == _MINE, "a demo wrote over settings")
    _expect_refusal(_demo(world.data), (str(world.data),), outcome)
    flying = folder / "flying"
    command = [*COMMAND, *_demo(flying)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as first:
        assert first.stderr is not None
        for line in first.stderr:
            if line.startswith("Open "):
                break
        before = (flying / "station.toml").read_text()
        _expect_refusal(_demo(flying), ("another station", str(first.pid)), outcome)
        same = (flying / "station.toml").read_text() == before
        outcome.expect(same, "a demo wrote over the settings of one that flies")
        first.terminate()
        first.communicate()


def _demo(data: Path) -> list[str]:
    return ["demo", "--data", str(data), "--port", str(free_port()), "--no-browser"]


def _files(world: World, folder: Path, outcome: Outcome) -> None:
    """Commands that write a file are given one that is there."""
    for command in _writers(world.data):
        path = folder / "mine.txt"
        path.write_text(_MINE)
        _expect_refusal([*command, str(path)], (str(path), "already"), outcome)
        outcome.expect(path.read_text() == _MINE, f"{command[0]} wrote over a file")


def _writers(data: Path) -> list[list[str]]:
    """Commands that end with the file they write."""
    return [
        ["convert", "quetzal-1", "--to", "xtce", "-o"],
        ["icd", "quetzal-1", "-o"],
        ["export", "--data", str(data), "-o"],
        ["backup", "--data", str(data), "-o"],
    ]


def _expect_refusal(arguments: list[str], words: tuple[str, ...], outcome: Outcome) -> None:
    """Exit code 1 or 2, one sentence with these words, no traceback."""
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    name = arguments[0]
    outcome.expect(done.returncode in (1, 2), f"{name} was not refused: {done.returncode}")
    missing = [word for word in words if word not in done.stderr]
    outcome.expect(not missing, f"{name} does not name {missing}: {done.stderr[-300:]}")
    outcome.expect("Traceback" not in done.stderr, f"{name} shows a traceback")


FAULT = Fault(
    "two_at_once",
    "two programs want the port, two stations the folder, two files the name",
    run,
    short=1,
    long=20,
)
