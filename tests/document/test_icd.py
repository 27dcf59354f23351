"""The interface document: complete, self-contained, true, in three languages, right on a phone."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from decoders.definition.model import Parameter, Satellite
from decoders.definition.parse import parse
from decoders.document.content import packets
from decoders.document.curve import ticks
from decoders.document.icd import interface_document
from groundstation.catalog import SatelliteCatalog
from groundstation.words.language import in_language
from tests.cli.test_decode import run
from tests.peers import need

SATELLITES = SatelliteCatalog().satellites
VOID = {"meta", "br", "link", "img", "input", "hr"}
DANGEROUS = """
[satellite]
name = "<b>Sat & Co</b>"
source = "a | b * c"
[[packets]]
name = "p"
match = { length = 2 }
parameters = [
  { name = "a", type = "u4", label = "<script>", enum = { 1 = "<i>" } },
  { name = "b", type = "bytes", size = 1, doc = "x < y" }, { name = "rest", type = "ascii" },
]
[[examples]]
packet = "p"
hex = "0000"
expect = {}
source = "<u>"
"""


class Checker(HTMLParser):
    """Notes tags that are not closed, identifiers, and what is loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.outside: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name == "href":
                (self.targets if str(value)[0] == "#" else self.outside).append(str(value))
            if name in ("src", "srcset", "action"):
                self.outside.append(str(value))
        if tag in ("script", "link", "iframe", "object"):
            self.outside.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += f"{data} "


def checked(page: str) -> Checker:
    checker = Checker()
    checker.feed(page)
    checker.close()
    return checker


@pytest.mark.parametrize("id", sorted(SATELLITES))
def test_every_satellite_has_a_whole_page(id: str) -> None:
    satellite = SATELLITES[id]
    page = interface_document(satellite, in_language("ru"))
    found = checked(page)
    assert found.open == []
    assert found.outside == []
    assert len(found.ids) == len(set(found.ids))
    assert {target[1:] for target in found.targets} <= set(found.ids)
    assert "url(" not in page and "@import" not in page
    for packet in satellite.packets:
        assert f"packet-{packet.name}" in found.ids
    for name, row in satellite.rows().items():
        assert name in found.text
        if isinstance(row, Parameter) and row.labels.get("en"):
            assert row.label("ru") in found.text
    for example in satellite.examples:
        assert example.frame[-2:].hex()[:2].upper() in page


def test_an_example_is_shown_step_by_step() -> None:
    text = checked(interface_document(SATELLITES["classroom-1"], in_language("en"))).text
    for shown in (
        "0001 0000 0000 0100",
        "4100 / 1000 = 4.1",
        "3.5 ≤ 4.1 ≤ 4.2",
        "4.1 * 100 / 1000 = 0.41",
        "65236 − 65536 = −300",
    ):
        assert shown in text, shown


def test_rows_that_nobody_proved_say_so() -> None:
    text = DANGEROUS.replace('size = 1, doc = "x < y"', "size = 1, unproved = true")
    page = interface_document(parse(text, id="x"))
    assert page.count("not proved") == 1
    text = DANGEROUS.replace("match = {", "unproved = true\nmatch = {")
    for form in ("html", "md"):
        document = interface_document(parse(text, id="x"), in_language("en"), form)
        assert document.count("are not proved by an independent decoder") == 1


def test_each_bit_of_the_map_belongs_to_its_field() -> None:
    """The boxes of the picture, measured, give back the place and length of every field."""
    satellite = SATELLITES["aausat-4"]
    page = interface_document(satellite, in_language("en"))
    (picture,) = re.findall(r'<svg class="map map32".*?</svg>', page, re.DOTALL)
    boxes = re.findall(
        r'<a href="#beacon-(\d+)"><rect[^>]* x="([\d.]+)" y="([\d.]+)" rx="4" width="([\d.]+)"',
        picture,
    )
    drawn: dict[int, list[int]] = {}
    for number, x, y, width in boxes:
        row, column = round((float(y) - 1.5 - 34) / 42), round((float(x) - 1.5 - 46) / 24)
        bits = range(32 * row + column, 32 * row + column + round((float(width) + 3) / 24))
        drawn.setdefault(int(number), []).extend(bits)
    (packet,) = packets(satellite, in_language("en"))
    assert len(drawn) == len(packet.lines)
    for line in packet.lines:
        bits = [bit for field in line.fields for bit in _bits(field)]
        assert sorted(drawn[line.number]) == sorted(bits), line.name


