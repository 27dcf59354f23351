"""The HTTP interface against its own description, and against what was written to the folder."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.web.openapi import DESCRIPTION
from decoders.explain import explain
from groundstation.catalog import SatelliteCatalog
from groundstation.elements import ElementsCatalog
from groundstation.model import Reception
from groundstation.model.board import Board, Tile
from groundstation.orbit.pointing import pointing
from groundstation.storage.audit import Actor
from groundstation.storage.boards import Boards
from groundstation.storage.notes import Notes
from groundstation.words.language import in_language
from tests.dashboard.station_folder import SITE, StationFolder
from tests.peers import free_port

NORAD = 999_999_999
EXAMPLES = {
    "id": "classroom-1",
    "name": "battery_voltage",
    "seq": "5",
    "norad": str(NORAD),
    "key": "last",
    "number": "1",
    "board": "1",
}
JSON_TWINS = (
    *("/now.json", "/satellites.json", "/satellites/classroom-1.json", "/passes.json"),
    "/satellites/classroom-1/examples/1.json",
    *("/frames.json", "/frames/5.json", "/status.json", "/passes/last.json"),
)
CSV_TWINS = (
    *("/now.csv", "/satellites.csv", "/satellites/classroom-1.csv", "/passes.csv", "/frames.csv"),
    *("/passes/flown.csv", "/passes/last.csv"),
    *("/frames/5.csv", "/status.csv", "/satellites/classroom-1/parameters/battery_voltage.csv"),
)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def check(value: Any, schema: dict[str, Any], where: str) -> None:
    """As much of JSON Schema as the description uses."""
    if "$ref" in schema:
        schema = DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        assert value in schema["enum"], where
    if "oneOf" in schema:
        schema = next(one for one in schema["oneOf"] if is_like(value, one, where))
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    python: dict[str, Any] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "object": dict,
        "array": list,
        "null": type(None),
    }
    assert not kinds or any(isinstance(value, python[kind]) for kind in kinds), where
    if value is None:
        return
    for name in schema.get("required", ()):
        assert name in value, f"{where}.{name} is missing"
    for name, inner in schema.get("properties", {}).items():
        check(value[name], inner, f"{where}.{name}")
    if schema.get("additionalProperties") is False:
        assert set(value) <= set(schema["properties"]), where
    elif "additionalProperties" in schema:
        for name, inner_value in value.items():
            check(inner_value, schema["additionalProperties"], f"{where}.{name}")
    if "items" in schema:
        for index, inner_value in enumerate(value):
            check(inner_value, schema["items"], f"{where}[{index}]")


def is_like(value: Any, schema: dict[str, Any], where: str) -> bool:
    """Whether this is the one that is meant."""
    try:
        check(value, schema, where)
    except AssertionError:
        return False
    return True


#: What some addresses are asked for.
ASKED = {
    "/api/v1/news": "?after=18",
    "/api/v1/satellites/{id}/chart": "?parameters=battery_voltage,mode",
}


def test_description_names_exactly_the_routes(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule))
        for rule in make_app(station).url_map.iter_rules()
        if str(rule).startswith("/api/")
    }
    assert rules == set(DESCRIPTION["paths"])


@pytest.mark.parametrize(
    "path",
    [p for p, about in DESCRIPTION["paths"].items() if "get" in about and p != "/api/v1/live"],
)
def test_answers_are_as_described(station: StationFolder, client: FlaskClient, path: str) -> None:
    Boards(station.folder).add(Board("Power", (Tile("sky"),)), 1, Actor("test"))
    Notes(station.folder).write("classroom-1", 1, 5, "Charged", 1, Actor("test"))
    get = DESCRIPTION["paths"][path]["get"]
    assert set(re.findall(r"{(\w+)}", path)) == {
        p["name"] for p in get["parameters"] if p["in"] == "path"
    }
    answer = client.get(path.format(**EXAMPLES) + ASKED.get(path, ""))
    assert answer.status_code == 200
    ((kind, content),) = get["responses"]["200"]["content"].items()
    if kind != "application/json":
        assert answer.mimetype == kind
        return
    schema = content["schema"]
    check(json.loads(answer.text, parse_constant=pytest.fail), schema, path)


@pytest.mark.parametrize("path", JSON_TWINS)
def test_pages_have_json_twins(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    text = json.dumps(json.loads(answer.text, parse_constant=pytest.fail))
    assert "simulated" in text


@pytest.mark.parametrize("path", CSV_TWINS)
def test_tables_have_csv_twins_that_say_what_is_simulated(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    rows = table(answer.text)
    assert rows
    assert "1" in {row["simulated"] for row in rows}
    assert "-simulated.csv" in answer.headers["Content-Disposition"]


def test_latest_values_are_the_written_ones(client: FlaskClient) -> None:
    latest = client.get("/api/v1/satellites/classroom-1/latest").json
    assert latest
    voltage = latest["parameters"]["battery_voltage"]
    assert (voltage["raw"], voltage["value"], voltage["unit"]) == (3400, 3.4, "V")
    assert (voltage["state"], voltage["seq"], voltage["simulated"]) == ("warning", 23, True)
    assert latest["parameters"]["status"]["value"] == "sunlight,charging"


def test_without_a_telemetry_store_frames_wait_to_be_interpreted(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    """The station makes it again; until then the pages say so, and show every frame's bytes."""
    station.close()
    for path in station.folder.glob("telemetry.db*"):
        path.unlink()
    client = make_app(station).test_client()
    latest = client.get("/api/v1/satellites/classroom-1/latest").json
    assert latest
    assert latest["parameters"] == {}
    answer = client.get("/api/v1/satellites/classroom-1/parameters/battery_voltage")
    assert answer.status_code == 503
    frames = client.get("/api/v1/frames").json["frames"]
    assert {frame["status"] for frame in frames} == {"waiting", "damaged"}
    assert client.get("/frames").status_code == 200
    assert client.get("/api/v1/frames/23").json["parameters"]["battery_voltage"]["value"] == 3.4


