"""``groundstation alarms``: the list, and what people do, over restarts and rebuilds."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from groundstation.cli.alarms import alarms
from groundstation.storage.desk import Desk
from tests.alarms.cases import START_US, satellite_text, sent, settings_of
from tests.alarms.folder import AlarmFolder

CASE: dict[str, Any] = {
    "volt": [3.2, 3.2, 4.0, 4.0, 3.4, 3.4],
    "row": 'alarm = { means_ru = "Батарея почти пуста.", mend = "Charge it." }',
}
FIRST, SECOND = "case/limits/volt/2", "case/limits/volt/6"
HOUR_US = 3_600_000_000


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(alarms, [*words, "--data", str(folder)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlarmFolder]:
    # The clock stands just behind the frames, which are of another year.
    monkeypatch.setattr("groundstation.cli.alarms._now_us", lambda _: START_US + HOUR_US)
    made = AlarmFolder(tmp_path, satellite_text(CASE), settings_of(CASE))
    made.send(sent(CASE))
    made.follow()
    yield made
    made.close()


def listed(folder: AlarmFolder, *words: str) -> dict[str, str]:
    done = run(folder.path, "--format", "json", *words)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    return {item["id"]: item["standing"] for item in records}


def test_the_list(folder: AlarmFolder) -> None:
    done = run(folder.path)
    assert done.exit_code == 1
    assert done.stdout == (
        "case/limits/volt/6  warning, not seen yet\n"
        "  Case: volt is outside its limits, 3.4 V (3.5 … 4.2), 2026-05-28T20:29:10.000Z\n"
        "  The value is not where its satellite's makers expect it.\n"
        "  Charge it.\n"
        "case/limits/volt/2  critical, over, not seen yet\n"
        "  Case: volt is outside its limits, 3.2 V (3.3 … 4.4), 2026-05-28T20:27:10.000Z – "
        "2026-05-28T20:28:10.000Z\n"
        "  The value is not where its satellite's makers expect it.\n"
        "  Charge it.\n"
    )


def test_in_another_language(folder: AlarmFolder) -> None:
    done = run(folder.path, "--lang", "ru")
    assert "Батарея почти пуста." in done.stdout
    assert "volt is" not in done.stdout


def test_as_a_table(folder: AlarmFolder) -> None:
    rows = list(csv.DictReader(io.StringIO(run(folder.path, "--format", "csv").stdout)))
    assert [(row["id"], row["value"], row["limits"]) for row in rows] == [
        (SECOND, "3.4", "3.5 … 4.2"),
        (FIRST, "3.2", "3.3 … 4.4"),
    ]


def test_seen_and_over_is_history(folder: AlarmFolder) -> None:
    assert (
        run(folder.path, "acknowledge", FIRST, "--by", "Aida", "--reason", "known").exit_code == 0
    )
    assert listed(folder) == {SECOND: "unacknowledged"}
    assert listed(folder, "--history") == {SECOND: "unacknowledged", FIRST: "cleared"}
    assert run(folder.path, "acknowledge", "--all").stdout == f"{SECOND}: seen\n"
    assert listed(folder) == {SECOND: "acknowledged"}
    assert run(folder.path).exit_code == 0
    told = run(folder.path, "--history", "--format", "json").stdout.splitlines()[-1]
    about = {k: v for k, v in json.loads(told).items() if k.startswith("acknowledged")}
    assert about == {
        "acknowledged": "2026-05-28T21:26:40.000Z",
        "acknowledged_by": "Aida",
        "acknowledged_reason": "known",
    }


def test_what_people_did_survives_a_restart_and_a_new_store(folder: AlarmFolder) -> None:
    run(folder.path, "acknowledge", SECOND)
    run(folder.path, "shelve", "case/limits/mode", "--for", "2h")
    folder.restart()
    folder.work.close()
    (folder.path / "telemetry.db").unlink()
    folder.follow()
    assert listed(folder)[SECOND] == "acknowledged"
    assert ("case", "limits", "mode") in Desk(folder.path).shelved(START_US + HOUR_US)


def test_put_aside_until(folder: AlarmFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(folder.path, "shelve", SECOND, "--for", "30m")
    assert done.stdout == f"{SECOND}: put aside until 2026-05-28T21:56:40.000Z\n"
    assert set(listed(folder).values()) == {"shelved"}  # of the value, whichever time
    assert run(folder.path).exit_code == 0
    later = START_US + HOUR_US + 30 * 60_000_000
    monkeypatch.setattr("groundstation.cli.alarms._now_us", lambda _: later)
    assert listed(folder)[SECOND] == "unacknowledged"
    monkeypatch.setattr("groundstation.cli.alarms._now_us", lambda _: later - 1)
    assert run(folder.path, "unshelve", "case/limits/volt").exit_code == 0
    assert listed(folder)[SECOND] == "unacknowledged"
    assert run(folder.path, "unshelve", "case/limits/volt").exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("acknowledge", "case/limits/volt/3"), "there is no alarm 'case/limits/volt/3'"),
        (("acknowledge", "volt"), "there is no alarm 'volt'"),
        (("acknowledge",), "name alarms, or give --all"),
        (("shelve", "cas/limits/volt"), "names nothing that is watched"),
        (("shelve", "case/limit/volt"), "names nothing that is watched"),
        (("shelve", "case/limits/volt", "--for", "3"), "--for '3' is no time such as 30m"),
        (("--satellite", "cas"), "there is no satellite 'cas'; did you mean 'case'"),
    ],
)
def test_what_is_wrong(folder: AlarmFolder, words: tuple[str, ...], said: str) -> None:
    done = run(folder.path, *words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_the_folder_may_stand_in_front(folder: AlarmFolder) -> None:
    done = CliRunner().invoke(alarms, ["--data", str(folder.path), "acknowledge", SECOND])
    assert done.stdout == f"{SECOND}: seen\n"


def test_more_than_a_year_is_refused(folder: AlarmFolder) -> None:
    done = run(folder.path, "shelve", SECOND, "--for", "400d")
    assert "a year at most" in done.stderr
    assert done.exit_code == 1


def test_a_name_with_orders_for_a_terminal(folder: AlarmFolder) -> None:
    run(folder.path, "acknowledge", FIRST, "--by", "A\x1b[31m\n" + "x" * 200)
    told = run(folder.path, "--history", "--format", "json").stdout.splitlines()[-1]
    assert json.loads(told)["acknowledged_by"] == "A [31m " + "x" * 73


def test_no_folder(tmp_path: Path) -> None:
    done = run(tmp_path / "none")
    assert done.exit_code == 2
    assert "there is no such data folder" in done.stderr


def test_a_folder_without_a_store(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.exit_code, done.stdout) == (0, "")


def test_a_word_is_said(folder: AlarmFolder) -> None:
    folder.send(sent({"volt": [4.0, 4.0], "mode": [3, 3], "at": [600, 630]}))
    folder.follow()
    done = run(folder.path)
    assert "  Case: mode says “fault”, 2026-05-28T20:37:10.000Z\n" in done.stdout
