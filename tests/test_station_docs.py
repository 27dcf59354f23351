"""What documents about the station tell people to write into station.toml is accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groundstation.config import load_config
from groundstation.links.registry import opener

DOCS = Path(__file__).parent.parent / "docs"
PAGES = ("connect-a-radio.md", "storage.md", "tracking.md")
SITE = "[site]\nlatitude_deg = 42.5\nlongitude_deg = 72.2\n"


def blocks(page: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_settings(tmp_path: Path, page: str) -> None:
    assert blocks(page)
    for text in blocks(page):
        if text.startswith("url"):
            text = "[[links]]\n" + text
        path = tmp_path / "station.toml"
        path.write_text(text if "[site]" in text else SITE + text, "utf-8")
        for link in load_config(path).links:
            opener(link.url)


def test_every_url_of_the_table() -> None:
    table = (DOCS / "connect-a-radio.md").read_text("utf-8").split("## Which url?")[1]
    rows = [row for row in table.split("\n\n")[1].splitlines() if "`" in row]
    urls = [url for row in rows for url in re.findall(r"`([^`]+)`", row.rsplit("|", 2)[1])]
    assert len(urls) > 9
    for url in urls:
        opener(url)
