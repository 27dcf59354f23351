"""Passes and directions for a student's own village, which no file of the station keeps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.data.sky import MOST_PLACES, Sky
from dashboard.data.villages import VILLAGES
from groundstation.model import Site, from_us
from groundstation.orbit.passes import find_passes
from tests.dashboard.station_folder import StationFolder

OSH = {"place": "40.53,72.80"}


def passes(client: FlaskClient, **query: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/passes", query_string=query)
    assert answer.json, answer.text
    return list(answer.json["passes"])


def test_passes_and_track_of_a_place(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    """As the pass search itself finds them there, with a free horizon."""
    app = make_app(station)
    client = app.test_client()
    here, osh = passes(client), passes(client, **OSH)
    assert [item["aos"] for item in here] != [item["aos"] for item in osh]
    ctx = app.extensions["groundstation"]
    elements = ctx.data.elements.for_norad(osh[0]["norad"])
    now = from_us(ctx.data.status().now_us())
    truth = find_passes(
        elements,
        Site("Osh", 40.53, 72.8),
        now - timedelta(hours=2),
        now + timedelta(hours=48),
        min_elevation_deg=ctx.data.config.min_elevation_deg,
    )
    rises = [item.aos for item in truth if item.aos and item.los and item.los > now]
    for found, aos in zip(osh, rises, strict=True):
        assert abs(datetime.fromisoformat(found["aos"]) - aos) < timedelta(seconds=0.1)
    # Where the pass begins over Osh, the track from Osh stands at the same height and direction.
    at = datetime.fromisoformat(osh[0]["aos"])
    query = {**OSH, "start": at.isoformat(), "end": (at + timedelta(seconds=5)).isoformat()}
    point = client.get(f"/api/v1/track/{osh[0]['norad']}", query_string={**query, "step": "5"})
    (first, *_) = point.json["points"]  # type: ignore[index]
    assert first["azimuth_deg"] == pytest.approx(osh[0]["aos_azimuth_deg"], abs=0.1)
    assert first["elevation_deg"] == pytest.approx(ctx.data.config.min_elevation_deg, abs=0.1)


@pytest.mark.parametrize(
    "place",
    [
        "42",
        "42,",
        "91,72",
        "90.5,72",
        "42,-180.5",
        "42,200",
        "nan,72",
        "1e1,72",
        "٤٢,72",
        "42,72,800",
    ],
)
def test_a_wrong_place_is_told(client: FlaskClient, place: str) -> None:
    for path in ("/api/v1/passes", "/api/v1/track/999999999", "/passes.csv"):
        answer = client.get(path, query_string={"place": place})
        assert answer.status_code == 400
        assert answer.json["error"].startswith(f"place is '{place}'")  # type: ignore[index]
    north, _, east = place.partition(",")
    assert client.get(f"/place?latitude={north}&longitude={east}").status_code == 400


def test_the_page_says_for_which_place_it_is(client: FlaskClient) -> None:
    page = client.get("/place?of=osh&lang=en").text
    assert "Passes over Osh" in page
    assert "All on this page is for Osh (40.53° north, 72.80° east), not for the station." in page
    assert passes(client, **OSH)[0]["aos"] in page
    assert "42.12° south" in client.get("/place?latitude=-42.12&longitude=-7&lang=en").text
    assert "Where do you live?" in client.get("/place?lang=en").text
    assert client.get("/place?of=osch").status_code == 404
    assert "did you mean" in client.get("/place?of=osch").text
    assert "Set-Cookie" not in client.get("/place?of=osh").headers


def test_the_page_of_passes_is_for_the_village_that_is_asked(client: FlaskClient) -> None:
    """List, timeline, files and calendar; nobody else's page changes by it."""
    here, osh = passes(client)[0]["aos"], passes(client, **OSH)[0]["aos"]
    before = client.get("/passes?lang=en").text
    answer = client.get("/passes?of=osh&height=10&lang=en")
    page = answer.text
    told = "These passes are for Osh (40.53° north, 72.80° east), not for the station."
    assert told in page
    assert osh in page
    assert here not in page
    for link in re.findall(r'href="(/passes\?norad[^"]*|\?[^"]*pass=[^"]*)"', page):
        assert "of=osh" in link
    assert '<input type="hidden" name="of" value="osh">' in page
    assert 'href="/passes.csv?place=40.53%2C72.8"' in page
    assert "Set-Cookie" not in answer.headers or "osh" not in answer.headers["Set-Cookie"]
    for path in ("/passes?lang=en", "/passes?of=station&lang=en"):
        again = client.get(path).text
        assert here in again
        assert "Osh" not in again
    assert "Osh" not in before
    calendars = [client.get("/passes.ics", query_string=query).text for query in ({}, OSH)]
    starts, osh_starts = (re.findall(r"DTSTART:(\S+)", calendar) for calendar in calendars)
    assert datetime.fromisoformat(osh).strftime("%Y%m%dT%H%M") in " ".join(osh_starts)
    assert osh_starts != starts
    assert client.get("/passes?of=osch").status_code == 404
    assert client.get("/passes?latitude=91&longitude=0").status_code == 400


def test_no_more_places_are_kept_than_there_are_villages(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    sky: Sky = make_app(station).extensions["groundstation"].sky
    for number in range(MOST_PLACES + 5):
        sky.passes(Site("", 42.0, number / 100))
    assert len(sky._places) == MOST_PLACES


def test_the_list_of_places() -> None:
    """All within the country's bounds; Bishkek, Osh and Talas as GeoNames has them."""
    ids = [one.id for one in VILLAGES]
    assert ids == sorted(set(ids))
    for one in VILLAGES:
        assert 39.1 < one.latitude_deg < 43.3
        assert 69.2 < one.longitude_deg < 80.3
        assert all(one.names)
    where = {one.id: (one.latitude_deg, one.longitude_deg) for one in VILLAGES}
    assert where["bishkek"] == (42.87, 74.59)
    assert where["osh"] == (40.53, 72.8)
    assert where["talas"] == (42.52, 72.24)
