"""Pictures of pages for the documents: ``make screenshots`` writes ``docs/img``.

A station that is made for it, with the classroom satellite, is looked at in the tests' Chromium.
"""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.dashboard.conftest import Served
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import Browser, opened

IMAGES = Path(__file__).parents[2] / "docs" / "img"


class Picture(NamedTuple):
    """A page and how it is looked at. ``height`` 0: all of the page."""

    name: str
    path: str
    width: int = 1280
    height: int = 0
    theme: str = "light"


_CHART = "parameters=battery_voltage,battery_current,mode&range=10m"

PICTURES = (
    Picture("now", "/?lang=en", width=1920, height=1080),
    Picture("chart", f"/satellites/classroom-1?lang=en&{_CHART}", height=900),
    Picture("xray", "/frames/5?lang=en&value=panel_temperature", height=1180),
    Picture("exercise", "/exercises/which-satellite?lang=en&frame=5&answer=classroom-1"),
    Picture("learn", "/learn?lang=en"),
    Picture("wall", "/kiosk?lang=en", width=1920, height=1080),
    Picture("lesson", "/learn/bits?lang=en&answer=7"),
)


def take(browser: Browser, picture: Picture) -> bytes:
    """The page as a PNG file."""
    browser.open(picture.path, (picture.width, picture.height or 800), picture.theme)
    browser.wait_for_calm()
    shot = browser.driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"captureBeyondViewport": not picture.height}
    )
    return b64decode(shot["data"])


def main() -> None:
    """All pictures."""
    with TemporaryDirectory() as kept, TemporaryDirectory() as profile:
        folder = StationFolder(Path(kept))
        folder.launch(-100)
        folder.fill(20)
        with folder.alive(), opened(Path(profile)) as chrome:
            served = Served(folder.folder, "--config", str(folder.config))
            browser = Browser(chrome, served.url)
            for picture in PICTURES:
                (IMAGES / f"{picture.name}.png").write_bytes(take(browser, picture))
            served.end()
        folder.close()


if __name__ == "__main__":
    main()
