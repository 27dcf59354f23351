"""The page of alarms in a real browser: three languages, small and large, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from groundstation.model.alarms import Fault
from groundstation.storage.audit import Actor
from groundstation.storage.desk import Desk
from tests.dashboard.station_folder import SATELLITE, StationFolder
from tests.dashboard.web.browser import PHONE, PROJECTOR, Browser, browser, driver, served

__all__ = ["browser", "driver", "served"]

DESK = (1280, 800)
TITLES = {"en": "Alarms", "ru": "Тревоги", "ky": "Кооптуу белгилер"}
#: What the satellite sends now.
BAD: dict[str, Any] = {"battery_voltage": 3.21, "panel_temperature": 85.0, "mode": "safe"}


def alarmed(folder: StationFolder) -> None:
    """Something of each kind: active, seen, put aside, over, of the station."""
    folder.launch(-100)
    folder.fill(5)
    now_us = folder.clock.now_us()
    before: list[dict[str, Any]] = [{"battery_temperature": 45.0}] * 2
    before += [{"battery_temperature": 20.0}] * 2
    now = [BAD] * 2
    for number, values in enumerate([*before, *now]):
        folder.receive(at_us=now_us - (600 - 30 * number) * 1_000_000, **values)
    detail = "there is no /dev/ttyUSB0; plug the device in, or name another one in station.toml"
    fault = Fault(0, now_us - 300_000_000, "link", "tnc", "critical", detail, True)
    folder.journal.add_fault(fault)
    folder.watch()
    desk = Desk(folder.folder)
    hour_us = 3_600_000_000
    desk.shelve(
        (SATELLITE, "limits", "mode"),
        now_us + hour_us,
        now_us,
        Actor("Айгүл"),
        "a planned safe mode",
    )


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StationFolder]:
    folder = StationFolder(tmp_path_factory.mktemp("alarms"))
    alarmed(folder)
    with folder.alive():
        yield folder
    folder.close()


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
@pytest.mark.parametrize(
    ("size", "theme"), [(PHONE, "dark"), (PHONE, "light"), (DESK, "light"), (PROJECTOR, "dark")]
)
def test_the_page_is_whole_and_accessible(
    browser: Browser, language: str, size: tuple[int, int], theme: str
) -> None:
    browser.open(f"/alarms?lang={language}", size, theme)
    browser.wait_for_calm()
    assert browser.complaints() == []
    assert browser.run("return document.documentElement.scrollWidth") <= size[0]
    browser.run("for (const one of document.querySelectorAll('details')) one.open = true")
    assert browser.run("return document.documentElement.scrollWidth") <= size[0]
    assert browser.find("h1").text == TITLES[language]
    small = browser.run(
        "return [...document.querySelectorAll('#alarms button, #alarms summary, #alarms select, "
        "#alarms input:not([type=hidden])')]"
        ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []
    assert browser.barriers() == []


def test_seeing_and_a_new_one(browser: Browser, station: StationFolder) -> None:
    browser.open("/alarms?lang=en", DESK)
    browser.wait_for_calm()
    count = int(browser.driver.title.partition(")")[0].removeprefix("("))
    assert browser.run("return document.querySelector('link[rel=icon]').href").startswith("data:")
    assert f"Alarms that nobody has seen: {count}" in browser.texts("#notices a")
    before = len(browser.texts(".alarms > li"))
    # A new alarm comes in by itself, on this page too.
    for _ in range(2):
        station.receive(**BAD, rotation_rate_0=-70.0)
    station.watch()
    browser.wait(f"return document.querySelectorAll('.alarms > li').length === {before + 1}")
    browser.wait(f"return document.title.startsWith('({count + 1}) ')")
    browser.find("form[action='/alarms/acknowledge'] button").click()
    browser.wait_for_calm()
    assert browser.driver.current_url.endswith("/alarms?done=acknowledge")
    browser.wait("return !document.querySelector('#notices a')")
    assert browser.driver.title.startswith(f"({count + 1}) ")


def test_shelving_by_the_form(browser: Browser) -> None:
    browser.open("/alarms?lang=en", DESK)
    browser.wait_for_calm()
    browser.find(".alarms > li details summary").click()
    browser.find(".shelve input[name=name]").send_keys("Айбек")
    browser.find(".shelve input[name=reason]").send_keys("<b>ok</b>")
    browser.find(".shelve button").click()
    browser.wait_for_calm()
    told = " ".join(browser.texts(".alarms > li"))
    assert "Айбек" in told
    assert "<b>ok</b>" in told
