"""Threads that tell the world go on after what they cannot tell."""

from __future__ import annotations

import math
import threading
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groundstation.alarm_calls import AlarmCalls
from groundstation.catalog import SatelliteCatalog
from groundstation.clock import Clock
from groundstation.hooks import Hooks
from groundstation.model.alarms import AlarmEvent, AlarmKey
from groundstation.passes.notify import Announcer
from groundstation.settings import Config, HooksConfig, NotifyConfig
from tests.links.devices import wait_until
from tests.orbit.truth import BISHKEK
from tests.threads.failing import never
from tests.threads.one_pass import PASS


def test_hooks(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho said; cat >> {tmp_path}/heard\n")
    program.chmod(0o755)
    hooks = Hooks(Config(BISHKEK, hooks=HooksConfig((str(program),))), never)
    hooks.start()
    hooks.hear({"event": math.nan})  # no JSON: it fails in the thread
    hooks.hear({"event": "aos"})
    wait_until(lambda: (tmp_path / "heard").exists() and bool((tmp_path / "heard").read_text()))
    hooks.stop()


def test_alarm_calls(tmp_path: Path) -> None:
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        raise BrokenPipeError("the terminal is closed")

    clock, config = Clock(), Config(BISHKEK)
    calls = AlarmCalls(config, tmp_path, SatelliteCatalog(), clock, Hooks(config, never), say)
    calls.start()
    key = AlarmKey("classroom-1", "limits", "battery_voltage", 1)
    # A rule that nobody knows the words of fails in the thread.
    calls.hear([AlarmEvent("triggered", key, "critical", 1, clock.now_us(), value=math.inf)])
    calls.hear([AlarmEvent("triggered", key._replace(seq=2), "critical", 2, clock.now_us())])
    wait_until(lambda: len(said) == 2)
    calls.stop()


def test_notification(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words may quote an address: they are not said."""
    monkeypatch.setenv("TELL", "json://user:hunter2@127.0.0.1:1/x")
    said: list[str] = []

    class Bad(Announcer):
        def message(self, *_: Any) -> tuple[str, str]:
            raise ValueError("json://user:hunter2@127.0.0.1:1/x is bad")

    config = Config(BISHKEK, notify=NotifyConfig("TELL", minutes_before=30))
    one = SimpleNamespace(max_elevation_deg=50.0)
    planned = SimpleNamespace(aos=PASS.aos, los=PASS.los, one=one, same=lambda other: True)
    plan = SimpleNamespace(passes=[planned], doubt=None)
    assert PASS.aos
    Bad(config, said.append).hear(plan, PASS.aos - timedelta(minutes=5))  # type: ignore[arg-type]
    wait_until(lambda: said)
    assert said == [
        "somebody could not be told of a pass: a mistake in the program: ValueError; "
        "please report it"
    ]
    Bad(config, never).hear(plan, PASS.aos - timedelta(minutes=5))  # type: ignore[arg-type]
    wait_until(lambda: not [t for t in threading.enumerate() if t.name == "notify"])
