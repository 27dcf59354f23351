"""Independent truth kept in tests/data/orbit, and short ways to ask for what it speaks about."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from groundstation.model import Site
from groundstation.orbit.elements import Elements, parse_elements

DATA = Path(__file__).parents[1] / "data" / "orbit"
BISHKEK = Site("Bishkek", 42.8746, 74.5698, 800.0)


def load(name: str) -> dict[str, Any]:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def cases(name: str) -> list[Any]:
    return load(name)["cases"]


def elements_of(case: dict[str, Any]) -> Elements:
    return parse_elements("\n".join(case["tle"]))[0]


def site_of(case: dict[str, Any]) -> Site:
    place = case["station"]
    return Site(place.get("name", ""), place["lat"], place["lon"], place["alt_m"])


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def seconds_apart(a: datetime, b: datetime) -> float:
    return abs((a - b).total_seconds())


def degrees_apart(a: float, b: float) -> float:
    return abs((a - b + 180) % 360 - 180)
