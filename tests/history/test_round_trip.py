"""What goes out by export and in by import is the same journal, and says the same."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from decoders.framing.delimited import MAX_FRAME
from groundstation.cli import groundstation
from groundstation.history.foreign.source import LATEST_US, MOST_FRAME
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader, JournalWriter
from tests.decoders.test_packets import DEFINITION, packet, tm
from tests.station.frames import beacon
from tests.storage.interpreted import interpret, told

#: Packets that span frames: a line of an export may show other bytes than were received.
TM = DEFINITION.format(layers='["tm-frame", "space-packet"]')
WHOLE = packet(1) + packet(2)
SPANNING = [tm(WHOLE + packet(3)[:5], 0, 0), tm(packet(3)[5:] + packet(4), len(packet(3)) - 5, 1)]

frames = st.one_of(
    st.binary(min_size=1, max_size=300),
    st.integers(0, 2**32 - 1).map(beacon),
    st.sampled_from(SPANNING),
)
names = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
times = st.one_of(
    st.integers(0, LATEST_US - 1), st.integers(1_795_348_800_000_000, 1_795_348_801_000_000)
)
kept = st.builds(
    Reception,
    seq=st.just(0),
    received_us=times,
    link=names,
    raw=frames,
    satellite=st.sampled_from([None, None, "example", "classroom-1"]),
    supposed=st.sampled_from([None, "quetzal-1"]),
    error=st.one_of(st.none(), names),
    damaged=st.booleans(),
    simulated=st.booleans(),
    imported=st.booleans(),
    unsynchronised=st.booleans(),
    clock_us=st.one_of(st.none(), times),
)


def run(*words: str) -> Result:
    result = CliRunner().invoke(groundstation, words)
    assert result.exit_code == 0, result.output
    return result


def folder(path: Path, receptions: Sequence[Reception]) -> list[Reception]:
    (path / "satellites").mkdir(parents=True)
    (path / "satellites/example.toml").write_text(TM)
    writer = JournalWriter(path)
    numbered = writer.append(receptions)
    writer.close()
    interpret(path)
    return numbered


def moved(root: Path, form: str, *more: str) -> list[Reception]:
    """Out of ``root/a`` and into ``root/b``, which was empty but for a definition."""
    (root / "b/satellites").mkdir(parents=True)
    (root / "b/satellites/example.toml").write_text(TM)
    run("export", "--data", f"{root}/a", "--format", form, "-o", f"{root}/out", *more)
    run("import", f"{root}/out", "--data", f"{root}/b")
    again = run("import", f"{root}/out", "--data", f"{root}/b").stdout
    assert ": 0 new" in again
    with JournalReader(root / "b") as journal:
        return journal.after(0, 1_000_000)


@settings(max_examples=25, deadline=None)
@given(st.lists(kept, min_size=1, max_size=30))
def test_json_brings_back_all_that_the_journal_keeps(receptions: list[Reception]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        numbered = folder(root / "a", receptions)
        assert moved(root, "json") == [replace(item, imported=True) for item in numbered]
        assert told(root / "b") == told(root / "a")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(times, frames, st.booleans()), min_size=1, max_size=30))
def test_lines_of_time_and_hex_bring_back_bytes_and_times(
    rows: list[tuple[int, bytes, bool]],
) -> None:
    rows.sort(key=lambda row: row[0])
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        folder(root / "a", [Reception(0, t, "tnc", raw, simulated=s) for t, raw, s in rows])
        classroom = {beacon(0)[:14]}  # its definition says that it is simulated
        found = [(r.received_us, r.raw, r.simulated) for r in moved(root, "hex")]
        wanted = [(t, raw, s or raw[:14] in classroom) for t, raw, s in rows]
        assert [row[:2] for row in found] == [row[:2] for row in wanted]
        assert [row[2] for row in found if row[1][:14] not in classroom] == [
            row[2] for row in wanted if row[1][:14] not in classroom
        ]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(times, frames), min_size=1, max_size=30))
def test_kiss_brings_back_bytes_and_milliseconds(rows: list[tuple[int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        rows = [(t // 1000 * 1000, raw) for t, raw in sorted(rows, key=lambda row: row[0])]
        folder(root / "a", [Reception(0, t, "tnc", raw, simulated=True) for t, raw in rows])
        found = moved(root, "kiss", "--simulated")
        assert [(r.received_us, r.raw) for r in found] == rows


def test_the_same_frame_several_times_stays_several(tmp_path: Path) -> None:
    same = Reception(0, 5_000_000, "tnc", b"same")
    folder(tmp_path / "a", [same, same, replace(same, raw=b"other"), same])
    found = moved(tmp_path, "json")
    assert [item.raw for item in found] == [b"same", b"same", b"other", b"same"]
    # Two files with the same frames, of which some are there already: each frame once more at most.
    run("export", "--data", f"{tmp_path}/a", "--format", "json", "-o", f"{tmp_path}/copy")
    result = run("import", f"{tmp_path}/out", f"{tmp_path}/copy", "--data", f"{tmp_path}/b")
    assert result.stdout.count("0 new, 4 there already") == 2


def test_the_longest_frames(tmp_path: Path) -> None:
    longest = [Reception(0, n, "tnc", b"\xc0" * n) for n in (MAX_FRAME, 2 * MAX_FRAME + 2)]
    longest.append(Reception(0, 9_000, "tnc", b"x" * MOST_FRAME, damaged=True, error="noise"))
    numbered = folder(tmp_path / "a", longest)
    assert moved(tmp_path, "json") == [replace(item, imported=True) for item in numbered]


@pytest.mark.parametrize("form", ["json", "hex"])
def test_a_compacted_journal_goes_out_too(tmp_path: Path, form: str) -> None:
    folder(tmp_path / "a", [Reception(0, n * 1_000, "tnc", beacon(n)) for n in range(2500)])
    assert "2500 frames" in run("compact", "--data", f"{tmp_path}/a", "--apply").output
    assert [item.raw for item in moved(tmp_path, form)] == [beacon(n) for n in range(2500)]
