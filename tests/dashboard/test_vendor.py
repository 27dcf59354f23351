"""Vendored files are the ones that VENDOR.md names, unchanged, each with its licence."""

from __future__ import annotations

import hashlib
import re

from dashboard.web.shell import STATIC

VENDOR = STATIC / "vendor"
ROW = re.compile(r"^\| ([\w.-]+)[^|]*\| ([\w-]+) \| ([\d.]+) \| (\w+) \| ([0-9a-f]{64}) \|$", re.M)


def test_files_are_unchanged_and_licensed() -> None:
    rows = ROW.findall((VENDOR / "VENDOR.md").read_text("utf-8"))
    listed = set()
    for name, package, _, licence, digest in rows:
        listed.add(name)
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name
        text = (VENDOR / f"LICENSE.{package}.txt").read_text("utf-8")
        assert {"MIT": "MIT License", "ISC": "with or without fee"}[licence] in text
    others = {path.name for path in VENDOR.iterdir() if not path.name.startswith("LICENSE")}
    assert others == listed | {"VENDOR.md"}


def test_no_page_asks_another_server() -> None:
    ours = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]
    for path in ours:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, path.name
        assert len(text.splitlines()) < 400, path.name
