"""The same frames give the same alarms: live, in one go, over restarts, after redecode."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from decoders.definition.parse import parse
from groundstation.alarms.rules import Settings
from groundstation.catalog import SatelliteCatalog
from groundstation.config import load_config
from groundstation.interpret.redo import redo
from groundstation.settings import AlarmsConfig, HooksConfig, StorageConfig
from tests.alarms.cases import ID, TABLE, satellite_text, sent, settings_of
from tests.alarms.folder import AlarmFolder, events, kept

#: Those whose sunlight would have to be made by elements, or whose receptions have many packets,
#: are the core's.
CASES = [
    pytest.param(case, id=case["name"])
    for case in TABLE["cases"]
    if "sun" not in case and "reception" not in case
]


@pytest.mark.parametrize("case", CASES)
def test_live_and_after_redecode(case: dict[str, Any], tmp_path: Path) -> None:
    folder = AlarmFolder(tmp_path, satellite_text(case), settings_of(case))
    for packet in sent(case):
        folder.send([packet])
        folder.follow()
    live = kept(tmp_path)
    assert sorted(events(live)) == sorted(case["events"])
    folder.close()
    used = settings_of(case)
    config = AlarmsConfig(used.count, used.back, missing_frames=used.missing_frames)
    redo(tmp_path, SatelliteCatalog(tmp_path), print, StorageConfig(), alarms=config)
    assert kept(tmp_path) == live
    (tmp_path / "telemetry.db").unlink()
    again = AlarmFolder(tmp_path, satellite_text(case), settings_of(case))
    again.follow()
    assert kept(tmp_path) == live
    again.close()


def noisy() -> dict[str, Any]:
    """A long case in which a lot happens."""
    volts = [4.0, 3.4, 3.2, 4.3, 3.52, 4.5]
    row = 'alarm = { dead_band = 0.05, sets = [{ when = "mode == 2", warning = [3.0, 4.2] }] }'
    return {
        "row": row,
        "volt": [volts[(n * n // 7 + n // 50) % 6] for n in range(3000)],
        "mode": [n // 40 % 4 for n in range(3000)],
        "beacon": [[7 * n, 4.0] for n in range(300)],
        "settings": {"missing_frames": 20},
    }


def test_restarts_and_batches_change_nothing(tmp_path: Path) -> None:
    case = noisy()
    whole = AlarmFolder(tmp_path / "whole", satellite_text(case), settings_of(case))
    packets = sent(case)
    whole.send(packets)
    whole.follow()
    once = kept(whole.path)
    whole.close()
    assert len(once) > 50
    cut = AlarmFolder(tmp_path / "cut", satellite_text(case), settings_of(case), batch=37)
    for begin in range(0, len(packets), 400):
        cut.send(packets[begin : begin + 400])
        cut.work.open()
        cut.work.advance()
        cut.alarms.open()
        cut.alarms.advance()  # one piece of it, and the process ends
        cut.restart()
    cut.follow()
    cut.close()
    assert kept(cut.path) == once


def test_other_limits_make_the_alarms_anew(tmp_path: Path) -> None:
    case = {"volt": [3.4, 3.4, 3.4, 4.0, 4.0]}
    folder = AlarmFolder(tmp_path, satellite_text(case), settings_of(case))
    folder.send(sent(case))
    folder.follow()
    assert events(kept(tmp_path)) == [
        "2 triggered warning limits volt #2",
        "5 returned warning limits volt #2",
    ]
    laid = tmp_path / "satellites" / f"{ID}.limits.toml"
    laid.write_text("volt = { critical = [3.5, inf], alarm = { count = 3 } }", "utf-8")
    folder.catalog.refresh()
    folder.follow()
    assert events(kept(tmp_path)) == [
        "3 triggered critical limits volt #3",
        "5 returned critical limits volt #3",
    ]
    folder.close()


def test_a_corrected_definition_makes_them_anew(tmp_path: Path) -> None:
    case = {"volt": [3.4, 3.4, 3.4, 4.0, 4.0]}
    folder = AlarmFolder(tmp_path, satellite_text(case), settings_of(case))
    folder.send(sent(case))
    folder.follow()
    text = satellite_text(case)
    folder.define(ID, text.replace("divide = 100", "divide = 90"))
    folder.restart()
    folder.follow()
    # 3.4 V were 3.78 V, and 4.0 V were 4.44 V.
    assert events(kept(tmp_path)) == ["5 triggered critical limits volt #5"]
    folder.define(ID, text)
    folder.restart()
    folder.follow()
    assert events(kept(tmp_path))[0] == "2 triggered warning limits volt #2"
    folder.close()


def test_other_settings_make_them_anew(tmp_path: Path) -> None:
    case = {"volt": [3.4, 3.4, 3.4, 4.0, 4.0]}
    folder = AlarmFolder(tmp_path, satellite_text(case), settings_of(case))
    folder.send(sent(case))
    folder.follow()
    folder.settings = Settings(count=3, missing_frames=0)
    folder.restart()
    folder.follow()
    assert events(kept(tmp_path))[0] == "3 triggered warning limits volt #3"
    folder.close()


def test_a_batch_that_cannot_be_written_comes_again(tmp_path: Path) -> None:
    case = {"volt": [3.4, 3.4, 3.4]}
    folder = AlarmFolder(tmp_path, satellite_text(case), settings_of(case))
    folder.send(sent(case)[:1])
    folder.follow()
    folder.send(sent(case)[1:])
    folder.interpret()
    with folder.work.writer.transaction() as connection:
        connection.execute("ALTER TABLE alarms RENAME TO gone")
    with pytest.raises(Exception, match="no such table"):
        folder.alarms.advance()
    with folder.work.writer.transaction() as connection:
        connection.execute("ALTER TABLE gone RENAME TO alarms")
    folder.follow()
    assert events(kept(tmp_path)) == ["2 triggered warning limits volt #2"]
    folder.close()


DOC = (Path(__file__).parents[2] / "docs" / "alarms.md").read_text("utf-8")
SHOWN = re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)


def test_the_row_of_the_documentation() -> None:
    text = satellite_text({}).replace('{ name = "temp",', SHOWN[0].strip() + ', { name = "temp",')
    row = parse(text, id=ID).rows()["battery_voltage"]
    assert row.alarm is not None
    assert (row.alarm.count, len(row.alarm.sets)) == (3, 2)


def test_the_settings_of_the_documentation_are_the_usual_ones(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text("[site]\nlatitude_deg = 42.5\nlongitude_deg = 72.2\n" + SHOWN[1], "utf-8")
    assert load_config(path).alarms == AlarmsConfig()
    path.write_text("[site]\nlatitude_deg = 42.5\nlongitude_deg = 72.2\n" + SHOWN[2], "utf-8")
    assert load_config(path).hooks.timeout_s == HooksConfig().timeout_s
