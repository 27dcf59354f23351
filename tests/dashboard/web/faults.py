"""What keeps somebody from using a page: asked of the real one in a real browser."""

from __future__ import annotations

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.dashboard.web.browser import Browser

#: The least width and height of what is tapped, CSS pixels (WCAG 2.2, 2.5.5, target size).
TARGET_PX = 44
#: Links in a sentence and cells of the bytes of a frame are as large as their text, and a band is
#: as wide as its time (WCAG says so, too: "inline", "essential"); a label is as good as the field
#: in it, and a card as the link that covers it.
_SMALL = """
const least = arguments[0] - 0.5;
const isStretched = (e) => getComputedStyle(e, '::after').position === 'absolute';
const inline = 'p a, dd a, td a, th a, li:not(:has(> a:only-child)) a, .legend a, .bytes *, .hex *,'
  + ' figure *, .skip, .notice a, .band, svg *';
return [...document.querySelectorAll('a[href], button, input, select, summary, [role=button]')]
  .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((e) => !e.matches(inline) && e.type !== 'hidden')
  .map((e) => e.closest('label') ?? (isStretched(e) ? e.closest('.card, .tile, li, tr') : e))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < least || box.width < least))
  .map(([e, box]) => `${e.outerHTML.slice(0, 90)} ${box.width}x${box.height}`);
"""
#: What a page may send, bytes over the wire with all that it loads, fonts apart; and how many
#: screens high it may be before somebody asks for more.
MOST_BYTES, MOST_SCREENS = 300_000, 10
_BYTES = """
return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter((e) => !/\\.woff2?$/.test(e.name)).reduce((sum, e) => sum + e.transferSize, 0);
"""
_SCREENS = "return document.documentElement.scrollHeight / innerHeight"
#: At the end of the page nothing lies under what is fixed at its foot.
_HIDDEN = """
scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
const nav = document.querySelector('.nav');
const top = nav && getComputedStyle(nav).position === 'fixed' ? nav.getBoundingClientRect().top
  : Infinity;
const hidden = [...document.querySelectorAll('main a, .foot a')]
  .filter((e) => e.checkVisibility() && !e.closest('.bytes'))  // which is scrolled in itself
  .some((e) => e.getBoundingClientRect().bottom > top + 1);
scrollTo({ top: 0, behavior: 'instant' });
return hidden;
"""
_MOVING = """
return document.getAnimations().filter((a) => a.playState === 'running'
  && a.effect.getComputedTiming().duration > 1).map((a) => a.animationName ?? a.transitionProperty);
"""
_FOCUSABLE = """
return [...document.querySelectorAll('a[href], button, input, select, textarea, summary,'
  + ' [tabindex="0"]')]
  .filter((e) => !e.disabled && e.type !== 'hidden' && e.tabIndex >= 0
    && e.checkVisibility({ visibilityProperty: true }) && !e.closest('[inert]'))
  .map((e, i) => { e.dataset.nth = i; return i; });
"""


def faults(browser: Browser, path: str, size: tuple[int, int], theme: str, code: str) -> list[str]:
    """Open the page, and say all that is wrong with it."""
    browser.driver.execute_cdp_cmd("Network.enable", {})
    browser.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    browser.show(path, size, theme, code)
    found = [f"says: {text}" for text in browser.complaints()]
    if not 10_000 < (sent := browser.run(_BYTES)) <= MOST_BYTES:
        found.append(f"loads {sent} bytes")
    if (screens := browser.run(_SCREENS)) > MOST_SCREENS:
        found.append(f"is {screens:.1f} screens high")
    width = browser.run("return document.documentElement.scrollWidth")
    if width > size[0]:
        found.append(f"is {width} pixels wide")
    found += [f"keeps out: {barrier}" for barrier in browser.barriers()]
    if browser.run(_HIDDEN):
        found.append("ends under the navigation")
    if size[0] < 1000:
        found += [f"is hard to tap: {text}" for text in browser.run(_SMALL, TARGET_PX)]
    language = browser.run("return document.documentElement.lang")
    return [*found, *([] if language == code else [f"speaks {language}"])]


def moving(browser: Browser, path: str) -> list[str]:
    """What moves on the page though the visitor wants it still."""
    wish = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)
    browser.open(path)
    browser.wait_for_calm()
    found: list[str] = browser.run(_MOVING)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    return found


def out_of_reach(browser: Browser, path: str) -> list[str]:
    """What the key Tab does not come to, from the top of the page to its end."""
    browser.open(path)
    browser.wait_for_calm()
    wanted = set(browser.run(_FOCUSABLE))
    for _ in range(len(wanted) + 5):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        wanted.discard(browser.run("return +(document.activeElement.dataset.nth ?? -1)"))
        if not wanted:
            break
    return [
        browser.run("return document.querySelector(`[data-nth='${arguments[0]}']`).outerHTML", n)[
            :90
        ]
        for n in sorted(wanted)
    ]
