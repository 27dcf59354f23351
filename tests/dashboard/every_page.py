"""``make pages``: every page in three languages, at three sizes, light and dark, in a real browser.

Prints what is wrong with which; nothing where all is well. Some minutes.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.dashboard.web.browser import PHONE, PROJECTOR, TABLET, Browser, opened
from tests.dashboard.web.faults import faults, moving, out_of_reach
from tests.dashboard.web.whole_station import PAGES, furnished

_LOOKS = list(product((PHONE, TABLET, PROJECTOR), ("light", "dark"), ("en", "ru", "ky")))


def main() -> int:
    """1 where something is wrong."""
    wrong = 0
    wanted = sys.argv[1:] or list(PAGES)
    with furnished() as served, TemporaryDirectory() as name, opened(Path(name)) as chrome:
        browser = Browser(chrome, served.url)
        for page in wanted:
            wrong += _look(browser, page)
    looks = len(_LOOKS) * len(wanted)
    print(f"{len(wanted)} pages, {looks} looks, {wrong} faults")
    return 1 if wrong else 0


def _look(browser: Browser, name: str) -> int:
    found = [
        f"{size[0]} {theme} {code}: {fault}"
        for size, theme, code in _LOOKS
        for fault in faults(browser, PAGES[name], size, theme, code)
    ]
    found += [f"moves: {text}" for text in moving(browser, PAGES[name])]
    found += [f"not reached by keys: {text}" for text in out_of_reach(browser, PAGES[name])]
    for fault in found:
        print(f"{name}: {fault}", flush=True)
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
