"""A data folder as a station leaves it, made by the real writers, for tests of the dashboard."""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from decoders.encode import Encoder
from groundstation.alarms.rules import Settings
from groundstation.catalog import SatelliteCatalog
from groundstation.clock import Clock
from groundstation.elements import ElementsCatalog
from groundstation.followers.alarms import AlarmWork
from groundstation.interpret.work import InterpreterWork
from groundstation.model import FlownPass, Reception, Site, from_us
from groundstation.orbit.elements import Elements
from groundstation.orbit.omm_csv import to_omm_csv
from groundstation.orbit.passes import find_passes
from groundstation.passes.account import Circumstances
from groundstation.passes.book import keep_pass
from groundstation.simulator.flight import elements_for
from groundstation.storage.journal import JournalReader, JournalWriter

SATELLITE = "classroom-1"
SITE = Site("School 5", 42.8746, 74.5698, 800.0)
CONFIG = """\
[site]
name = "School 5"
latitude_deg = 42.8746
longitude_deg = 74.5698
altitude_m = 800
timezone = "Asia/Bishkek"

[[satellites]]
id = "classroom-1"
"""
#: What the scheduler says while an antenna follows the satellite.
SCHEDULE = {
    "state": "tracking",
    "planned_us": 1_767_225_600_000_000,
    "doubt": None,
    "problems": [],
    "problem": None,
    "now": [
        {
            "satellite": SATELLITE,
            "name": "Classroom-1 (simulated)",
            "norad": 999_999_999,
            "aos_us": 1_767_225_600_000_000,
            "los_us": 1_767_226_200_000_000,
            "max_elevation_deg": 65.0,
            "taken": True,
            "reason": "",
            "simulated": True,
        }
    ],
    "next": None,
    "antenna": {
        "satellite": SATELLITE,
        "name": "Classroom-1 (simulated)",
        "begin_us": 1_767_225_600_000_000,
        "end_us": 1_767_226_200_000_000,
        "rotator": "127.0.0.1:4533",
        "radio": "127.0.0.1:4532",
        "commanded_deg": [210.0, 35.5],
        "measured_deg": [209.7, 35.2],
        "receive_hz": 437_509_123.4,
        "rotator_given_up": False,
        "radio_given_up": False,
    },
    "alarms": [],
}


