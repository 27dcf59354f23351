"""The operator's program and messages: at AOS, at LOS and on an alarm."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from groundstation.alarm_calls import AlarmCalls
from groundstation.catalog import SatelliteCatalog
from groundstation.clock import Clock
from groundstation.config import AlarmsConfig, Config, HooksConfig, NotifyConfig, StorageConfig
from groundstation.elements import ElementsCatalog
from groundstation.hooks import MOST_WAITING, Hooks
from groundstation.model.alarms import AlarmEvent, AlarmKey
from groundstation.orbit.omm_csv import to_omm_csv
from groundstation.passes.hooked import PassEvents
from groundstation.simulator.flight import elements_for
from groundstation.storage.audit import Actor
from groundstation.storage.desk import Desk, subject_of
from groundstation.tracking.planner import make_plan
from groundstation.tracking.wanted import Orders, Wanted
from tests.links.devices import wait_until
from tests.orbit.truth import BISHKEK, when
from tests.passes.test_notify import VARIABLE, Post

KEY = AlarmKey("classroom-1", "limits", "battery_voltage", 7)
SCRIPT = """#!/bin/sh
cat > "{folder}/$GROUNDSTATION_EVENT.json.new"
env > "{folder}/$GROUNDSTATION_EVENT.env"
{more}
mv "{folder}/$GROUNDSTATION_EVENT.json.new" "{folder}/$GROUNDSTATION_EVENT.json"
"""


def program(folder: Path, more: str = "") -> tuple[str, ...]:
    path = folder / "on event"
    path.write_text(SCRIPT.format(folder=folder, more=more))
    path.chmod(0o755)
    return (str(path),)


def heard(folder: Path, name: str) -> dict[str, Any]:
    path = folder / f"{name}.json"
    wait_until(path.exists)
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


class Called:
    """Hooks and calls over a folder, and what they said."""

    def __init__(self, folder: Path, config: Config):
        self.said: list[str] = []
        self.folder = folder
        self.clock = Clock()
        self.hooks = Hooks(config, self.said.append)
        self.calls = AlarmCalls(
            config,
            folder,
            SatelliteCatalog(),
            self.clock,
            self.hooks,
            self.said.append,
            retry_s=0.05,
        )
        self.hooks.start()
        self.calls.start()

    def event(self, kind: Any = "triggered", severity: Any = "critical", **more: Any) -> AlarmEvent:
        about = {"value": 3.2, "unit": "V", "limits": (3.3, 4.25), "packet": "beacon", **more}
        time_us = about.pop("time_us", self.clock.now_us())
        return AlarmEvent(kind, about.pop("key", KEY), severity, 7, time_us, **about)

    def stop(self) -> None:
        self.calls.stop()
        self.hooks.stop()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    made: list[Called] = []

    def start(**settings: Any) -> Called:
        made.append(Called(tmp_path, Config(BISHKEK, **settings)))
        return made[-1]

    yield start
    for one in made:
        one.stop()


def test_the_program_gets_the_alarm(make: Any, tmp_path: Path) -> None:
    called = make(hooks=HooksConfig(program(tmp_path)))
    called.calls.hear([called.event()])
    found = heard(tmp_path, "alarm")
    about = {
        name: found[name]
        for name in ("kind", "alarm", "severity", "value", "unit", "low", "high", "title")
    }
    assert about == {
        "kind": "triggered",
        "alarm": "classroom-1/limits/battery_voltage/7",
        "severity": "critical",
        "value": 3.2,
        "unit": "V",
        "low": 3.3,
        "high": 4.25,
        "title": "Battery voltage is outside its limits",
    }
    environment = (tmp_path / "alarm.env").read_text()
    assert "GROUNDSTATION_ALARM=classroom-1/limits/battery_voltage/7\n" in environment
    assert "GROUNDSTATION_SEVERITY=critical\n" in environment


def test_texts_are_never_orders(make: Any, tmp_path: Path) -> None:
    called = make(hooks=HooksConfig(program(tmp_path)))
    hostile = f"$(touch {tmp_path}/hacked) `touch {tmp_path}/hacked`; \n GROUNDSTATION_X=1 \x00\x1b"
    key = AlarmKey("", "store", hostile, 1)
    called.calls.hear([called.event(key=key, detail=hostile, value=None, limits=None)])
    assert heard(tmp_path, "alarm")["detail"] == hostile
    assert not (tmp_path / "hacked").exists()
    assert "\nGROUNDSTATION_X" not in (tmp_path / "alarm.env").read_text()


def test_secrets_stay_here(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", "s3cret")
    monkeypatch.setenv("MY_URLS", "json://very:s3cret@host")
    called = make(
        hooks=HooksConfig(program(tmp_path)),
        storage=StorageConfig(token_env="MY_TOKEN"),
        notify=NotifyConfig("MY_URLS"),
        alarms=AlarmsConfig(notify="never"),
    )
    called.calls.hear([called.event()])
    heard(tmp_path, "alarm")
    assert "s3cret" not in (tmp_path / "alarm.env").read_text()


def test_what_it_prints_is_told(make: Any, tmp_path: Path) -> None:
    more = r"""printf 'one\033[31m\ntwo\n'; yes line | head -n 100000; exit 3"""
    called = make(hooks=HooksConfig(program(tmp_path, more)))
    called.calls.hear([called.event()])
    wait_until(lambda: any("ended with code 3" in text for text in called.said))
    assert "hooks: one [31m" in called.said
    assert "hooks: two" in called.said
    assert any(text.endswith("more lines") for text in called.said)
    assert len(called.said) < 30


def test_a_program_that_hangs_is_ended_with_its_children(make: Any, tmp_path: Path) -> None:
    more = f'sleep 1000 & echo $! > "{tmp_path}/child"; wait'
    called = make(hooks=HooksConfig(program(tmp_path, more), timeout_s=0.5))
    called.calls.hear([called.event()])
    wait_until(lambda: any("took more than 0.5 s: ended" in text for text in called.said))
    child = int((tmp_path / "child").read_text())
    wait_until(lambda: not _lives(child))


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_nobody_waits_for_a_slow_program(make: Any, tmp_path: Path) -> None:
    called = make(hooks=HooksConfig(program(tmp_path, "sleep 1000"), timeout_s=1000))
    for number in range(MOST_WAITING + 50):
        called.hooks.hear({"event": "test", "number": number})
    assert any("too slow: test was left out" in text for text in called.said)
    begun = time.monotonic()
    called.stop()
    assert time.monotonic() - begun < 30


def test_a_program_that_is_none(make: Any, tmp_path: Path) -> None:
    called = make(hooks=HooksConfig((str(tmp_path / "none"),)))
    called.calls.hear([called.event()])
    wait_until(lambda: any("cannot be run" in text for text in called.said))


def test_what_is_old_told_or_put_aside_calls_nobody(make: Any, tmp_path: Path) -> None:
    called = make()
    shelved = KEY._replace(parameter="mode")
    now_us = called.clock.now_us()
    Desk(tmp_path).shelve(subject_of(shelved), now_us + 3_600_000_000, now_us, Actor("Aida"), "")
    called.calls.hear([called.event(key=shelved), called.event(time_us=now_us - 3_600_000_000)])
    called.calls.hear([called.event()])
    called.calls.hear([called.event()])
    called.calls.hear([called.event("raised")])
    wait_until(lambda: len(called.said) >= 2)
    called.stop()
    what = "Battery voltage is outside its limits 3.2 V (3.3 … 4.25)"
    assert called.said == [f"ALARM: Classroom-1 (simulated): {what}"] * 2


def test_aos_and_los(tmp_path: Path) -> None:
    now = when("2026-08-22T06:00:00Z")
    elements = elements_for(BISHKEK, now, 60, "Test")
    ElementsCatalog(tmp_path / "elements").import_text(to_omm_csv([elements]), "test")
    wanted = Wanted("test", "Test", elements.norad, simulated=True)
    tracking = Config(BISHKEK).tracking
    plan = make_plan(Orders(BISHKEK, tmp_path / "elements", (wanted,), 10.0, tracking), now, None)
    first = plan.coming(now)
    assert first is not None
    told: list[Any] = []
    events = PassEvents(told.append)
    second = timedelta(seconds=1)
    for at in (now, first.aos, first.aos + second, first.los - second, first.los + second):
        events.hear(plan, at)
    names = [event["event"] for event in told]
    assert names == ["aos", "los"]
    assert told[0]["satellite"] == "test"
    assert told[0]["simulated"] is True
    assert told[0]["aos"].startswith("2026-08-22T06:0")


@pytest.fixture
def post() -> Iterator[Post]:
    pytest.importorskip("apprise", reason="the optional library Apprise is not installed")
    with Post().serving() as server:
        yield server


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_people_are_told(make: Any, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, post.url)
    called = make(notify=NotifyConfig(VARIABLE, language="ru"))
    post.code = 500
    called.calls.hear([called.event(severity="warning", key=KEY._replace(seq=1))])
    called.calls.hear([called.event(simulated=True)])
    wait_until(lambda: post.tries > 1)
    post.code = 200
    wait_until(lambda: bool(post.messages))
    (message,) = post.messages
    assert message["title"] == (
        "ИМИТАЦИЯ: Classroom-1 (simulated): Напряжение батареи: за пределами"
    )
    assert "3,2 В (3,3 … 4,25)" in message["message"]
    assert "Батарея почти пуста" in message["message"]
    assert os.environ[VARIABLE] not in " ".join(called.said)