def test_words_have_a_history_too(station: StationFolder, client: FlaskClient) -> None:
    station.receive(mode="safe", battery_voltage=3.4)
    path = "/api/v1/satellites/classroom-1/parameters/mode"
    found = client.get(path).json
    assert found
    assert found["times"] == []
    assert [(band["value"], band["state"]) for band in found["bands"]] == [
        ("nominal", found["bands"][0]["state"]),
        ("safe", found["bands"][1]["state"]),
    ]
    rows = table(client.get("/satellites/classroom-1/parameters/mode.csv").text)
    assert [row["value"] for row in rows] == ["nominal", "safe"]
    assert rows[0]["simulated"] == "1"


def test_series_gives_samples_or_their_envelope(
    station: StationFolder, client: FlaskClient
) -> None:
    path = "/api/v1/satellites/classroom-1/parameters/battery_voltage"
    few = client.get(path).json
    assert few
    assert few["bucket_s"] == 0
    assert len(few["times"]) == 21
    assert few["limits"]["critical"] == [3.3, 4.25]
    station.fill(300, every_s=1)
    many = client.get(path + "?points=50").json
    assert many
    assert many["bucket_s"] > 0
    assert len(many["times"]) <= 50
    assert all(low <= high for low, high in zip(many["minimum"], many["maximum"], strict=True))


def test_frames_go_both_ways_and_carry_their_bytes(client: FlaskClient) -> None:
    newest = client.get("/api/v1/frames?limit=2").json
    after = client.get("/api/v1/frames?after=20&limit=2").json
    assert newest
    assert after
    assert [item["seq"] for item in newest["frames"]] == [23, 22]
    assert [item["seq"] for item in after["frames"]] == [21, 22]
    assert [item["status"] for item in after["frames"]] == ["damaged", "unknown"]
    assert bytes.fromhex(after["frames"][0]["raw"]) == bytes(range(40, 90))


