"""The chart of a satellite's page in a real browser: lanes, cursor, zoom, table, picture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import PHONE, PROJECTOR, Browser, browser, driver, served

__all__ = ["browser", "driver", "served"]

PATH = "/satellites/classroom-1"
THREE = f"{PATH}?parameters=battery_voltage,battery_current,mode&range=1h"


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StationFolder]:
    folder = StationFolder(tmp_path_factory.mktemp("charts"))
    folder.launch(-100)
    now_us = folder.clock.now_us()
    for minutes in range(50, 0, -1):
        values = {"mode": "safe" if minutes > 30 else "nominal"}
        if minutes == 20:
            values["battery_voltage"] = 3.2
        folder.receive(at_us=now_us - minutes * 60_000_000, **values)
    folder.fly()
    with folder.alive():
        yield folder
    folder.close()


def wait_for_lanes(browser: Browser, count: int) -> None:
    browser.wait(f"return document.querySelectorAll('[data-lane]').length === {count}")


def test_each_parameter_has_a_lane_with_its_span(browser: Browser) -> None:
    browser.open(THREE)
    wait_for_lanes(browser, 3)
    assert browser.texts(".lane-title h3") == ["Battery voltage, V", "Battery current, mA", "Mode"]
    assert browser.texts(".lane-title .number")[0].startswith("3.200 V … 4.")
    assert len(browser.texts("#lanes canvas")) == 2
    assert browser.texts(".bands .band") == ["safe", "nominal"]
    lefts = browser.run(
        "return [document.querySelector('.u-over'), document.querySelector('.bands')]"
        ".map(e => e.getBoundingClientRect()).map(r => [r.left, r.right])"
    )
    # The same times stand below each other.
    assert lefts[0] == pytest.approx(lefts[1], abs=2)


def test_parameters_are_put_in_and_taken_out(browser: Browser) -> None:
    browser.open(f"{PATH}?parameters=battery_voltage")
    wait_for_lanes(browser, 1)
    add = "[data-parameter={}] [data-add]"
    for count, name in enumerate(("uptime", "board_temperature", "battery_charge"), start=2):
        browser.run("arguments[0].click()", browser.find(add.format(name)))
        wait_for_lanes(browser, count)
    # A fifth takes the place of the last.
    browser.run("arguments[0].click()", browser.find(add.format("load_current")))
    browser.wait("return document.querySelector('[data-lane=load_current]') !== null")
    wait_for_lanes(browser, 4)
    pressed = add.format("battery_charge")
    assert browser.find(pressed).get_attribute("aria-pressed") == "false"
    browser.find(".drop").click()
    wait_for_lanes(browser, 3)
    assert "parameters=uptime%2Cboard_temperature%2Cload_current" in browser.driver.current_url


def test_the_cursor_is_led_by_keys_and_opens_the_frame(
    browser: Browser, station: StationFolder
) -> None:
    browser.open(f"{PATH}?parameters=battery_voltage,mode&range=1h")
    wait_for_lanes(browser, 2)
    plot = browser.find("#time")
    plot.send_keys(Keys.HOME)
    assert "Mode: safe" in plot.get_attribute("aria-valuetext")
    plot.send_keys(*[Keys.ARROW_RIGHT] * 30)
    said = browser.find("#readout").text
    assert "3.200 V" in said
    assert "Mode: nominal" in said
    link = browser.find("#readout a").get_attribute("href")
    plot.send_keys(Keys.ENTER)
    browser.wait("return location.pathname.startsWith('/frames/')")
    assert browser.driver.current_url.endswith("/frames/31")
    assert "at=" in link


def test_a_zoom_is_kept_in_the_address_and_undone(browser: Browser) -> None:
    browser.open(f"{PATH}?parameters=battery_voltage&range=1h")
    wait_for_lanes(browser, 1)
    plot = browser.find("#time")
    plot.send_keys(Keys.END, "+")
    browser.wait("return location.search.includes('start=')")
    address = browser.driver.current_url
    browser.wait("return !document.getElementById('reset').hidden")
    browser.open(address.removeprefix(browser.url))
    wait_for_lanes(browser, 1)
    assert browser.driver.current_url == address
    assert browser.run("return document.querySelector('[data-range][aria-pressed=true]')") is None
    browser.find("#reset").click()
    browser.wait("return location.search.includes('range=1h')")
    assert "start=" not in browser.driver.current_url


def test_one_against_the_other(browser: Browser) -> None:
    browser.open(f"{PATH}?parameters=battery_voltage,battery_current&range=1h&xy=1")
    browser.wait("return !document.getElementById('scatter').hidden")
    dots = browser.run(
        "const c = document.getElementById('scatter'); const d = c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data; let n = 0;"
        "for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n"
    )
    assert dots > 1000
    browser.find("#xy").click()
    browser.wait("return document.getElementById('scatter').hidden")


def test_the_table_says_the_same(browser: Browser) -> None:
    browser.open(THREE)
    wait_for_lanes(browser, 3)
    browser.find("#twin summary").click()
    browser.wait("return document.querySelectorAll('#twin tbody tr').length >= 50")
    head = browser.texts("#twin thead th")
    assert head == ["time", "Battery voltage", "Battery current", "Mode"]
    rows = browser.texts("#twin tbody tr")
    assert any("3.200 V" in row and row.endswith("nominal") for row in rows)
    assert rows[-1].endswith("safe")


def test_the_picture_shows_the_lanes(browser: Browser) -> None:
    browser.open(THREE)
    wait_for_lanes(browser, 3)
    size = browser.driver.execute_async_script(
        "const done = arguments[0]; const real = URL.createObjectURL;"
        "URL.createObjectURL = blob => {"
        " createImageBitmap(blob).then(b => done([b.width, b.height, blob.type]));"
        " return real(blob) };"
        "document.getElementById('chart-png').click()"
    )
    assert size[0] > 1000
    assert size[1] > 400
    assert size[2] == "image/png"


def test_one_of_many_is_found_by_its_name(browser: Browser) -> None:
    browser.open("/satellites/cpsat")
    browser.find("#find").send_keys("beacon 1 battery")
    browser.wait("return document.getElementById('found').textContent.startsWith('2 ')")
    shown = browser.run(
        "return [...document.querySelectorAll('tr[data-parameter]')]"
        ".filter(row => row.checkVisibility()).map(row => row.querySelector('a').textContent)"
    )
    assert shown == ["Beacon 1: battery voltage", "Beacon 1: battery current"]
    browser.find("#find").clear()
    browser.find("#find").send_keys(" ")
    browser.wait("return document.getElementById('found').textContent.startsWith('748')")
    last = browser.driver.find_elements("css selector", "[data-jump]")[-1]
    browser.run("arguments[0].click()", last)
    target = last.get_attribute("href").partition("#")[2]
    assert browser.run(f"return document.getElementById('{target}').open")


@pytest.mark.parametrize("size", [PHONE, (768, 1024), PROJECTOR])
def test_no_page_is_higher_than_ten_screens(browser: Browser, size: tuple[int, int]) -> None:
    for id in ("cpsat", "catsat"):
        browser.open(f"/satellites/{id}", size)
        height = browser.run("return document.documentElement.scrollHeight")
        assert height <= 10 * size[1], id


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (PROJECTOR, "light")])
def test_it_is_whole_and_accessible(browser: Browser, size: tuple[int, int], theme: str) -> None:
    browser.open(THREE, size, theme)
    wait_for_lanes(browser, 3)
    browser.run("document.getElementById('twin').open = true")
    browser.find("#time").send_keys(Keys.HOME)
    browser.wait_for_calm()
    assert browser.complaints() == []
    assert browser.run("return document.documentElement.scrollWidth") <= size[0]
    small = browser.run(
        "return [...document.querySelectorAll('main button, main summary, main input')]"
        ".filter(e => e.checkVisibility() && !e.matches('.band'))"
        ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []
    assert browser.barriers() == []
