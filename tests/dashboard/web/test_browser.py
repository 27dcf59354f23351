"""The pages in a real browser that knows no other host than this one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from groundstation.catalog import SatelliteCatalog
from groundstation.model import Reception
from groundstation.storage.accounts import Accounts
from groundstation.storage.audit import Actor
from groundstation.words.language import in_language
from groundstation.words.reasons import reason_text
from tests.dashboard.conftest import Served
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import PHONE, PROJECTOR, Browser, driver

__all__ = ["driver"]

PAGES = {
    "now": "/",
    "satellites": "/satellites",
    "satellite": "/satellites/classroom-1",
    "words": "/satellites/classroom-1?parameter=mode",
    "flags": "/satellites/classroom-1?parameter=status",
    "passes": "/passes",
    "flown": "/passes/last",
    "frames": "/frames",
    "xray": "/frames/5",
    "explained": "/frames/5?value=battery_current",
    "flipped": "/frames/5?value=battery_voltage&flip=200",
    "example": "/satellites/delfi-c3/examples/1?value=sequence_counter",
    "damaged": "/frames/21",
    "exercises": "/exercises",
    "by hand": "/exercises/by-hand?frame=5&value=panel_temperature&a=0",
    "solved": "/exercises/which-satellite?frame=5&answer=classroom-1",
    "damaged byte": "/exercises/damaged-byte?frame=5&byte=0",
    "worksheet": "/exercises/worksheet?frame=5&answers=1",
    "station": "/status",
    "login": "/login",
    "share": "/share",
}


#: Modes of the last hour: from and to how many minutes ago, a frame a minute.
MODES = ((55, 40, "nominal"), (39, 30, "safe"), (29, 15, "science"))


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StationFolder]:
    """A station that stays alive for all tests of this file."""
    folder = StationFolder(tmp_path_factory.mktemp("browser"))
    folder.launch(-100)
    folder.fill(20)
    folder.receive_damaged()
    folder.receive_unknown()
    remember_modes(folder)
    folder.receive(battery_voltage=3.4)
    folder.fly()
    accounts = Accounts(folder.folder)
    accounts.add("Aida", "teacher", "three words do", folder.clock.now_us(), Actor("test"))
    with folder.alive():
        yield folder
    folder.close()


def remember_modes(folder: StationFolder) -> None:
    """An hour ago and since the satellite said MODES."""
    now_us = folder.clock.now_us()
    for first, last, mode in MODES:
        for minutes in range(first, last - 1, -1):
            folder.receive(at_us=now_us - minutes * 60_000_000, mode=mode)


@pytest.fixture(scope="module")
def served(station: StationFolder) -> Iterator[Served]:
    server = Served(station.folder, "--config", str(station.config))
    yield server
    server.end()


@pytest.fixture
def browser(driver: Chrome, served: Served) -> Iterator[Browser]:
    yield Browser(driver, served.url)
    driver.delete_all_cookies()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (PROJECTOR, "light")])
def test_page_is_whole_and_accessible(
    browser: Browser, name: str, size: tuple[int, int], theme: str
) -> None:
    mark = "&" if "?" in PAGES[name] else "?"
    projector = f"{mark}projector=1" if size == PROJECTOR else ""
    browser.open(PAGES[name] + projector, size, theme)
    browser.wait_for_calm()
    assert browser.complaints() == []
    assert browser.run("return document.documentElement.scrollWidth") <= size[0]
    assert browser.barriers() == []


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
    first = browser.find("#last-frames li a")
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


def test_a_value_lights_exactly_its_bits(browser: Browser, station: StationFolder) -> None:
    """A real satellite's frame with values that are no whole bytes."""
    satellite, example, value = part_of_a_byte()
    seq = station.append(
        Reception(0, station.clock.now_us(), "tnc", example, satellite, simulated=True)
    ).seq
    browser.open(f"/frames/{seq}")
    browser.wait_for_calm()
    index = browser.run(
        "return JSON.parse(document.getElementById('parts').textContent)"
        ".findIndex(p => p.bits && p.bits[0] === arguments[0] && p.bits[1] === arguments[1])",
        *value.bits,
    )
    browser.run("arguments[0].click()", browser.find(f"[data-part='{index}']"))
    browser.wait("return document.querySelector('#steps mark') !== null")
    lit = browser.run(
        "return [...document.querySelectorAll('.byte.lit')].flatMap(cell => {"
        " const [from, to] = ['--from', '--to'].map(n => 8 * cell.style.getPropertyValue(n));"
        " return Array.from({length: to - from}, (_, i) => 8 * cell.dataset.byte + from + i)})"
    )
    start, length = value.bits
    assert lit == list(range(start, start + length))
    marked = browser.run(
        "return [...document.querySelectorAll('#steps mark')].map(m => m.textContent).join('')"
    )
    whole = "".join(f"{byte:08b}" for byte in example)
    assert marked == whole[start : start + length]


def part_of_a_byte() -> tuple[str, bytes, Any]:
    """A satellite, a golden frame of it, and a value inside that does not fill its bytes."""
    catalog = SatelliteCatalog()
    for satellite in catalog.satellites.values():
        for example in satellite.examples:
            for value in catalog.decoder.decode(example.frame, satellite.id).values:
                if value.bits and value.bits[1] % 8 and value.bits[1] < 32:
                    return satellite.id, example.frame, value
    pytest.fail("no definition has a value that is no whole byte")


