"""Old values summed up by days: what stays is right, what goes comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from groundstation.cli.compact import compact
from groundstation.cli.export import export
from groundstation.cli.redecode import redecode
from groundstation.model import from_us
from tests.storage.interpreted import SECOND, START, Folder

DAY = 86_400 * SECOND
#: A whole day.
BEGIN = START - START % DAY
CUT = BEGIN + 6 * DAY
END = BEGIN + 10 * DAY
STEP = 1200 * SECOND
DEFINITION = """
[satellite]
name = "School-1"
[[packets]]
name = "power"
match = { prefix = "A5 5A 01 02" }
parameters = [
  { name = "battery", type = "u16", divide = DIVISOR, unit = "V" },
  { name = "mode", type = "u8", enum = { 0 = "safe", 1 = "sun" } },
]
[[packets]]
name = "rare"
match = { prefix = "A5 5A 01 03" }
parameters = [ { name = "resets", type = "u8" } ]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    found = Folder(tmp_path / "data", school=DEFINITION.replace("DIVISOR", "1000"))
    times = list(range(BEGIN, END, STEP))
    frames = [
        bytes.fromhex("A55A0102") + (4000 + n % 97).to_bytes(2) + bytes([n // 100 % 2])
        for n in range(len(times))
    ]
    # A packet that is rare: fewer a day than have statistics of their own, and none lately.
    rare = [BEGIN + hour * 3600 * SECOND + 5 for hour in (1, 2, 30)]
    pairs = sorted(
        [*zip(times, frames, strict=True), *((at, b"\xa5\x5a\x01\x03\x07") for at in rare)]
    )
    found.receive([frame for _, frame in pairs], [at for at, _ in pairs])
    found.interpret()
    found.work.close()
    yield found
    found.close()


def run(folder: Folder, *words: str) -> Result:
    bound = from_us(CUT + 5 * 3600 * SECOND).isoformat()
    asked = ["--data", str(folder.path), "--older-than", "2000-01-01"]
    return CliRunner().invoke(compact, [*asked, "--values-older-than", bound, *words])


def exported(folder: Folder, *words: str) -> Result:
    return CliRunner().invoke(export, ["--data", str(folder.path), *words])


def days(folder: Folder, name: str = "battery") -> list[tuple[object, ...]]:
    """Start, minimum, maximum and mean of each day."""
    series = folder.reader().series("school", name, BEGIN, END, 10)
    assert series.bucket_us == DAY
    columns = (series.times_us, series.minimum, series.maximum)
    means = [round(mean, 9) for mean in series.mean]
    return list(zip(*map(list, columns), means, strict=True))


def test_days_stay_and_what_is_young(folder: Folder) -> None:
    before = days(folder)
    young = folder.reader().series("school", "battery", CUT, END, 5000)
    newest = folder.reader().latest("school")
    dry = run(folder)
    assert dry.exit_code == 0, dry.output
    count = 6 * DAY // STEP + 2  # of the rare ones the newest stays
    told = f"values of {count} packets before {from_us(CUT):%Y-%m-%d}"
    assert f"{told} would be summed up by days; with --apply it is done" in dry.output
    assert days(folder) == before
    done = run(folder, "--apply")
    assert done.exit_code == 0, done.output
    assert f"{told} are summed up by days; telemetry.db has " in done.output
    assert days(folder) == before
    after = folder.reader().series("school", "battery", CUT, END, 5000)
    assert (after.bucket_us, list(after.times_us)) == (0, list(young.times_us))
    assert list(after.mean) == list(young.mean)
    assert folder.reader().latest("school") == newest
    assert newest["resets"].value == 7
    assert "no value is so old" in run(folder, "--apply").output


def test_a_chart_that_reaches_back_is_drawn_by_days(folder: Folder) -> None:
    run(folder, "--apply")
    series = folder.reader().series("school", "battery", CUT - DAY, END, 5000)
    assert series.bucket_us == DAY
    assert list(series.times_us) == [CUT - DAY + n * DAY for n in range(5)]
    rare = folder.reader().series("school", "resets", BEGIN, END, 5000)
    assert (rare.bucket_us, list(rare.times_us), list(rare.maximum)) == (
        *(DAY, [BEGIN, BEGIN + DAY]),
        [7.0, 7.0],
    )


def test_words_that_reach_back_are_told_by_days(folder: Folder) -> None:
    exact = folder.reader().bands("school", "mode", CUT, END, 100)
    run(folder, "--apply")
    after = folder.reader().bands("school", "mode", CUT, END, 100)
    assert (after.bucket_us, list(after.bands)) == (0, list(exact.bands))
    old = folder.reader().bands("school", "mode", BEGIN, END, 100)
    assert old.bucket_us == DAY
    assert old.bands[0].value == "safe"  # the whole first day
    assert None in {band.value for band in old.bands}  # a day of both


def test_an_export_says_what_it_leaves_out(folder: Folder) -> None:
    whole = exported(folder).stdout
    raw = exported(folder, "--format", "json").stdout
    run(folder, "--apply")
    told = f"values before {from_us(CUT):%Y-%m-%d} were summed up by days and are left out"
    result = exported(folder)
    assert told in result.stderr
    assert len(result.stdout.splitlines()) < len(whole.splitlines()) / 2
    young = exported(folder, "--since", from_us(CUT).isoformat())
    assert told not in young.stderr
    assert exported(folder, "--format", "json").stdout == raw  # made of the frames


def test_redecode_brings_them_back(folder: Folder) -> None:
    whole = exported(folder).stdout
    run(folder, "--apply")
    assert CliRunner().invoke(redecode, ["--data", str(folder.path)]).exit_code == 0
    result = exported(folder)
    assert (result.stdout, "summed up" in result.stderr) == (whole, False)


def test_a_corrected_definition_brings_them_back(folder: Folder) -> None:
    run(folder, "--apply")
    folder.define("school", DEFINITION.replace("DIVISOR", "500"))
    assert "is not by today's definitions yet" in run(folder).output
    folder.restart()
    folder.interpret()
    series = folder.reader().series("school", "battery", BEGIN, END, 5000)
    assert (series.bucket_us, len(series.times_us)) == (0, 10 * DAY // STEP)
    assert series.mean[0] == 8.0


def test_old_frames_that_come_later_are_counted(folder: Folder) -> None:
    run(folder, "--apply")
    before = days(folder)[0]
    folder.restart()
    late = bytes.fromhex("A55A0102") + (9000).to_bytes(2) + b"\0"
    folder.receive([late, late], [BEGIN + 7, BEGIN + 8])
    folder.interpret()
    after = days(folder)[0]
    assert (after[1], after[2]) == (before[1], 9.0)
    folder.work.close()
    # The newest by number stays, whatever its time.
    assert "values of 1 packets" in run(folder, "--apply").output
    assert days(folder)[0] == after
