"""Chromium for tests of the pages, which knows no other host than this one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.dashboard.conftest import Served
from tests.dashboard.station_folder import StationFolder
from tests.peers import need

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # The network cable is out: nothing but this machine has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


PHONE, TABLET, PROJECTOR = (360, 740), (768, 1024), (1920, 1080)


AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"


class Browser:
    """Chromium with the questions that tests ask."""

    def __init__(self, driver: Chrome, url: str):
        self.driver = driver
        self.url = url

    def open(self, path: str, size: tuple[int, int] = PROJECTOR, theme: str = "light") -> None:
        """A page in a window of that size; what the console says is forgotten before."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": size[0],
                "height": size[1],
                "deviceScaleFactor": 1,
                "mobile": size[0] == PHONE[0],
            },
        )
        self.driver.execute_cdp_cmd(
            "Network.setCookie", {"name": "theme", "value": theme, "url": self.url}
        )
        self.driver.get_log("browser")
        self.driver.get(self.url + path)

    def show(self, path: str, size: tuple[int, int], theme: str, code: str) -> None:
        """A page in a language, when all of it is there."""
        mark = "&" if "?" in path else "?"
        self.open(f"{path}{mark}lang={code}", size, theme)
        self.wait_for_calm()

    def run(self, script: str, *arguments: Any) -> Any:
        """The value of a script's ``return``."""
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str) -> Any:
        """The first element."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        """What each element says."""
        return [item.text for item in self.driver.find_elements(By.CSS_SELECTOR, selector)]

    def wait(self, script: str, seconds: float = 60) -> None:
        """Fail unless the script returns something true in time."""
        WebDriverWait(self.driver, seconds, 0.05).until(
            lambda driver: driver.execute_script(script), script
        )

    def wait_for_calm(self) -> None:
        """Wait until scripts have run, the stream is open and nothing is being fetched."""
        self.wait("return document.readyState === 'complete'")
        self.wait(
            "return performance.getEntriesByType('resource').length > 5"
            " && performance.now() - Math.max(...performance.getEntriesByType('resource')"
            ".map(e => e.responseEnd || e.startTime)) > 250"
        )

    def barriers(self) -> list[Any]:
        """What axe-core finds on the page that keeps somebody out."""
        self.run(AXE.read_text("utf-8"))
        found: list[Any] = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run().then(result => done(result.violations.map("
            "v => [v.impact, v.id, v.nodes.map(n => n.target.join(' ')).slice(0, 5)])))"
        )
        return found

    def complaints(self) -> list[str]:
        """Console messages and failed requests since the page was opened."""
        failed = self.run(
            "return performance.getEntriesByType('resource')"
            ".filter(e => e.responseStatus >= 400 || !e.name.startsWith(location.origin))"
            ".map(e => e.name)"
        )
        return [entry["message"] for entry in self.driver.get_log("browser")] + failed


@contextmanager
def opened(profile: Path) -> Iterator[Chrome]:
    """Chromium with what it remembers in the folder ``profile``."""
    options = ChromeOptions()
    options.binary_location = need("chromium")
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = Chrome(options=options, service=Service(need("chromedriver")))
    chrome.set_script_timeout(120)  # axe-core takes long on a busy machine
    yield chrome
    chrome.quit()


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with opened(tmp_path_factory.mktemp("chromium")) as chrome:
        yield chrome


@pytest.fixture(scope="module")
def served(station: StationFolder) -> Iterator[Served]:
    """The dashboard over the station of the file."""
    server = Served(station.folder, "--config", str(station.config))
    yield server
    server.end()


@pytest.fixture
def browser(driver: Chrome, served: Served) -> Iterator[Browser]:
    """A page of it; what the browser remembers ends with the test."""
    yield Browser(driver, served.url)
    driver.delete_all_cookies()