def test_a_byte_shows_its_value(browser: Browser) -> None:
    browser.open("/frames/5")
    browser.wait_for_calm()
    browser.find("[data-byte='25']").click()
    browser.wait("return document.querySelector('.part[aria-current=true]') !== null")
    assert "Battery voltage" in browser.find(".part[aria-current=true]").text
    assert browser.find("#steps h3").text == "Battery voltage"
    assert "value=battery_voltage" in browser.driver.current_url
    hex_view = browser.find("#hex")
    hex_view.send_keys("\ue014")  # the right arrow: the first byte, of the header
    assert "AX.25" in browser.find(".part.lit").text
    hex_view.send_keys("\ue007")  # Enter
    browser.wait("return document.querySelector('#steps h3').textContent === 'AX.25'")


@pytest.mark.parametrize("name", ["explained", "flipped", "exercises", "by hand", "damaged byte"])
def test_a_finger_finds_everything_of_a_frame(browser: Browser, name: str) -> None:
    browser.open(PAGES[name], PHONE)
    browser.wait_for_calm()
    small = browser.run(
        "return [...document.querySelectorAll('main :is(a[class], button, select, summary,"
        " input:not([type=hidden]))')].filter(e => e.offsetParent)"
        ".map(e => [e.className, e.getBoundingClientRect()])"
        ".filter(([name, box]) => Math.min(box.width, box.height) < 43.5).map(([name]) => name)"
    )
    assert small == []


@pytest.mark.parametrize("where", ["start", "center", "end"])
@pytest.mark.parametrize("name", ["counter", "mode", "transmit_power"])
def test_the_chosen_byte_is_in_sight_beside_its_explanation_on_a_phone(
    browser: Browser, name: str, where: str
) -> None:
    """Wherever on the screen it was touched: neither the bytes nor the navigation hide it."""
    browser.open("/frames/5", PHONE)
    browser.wait_for_calm()
    part = f"document.querySelector('.part[href*=\"value={name}\"]')"
    browser.run(f"{part}.scrollIntoView({{block: '{where}'}}); {part}.click()")
    browser.wait(f"return {part}?.ariaCurrent === 'true'")
    seen = browser.run(
        "const inside = (e) => { const b = e.getBoundingClientRect();"
        " const at = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);"
        " return at !== null && (e.contains(at) || at.contains(e)); };"
        "return ['.byte.lit', '#steps h3', '#steps li', '.part[aria-current=true]']"
        ".map(name => inside(document.querySelector(name)))"
    )
    assert seen == [True, True, True, True]


def test_a_bit_is_turned_over_and_back(browser: Browser, station: StationFolder) -> None:
    seq = station.receive(battery_voltage=4.012).seq
    browser.open(f"/frames/{seq}?value=battery_voltage")
    browser.wait_for_calm()
    browser.run("window.same = true")
    value = "document.querySelector('.part[aria-current] strong').textContent"
    before = browser.driver.current_url
    browser.find("#bit-200").send_keys("\ue007")  # Enter: the keyboard is enough
    browser.wait(f"return {value} === '36.780'")
    assert "critical" in browser.find(".part[aria-current]").text
    assert "The check value is wrong" in browser.find(".check").text
    assert browser.find("#bit-200 .mono").text == "1"
    assert browser.run("return document.activeElement.id") == "bit-200"
    browser.find("#bit-200").click()
    browser.wait(f"return {value} === '4.012'")
    assert "The check value is right" in browser.find(".check").text
    assert browser.driver.current_url == before
    assert browser.run("return window.same")


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


NUMBERS: tuple[tuple[float, int | None], ...] = (
    *((4.1, 3), (-0.004, 2), (1234.5, 1), (1_234_567.0, 0), (0.0, 2), (-98_765.4321, 2)),
    *((3.14159, None), (0.000123, None), (42.379, None), (12_345.6, None), (-7.0, None)),
)


@pytest.mark.parametrize("code", ["en", "ru", "ky"])
def test_scripts_write_numbers_as_the_server_does(browser: Browser, code: str) -> None:
    from dashboard.show.display import significant

    browser.open(f"/status?lang={code}")
    module = browser.run("return document.querySelector('script[type=module]').src")
    written = browser.driver.execute_async_script(
        "const [url, numbers, done] = arguments;"
        "import(url.replace('site.js', 'format.js')).then("
        " m => done(numbers.map(([v, d]) => m.formatNumber(v, d))))",
        module,
        NUMBERS,
    )
    assert written == [
        in_language(code).number(value, significant(value) if digits is None else digits)
        for value, digits in NUMBERS
    ]


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
    place = browser.run("return document.getElementById('here').getAttribute('transform')")
    browser.run("document.dispatchEvent(new Event('visibilitychange'))")
    browser.wait(f"return document.getElementById('here').getAttribute('transform') !== '{place}'")


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
        station.receive(battery_voltage=3.2)
    station.watch()
    browser.open("/")
    browser.wait("return document.querySelector('.wrong') !== null || location.reload()")
    assert "Battery voltage" in browser.find(".wrong").text
    assert height(browser, "/") <= PROJECTOR[1]


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
