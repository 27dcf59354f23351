"""The wall in a real browser, read from afar; a teacher arranges a board and writes notes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from groundstation.words.language import LANGUAGES
from tests.dashboard.conftest import Served
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import PHONE, PROJECTOR, Browser, browser, driver, served
from tests.dashboard.web.whole_station import station

__all__ = ["browser", "driver", "served", "station"]

#: Everything that is to be read on the wall.
READ = (
    ".head h1, .head .state, .head time, .told-simulated, .card h2, .card .state span, .big .unit,"
    " .big .number, .pass h2, .countdown, .pointing dt, .pointing dd, .pointing small"
)


@pytest.mark.parametrize("code", ["en", "ru", "ky"])
@pytest.mark.parametrize("size", [PROJECTOR, (1280, 720)])
def test_the_wall_is_one_screen_read_from_eight_metres(
    browser: Browser, size: tuple[int, int], code: str
) -> None:
    """45 pixels of 1080, and as high a part of the screen where it has 720."""
    browser.open(f"/kiosk?lang={code}", size)
    browser.wait("return document.querySelector('.skyplot') !== null")
    browser.wait("return document.querySelector('[data-pointing=compass]').textContent !== ''")
    assert browser.run("return document.documentElement.scrollHeight") <= size[1]
    assert browser.run("return document.documentElement.scrollWidth") <= size[0]
    sizes = browser.run(
        "return [...document.querySelectorAll(arguments[0])].filter(e => e.offsetParent)"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))",
        READ,
    )
    assert len(sizes) > 20
    assert min(sizes) >= 45 * size[1] / 1080
    cut = browser.run(
        "return [...document.querySelectorAll('.tile')].flatMap(tile => {"
        " const end = tile.getBoundingClientRect().bottom + 1;"
        " return [...tile.querySelectorAll('h2, .big, .state span, svg.skyplot, svg.world,"
        " .pointing small')].filter(e => e.getBoundingClientRect().bottom > end)"
        ".map(e => e.textContent) })"
    )
    assert cut == []
    browser.wait("return document.documentElement.hasAttribute('data-awake')")
    assert browser.run("return document.querySelector('nav, footer, button') === null")


def test_what_the_wall_says_where_nothing_came_fits_too(driver: Chrome, tmp_path: Path) -> None:
    """A station that has heard nothing, and a long sentence about its line."""
    folder = StationFolder(tmp_path)
    folder.launch(1800.0)
    served = Served(folder.folder, "--config", str(folder.config))
    browser = Browser(driver, served.url)
    for code in LANGUAGES:
        browser.open(f"/kiosk?lang={code}")
        browser.wait("return document.querySelector('.skyplot') !== null")
        browser.run(
            "document.querySelector('#line span').textContent ="
            " 'No connection to the station, so that we are trying it again and again'"
        )
        outside = browser.run(
            "const box = (e) => e.getBoundingClientRect();"
            "return [...document.querySelectorAll('.head *, .card h2, .card .state, .card svg')]"
            ".filter(e => { const room = box(e.closest('.head, .card'));"
            " return e.offsetParent && (box(e).right > room.right || box(e).bottom > room.bottom"
            "   || (e.scrollWidth > e.clientWidth + 1 && e.matches('.state:not(#line)'))) })"
            ".map(e => e.outerHTML)"
        )
        assert outside == []
        assert browser.find(".head h1").size["width"] > 200
        assert browser.find(".head").size["height"] < 100
    served.end()
    folder.close()
    driver.delete_all_cookies()


def test_the_wall_turns_its_screens_without_a_reload(browser: Browser) -> None:
    browser.open("/kiosk?board=1&every=5")
    browser.wait("return document.querySelector('.tile canvas') !== null")
    browser.run("window.same = true")
    assert browser.find("#screen").text == "1/2"
    beside = browser.run(
        "return [...document.querySelectorAll('.tile .big *')].map(e => [e.textContent,"
        " e.closest('.tile').getBoundingClientRect().right - e.getBoundingClientRect().right])"
    )
    assert len(beside) >= 4  # numbers and units
    assert all(room > 0 for _, room in beside), beside
    browser.wait("return document.getElementById('screen').textContent === '2/2'")
    browser.wait("return document.querySelector('.tile [data-frames] li') !== null")
    browser.wait("return document.getElementById('screen').textContent === '1/2'")
    browser.wait("return document.querySelector('.tile canvas') !== null")
    assert browser.run("return window.same")
    assert browser.complaints() == []


def log_in(browser: Browser) -> None:
    browser.open("/login", PHONE)
    browser.find("[name=name]").send_keys("Aida")
    browser.find("[name=password]").send_keys("three words do", Keys.ENTER)
    browser.wait("return document.querySelector('form[action=\"/logout\"]') !== null")


def test_a_teacher_arranges_a_board_by_keys_on_a_phone(browser: Browser) -> None:
    log_in(browser)
    browser.open("/boards/1?edit=1&of=classroom-1", PHONE)
    browser.wait_for_calm()
    assert browser.run("return document.documentElement.scrollWidth") <= PHONE[0]
    assert browser.barriers() == []
    small = browser.run(
        "return [...document.querySelectorAll('.arranging button, .makers button, .makers select')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).length"
    )
    assert small == 0
    first = "document.querySelector('.tile h2').textContent"
    assert browser.run(f"return {first}") == "Battery voltage"
    browser.run("document.querySelector('#tile-1 [value=later]').focus()")
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait(f"return {first} === 'Battery charge'")
    assert browser.run("return location.hash") == "#tile-2"
    browser.find("[name=parameter0]").send_keys("battery_current")
    browser.find("[value=chart]").send_keys(Keys.SPACE)
    browser.find(".adding .button").send_keys(Keys.ENTER)
    browser.wait("return document.querySelector('#tile-8 canvas') !== null")
    browser.run("document.querySelector('#tile-8 [value=remove]').focus()")
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait("return document.querySelector('#tile-8') === null")
    browser.run("document.querySelector('#tile-2 [value=earlier]').focus()")
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait(f"return {first} === 'Battery voltage'")


def test_a_note_is_written_at_the_cursor_and_removed(browser: Browser) -> None:
    """As a mark on every lane, in the list, in the table; never as HTML."""
    log_in(browser)
    path = "/satellites/classroom-1?parameters=battery_voltage,mode&range=1h"
    browser.open(path)
    browser.wait("return document.querySelector('#lanes canvas') !== null")
    browser.run("window.same = true")
    browser.find("#time").send_keys(Keys.HOME)
    shown = browser.find("#readout strong").text
    browser.find("#note-new summary").click()
    at = datetime.strptime(shown, "%b %d, %Y %H:%M:%S")
    assert browser.find("[name=local]").get_attribute("value") == at.isoformat()
    browser.find("#note-form [name=text]").send_keys("<b>Charged</b> & ready", Keys.ENTER)
    browser.wait("return document.querySelector('#chart-notes li') !== null")
    assert browser.find("#chart-notes .note-text").text == "<b>Charged</b> & ready"
    assert f"{shown} — Aida" in browser.find("#chart-notes .muted").text
    assert browser.texts(".bands .note-line") == ["1"]
    browser.find("#twin summary").click()
    browser.wait("return document.querySelector('.note-row') !== null")
    assert "<b>Charged</b> & ready — Aida" in browser.find(".note-row").text
    browser.driver.delete_all_cookies()
    browser.open(path)  # a pupil sees it, and no button
    browser.wait("return document.querySelector('#chart-notes li') !== null")
    assert browser.run("return document.querySelector('#chart-notes button, #note-form') === null")
    assert browser.barriers() == []
    log_in(browser)
    browser.open(path)
    browser.wait("return document.querySelector('#chart-notes button') !== null")
    browser.find("#chart-notes button").click()
    browser.wait("return document.querySelector('#chart-notes li') === null")
    assert browser.complaints() == []


def test_the_page_of_values_is_whole_for_a_teacher_too(browser: Browser) -> None:
    log_in(browser)
    browser.open("/satellites/classroom-1/values", PHONE)
    browser.wait_for_calm()
    assert browser.barriers() == []
    assert browser.run("return document.documentElement.scrollWidth") <= PHONE[0]
    assert browser.run("return document.getElementById('parameters').options.length") > 20


def test_a_student_s_village_is_kept_in_her_browser(browser: Browser) -> None:
    browser.open("/place?of=osh&lang=en", PHONE)
    browser.wait("return document.getElementById('point').textContent !== ''")
    words = browser.find("#point").text
    assert words.startswith("Turn until your arm points ")
    assert words.endswith((" the horizon.", "straight up."))
    browser.open("/place", PHONE)
    browser.wait("return location.search === '?of=osh'")
    browser.wait("return document.querySelector('.skyplot .path') !== null")
    assert browser.driver.get_cookie("place") is None
    browser.find("#forget").click()
    browser.wait("return location.pathname === '/passes'")
    browser.open("/place", PHONE)
    browser.wait_for_calm()
    assert browser.run("return location.search") == ""


def test_a_phone_points_by_the_angles_of_its_browser(browser: Browser) -> None:
    """By the W3C's axes: alpha turns to the left, beta raises the upper edge."""
    browser.open("/place?of=osh")
    module = browser.run("return document.querySelector('script[type=module]').src")
    found = browser.driver.execute_async_script(
        "const [url, done] = arguments;"
        "import(url.replace('place.js', 'pointing.js'))"
        ".then(({ phonePointing, turnTo, hands }) => {"
        " const at = (alpha, beta, heading) => {"
        "  const p = phonePointing({ alpha, beta, heading });"
        "  return [p.azimuth_deg, p.elevation_deg].map(Math.round); };"
        " const turn = turnTo({ azimuth_deg: 350, elevation_deg: 10 },"
        "  { azimuth_deg: 20, elevation_deg: 40 });"
        " done([at(0, 0), at(90, 30), at(270, 90), at(0, 120), at(17, 45, 200),"
        "  [turn.right, turn.up], [0, 4, 20, 86, 90].map(hands)]); })",
        module,
    )
    flat_north, west_30, up, over, own, turn, words = found
    assert flat_north == [0, 0]
    assert west_30 == [270, 30]
    assert up[1] == 90
    assert over == [180, 60]
    assert own == [200, 45]
    assert turn == [30, 30]
    assert words == [
        *("at the horizon", "at the horizon", "two hands above the horizon"),
        *("almost straight up", "almost straight up"),
    ]
