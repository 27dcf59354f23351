"""Notes at a time and at a frame: who writes them, where they are shown, how they go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from groundstation.storage.audit import changes
from groundstation.storage.notes import MOST_TEXT
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.school import Screen, app, teacher

__all__ = ["app", "teacher"]

HOSTILE = "<script>alert(1)</script> & =1+1"


def write(screen: Screen, **fields: Any) -> Any:
    return screen.post("/api/v1/notes/write", fields)


def test_a_note_at_a_time(station: StationFolder, app: Flask, teacher: Screen) -> None:
    pupil = Screen(app)
    when = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    about = {"satellite": "classroom-1", "time": when, "text": f"  {HOSTILE}\n"}
    assert write(pupil, **about).status_code == 403
    found = write(teacher, **about).json
    assert (found["id"], found["by"], found["seq"]) == (1, "Aida", None)
    assert found["time"].startswith(when[:19])
    assert found["text"] == HOSTILE
    chart = "/api/v1/satellites/classroom-1/chart?parameters=mode&range=1h"
    assert pupil.get(chart).json["notes"] == [found]
    assert pupil.get(f"{chart}&end={when}&start=2026-01-01").json["notes"] == []
    assert pupil.get("/api/v1/notes?satellite=classroom-1").json["notes"] == [found]
    assert pupil.get(f"/notes.json?before={when}").json["notes"] == []
    page = pupil.get("/notes").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "notes/1/remove" not in page
    assert pupil.get("/notes.csv").text.splitlines()[1].startswith(found["time"])
    assert pupil.post("/api/v1/notes/1/remove", {}).status_code == 403
    assert teacher.post("/api/v1/notes/1/remove", {}).json == {"removed": 1}
    assert teacher.post("/api/v1/notes/1/remove", {}).status_code == 404
    assert pupil.get(chart).json["notes"] == []
    lines = [(one.by, one.act, one.detail) for one in changes(station.folder, 2)]
    assert lines == [("Aida", "note removed", HOSTILE), ("Aida", "note written", HOSTILE)]


def test_a_note_at_a_frame(app: Flask, teacher: Screen) -> None:
    """It stands at the frame, and on charts at the frame's time."""
    frame = teacher.get("/api/v1/frames/5").json
    done = teacher.press("/notes/write", seq="5", text="Here it turned")
    assert done.headers["Location"] == "/frames/5#notes"
    (found,) = teacher.get("/api/v1/notes").json["notes"]
    assert (found["satellite"], found["seq"]) == ("classroom-1", 5)
    assert found["time"] == frame["received"]
    assert "Here it turned" in Screen(app).get("/frames/5").text
    assert "Here it turned" not in Screen(app).get("/frames/6").text
    nobodys = next(
        item["seq"]
        for item in teacher.get("/api/v1/frames").json["frames"]
        if item["satellite"] is None
    )
    assert write(teacher, seq=nobodys, text="Whose?").json["satellite"] == ""


def test_a_form_s_time_is_that_of_the_site(teacher: Screen) -> None:
    """The site's zone is Asia/Bishkek, six hours ahead of UTC."""
    about = {"satellite": "classroom-1", "local": "2026-03-01T12:00:05", "text": "Noon"}
    done = teacher.press("/notes/write", **about)
    assert done.headers["Location"] == "/notes"
    (found,) = teacher.get("/api/v1/notes").json["notes"]
    assert found["time"] == "2026-03-01T06:00:05.000Z"


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({}, 400, "text is missing"),
        ({"text": "a"}, 404, "there is no satellite ''"),
        ({"satellite": "x", "time": "2026-01-01", "text": "a"}, 404, "there is no satellite 'x'"),
        ({"satellite": "classroom-1", "time": "soon", "text": "a"}, 400, "time is 'soon'"),
        ({"satellite": "classroom-1", "time": "2026-01-01"}, 400, "text is missing"),
        ({"satellite": "classroom-1", "text": " \n"}, 400, "text is"),
        ({"satellite": "classroom-1", "text": "a" * (MOST_TEXT + 1)}, 400, "text is longer than"),
        ({"seq": 99_999, "text": "a"}, 404, "there is no frame 99999"),
        ({"seq": "x", "text": "a"}, 400, "seq is 'x'"),
        ({"words": "a"}, 400, "'words' is no field"),
    ],
)
def test_a_wrong_note_is_told(
    teacher: Screen, fields: dict[str, Any], status: int, told: str
) -> None:
    answer = write(teacher, **fields)
    assert answer.status_code == status
    assert told in answer.json["error"]
    assert teacher.get("/api/v1/notes").json["notes"] == []
