"""The first page in a real browser: it fits the screen, is read from afar, follows the values."""

from __future__ import annotations

import pytest

from groundstation.words.language import LANGUAGES
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import PROJECTOR, Browser, browser, driver, served
from tests.dashboard.web.whole_station import station

__all__ = ["browser", "driver", "served", "station"]


def height(browser: Browser, path: str) -> int:
    browser.open(path)
    browser.wait_for_calm()
    return int(browser.run("return document.documentElement.scrollHeight"))


@pytest.mark.parametrize("code", ["en", "ru", "ky"])
def test_the_first_page_fits_a_screen_of_1080_lines(browser: Browser, code: str) -> None:
    assert height(browser, f"/?lang={code}") <= PROJECTOR[1]


@pytest.mark.parametrize("code", ["en", "ru", "ky"])
def test_a_projector_s_words_are_read_from_eight_metres(browser: Browser, code: str) -> None:
    browser.open(f"/?projector=1&lang={code}")
    browser.wait_for_calm()
    sizes = browser.run(
        "return ['.story', '.card h2', '.big .number', '.big .unit', '.card .state']"
        ".map(s => parseFloat(getComputedStyle(document.querySelector(s)).fontSize))"
    )
    assert min(sizes) >= 45
    bottom = browser.run(
        "return Math.max(...[...document.querySelectorAll('.card')]"
        ".map(card => card.getBoundingClientRect().bottom))"
    )
    assert bottom <= PROJECTOR[1]


def test_two_passes_are_never_joined_by_a_line(browser: Browser) -> None:
    browser.open("/")
    module = browser.run("return document.querySelector('script[type=module]').src")
    lengths = browser.driver.execute_async_script(
        "const [url, done] = arguments;"
        "const pass = (from, step, n) => Array.from({length: n}, (_, i) => [from + i * step, 1]);"
        "import(url.replace('now.js', 'gaps.js')).then(({ runs }) => done(["
        " [...pass(0, 10, 50), ...pass(5700, 10, 40)],"  # two passes of an orbit
        " [...pass(0, 300, 3), ...pass(5700, 300, 3)],"  # a beacon every five minutes
        " pass(0, 1800, 20),"  # a satellite that stands still over the site
        " [...pass(0, 5, 9), ...pass(90, 5, 9)]"  # a fade of half a minute
        "].map(points => runs(points).map(run => run.length))))",
        module,
    )
    assert lengths == [[50, 40], [3, 3], [20], [18]]


def test_the_map_follows_the_satellite(browser: Browser) -> None:
    browser.open("/")
    browser.wait("return document.querySelector('.skyplot') !== null")
    where = "document.querySelector('.world .satellite').getAttribute('transform')"
    place = browser.run(f"return {where}")
    browser.run("document.dispatchEvent(new Event('visibilitychange'))")
    browser.wait(f"return {where} !== '{place}'")


def test_the_sentence_follows_the_values(browser: Browser, station: StationFolder) -> None:
    browser.open("/")
    browser.wait_for_calm()
    station.receive(battery_voltage=3.1)
    browser.wait(
        "return document.getElementById('story').textContent.includes('critical: Battery')"
    )
    station.receive()
    browser.wait("return !document.getElementById('story').textContent.includes('critical')")


def test_what_is_wrong_fits_on_the_screen_too(browser: Browser, station: StationFolder) -> None:
    for _ in range(3):
        station.receive(battery_voltage=3.2, battery_charge=8, panel_temperature=110, mode="safe")
    station.watch()
    browser.open("/")
    browser.wait("return document.querySelector('.wrong') !== null || location.reload()")
    assert "Battery voltage" in browser.find(".wrong").text
    for code in LANGUAGES:
        assert height(browser, f"/?lang={code}") <= PROJECTOR[1]
        assert len(browser.texts(".wrong li")) == 3


def test_the_first_page_asks_for_little(browser: Browser) -> None:
    browser.open("/frames")
    browser.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    browser.open("/")
    browser.wait_for_calm()
    requests, size = browser.run(
        "const all = [...performance.getEntriesByType('navigation'),"
        " ...performance.getEntriesByType('resource')];"
        "return [all.length, all.reduce((sum, e) => sum + e.transferSize, 0)]"
    )
    assert requests <= 25
    assert 10_000 < size <= 150_000
