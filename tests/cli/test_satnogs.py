"""The optional package satnogs-decoders: the real one, installed beside the program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_decode import QUETZAL, run
from tests.peers import need_folder


@pytest.fixture(scope="module")
def installed() -> Path:
    return need_folder("satnogs")


def decode(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "groundstation", "decode", "--hex", QUETZAL, *words],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_decoders_are_definitions(installed: Path) -> None:
    done = decode(installed, "--satellite", "satnogs:quetzal1", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    ours = json.loads(run("decode", "--hex", QUETZAL, "--format", "json")[0])
    assert found["satellite"] == "satnogs:quetzal1"
    # Its values of this satellite are raw ones.
    theirs = {name: value["value"] for name, value in found["parameters"].items()}
    assert theirs["bq1_bat_volt"] == ours["parameters"]["bq1_bat_volt"]["raw"] == 187
    assert theirs["uvg_msg"] == ours["parameters"]["uvg_msg"]["raw"].rstrip("\0")


def test_what_it_cannot_decode_is_told(installed: Path) -> None:
    done = decode(installed, "--satellite", "satnogs:quetzl1")
    assert (done.returncode, "did you mean 'quetzal1'?" in done.stderr) == (2, True)
    done = decode(installed, "--satellite", "satnogs:picsat", "--format", "json")
    assert done.returncode == 1
    assert "satnogs:picsat cannot decode this" in json.loads(done.stdout)["error"]


def test_without_it_the_command_says_what_to_do() -> None:
    _, errors = run("decode", "--hex", QUETZAL, "--satellite", "satnogs:quetzal1", code=2)
    assert "satnogs-decoders is not installed: pip install satnogs-decoders" in errors
