"""Elements that cannot be used cost only their own satellite, and the page of passes says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from groundstation.elements import ElementsCatalog
from groundstation.orbit.omm_csv import to_omm_csv
from tests.dashboard.station_folder import CONFIG, StationFolder

NORAD = 45598  # QUETZAL-1, which is defined
#: What makes elements unusable, each by another fault.
FAULTS: dict[str, dict[str, Any]] = {
    "SGP4 refuses them": {"eccentricity": 0.97, "mean_motion_rev_day": 15.9},
    "it has decayed": {"bstar_per_earth_radius": 0.9, "mean_motion_rev_day": 16.3},
    "an epoch long ago": {"epoch": datetime(1957, 10, 5, tzinfo=UTC)},
    "an epoch far ahead": {"epoch": datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)},
    "a mean motion of next to nothing": {"mean_motion_rev_day": 1e-9},
    "an absurd drag": {"bstar_per_earth_radius": -1e3},
}
PATHS = (
    *("/", "/now.json", "/passes", "/passes.json", "/passes.csv", "/passes.ics", "/status"),
    *("/status.json", "/satellites", "/frames", "/api/v1/passes"),
)


@pytest.mark.parametrize("fault", FAULTS)
def test_they_cost_only_their_own(
    tmp_path: Path, make_app: Callable[[StationFolder], Flask], fault: str
) -> None:
    station = StationFolder(tmp_path / "data")
    station.config.write_text(CONFIG + '[[satellites]]\nid = "quetzal-1"\n', "utf-8")
    station.write_status(satellites=["classroom-1", "quetzal-1"])
    station.launch()
    try:
        bad = replace(station.elements, norad=NORAD, name="BAD ONE", **FAULTS[fault])
    except Exception as error:
        assert type(error).__name__ == "ElementsError"  # refused when they come in
        return
    text = to_omm_csv([bad])
    folder = station.folder / "elements"
    (folder / "bad.csv").write_text(text, "utf-8")
    assert ElementsCatalog(folder).for_norad(NORAD) is not None
    client = make_app(station).test_client()
    for path in (*PATHS, "/satellites/quetzal-1", "/frames?satellite=quetzal-1"):
        assert client.get(path).status_code == 200, path
    found = {item["norad"] for item in client.get("/api/v1/passes").json["passes"]}  # type: ignore[index]
    assert 999_999_999 in found
    assert client.get("/api/v1/track/999999999").status_code == 200
    assert client.get(f"/api/v1/track/{NORAD}").status_code in (200, 422)
    page = client.get("/passes").text
    told = "The orbit of BAD ONE cannot be computed" in page
    assert told == (client.get(f"/api/v1/track/{NORAD}").status_code == 422)
    if "epoch" not in fault:
        assert told


def test_elements_with_an_epoch_of_the_year_9999(
    tmp_path: Path, make_app: Callable[[StationFolder], Flask]
) -> None:
    """Made after a file at which every page answered 500 until it was removed."""
    station = StationFolder(tmp_path / "data")
    station.launch()
    text = to_omm_csv([station.elements])
    year = station.elements.epoch.strftime("%Y-")
    bad = text.replace(year, "9999-").replace("999999999", str(NORAD))
    (station.folder / "elements" / "bad.csv").write_text(bad, "utf-8")
    client = make_app(station).test_client()
    for path in PATHS:
        assert client.get(path).status_code == 200, path
    assert "bad.csv" in client.get("/status").text


def test_old_elements_are_doubted_wherever_their_passes_are_told(
    tmp_path: Path, make_app: Callable[[StationFolder], Flask]
) -> None:
    station = StationFolder(tmp_path / "data")
    station.launch(600.0)
    now = datetime.now(UTC)
    old = replace(station.elements, epoch=now - timedelta(days=100.5))
    paths = ("/", "/passes", "/place?of=talas", "/satellites/classroom-1")
    fresh = make_app(station).test_client()
    for path in paths:
        assert "earlier or later than said" not in fresh.get(path).text, path
    elements = station.folder / "elements"
    for file in elements.iterdir():
        file.unlink()
    station.import_elements(old)
    client = make_app(station).test_client()
    (error,) = {
        round(item["timing_error_s"]) // 60
        for item in client.get("/api/v1/passes").get_json()["passes"][:1]
    }
    for path in paths:
        told = re.search(r"are (\d+) d old: it may come (\d+) min earlier", client.get(path).text)
        assert told, path
        assert (int(told[1]), int(told[2])) == (100, error)