def test_xray_says_where_each_value_lies(client: FlaskClient) -> None:
    frame = client.get("/api/v1/frames/5").json
    assert frame
    raw = bytes.fromhex(frame["raw"])
    voltage = frame["parameters"]["battery_voltage"]
    first, length = voltage["bits"]
    assert (first % 8, length) == (0, 16)
    assert int.from_bytes(raw[first // 8 : first // 8 + 2], "big") == voltage["raw"]
    steps = {step["kind"]: step["text"] for step in voltage["steps"]}
    assert steps["type"] == "unsigned whole number of 16 bits, high byte first"
    assert steps["calibration"] == f"{voltage['raw']} / 1000 = {voltage['value']:.10g}"
    assert steps["warning"] == f"3.5 ≤ {voltage['value']:.10g} ≤ 4.2"
    assert frame["layers"][0]["fields"]["source"] == "SIMSAT"


def test_passes_and_track_agree_with_the_orbit(station: StationFolder, client: FlaskClient) -> None:
    passes = client.get("/api/v1/passes").json
    assert passes
    first = passes["passes"][0]
    assert first["simulated"]
    assert first["frequency_hz"] == 437_500_000
    start = datetime.now(UTC).replace(microsecond=0)
    query = {"start": start.isoformat(), "end": (start + timedelta(seconds=60)).isoformat()}
    track = client.get(f"/api/v1/track/{NORAD}", query_string={**query, "step": "10"}).json
    assert track
    elements = ElementsCatalog(station.folder / "elements").for_norad(NORAD)
    assert elements
    truth = pointing(elements, SITE, start + timedelta(seconds=30))
    point = track["points"][3]
    assert len(track["points"]) == 7
    assert point["azimuth_deg"] == pytest.approx(truth.azimuth_deg, abs=1e-3)
    assert point["range_km"] == pytest.approx(truth.range_km, abs=0.01)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/v1/satellites/nobody", 404, "there is no satellite 'nobody'"),
        ("/api/v1/satellites/classroom-1/parameters/x", 404, "no parameter 'x'"),
        ("/api/v1/frames/99999", 404, "there is no frame 99999"),
        ("/api/v1/frames?limit=0", 400, "whole number from 1"),
        ("/api/v1/frames?after=-1", 400, "after is -1, it must be a whole number from 0"),
        ("/api/v1/track/25544", 404, "no elements of 25544"),
        (f"/api/v1/track/{NORAD}?start=yesterday", 400, "such as 2026-08-22T06:00:00Z"),
        (f"/api/v1/track/{NORAD}?end=2126-01-01T00:00:00Z", 409, "take a longer step"),
        ("/api/v1/alarms?limit=1001", 400, "whole number from 1 to 1000"),
        ("/api/v1/alarms?before=soon", 400, "before is 'soon'"),
        ("/api/v1/alarms?satellite=nobody", 404, "there is no satellite 'nobody'"),
        ("/api/v1/nothing", 404, "there is nothing at"),
        ("/api/v1/sattelites", 404, "did you mean '/api/v1/satellites'?"),
        ("/api/v1/satellites/quetzal1", 404, "did you mean 'quetzal-1'?"),
        ("/api/v1/frames?satellite=quetzal1", 404, "did you mean 'quetzal-1'?"),
        ("/api/v1/passes?satellite=quetzal1", 404, "did you mean 'quetzal-1'?"),
        (
            "/api/v1/satellites/classroom-1/parameters/batery_voltage",
            404,
            "did you mean 'battery_voltage'?",
        ),
        ("/api/v1/frames?limitt=5", 400, "did you mean 'limit'?"),
        ("/frames.csv?limitt=5", 400, "did you mean 'limit'?"),
        ("/satellites.json?q=x", 400, "'q' is no parameter here"),
        ("/api/v1/frames?limit=5&limit=6", 400, "limit is given 2 times"),
        ("/api/v1/frames?limit=5_0", 400, "limit is '5_0'"),
        ("/api/v1/frames?limit=", 400, "limit is ''"),
        ("/api/v1/frames?after=1&before=9", 409, "use one of them"),
        ("/api/v1/frames?since=yesterday", 400, "since is 'yesterday'"),
        ("/api/v1/frames?since=0001-01-01", 404, "of the years 1957 to 2200"),
        ("/api/v1/satellites/classroom-1/chart", 400, "parameters is missing"),
        ("/api/v1/satellites/classroom-1/chart?parameters=a,b,c,d,e", 400, "1 to 4 names"),
        (
            "/api/v1/satellites/classroom-1/chart?parameters=mode&end=2026-01-01T00:00:00Z",
            409,
            "end goes with start",
        ),
        ("/api/v1/satellites/classroom-1/now?lang=de", 400, "lang is 'de', it must be one of"),
        ("/api/v1/live?last_event_id=x", 400, "last_event_id is 'x'"),
    ],
)
def test_wrong_questions_get_one_sentence(
    client: FlaskClient, path: str, status: int, words: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.json
    assert words in answer.json["error"]


def test_a_spreadsheet_takes_no_text_for_a_formula(
    station: StationFolder, client: FlaskClient
) -> None:
    station.append(
        Reception(0, station.clock.now_us(), "=cmd()", b"\x00", error="@SUM(1)", damaged=True)
    )
    row = table(client.get("/frames.csv").text)[0]
    assert row["link"] == "'=cmd()"
    assert row["error"] == "'@SUM(1)"


def test_empty_folder_answers_everything(
    tmp_path: Path, make_app: Callable[[StationFolder], Flask]
) -> None:
    client = make_app(StationFolder(tmp_path)).test_client()
    assert client.get("/api/v1/frames").json == {"frames": []}
    assert client.get("/api/v1/passes").json == {"passes": []}
    status = client.get("/api/v1/status").json
    assert status
    assert not status["journal"]
    assert status["running"]


def test_a_database_outside_that_is_down_does_not_matter(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    """Pages read what the station itself keeps."""
    with station.config.open("a", encoding="utf-8") as file:
        file.write(f'\n[storage]\nkind = "influx"\nurl = "http://127.0.0.1:{free_port()}"\n')
    client = make_app(station).test_client()
    assert "3.400" in client.get("/").text
    answer = client.get("/api/v1/satellites/classroom-1/parameters/battery_voltage")
    assert answer.json["mean"][-1] == pytest.approx(3.4)


def test_xray_takes_the_steps_that_the_explanation_has(client: FlaskClient) -> None:
    """All of them, in order, and each with a word."""
    frame = client.get("/api/v1/frames/5").json
    assert frame
    catalog = SatelliteCatalog()
    decoded = catalog.decoder.decode(bytes.fromhex(frame["raw"]), "classroom-1")
    explained = explain(catalog.satellites["classroom-1"], decoded)
    assert explained
    for found in explained:
        steps = frame["parameters"][found.value.name]["steps"]
        kinds = [step.kind for step in found.steps]
        held = [each.level for each in found.held]
        typed = ["type"] if found.bits else []
        assert [step["kind"] for step in steps] == [*typed, *kinds, *held, "sentence"]
        assert all(step["label"] for step in steps)
        for step, shown in zip(found.steps, steps[len(typed) :], strict=False):
            numbers = [term for term in step.terms if type(term) is int]
            for number in numbers:
                assert in_language("en").number(number) in shown["text"], found.value.name
