"""Boards: who may arrange them, each button, files of others, the list of changes, the wall."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from dashboard.web.openapi import DESCRIPTION
from dashboard.web.turn import turn
from groundstation.model import from_us, to_us
from groundstation.storage.audit import changes
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.school import Screen, app, pupil, teacher
from tests.dashboard.web.test_api import check
from tests.dashboard.web.whole_station import BOARD

__all__ = ["app", "pupil", "teacher"]


def made(screen: Screen) -> Any:
    answer = screen.post("/api/v1/boards/make", BOARD.to_json())
    assert answer.status_code == 200
    return answer.json


def tiles(screen: Screen) -> list[dict[str, Any]]:
    return list(screen.get("/api/v1/boards/1").json["board"]["tiles"])


def test_only_a_teacher_arranges_and_everybody_reads(
    station: StationFolder, teacher: Screen, pupil: Screen
) -> None:
    for path in ("/boards/make", "/boards/import", "/boards/1/arrange", "/boards/1/remove"):
        assert pupil.press(path, name="Mine").status_code == 403
    for path in ("make", "1/change", "1/remove"):
        assert pupil.post(f"/api/v1/boards/{path}", {}).status_code == 403
    assert "There is no board yet." in pupil.get("/boards").text
    made(teacher)
    page = pupil.get("/boards/1").text
    assert "Power" in page
    assert "3.400" in page  # the newest voltage, without a script
    assert "arrange" not in pupil.get("/boards/1?edit=1").text
    assert pupil.get("/boards/2").status_code == 404
    assert pupil.get(f"/boards/{1 << 63}").status_code == 404
    assert [one.act for one in changes(station.folder, 1)] == ["board made"]


def test_every_button(station: StationFolder, teacher: Screen) -> None:
    made_by_name = teacher.press("/boards/make", name="  Wall  of\tTalas ")
    assert made_by_name.headers["Location"] == "/boards/1?edit=1"
    revision = iter(range(1, 100))

    def act(act: str, **fields: Any) -> Any:
        answer = teacher.press("/boards/1/arrange", act=act, revision=next(revision), **fields)
        assert answer.status_code == 303, answer.text
        return answer

    both = {"parameter0": "battery_voltage", "parameter1": "mode", "satellite": "classroom-1"}
    act("add", kind="value", **both)
    act("add", kind="chart", range="1d", **both)
    act("add", kind="sky")
    assert [item["kind"] for item in tiles(teacher)] == ["value", "value", "chart", "sky"]
    assert tiles(teacher)[2]["parameters"] == ["battery_voltage", "mode"]
    assert tiles(teacher)[2]["range"] == "1d"
    assert tiles(teacher)[3]["satellite"] is None
    assert act("later", tile=1).headers["Location"] == "/boards/1?edit=1#tile-2"
    assert tiles(teacher)[0]["parameters"] == ["mode"]
    act("earlier", tile=1)  # it is the first already
    act("earlier", tile=4)
    assert [item["kind"] for item in tiles(teacher)] == ["value", "value", "sky", "chart"]
    for _ in range(4):
        act("wider", tile=1)
        act("taller", tile=1)
    assert (tiles(teacher)[0]["width"], tiles(teacher)[0]["height"]) == (4, 3)
    act("narrower", tile=1)
    act("lower", tile=1)
    assert (tiles(teacher)[0]["width"], tiles(teacher)[0]["height"]) == (3, 2)
    act("remove", tile=4)
    act("rename", name="Board of the school")
    act("wall", on_wall="1")
    listed = teacher.get("/api/v1/boards").json["boards"]
    assert [(item["on_wall"], item["board"]["name"]) for item in listed] == [
        (True, "Board of the school")
    ]
    page = teacher.get("/boards/1?edit=1&of=classroom-1").text
    assert '<option value="battery_current">Battery current</option>' in page
    assert teacher.press("/boards/1/remove").headers["Location"] == "/boards"
    assert teacher.get("/boards/1").status_code == 404
    lines = [(one.by, one.act, one.subject, one.detail) for one in changes(station.folder, 30)]
    assert lines[0] == ("Aida", "board removed", "Board of the school", "")
    assert lines[1] == ("Aida", "board changed", "Board of the school", "on the wall")
    assert lines[3][3] == "tile 4 (chart battery_voltage mode classroom-1): remove"
    assert sum(act == "board changed" for _, act, _, _ in lines) == 19


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"act": "fly", "revision": 1}, "act is"),
        ({"act": "wider", "tile": "9", "revision": 1}, "tile is"),
        ({"act": "wider", "tile": "²", "revision": 1}, "tile is"),
        ({"act": "wider", "tile": "1", "revision": "x"}, "revision is"),
        ({"act": "wider", "tile": "1", "revision": 7}, "somebody else has changed"),
        ({"act": "rename", "name": "", "revision": 1}, "name is"),
        ({"act": "add", "kind": "value", "revision": 1}, "tiles[7].parameters is"),
        (
            {"act": "add", "kind": "value", "parameter0": "mode", "revision": 1},
            "needs a satellite",
        ),
        (
            {"act": "add", "kind": "sky", "satellite": "classroom-2", "revision": 1},
            "did you mean &#39;classroom-1&#39;?",
        ),
    ],
)
def test_a_wrong_button_is_told(teacher: Screen, fields: dict[str, Any], told: str) -> None:
    made(teacher)
    answer = teacher.press("/boards/1/arrange", **fields)
    assert answer.status_code in (400, 404, 409)
    assert told in answer.text
    assert teacher.get("/api/v1/boards/1").json["revision"] == 1


def load(screen: Screen, content: bytes) -> Any:
    return screen.press("/boards/import", file=(io.BytesIO(content), "board.json"))


def test_a_file_goes_out_and_comes_in(station: StationFolder, teacher: Screen) -> None:
    made(teacher)
    file = teacher.get("/boards/1.json")
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.json == BOARD.to_json()
    again = load(teacher, file.data)
    assert again.status_code == 409
    assert "name: there is a board" in again.text
    other = load(teacher, json.dumps({**file.json, "name": "Сила"}).encode())
    assert other.headers["Location"] == "/boards/2"
    assert teacher.get("/boards/2.json").json == {**BOARD.to_json(), "name": "Сила"}
    assert [one.detail for one in changes(station.folder, 1)] == ["from a file"]


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (b"", 400, "it is not JSON"),
        (b"\xff\xfe", 400, "it is not UTF-8 text"),
        (b"{" * 20_000, 413, "longer than"),
        (json.dumps({"format": "groundstation-board"}).encode(), 400, "version is None"),
    ],
)
def test_a_hostile_file_is_refused(teacher: Screen, content: bytes, status: int, told: str) -> None:
    answer = load(teacher, content)
    assert answer.status_code == status
    assert told in answer.text
    assert teacher.get("/api/v1/boards").json == {"boards": []}


def test_the_interface_says_what_is_wrong(teacher: Screen) -> None:
    wrong = {**BOARD.to_json(), "tiles": [{"kind": "value", "satellite": "classroom-1"}]}
    wrong["tiles"][0]["parameters"] = ["battery_volts"]
    answer = teacher.post("/api/v1/boards/make", wrong)
    assert answer.status_code == 404
    assert answer.json["error"] == (
        "tiles[0].parameters: classroom-1 has no 'battery_volts'; did you mean 'battery_voltage'?"
    )
    found = made(teacher)
    schema = DESCRIPTION["components"]["schemas"]["Board"]
    check(schema, found, "board")
    body = {"revision": 1, "on_wall": True, "board": {**BOARD.to_json(), "tiles": []}}
    changed = teacher.post("/api/v1/boards/1/change", body)
    assert (changed.json["revision"], changed.json["on_wall"]) == (2, True)
    assert teacher.post("/api/v1/boards/1/change", body).status_code == 409
    assert teacher.post("/api/v1/boards/1/change", {**body, "on_wall": 1}).status_code == 400
    assert teacher.post("/api/v1/boards/1/remove", {}).json == {"removed": 1}
    assert teacher.post("/api/v1/boards/1/remove", {}).status_code == 404


def test_a_tile_of_what_is_not_there_any_more_says_so(teacher: Screen, app: Flask) -> None:
    made(teacher)
    data = app.extensions["groundstation"].data
    gone = {**BOARD.to_json(), "name": "Old"}
    text = json.dumps(gone["tiles"]).replace("classroom-1", "classroom-0")
    with data.boards._file.writing() as connection:
        connection.execute("UPDATE boards SET items=?", (text,))
    page = teacher.get("/boards/1")
    assert page.status_code == 200
    assert "There is no satellite classroom-0 here." in page.text
    assert teacher.get("/kiosk?board=1").status_code == 200


def script_data(screen: Screen, path: str) -> dict[str, Any]:
    text = screen.get(path).text
    found = text.partition('id="page">')[2].partition("</script>")[0]
    return dict(json.loads(found))


def test_the_wall_turns_to_whose_pass_is_on(
    station: StationFolder, teacher: Screen, app: Flask
) -> None:
    """A pass is on in this folder: the standard board shows its satellite until its end."""
    on = turn(app.extensions["groundstation"])
    assert on.satellite == "classroom-1"
    now = from_us(station.clock.now_us())
    assert on.until is not None
    assert now < on.until < now + timedelta(minutes=20)
    data = script_data(teacher, "/kiosk")
    assert to_us(on.until) == pytest.approx(
        to_us(type(now).fromisoformat(data["until"])), abs=1_000_000
    )
    assert data["awake"]["until"] == data["until"]
    kinds = [tile["kind"] for tile in data["tiles"]]
    assert kinds == ["value", "value", "sky", *["value"] * 4, "map"]
    assert {tile["satellite"] for tile in data["tiles"]} == {"classroom-1"}


def test_the_wall_goes_through_its_boards(teacher: Screen) -> None:
    made(teacher)
    assert len(script_data(teacher, "/kiosk")["tiles"]) == 8  # nothing is on the wall yet
    body = {"revision": 1, "on_wall": True, "board": BOARD.to_json()}
    teacher.post("/api/v1/boards/1/change", body)
    first, second = (script_data(teacher, f"/kiosk?at={at}&every=20") for at in (0, 1))
    kinds = [tile["kind"] for tile in first["tiles"] + second["tiles"]]
    assert kinds == [tile.kind for tile in BOARD.tiles]
    assert (first["next"], second["next"], first["every"]) == (1, 0, 20)
    # During a pass of classroom-1 a board of another satellite waits.
    other = {**BOARD.to_json(), "name": "Other", "tiles": [{"kind": "map", "satellite": "cpsat"}]}
    assert teacher.post("/api/v1/boards/make", other).status_code == 200
    assert len(script_data(teacher, "/kiosk?board=2")["tiles"]) == 8
    for path, wall in (
        ("/?kiosk", "/kiosk"),
        ("/?kiosk=1&lang=ky&every=9", "/kiosk?lang=ky&every=9"),
        ("/boards/2?kiosk", "/kiosk?board=2"),
    ):
        assert teacher.get(path).headers["Location"] == wall
    for path in ("?every=4", "?every=x", "?at=-1", "?board=0", "?board=x"):
        assert teacher.get(f"/kiosk{path}").status_code == 400
    assert teacher.get("/kiosk?board=9").status_code == 404
