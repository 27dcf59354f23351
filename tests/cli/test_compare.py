"""Definitions held against the real satnogs-decoders, installed beside the program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from groundstation.catalog import SatelliteCatalog
from groundstation.compared import same
from groundstation.model import Reception
from groundstation.storage.journal import JournalWriter
from tests.decoders.golden import GOLDEN
from tests.peers import need_folder


@pytest.fixture(scope="module")
def installed() -> Path:
    return need_folder("satnogs")


def compare(folder: Path | None, *words: str) -> subprocess.CompletedProcess[str]:
    path = {"PYTHONPATH": str(folder)} if folder else {}
    return subprocess.run(
        [sys.executable, "-m", "groundstation", "satellites", "compare", *words],
        env={**os.environ, **path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_equal_and_what_only_one_has(installed: Path) -> None:
    done = compare(installed, "ctim")
    assert done.returncode == 0, done.stdout
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "equal flight_software: sw_ana_bat1_v" in lines  # their raw number
    assert "only ours flight_software: version" in lines
    assert "only theirs flight_software: pid" in lines  # the header is no layer of ours there
    assert not any(line.startswith("different") for line in lines)
    assert "ctim and satnogs:ctim, 1 frames: 0 different" in done.stderr


def test_a_wrong_row_is_different_and_the_exit_code_says_so(
    installed: Path, tmp_path: Path
) -> None:
    text = SatelliteCatalog().text("ctim")
    one, two = (f'name = "sw_cmd_{each}_count"' for each in ("recv", "succ"))
    assert one in text and two in text
    swapped = text.replace(one, "@").replace(two, one).replace("@", two)
    (tmp_path / "satellites").mkdir()
    (tmp_path / "satellites" / "ctim.toml").write_text(swapped)
    done = compare(installed, "ctim", "--data", str(tmp_path))
    different = [line for line in done.stdout.splitlines() if line.startswith("different")]
    assert done.returncode == 1
    assert [line.split("  ")[0].split()[-1] for line in different] != []
    assert "ours 1803, theirs 1938" in done.stdout and "ours 1938, theirs 1803" in done.stdout
    assert len(different) == 2


def test_files_and_the_journal_are_compared_too(installed: Path, tmp_path: Path) -> None:
    golden = [
        json.loads(line)["frame"] for line in (GOLDEN / "cirbe.jsonl").read_text().splitlines()
    ]
    writer = JournalWriter(tmp_path)
    stranger = "82a0a4a64040609c60868298986103f03e68"
    frames = [*golden[1:3], stranger]
    writer.append([Reception(0, n, "tnc", bytes.fromhex(each)) for n, each in enumerate(frames)])
    writer.close()
    (tmp_path / "more.txt").write_text(golden[3] + "\n")
    done = compare(installed, "cirbe", str(tmp_path / "more.txt"), "--data", str(tmp_path))
    assert done.returncode == 0, done.stdout
    assert "cirbe and satnogs:cirbe, 4 frames: 0 different" in done.stderr


def test_a_frame_that_one_of_them_cannot_read_is_told(installed: Path) -> None:
    done = compare(installed, "cirbe", "--hex", "00")
    assert done.returncode == 1
    assert done.stdout.startswith("frame 1: ours does not decode it: ")


def test_their_decoder_is_named_or_found(installed: Path) -> None:
    done = compare(installed, "minxss-2")
    assert (done.returncode, "use --with NAME; did you mean 'minxss'?" in done.stderr) == (2, True)
    done = compare(installed, "minxss-2", "--with", "minxss")
    assert done.returncode == 0, done.stdout
    done = compare(installed, "minxss-2", "--with", "minxs")
    assert (done.returncode, "has no 'minxs'" in done.stderr) == (2, True)


def test_without_the_package_the_command_says_what_to_do() -> None:
    done = compare(None, "ctim")
    assert done.returncode == 2
    assert "satnogs-decoders is not installed: pip install satnogs-decoders" in done.stderr


@pytest.mark.parametrize(
    ("ours", "theirs", "equal"),
    [
        (1.0, 1, True),
        (0.1 + 0.2, 0.3, True),
        (1.0, 1.001, False),
        (True, 1, True),
        ("333,", 333, True),
        ("nan", 333, False),
        ("AB\0\0", "AB", True),
        (b"AB", "AB", True),
        (b"AB", "4142", True),
        (b"AB", "AC", False),
        (None, 1, False),
    ],
)
def test_same(ours: object, theirs: object, equal: bool) -> None:
    assert same(ours, theirs) is equal