def _bits(field: object) -> list[int]:
    from decoders.explain import significant_bits

    return significant_bits(field)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
@pytest.mark.parametrize("form", ["html", "md"])
def test_three_languages(language: str, form: str) -> None:
    text = interface_document(SATELLITES["classroom-1"], in_language(language), form)
    label = {"en": "Battery voltage", "ru": "Напряжение батареи", "ky": "Батареянын чыңалуусу"}
    assert label[language] in text
    words = in_language(language)
    assert (words("Bit map") if form == "html" else words("How it is recognised")) in text


def test_what_a_definition_says_cannot_break_the_page() -> None:
    satellite = parse(DANGEROUS, id="x")
    found = checked(interface_document(satellite))
    assert "<script>" in found.text and "<b>Sat & Co</b>" in found.text
    assert "script" not in found.outside
    assert "a \\| b \\* c" in interface_document(satellite, in_language("en"), "md")


def test_markdown_tables_have_even_rows() -> None:
    for id in ("classroom-1", "quetzal-1", "s-net-a"):
        text = interface_document(SATELLITES[id], in_language("en"), "md")
        for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            cells = {len(re.findall(r"(?<!\\)\|", row)) for row in block.splitlines()}
            assert len(cells) == 1, block[:200]


def test_text_map() -> None:
    text = interface_document(SATELLITES["classroom-1"], in_language("en"), "md")
    (drawn,) = re.findall(r"```text\n( +7 .*?)```", text, re.DOTALL)
    lines = drawn.splitlines()
    assert len({len(line) for line in lines[1:20]}) == 1
    assert re.search(r"^ +8 \| +mode +\| +battery_voltage +\|", drawn, re.MULTILINE)


def test_ticks_are_round_numbers() -> None:
    assert ticks(-3, 101) == [0, 50, 100]
    assert ticks(0, 0.7) == [0, 0.2, 0.4, 0.6]
    assert ticks(5, 5) == [5]


def driver(width: int, folder: Path) -> webdriver.Chrome:
    options = Options()
    options.binary_location = need("chromium")
    for flag in ("headless=new", "no-sandbox", "disable-gpu", "no-first-run", "disable-sync"):
        options.add_argument(f"--{flag}")
    options.add_argument(f"--user-data-dir={folder}")
    browser = webdriver.Chrome(options=options, service=Service(need("chromedriver")))
    metrics = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    return browser


@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_shows_it_without_scrolling_sideways(width: int, tmp_path: Path) -> None:
    path = tmp_path / "icd.html"
    path.write_text(interface_document(SATELLITES["quetzal-1"], in_language("ky")), "utf-8")
    browser = driver(width, tmp_path / "profile")
    try:
        browser.get(path.as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        shown = browser.execute_script(
            "return [...document.querySelectorAll('svg.map')].map(m => m.clientWidth > 0)"
        )
        assert shown == ([True, False] if width > 700 else [False, True])
        assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    finally:
        browser.quit()


def test_the_command(tmp_path: Path) -> None:
    out = tmp_path / "icd.md"
    run("icd", "quetzal-1", "--lang", "ru", "-o", str(out))
    assert out.read_text("utf-8").startswith("# Quetzal-1: Документ интерфейса")
    page, _ = run("icd", "quetzal-1")
    assert page.startswith("<!doctype html>")
    _, errors = run("icd", "quetzal", code=2)
    assert "did you mean 'quetzal-1'?" in errors


def test_a_satellite_without_packets() -> None:
    bare = Satellite(id="bare", name="Bare")
    assert (
        "Only the links are known: the content of the packets is not described."
        in interface_document(bare)
    )
