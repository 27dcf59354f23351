"""Output that the terminal's encoding cannot print never ends a command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from groundstation.cli import COMMANDS
from groundstation.orbit.elements import to_omm_csv
from tests.orbit.truth import cases, elements_of

NAME = "Жаңы спутник 🛰"
ENCODINGS = ("cp1251", "latin-1", "ascii")
DEFINITION = Path("decoders/satellites/classroom-1.toml").resolve()
SKY = ("--elements", "elements.csv", "--site", "42.87,74.57,800", "--start", "2026-08-22T06:00:00Z")
#: Each command with letters of other alphabets, signs and lines in what it prints.
CALLS = {
    "alarms": [
        ("alarms", "--data", "папка-ң"), ("alarms", "--history", "--lang", "ky", "--data", "d"),
        ("alarms", "shelve", "ң", "--data", "папка-ң"),
    ],
    "backup": [("backup", "--data", "папка-ң"), ("backup", "--check", "папка-ң.zip")],
    "board": [("board", "classroom-1", "--lang", "ky")],
    "compact": [("compact", "--data", "папка-ң")],
    "convert": [
        ("convert", str(DEFINITION), "--to", "csv"), ("convert", str(DEFINITION), "--to", "xtce"),
    ],
    "decode": [
        ("decode", "--hex", "00", "--satellite", "classroom-1"),
        ("decode", "frames.hex", "--input", "hex", "--format", "json"),
    ],
    "deframe": [("deframe", "kiss", "--hex", "c000c0")],
    "demo": [("demo", "--data", "папка-ң")],
    "demodulate": [
        ("demodulate", "папка-ң.wav"), ("demodulate", "frames.hex", "--satellite", "classroom-1"),
    ],
    "doctor": [("doctor", "--data", "папка-ң")],
    "elements": [
        ("elements", "import", "elements.csv", "--data", "d"),
        ("elements", "list", "--data", "d"),
    ],
    "encode": [("encode", "classroom-1", "ң")],
    "export": [
        ("export", "--data", "папка-ң"), ("export", "--data", "папка-ң", "--satellite", "ң"),
    ],
    "icd": [("icd", "classroom-1", "--lang", "ky"), ("icd", "classroom-1", "--format", "md")],
    "import": [
        ("import", "frames.hex", "--time", "2026-05-01", "--data", "папка-ң", "--dry-run"),
        ("import", "папка-ң", "--data", "папка-ң"),
    ],
    "passes": [
        ("passes", *SKY), ("passes", *SKY, "--format", "json"), ("passes", *SKY, "--format", "ics"),
    ],
    "redecode": [("redecode", "--data", "папка-ң")],
    "replay": [("replay", "папка-ң")],
    "report": [("report", "--data", "папка-ң", "--list")],
    "accounts": [
        ("accounts", "--data", "ң"), ("accounts", "--data", "папка-ң"),
        ("accounts", "remove", "Айгүл", "--data", "папка-ң"),
    ],
    "restore": [("restore", "папка-ң.zip", "--data", "ң")],
    "run": [("run", "-c", "папка-ң.toml")],
    "satellites": [
        ("satellites", "list"), ("satellites", "list", "--format", "json"),
        ("satellites", "show", "classroom-1"), ("satellites", "check", "папка-ң.toml"),
        ("satellites", "new", "ң"),
    ],
    "schedule": [("schedule", *SKY)],
    "track": [("track", *SKY, "25544", "--dry-run")],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("terminal")
    iss = replace(elements_of(cases("passes_consensus.json")[0]), name=NAME)
    (path / "elements.csv").write_text(to_omm_csv([iss]), "utf-8")
    (path / "папка-ң").mkdir()
    (path / "папка-ң" / "station.toml").write_text("# somebody's")  # no demo is begun here
    (path / "frames.hex").write_text("00\nff\n")
    return path


def run(folder: Path, encoding: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "groundstation", *words],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_every_command_is_called() -> None:
    assert set(CALLS) == set(COMMANDS)


@pytest.mark.parametrize("command", sorted(CALLS))
def test_no_letter_ends_a_command(folder: Path, command: str) -> None:
    for words in CALLS[command]:
        right = run(folder, "utf-8", *words)
        assert b"Traceback" not in right.stderr, right.stderr
        for encoding in ENCODINGS:
            done = run(folder, encoding, *words)
            assert b"UnicodeEncodeError" not in done.stderr, (encoding, words)
            assert b"Traceback" not in done.stderr, (encoding, words, done.stderr)
            assert done.returncode == right.returncode, (encoding, words, done.stderr)
            assert bool(done.stdout) == bool(right.stdout)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_stays_json(folder: Path, encoding: str) -> None:
    words = ("passes", *SKY, "--format", "json")
    right, done = run(folder, "utf-8", *words), run(folder, encoding, *words)
    lines = done.stdout.decode("utf-8" if encoding == "ascii" else encoding).splitlines()
    assert [json.loads(line) for line in lines] == [
        json.loads(line) for line in right.stdout.decode().splitlines()
    ]
    assert json.loads(lines[0])["satellite"] == NAME


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_documents_are_utf_8_in_a_pipe(folder: Path, encoding: str) -> None:
    words = ("icd", "classroom-1", "--lang", "ky")
    assert run(folder, encoding, *words).stdout == run(folder, "utf-8", *words).stdout
