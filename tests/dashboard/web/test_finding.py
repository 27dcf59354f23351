"""What leads to a pass, a value, a page: filters and the timeline of passes, and the search."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from groundstation.model import from_us
from tests.dashboard.station_folder import SATELLITE, StationFolder

NORAD = 999_999_999


def heights(html: str) -> list[int]:
    """The highest point of each pass in the list."""
    return [int(text) for text in re.findall(r"</meter> (\d+)°", html)]


def test_passes_that_go_high_enough(station: StationFolder, client: FlaskClient) -> None:
    every = client.get("/api/v1/passes").get_json()["passes"]
    high = [item for item in every if item["max_elevation_deg"] >= 30]
    assert 0 < len(high) < len(every)
    html = client.get("/passes?height=30").text
    assert heights(html) == [round(item["max_elevation_deg"]) for item in high]
    assert '<option value="30" selected>' in html
    assert f'href="/passes?norad={NORAD}&amp;height=30"' in html
    assert heights(client.get(f"/passes?norad={NORAD}").text) == heights(client.get("/passes").text)
    none = client.get("/passes?norad=25544").text
    assert "No pass is so." in none
    assert 'class="pass-row"' not in none
    assert client.get("/passes?height=91").status_code == 400


def test_the_timeline_holds_the_passes_of_a_day(
    station: StationFolder, client: FlaskClient
) -> None:
    html = client.get("/passes").text
    drawn = re.findall(r'<rect x="([\d.]+)" width="([\d.]+)" y="([\d.]+)"', html)
    end = from_us(station.clock.now_us()) + timedelta(hours=24)
    passes = client.get("/api/v1/passes").get_json()["passes"]
    assert len(drawn) == sum(datetime.fromisoformat(item["aos"]) < end for item in passes) > 3
    lefts = [float(left) for left, _, _ in drawn]
    assert lefts == sorted(lefts)
    assert all(0 <= left <= 1440 for left in lefts)


@pytest.mark.parametrize(
    ("wish", "kind", "expected"),
    [
        ("quetzal", "satellites", {"id": "quetzal-1", "name": "Quetzal-1"}),
        ("45598", "satellites", {"id": "quetzal-1", "name": "Quetzal-1"}),
        ("Doppler", "pages", {"title": "Doppler shift", "path": "/learn#doppler"}),
        ("passes", "pages", {"title": "Passes", "path": "/passes"}),
        ("5", "pages", {"title": "Frame 5", "path": "/frames/5"}),
        (
            "battery volt",
            "parameters",
            {
                "satellite": SATELLITE,
                "satellite_name": "Classroom-1 (simulated)",
                "parameter": "battery_voltage",
                "label": "Battery voltage",
            },
        ),
    ],
)
def test_search(client: FlaskClient, wish: str, kind: str, expected: dict[str, str]) -> None:
    found = client.get("/api/v1/search", query_string={"q": wish, "lang": "en"}).get_json()
    assert expected in found[kind]
    html = client.get("/search", query_string={"q": wish, "lang": "en"}).text
    path = {"satellites": "/satellites/{id}", "parameters": "/satellites/{satellite}?parameters="}
    assert path.get(kind, "{path}").format(**expected) in html


def test_search_in_another_language_and_for_nothing(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=батареи&lang=ru").get_json()["parameters"]
    assert "battery_voltage" in {item["parameter"] for item in found}
    assert "Nothing here is called so." in client.get("/search?q=<b>xyzzy").text
    assert "<b>xyzzy" not in client.get("/search?q=<b>xyzzy").text
    empty = client.get("/api/v1/search").get_json()
    assert (empty["pages"], empty["satellites"], empty["parameters"]) == ([], [], [])
    assert client.get(f"/api/v1/search?q={'a' * 81}").status_code == 400