class StationFolder:
    """Stands in for the running station: writes what it would write, when the test says so."""

    def __init__(self, folder: Path, speed: float = 1.0):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        now_us = time.time_ns() // 1000
        self.clock = Clock(now_us, now_us, speed)
        catalog = self.catalog = SatelliteCatalog()
        self.satellite = catalog.satellites[SATELLITE]
        self._encoder = Encoder(self.satellite)
        self._catalog = catalog
        self.config = folder / "station.toml"
        self.config.write_text(CONFIG, "utf-8")
        self._journal: JournalWriter | None = None
        self._work: InterpreterWork | None = None
        self._started_us = now_us
        self._count = 0
        self.journal_error: str | None = None
        self.link_state = "open"
        self.satellites = [SATELLITE]
        self.write_status()

    @property
    def journal(self) -> JournalWriter:
        """Made when it is first needed, as by a station that starts."""
        if self._journal is None:
            self._journal = JournalWriter(self.folder)
        return self._journal

    def frame_bytes(self, at_us: int, **values: Any) -> bytes:
        """A beacon with plausible values; ``values`` replace some of them."""
        phase = at_us / 1e6 / 300
        usual: dict[str, Any] = {
            "counter": self._count % 65536,
            "uptime": 3600 + self._count * 5,
            "mode": "nominal",
            "battery_voltage": 3.9 + 0.2 * math.sin(phase),
            "battery_current": round(120 + 40 * math.cos(phase)),
            "battery_charge": 70 + 20 * math.sin(phase),
            "panel_current_0": 210,
            "panel_current_1": 90,
            "panel_current_2": 5,
            "load_current": 180,
            "battery_temperature": 21 + 3 * math.sin(phase / 2),
            "panel_temperature": 35 * math.sin(phase),
            "board_temperature": 24.0,
            "rotation_rate_0": 0.8,
            "rotation_rate_1": -1.9,
            "rotation_rate_2": 0.1,
            "sun_sensor": 30,
            "transmit_power": 27,
            "status": ("sunlight", "charging"),
        }
        return self._encoder.encode("beacon", {**usual, **values})

    def receive(self, *, at_us: int | None = None, **values: Any) -> Reception:
        """One beacon of the simulated satellite comes in and its values are stored."""
        return self.append(self.beacon(at_us=at_us, **values))

    def beacon(self, *, at_us: int | None = None, **values: Any) -> Reception:
        """A reception that is not in the journal yet."""
        when = self.clock.now_us() if at_us is None else at_us
        self._count += 1
        raw = self.frame_bytes(when, **values)
        return Reception(0, when, "tnc", raw, SATELLITE, simulated=True)

    def receive_damaged(self) -> Reception:
        """Bytes that failed their check."""
        raw = bytes(range(40, 90))
        return self.append(
            Reception(
                0,
                self.clock.now_us(),
                "tnc",
                raw,
                error="the check sequence is wrong",
                damaged=True,
            )
        )

    def receive_unknown(self) -> Reception:
        """A good frame of nobody."""
        return self.append(
            Reception(
                0,
                self.clock.now_us(),
                "tnc",
                bytes.fromhex("96829a9a40e06096829a9a40e161") + b"\x03\xf0hello",
            )
        )

    def receive_real(self) -> Reception:
        """A golden frame of a real satellite."""
        example = SatelliteCatalog().satellites["quetzal-1"].examples[0]
        when = self.clock.now_us()
        return self.append(Reception(0, when, "tnc", example.frame))

    def append(self, reception: Reception) -> Reception:
        """Journal first, then its interpretation, as the station does it."""
        kept = self.journal.append([reception])[0]
        self._work = self._work or InterpreterWork(self.folder, self._catalog)
        self._work.open()
        while self._work.advance():
            pass
        return kept

    def watch(self) -> None:
        """The follower of alarms does what there is to do."""
        assert self._work is not None
        alarms = AlarmWork(self._work, self._catalog, Settings())
        alarms.open()
        while alarms.advance():
            pass
        alarms.close()

    def journal_seq(self) -> int:
        """``seq`` of the newest reception."""
        with JournalReader(self.folder) as reader:
            return reader.last_seq()

    def fill(self, frames: int = 60, every_s: float = 10.0) -> None:
        """A history that ends now."""
        now_us = self.clock.now_us()
        for number in range(frames, 0, -1):
            self.receive(at_us=now_us - round(number * every_s * 1e6))

    def launch(self, lead_s: float = -60.0) -> None:
        """Elements of an orbit whose pass begins ``lead_s`` from now."""
        now = from_us(self.clock.now_us())
        self.elements = elements_for(SITE, now, lead_s, self.satellite.name)
        self.import_elements(self.elements)

    def import_elements(self, *elements: Elements) -> None:
        """Into the station's catalogue of them."""
        text = to_omm_csv(elements)
        ElementsCatalog(self.folder / "elements").import_text(text, "simulated")

    def fly(self) -> FlownPass:
        """Keep the account of the pass that :meth:`launch` made, as it is by now."""
        now = from_us(self.clock.now_us())
        hour = timedelta(hours=1)
        one = find_passes(self.elements, SITE, now - hour, now + hour, min_elevation_deg=5.0)[0]
        assert one.aos
        facts = Circumstances(
            *(SATELLITE, self.satellite.name, SITE, 5.0, 437_500_000),
            simulated=True,
            watched=((one.aos, now),),
            tracking={
                "rotator": {
                    "given_up": False,
                    "samples": 900,
                    "error_deg": {"median": 0.12, "p95": 0.31, "worst": 0.8},
                },
                "radio": None,
                "alarms": ["the antenna does not move: sent to azimuth 10.0, elevation 5.0"],
            },
        )
        kept = keep_pass(self.journal, one, self.elements, facts)
        assert kept
        return kept

    def write_status(self, **changes: Any) -> None:
        """``status.json`` as the station writes it."""
        last_us = self.clock.now_us() if self.link_state == "open" else None
        status: dict[str, Any] = {
            "pid": os.getpid(),
            "started_us": self._started_us,
            "written_us": time.time_ns() // 1000,
            "simulated": True,
            "clock": self.clock.as_json(),
            "site": asdict(SITE),
            "satellites": self.satellites,
            "links": [
                {
                    "name": "tnc",
                    "url": "/dev/ttyUSB0?baud=9600",
                    "framing": "kiss",
                    "state": self.link_state,
                    "detail": "" if self.link_state == "open" else "there is no /dev/ttyUSB0",
                    "last_byte_us": last_us,
                    "bytes": 12_345,
                    "frames": 200,
                    "bad_frames": 3,
                    "simulated": True,
                }
            ],
            "followers": {
                "telemetry": {
                    "seq": self._count,
                    "lag": 0,
                    "error": None,
                    "backlog": 0,
                    "set_apart": "",
                    "left_out": 0,
                }
            },
            "journal_error": self.journal_error,
            "schedule": SCHEDULE,
            **changes,
        }
        new = self.folder / "status.json.new"
        new.write_text(json.dumps(status), "utf-8")
        new.replace(self.folder / "status.json")

    @contextmanager
    def alive(self) -> Iterator[None]:
        """The station writes its status each second meanwhile."""
        ending = threading.Event()

        def live() -> None:
            while not ending.wait(1):
                self.write_status()

        thread = threading.Thread(target=live)
        thread.start()
        try:
            yield
        finally:
            ending.set()
            thread.join()

    def close(self) -> None:
        """End the writers."""
        if self._work is not None:
            self._work.close()
        if self._journal is not None:
            self._journal.close()
