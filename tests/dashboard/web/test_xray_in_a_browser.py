"""The X-ray of a frame in a real browser: bits, bytes, a bit turned over, on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from groundstation.catalog import SatelliteCatalog
from groundstation.model import Reception
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import PHONE, Browser, browser, driver, served
from tests.dashboard.web.whole_station import PAGES, station

__all__ = ["browser", "driver", "served", "station"]


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


#: Whether the middle of each element is seen, under nothing else.
SEEN = (
    "const inside = (e) => { const b = e.getBoundingClientRect();"
    " const at = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);"
    " return at !== null && (e.contains(at) || at.contains(e)); };"
    "return [...arguments].map(name => inside(document.querySelector(name)))"
)
#: What scrolls by itself down the page.
SCROLLERS = (
    "return [...document.querySelectorAll('main *')].filter(e => "
    "['auto', 'scroll'].includes(getComputedStyle(e).overflowY) && "
    "e.scrollHeight > e.clientHeight + 1).map(e => e.className)"
)


@pytest.mark.parametrize("where", ["start", "center", "end"])
@pytest.mark.parametrize("name", ["counter", "mode", "transmit_power"])
def test_a_value_is_in_sight_with_its_bytes_and_their_explanation_on_a_phone(
    browser: Browser, name: str, where: str
) -> None:
    """Wherever on the screen it was touched: it opens there, and the navigation hides nothing."""
    browser.open("/frames/5", PHONE)
    browser.wait_for_calm()
    part = f"document.querySelector('.part[href*=\"value={name}\"]')"
    browser.run(f"{part}.scrollIntoView({{block: '{where}'}}); {part}.click()")
    browser.wait(f"return {part}?.ariaCurrent === 'true'")
    wanted = ("#explained .byte.lit", "#steps h3", "#steps li", ".part[aria-current=true]")
    assert browser.run(SEEN, *wanted) == [True] * 4
    assert browser.run(SCROLLERS) == []


def test_a_byte_is_in_sight_with_its_explanation_on_a_phone(
    browser: Browser, station: StationFolder
) -> None:
    """In a frame of more bytes than a phone shows, nothing but the page scrolls."""
    examples = SatelliteCatalog().satellites["cpsat"].examples
    example = max((each.frame for each in examples), key=len)
    assert len(example) > 200
    now_us = station.clock.now_us()
    seq = station.append(Reception(0, now_us, "tnc", example, "cpsat", simulated=True)).seq
    browser.open(f"/frames/{seq}", PHONE)
    browser.wait_for_calm()
    for byte in (len(example) - 20, 100, 3):
        cell = f"document.querySelector('[data-byte=\"{byte}\"]')"
        browser.run(f"{cell}.scrollIntoView({{block: 'end'}}); {cell}.click()")
        browser.wait(f"return {cell}.closest('.line').parentElement.querySelector('#steps h3')")
        browser.wait(f"return {cell}.classList.contains('lit')")
        assert browser.run(SEEN, f'[data-byte="{byte}"]', "#steps h3", "#steps li") == [True] * 3
        assert browser.run(SCROLLERS) == []
        assert browser.run("return document.documentElement.scrollWidth") <= PHONE[0]


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
