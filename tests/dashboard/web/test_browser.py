"""The pages in a real browser that knows no other host than this one."""

from __future__ import annotations

import re
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_skeleton
from selenium.webdriver.common.by import By

from groundstation.words.language import in_language
from groundstation.words.reasons import reason_text
from tests.dashboard.conftest import Served
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import PHONE, PROJECTOR, TABLET, Browser, browser, driver, served
from tests.dashboard.web.faults import faults, moving, out_of_reach
from tests.dashboard.web.whole_station import MODES, PAGES, station

__all__ = ["browser", "driver", "served", "station"]


#: `make pages` has all of them together.
LOOKS = ((PHONE, "dark", "ky"), (TABLET, "dark", "ru"), (PROJECTOR, "light", "en"))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("size", "theme", "code"), LOOKS)
def test_page_is_whole_and_accessible(
    browser: Browser, name: str, size: tuple[int, int], theme: str, code: str
) -> None:
    mark = "&" if "?" in PAGES[name] else "?"
    projector = f"{mark}projector=1" if size == PROJECTOR else ""
    assert faults(browser, PAGES[name] + projector, size, theme, code) == []


#: The entry of the menu, or of the foot, whose page a page belongs to, by how its path begins.
OWNERS = {
    "satellites": "/satellites",
    "passes": "/passes",
    "place": "/passes",
    "frames": "/frames",
    "learn": "/learn",
    "exercises": "/learn",
    "alarms": "/alarms",
    "status": "/status",
    "boards": "/boards",
    "notes": "/notes",
    "search": "/search",
    "share": "/share",
    "login": "/login",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_menu_marks_where_a_page_belongs(served: Served, name: str) -> None:
    html = served.get(PAGES[name]).decode()
    marked = re.findall(r'<a\s[^>]*?href="([^"]+)"[^>]*?aria-current="page"', html)
    first = urlsplit(PAGES[name]).path.split("/")[1]
    alone = first == "kiosk"  # which has no menu
    assert set(marked) == (set() if alone else {OWNERS[first] if first else "/"})


@pytest.mark.parametrize("name", ["now", "satellite", "xray", "board"])
def test_page_is_still_and_keys_reach_all_of_it(browser: Browser, name: str) -> None:
    assert moving(browser, PAGES[name]) == []
    assert out_of_reach(browser, PAGES[name]) == []


def test_values_change_without_a_reload(browser: Browser, station: StationFolder) -> None:
    browser.open("/")
    browser.wait_for_calm()
    browser.run("window.same = true")
    station.receive(battery_voltage=3.21, mode="safe")
    card = "document.querySelector('[data-parameter=battery_voltage]')"
    browser.wait(f"return {card}.querySelector('[data-value]').textContent === '3.210'")
    assert browser.run(f"return {card}.querySelector('[data-state]').dataset.state") == "critical"
    assert browser.run(f"return {card}.querySelector('.spark path') !== null")
    assert browser.run("return window.same")
    first = browser.find("[data-frames] li a")
    assert first.get_attribute("href").endswith(f"/frames/{station.journal_seq()}")
    station.receive()


def test_a_broken_line_is_said_and_resumed_without_loss(
    browser: Browser, station: StationFolder, tmp_path: Path
) -> None:
    server = Served(station.folder)
    browser.url = server.url
    browser.open("/frames")
    browser.wait_for_calm()
    browser.run("window.same = true")
    server.end()
    browser.wait("return document.getElementById('line').textContent.includes('No connection')")
    missed = [station.receive().seq for _ in range(3)]
    again = Served(station.folder, "--port", str(server.port))
    try:
        browser.wait(
            f"return document.querySelector('#frames td a').textContent === '{missed[-1]}'"
        )
        listed = browser.run(
            "return [...document.querySelectorAll('#frames td a')].map(a => +a.textContent)"
        )
        assert listed[:4] == [*reversed(missed), missed[0] - 1]
        assert browser.run("return window.same")
    finally:
        again.end()


def test_language_is_switched_by_a_click(browser: Browser) -> None:
    browser.open("/frames", PHONE)
    browser.find(".languages a[lang=ky]").click()
    browser.wait("return document.documentElement.lang === 'ky'")
    assert browser.find("h1").text == "Кадрлар"
    browser.open("/")
    browser.wait("return document.querySelector('#heard').textContent.includes('мурун')")


@pytest.mark.parametrize("code", ["ru", "ky"])
def test_reasons_are_told_in_the_page_s_language_live_too(
    browser: Browser, station: StationFolder, code: str
) -> None:
    browser.open(f"/frames?lang={code}")
    browser.wait_for_calm()
    told = reason_text("the check sequence is wrong", code)
    assert told in browser.texts("#frames .reason")
    seq = station.receive_damaged().seq
    newest = "document.querySelector('#frames tr')"
    browser.wait(f"return {newest}.querySelector('a').textContent === '{seq}'")
    assert browser.run(f"return {newest}.querySelector('.reason').textContent") == told


def test_a_long_value_leaves_room_for_its_label_on_a_phone(browser: Browser) -> None:
    browser.open("/satellites/classroom-1", PHONE)
    browser.wait_for_calm()
    width = browser.run(
        "const row = document.querySelector('[data-parameter=status]');"
        "row.querySelector('[data-value]').textContent = 'INA260 1, INA260 2, '.repeat(9);"
        "return row.querySelector('th').getBoundingClientRect().width"
    )
    assert width > 0.3 * PHONE[0]


def test_theme_and_projector_are_switched_and_kept(browser: Browser) -> None:
    browser.open("/")
    size = "return parseFloat(getComputedStyle(document.documentElement).fontSize)"
    ground = "return getComputedStyle(document.documentElement).backgroundColor"
    light, small = browser.run(ground), browser.run(size)
    browser.find("#theme").click()
    browser.find("#projector").click()
    dark, large = browser.run(ground), browser.run(size)
    assert dark != light
    assert large > small * 1.3
    browser.driver.refresh()
    assert (browser.run(ground), browser.run(size)) == (dark, large)


def test_chart_shows_history_and_changes_its_range(browser: Browser) -> None:
    browser.open("/satellites/classroom-1?parameter=battery_current")
    browser.wait("return document.querySelector('#lanes canvas') !== null")
    assert browser.find("#chart-title").text == "Battery current"
    browser.find("[data-range='1d']").click()
    browser.wait("return document.querySelector('[data-range=\"1d\"]').ariaPressed === 'true'")
    browser.find("[data-parameter=battery_voltage] [data-chart]").click()
    browser.wait("return document.getElementById('chart-title').textContent === 'Battery voltage'")
    assert "range=1d" in browser.driver.current_url


def test_words_are_shown_over_time_and_zoomed_into(browser: Browser) -> None:
    browser.open("/satellites/classroom-1?parameter=mode&range=1h")
    browser.wait("return document.querySelectorAll('.bands .band').length > 0")
    modes = [mode for _, _, mode in MODES]
    assert browser.texts(".bands .band")[: len(modes)] == modes
    listed = browser.texts(".bands-list li")
    assert [text.split()[0] for text in listed[::-1]][: len(modes)] == modes
    assert "warning" in listed[-2]  # how the definition judges "safe"
    assert browser.driver.find_elements(By.CSS_SELECTOR, "#lanes canvas") == []
    nominal, safe, science = browser.driver.find_elements(By.CSS_SELECTOR, ".bands .band")[:3]
    assert safe.size["width"] / nominal.size["width"] == pytest.approx(9 / 15, rel=0.05)
    assert safe.location["x"] < science.location["x"]

    safe.click()
    browser.wait("return document.querySelectorAll('.bands .band').length === 1")
    # Nine minutes of "safe", and a tenth of that at each side.
    assert browser.texts(".bands .band") == ["safe"]
    share = browser.run("return parseFloat(document.querySelector('.bands .band').style.width)")
    assert share == pytest.approx(100 / 1.2, abs=0.1)
    assert browser.run("return document.querySelector('[aria-pressed=true][data-range]')") is None
    browser.find("[data-range='1h']").click()
    browser.wait(f"return document.querySelectorAll('.bands .band').length >= {len(modes)}")


def test_numbers_after_words_are_a_chart_again(browser: Browser) -> None:
    browser.open("/satellites/classroom-1?parameter=status")
    browser.wait("return document.querySelector('.bands .band') !== null")
    assert browser.texts(".bands .band")[-1] == "sunlight, charging"
    browser.find("[data-parameter=battery_voltage] [data-chart]").click()
    browser.wait("return document.querySelector('#lanes canvas') !== null")
    assert browser.driver.find_elements(By.CSS_SELECTOR, ".bands") == []


def test_pass_moves_in_the_sky_and_on_the_map(browser: Browser) -> None:
    browser.open("/passes")
    place = (
        "return document.querySelector('.skyplot g[visibility=visible]')?.getAttribute('transform')"
    )
    browser.wait(place)
    before = browser.run(place)
    browser.wait(f"return (() => {{{place}}})() !== '{before}'")
    browser.wait("return document.querySelector('.map .land').getAttribute('d')?.length > 10000")
    browser.wait("return !!document.querySelector('.map .track:not(.past)').getAttribute('d')")
    ends = browser.run(
        "return [...document.querySelectorAll('.skyplot .end')]"
        ".map((end) => Math.hypot(end.getAttribute('cx'), end.getAttribute('cy')))"
    )
    # The path ends where the pass does: 10 degrees up, in a dome of radius 100.
    assert ends == pytest.approx([800 / 9, 800 / 9], abs=0.05)
    second = browser.driver.find_elements(By.CSS_SELECTOR, "[data-pass]")[1]
    second.click()
    browser.wait("return document.querySelector('.skyplot g[visibility=visible]') === null")
    assert "pass=" in browser.driver.current_url


def test_passes_are_for_my_village_once_i_said_where_i_live(browser: Browser) -> None:
    browser.open("/place?of=osh&lang=en")
    browser.wait_for_calm()
    browser.find(".nav a[href='/passes']").click()
    browser.wait("return location.pathname === '/passes' && location.search.includes('of=osh')")
    browser.wait("return document.querySelector('.skyplot g[visibility=visible]') !== null")
    assert browser.find(".notice.place").text.startswith("These passes are for Osh (40.53° north")
    asked = browser.run(
        "return performance.getEntriesByType('resource').map(e => e.name)"
        ".filter(name => name.includes('/track/') && !name.includes('step=30'))"
    )
    assert asked
    assert all("place=40.53%2C72.8" in address for address in asked)
    browser.find("[data-forget]").click()
    browser.wait("return location.pathname + location.search === '/passes'")
    browser.wait_for_calm()
    assert browser.run("return location.search + localStorage.length") == "0"


NUMBERS: tuple[tuple[float, int | None], ...] = (
    *((4.1, 3), (-0.004, 2), (1234.5, 1), (1_234_567.0, 0), (0.0, 2), (-98_765.4321, 2)),
    *((3.14159, None), (0.000123, None), (42.379, None), (12_345.6, None), (-7.0, None)),
)
RAWS = (-156, 65_341, -98_765, 0, 0.30000001192092896, -2.5, 1.25e-7, "8C 03", None)
MOMENTS = ("2026-08-22T14:05:09Z", "1970-01-01T00:00:00.250000Z", "2031-12-03T23:59:59Z")


def of_script(browser: Browser, code: str, name: str, body: str, *given: object) -> Any:
    """What ``body`` returns in a page in this language: ``m`` is a module of the pages' scripts."""
    browser.open(f"/status?lang={code}")
    module = browser.run("return document.querySelector('script[type=module]').src")
    return browser.driver.execute_async_script(
        f"const [url, given, done] = arguments;import(url).then(m => done((() => {{ {body} }})()))",
        module.replace("site.js", f"{name}.js"),
        given,
    )


@pytest.mark.parametrize("code", ["en", "ru", "ky"])
def test_scripts_write_numbers_as_the_server_does(browser: Browser, code: str) -> None:
    from dashboard.show import display
    from dashboard.show.display import significant

    numbers, raws, moments = of_script(
        browser,
        code,
        "format",
        "const [numbers, raws, moments] = given;"
        "return [numbers.map(([v, d]) => m.formatNumber(v, d)),"
        " raws.map(m.formatRaw), moments.map(m.formatMoment)]",
        *(NUMBERS, RAWS, MOMENTS),
    )
    language = in_language(code)
    assert numbers == [
        language.number(value, significant(value) if digits is None else digits)
        for value, digits in NUMBERS
    ]
    assert raws == [display.raw_text(raw, code) for raw in RAWS]
    assert moments == [language.moment(moment) for moment in MOMENTS]


@pytest.mark.parametrize("code", ["en", "ru", "ky"])
def test_scripts_write_local_times_as_the_server_does(browser: Browser, code: str) -> None:
    stamps, days = of_script(
        browser,
        code,
        "clock",
        "const times = given[0].map(Date.parse); return [times.map(m.stampOf), times.map(m.dayOf)]",
        MOMENTS,
    )
    zone = of_script(browser, code, "page", "return m.page.zone")
    local = [datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)) for moment in MOMENTS]
    assert stamps == [in_language(code).stamp(moment) for moment in local]
    assert days == [format_skeleton("MMMd", moment, locale=code) for moment in local]


def test_a_clock_that_jumps_says_that_its_time_is_simulated(
    browser: Browser, station: StationFolder
) -> None:
    browser.open("/")
    browser.wait_for_calm()
    said = "document.getElementById('clock-kind').textContent"
    assert browser.run(f"return {said}") == ""
    station.clock.jump_to_us(station.clock.now_us() + 3_600_000_000)
    browser.wait(f"return {said} === 'simulated time'")
    station.clock.jump_to_us(time.time_ns() // 1000)
    browser.wait(f"return {said} === ''")


def test_the_first_frame_of_a_satellite_brings_its_chart(
    browser: Browser, station: StationFolder
) -> None:
    browser.open("/satellites/quetzal-1")
    browser.wait_for_calm()
    assert not browser.find("#history").is_displayed()
    station.receive_real()
    browser.wait("return document.querySelector('#history')?.checkVisibility()")
    assert browser.find("#chart-title").text
    assert not browser.texts("main > .panel.empty")
