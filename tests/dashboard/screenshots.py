"""Pictures of pages for the documents: ``make screenshots`` writes ``docs/img``.

A station that is made for it, with the classroom satellite, is looked at in the tests' Chromium.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import NamedTuple

from groundstation.storage.audit import Actor
from groundstation.storage.boards import Boards
from tests.dashboard.conftest import Served
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import PHONE, Browser, opened
from tests.dashboard.web.whole_station import BOARD, remember_burst, remember_modes

IMAGES = Path(__file__).parents[2] / "docs" / "img"


class Picture(NamedTuple):
    """A page and how it is looked at. ``height`` 0: all of the page."""

    name: str
    path: str
    width: int = 1280
    height: int = 0
    theme: str = "light"


_CHART = "parameters=battery_voltage,battery_current,mode&range=1h"

PICTURES = (
    Picture("now", "/?lang=en", width=1920, height=1080),
    Picture("chart", f"/satellites/classroom-1?lang=en&{_CHART}", height=900),
    Picture("xray", "/frames/60?lang=en&value=panel_temperature", height=1180),
    Picture("exercise", "/exercises/which-satellite?lang=en&frame=60&answer=classroom-1"),
    Picture("learn", "/learn?lang=en"),
    Picture("wall", "/kiosk?lang=en", width=1920, height=1080),
    Picture("lesson", "/learn/bits?lang=en&answer=7"),
    Picture("signal", "/learn/signal?lang=en"),
    Picture("board", "/boards/1?lang=en", width=1920, height=1080),
    Picture("search", "/search?lang=en&q=pa", height=800),
)
#: With more satellites than the one.
SKY = (
    Picture("passes", "/passes?lang=en", height=1000),
    Picture("village", "/place?of=talas&lang=en", PHONE[0], 1400),
)
#: With something that calls somebody.
ALARMS = (Picture("alarms", "/alarms?lang=en"),)
#: Others whose passes are listed: where in their orbits they are is made up. Inclination,
#: ascending node and anomaly, degrees; revolutions a day.
OTHERS = {
    "iss": (51.6, 40.0, 10.0, 15.5),
    "ao-73": (97.7, 120.0, 200.0, 14.9),
    "jy1sat": (97.6, 250.0, 80.0, 15.1),
    "nayif-1": (97.3, 310.0, 300.0, 15.3),
}


def take(browser: Browser, picture: Picture) -> bytes:
    """The page as a PNG file."""
    browser.open(picture.path, (picture.width, picture.height or 800), picture.theme)
    browser.wait_for_calm()
    shot = browser.driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"captureBeyondViewport": not picture.height}
    )
    return b64decode(shot["data"])


def add_others(folder: StationFolder) -> None:
    """The station follows them, too."""
    found = []
    for id, (inclination, node, anomaly, revolutions) in OTHERS.items():
        satellite = folder.catalog.satellites[id]
        assert satellite.norad is not None
        found.append(
            replace(
                folder.elements,
                name=satellite.name,
                norad=satellite.norad,
                inclination_deg=inclination,
                raan_deg=node,
                mean_anomaly_deg=anomaly,
                mean_motion_rev_day=revolutions,
            )
        )
    folder.import_elements(*found)
    folder.satellites = [*folder.satellites, *OTHERS]


def alarm(folder: StationFolder) -> None:
    """A battery that is low, which nobody has seen, and was before."""
    for voltage in (3.2, 3.2, 3.2, 3.9, 3.9, 3.9, 3.2, 3.2, 3.2):
        folder.receive(battery_voltage=voltage)
    folder.watch()


def main() -> None:
    """All pictures."""
    with TemporaryDirectory() as kept, TemporaryDirectory() as profile:
        folder = StationFolder(Path(kept))
        folder.launch(-100)
        remember_modes(folder)
        folder.fill(20)
        remember_burst(folder)
        Boards(folder.folder).add(BOARD, folder.clock.now_us(), Actor("test"))
        with folder.alive(), opened(Path(profile)) as chrome:
            served = Served(folder.folder, "--config", str(folder.config))
            browser = Browser(chrome, served.url)
            for prepare, pictures in ((None, PICTURES), (add_others, SKY), (alarm, ALARMS)):
                if prepare:
                    prepare(folder)
                    sleep(3)  # the dashboard has heard of it
                for picture in pictures:
                    (IMAGES / f"{picture.name}.png").write_bytes(take(browser, picture))
            served.end()
        folder.close()


if __name__ == "__main__":
    main()
