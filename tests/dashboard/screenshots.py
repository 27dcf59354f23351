"""A picture of each page for the documents: ``make screenshots`` writes ``docs/img``.

A station that is made for it, with the classroom satellite, is looked at in the tests' Chromium.
"""

from __future__ import annotations

import sys
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import NamedTuple

from PIL import Image

from groundstation.storage.accounts import Accounts
from groundstation.storage.audit import Actor
from tests.dashboard.conftest import Served
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import PHONE, PROJECTOR, Browser, opened
from tests.dashboard.web.whole_station import PAGES, furnish

IMAGES = Path(__file__).parents[2] / "docs" / "img"
#: Colours of a picture: pages have few, and the files are a third of what they would be.
COLOURS = 256
DESK = (1280, 860)

#: The folder of this station is here for a minute only.
_ELSEWHERE = """
for (const e of document.querySelectorAll('main .mono')) {
  e.textContent = e.textContent.replace(arguments[0], 'data');
}
"""


class Look(NamedTuple):
    """How a page is looked at. ``path``: instead of that of PAGES."""

    code: str = "en"
    size: tuple[int, int] = DESK
    path: str = ""


_CHART = "parameters=battery_voltage,battery_current,mode&range=1h"
#: A page without one is looked at as :class:`Look` says. Pictures in the documents are in English.
LOOKS: Mapping[str, Look] = {
    "now": Look(size=PROJECTOR),
    "satellites": Look("ru"),
    "satellite": Look(path=f"/satellites/classroom-1?{_CHART}"),
    "many values": Look("ky"),
    "words": Look("ru"),
    "flags": Look("ky"),
    "passes": Look(size=(1280, 1000)),
    "passes over my village": Look("ky", PHONE),
    "village": Look("ru", PHONE),
    "over my village": Look(size=(PHONE[0], 1400)),
    "flown": Look("ru"),
    "frames": Look("ky"),
    "xray": Look("ru"),
    "explained": Look(size=(1280, 1180), path="/frames/5?value=panel_temperature"),
    "flipped": Look("ky", PHONE),
    "example": Look("ru"),
    "damaged": Look("ru"),
    "exercises": Look("ky"),
    "by hand": Look("ky", (PHONE[0], 1200)),
    "damaged byte": Look("ru"),
    "worksheet": Look("ky"),
    "boards": Look("ru"),
    "board": Look(size=PROJECTOR),
    "wall": Look(size=PROJECTOR),
    "values": Look("ky"),
    "notes": Look("ru"),
    "noted": Look("ky", (PHONE[0], 1400)),
    "board on the wall": Look("ru", PROJECTOR),
    "signal": Look(size=(1280, 1180)),
    "alarms": Look(size=(1280, 1000)),
    "learn": Look("ru"),
    "station": Look("ru"),
    "login": Look("ky", PHONE),
    "share": Look("ky", PROJECTOR),
}
#: Pages for which something is done first: more satellites, something that calls somebody, a
#: dashboard that phones reach, an account.
OVER_OTHERS = ("passes", "passes over my village", "over my village")
ALARMED, SHARED, WITH_ACCOUNT = ("alarms",), ("share",), ("login",)
#: Others whose passes are listed: where in their orbits they are is made up. Inclination,
#: ascending node and anomaly, degrees; revolutions a day.
OTHERS = {
    "iss": (51.6, 40.0, 10.0, 15.5),
    "ao-73": (97.7, 120.0, 200.0, 14.9),
    "jy1sat": (97.6, 250.0, 80.0, 15.1),
    "nayif-1": (97.3, 310.0, 300.0, 15.3),
}


def file_name(page: str) -> str:
    """The picture of a page of PAGES, without its folder."""
    return f"{page.replace(' ', '-')}.png"


def take(browser: Browser, page: str, folder: Path) -> None:
    """Write the picture of a page: what of it a screen of that size shows."""
    look = LOOKS.get(page, Look())
    browser.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    browser.show(look.path or PAGES[page], look.size, "light", look.code)
    sleep(2)  # charts and the sky are drawn of what the scripts asked for then
    browser.run(_ELSEWHERE, str(folder))
    shot = browser.driver.execute_cdp_cmd("Page.captureScreenshot", {})
    (IMAGES / file_name(page)).write_bytes(small(b64decode(shot["data"])))


def small(png: bytes) -> bytes:
    """The same picture in few colours."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, 1, dither=Image.Dither.NONE)
    written = BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


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
    """All pictures, or those of the pages that the command names."""
    wanted = sys.argv[1:] or list(PAGES)
    special = {*OVER_OTHERS, *ALARMED, *SHARED, *WITH_ACCOUNT}
    with TemporaryDirectory() as kept, TemporaryDirectory() as profile:
        folder = StationFolder(Path(kept))
        furnish(folder)
        with folder.alive(), opened(Path(profile)) as chrome:

            def look(pages: Iterable[str], *options: str) -> None:
                chosen = [page for page in pages if page in wanted]
                if not chosen:
                    return
                sleep(3)  # the dashboard has heard of what was done before
                served = Served(folder.folder, "--config", str(folder.config), *options)
                for page in chosen:
                    take(Browser(chrome, served.url), page, folder.folder)
                served.end()

            look(page for page in PAGES if page not in special)
            look(SHARED, "--host", "0.0.0.0")
            add_others(folder)
            look(OVER_OTHERS)
            alarm(folder)
            look(ALARMED)
            now_us, by = folder.clock.now_us(), Actor("test")
            Accounts(folder.folder).add("Aida", "teacher", "three words do", now_us, by)
            look(WITH_ACCOUNT)
        folder.close()


if __name__ == "__main__":
    main()
