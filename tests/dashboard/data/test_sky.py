"""Whose passes are shown: the station's, or so many at most; never the whole catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

import dashboard.data.sky
from dashboard.data.sky import MOST_FOLLOWED
from dashboard.web.pass_list import page_end
from groundstation.elements import ElementsCatalog
from groundstation.orbit.elements import Elements
from groundstation.orbit.omm_csv import to_omm_csv
from groundstation.orbit.passes import PassTable
from tests.dashboard.station_folder import SATELLITE, StationFolder

STRANGERS = range(70_000, 70_500)


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many satellites each search for passes looked at."""
    counts: list[int] = []
    really = dashboard.data.sky.find_all_passes

    def counted(elements: Sequence[Elements], *rest: object, **options: object) -> PassTable:
        counts.append(len(elements))
        return really(elements, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(dashboard.data.sky, "find_all_passes", counted)
    return counts


def bring(station: StationFolder, norads: Sequence[int]) -> None:
    """Elements of these objects and of no others."""
    folder = station.folder / "elements"
    for path in folder.glob("*.csv"):
        path.unlink()
    items = [
        replace(station.elements, norad=norad, name=f"OBJECT {norad}", raan_deg=float(norad % 360))
        for norad in norads
    ]
    ElementsCatalog(folder).import_text(to_omm_csv(items), "test")


def numbers(station: StationFolder) -> list[int]:
    """The NORAD numbers of all definitions but the simulated one's."""
    known = {item.norad for item in station.catalog.index.values() if item.norad is not None}
    return sorted(known - {999_999_999})


def test_a_catalogue_without_the_station_s_satellite(
    station: StationFolder, client: FlaskClient, searched: list[int]
) -> None:
    bring(station, STRANGERS)
    for path in ("/", "/passes"):
        assert "is among the orbital elements there are" in client.get(path).text
    assert client.get("/api/v1/passes").json == {"passes": []}
    assert client.get("/passes.ics").status_code == 200
    assert searched == []


def test_only_the_station_s_satellite_of_a_catalogue(
    station: StationFolder, client: FlaskClient, searched: list[int]
) -> None:
    bring(station, [*STRANGERS, 999_999_999])
    found = client.get("/api/v1/passes").json
    assert found
    assert {item["satellite_id"] for item in found["passes"]} == {SATELLITE}
    for _ in range(3):
        client.get("/passes")
    assert searched == [1]  # kept, not computed for each request


def test_a_station_that_names_no_satellites(
    station: StationFolder, make_app: Callable[[StationFolder], Flask], searched: list[int]
) -> None:
    known = numbers(station)
    assert len(known) > MOST_FOLLOWED
    bring(station, [*STRANGERS, *known, 999_999_999])
    station.write_status(satellites=list(station.catalog.index))
    client = make_app(station).test_client()
    text = client.get("/passes").text
    assert f"Passes of {MOST_FOLLOWED} satellites, those heard last first" in text
    assert searched == [MOST_FOLLOWED]
    found = client.get("/api/v1/passes").json
    assert found
    shown = {item["norad"] for item in found["passes"]}
    assert 999_999_999 in shown  # the one that was heard
    assert not shown & set(STRANGERS)


def test_definitions_and_elements_are_not_read_again(
    station: StationFolder, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/passes")
    for name in ("groundstation.elements._read_file", "groundstation.catalog._parse"):
        monkeypatch.setattr(name, None)  # would fail if it were called
    for path in ("/", "/passes", "/passes.ics", "/status", "/api/v1/passes"):
        assert client.get(path).status_code == 200


def test_passes_come_by_pages(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    bring(station, [*numbers(station), 999_999_999])
    station.write_status(satellites=list(station.catalog.index))
    client = make_app(station).test_client()
    found = client.get("/api/v1/passes").json
    assert found
    everything = [f"{item['norad']}-{item['aos']}" for item in found["passes"]]
    seen: list[str] = []
    path: str | None = "/passes"
    while path:
        text = client.get(path).text
        seen += text.split('data-pass="')[1:]
        link = text.partition('rel="next" href="')[2].partition('"')[0]
        path = link.replace("&amp;", "&") or None
    assert len(everything) > 2 * 60
    assert [item.partition('"')[0] for item in seen] == everything


def test_a_page_from_a_time_that_is_none(client: FlaskClient) -> None:
    answer = client.get("/passes?from=yesterday")
    assert answer.status_code == 400
    assert "it must be a time such as" in answer.text


def test_a_page_ends_between_two_times() -> None:
    """Passes that rise together stay together: the next page would show one again."""
    times = [f"2026-11-30T10:{n // 60:02}:{n % 60:02}.000Z" for n in range(100)]
    assert page_end(times) == 60
    assert page_end([*times[:60], times[59], times[59], *times[60:]]) == 62
    assert page_end(times[:60]) == 60
    assert page_end([]) == 60


@pytest.mark.parametrize("word", ["70001", "OBJECT 70001", "object 70001"])
def test_a_satellite_that_has_no_definition_is_shown_too(
    station: StationFolder, make_app: Callable[[StationFolder], Flask], word: str
) -> None:
    bring(station, [*STRANGERS, 999_999_999])
    station.write_status(satellites=[SATELLITE, word])
    client = make_app(station).test_client()
    found = client.get("/api/v1/passes").json
    assert found
    assert {item["norad"] for item in found["passes"]} == {70_001, 999_999_999}
    for path in ("/", "/passes", "/status", "/passes.ics", "/passes.csv"):
        answer = client.get(path)
        assert answer.status_code == 200
    assert "OBJECT 70001" in client.get("/passes").text
