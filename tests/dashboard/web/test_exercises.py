"""Exercises over HTTP: answers in the address are checked, sheets are printed, and frames that do
not serve are refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from groundstation.storage.journal import JournalReader
from groundstation.words.language import in_language
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.test_xray import text_of

DAMAGED, UNKNOWN = 21, 22


def done(page: str) -> bool:
    found = re.search(r'data-done="(\d)"', page)
    assert found
    return found[1] == "1"


def test_the_newest_frame_is_taken(client: FlaskClient) -> None:
    page = client.get("/exercises").text
    assert 'href="/frames/23"' in page
    assert 'href="/exercises/damaged-byte?frame=23"' in page
    assert "/exercises/which-satellite?frame=23" in page


def test_a_value_is_worked_out_question_by_question(client: FlaskClient) -> None:
    record = client.get("/api/v1/exercises?frame=5").json
    assert record
    task = record["by_hand"][0]
    answers = [str(question["answer"]) for question in task["questions"]]
    assert len(answers) >= 4
    for count in range(len(answers) + 1):
        query = {"frame": 5, "value": task["parameter"], "a": answers[:count]}
        page = client.get("/exercises/by-hand", query_string=query).text
        assert page.count('name="a"') == min(count + 1, len(answers))
        assert done(page) == (count == len(answers))
        assert (task["sentence"] in text_of(page)) == (count == len(answers))


def test_a_wrong_answer_shows_the_step_and_no_further_question(client: FlaskClient) -> None:
    page = client.get("/exercises/by-hand?frame=5&value=battery_voltage&a=0000").text
    assert page.count('name="a"') == 1
    assert "not right yet" in page
    assert "<details>" in page
    assert not done(page)


def test_what_is_typed_is_text(client: FlaskClient) -> None:
    page = client.get(
        "/exercises/by-hand",
        query_string={"frame": 5, "value": "battery_voltage", "a": '"><script>x</script>'},
    ).text
    assert "<script>x" not in page


def test_words_of_a_row_are_said_in_the_page_s_language(client: FlaskClient) -> None:
    page = client.get("/exercises/by-hand?frame=5&value=mode&lang=ru&a=00000001&a=1").text
    options = re.findall(r'<option value="(\w+)">([^<]+)</option>', page)
    assert [answer for answer, _ in options][-3:] == ["safe", "nominal", "science"]
    assert options[-3][1] == "0 = безопасный"
    right = client.get("/exercises/by-hand?frame=5&value=mode&lang=ru&a=00000001&a=1&a=nominal")
    assert right.text.count("<span>верно</span>") == 3
    answers = text_of(client.get("/exercises/worksheet?frame=5&lang=ru&answers=1").text)
    assert " мА" in answers
    assert " mA" not in answers


def test_the_damaged_byte(client: FlaskClient) -> None:
    record = client.get("/api/v1/exercises?frame=5").json
    assert record
    found = record["damaged_byte"]
    whole = client.get("/api/v1/frames/5").json
    assert whole
    came, sent = bytes.fromhex(found["raw"]), bytes.fromhex(whole["raw"])
    differing = [n for n, (a, b) in enumerate(zip(came, sent, strict=True)) if a != b]
    assert differing == [found["answer"]]
    assert (came[differing[0]] ^ sent[differing[0]]).bit_count() == 1
    path = "/exercises/damaged-byte?frame=5"
    asked = client.get(path).text
    assert not done(asked)
    assert "changed" not in asked
    assert not done(client.get(f"{path}&byte=0").text)
    right = client.get(f"{path}&byte={found['answer']}").text
    assert done(right)
    assert f"was sent as {found['sent']} and came as {found['came']}" in text_of(right)


def test_which_satellite(client: FlaskClient) -> None:
    path = "/exercises/which-satellite?frame=5"
    asked = client.get(path).text
    options = re.findall(r'name="answer" value="([^"]+)"', asked)
    assert len(options) == 4
    assert "classroom-1" in options
    for option in options:
        assert done(client.get(f"{path}&answer={option}").text) == (option == "classroom-1")


def test_worksheet_and_answers(client: FlaskClient) -> None:
    record = client.get("/api/v1/exercises?frame=5").json
    assert record
    sheet = text_of(client.get("/exercises/worksheet?frame=5").text)
    answers = text_of(client.get("/exercises/worksheet?frame=5&answers=1").text)
    ways = [question["way"] for task in record["by_hand"] for question in task["questions"]]
    assert len(ways) >= 9
    for way in ways:
        assert way in answers
        assert way not in sheet
    told = f"was sent as {record['damaged_byte']['sent']}"
    assert (told in sheet, told in answers) == (False, True)
    assert "Name" in sheet


def test_frames_that_do_not_serve_are_refused_with_a_sentence(client: FlaskClient) -> None:
    for path in ("by-hand", "damaged-byte", "which-satellite"):
        for seq in (DAMAGED, UNKNOWN):
            page = client.get(f"/exercises/{path}?frame={seq}")
            assert page.status_code == 200
            assert "choose another frame" in page.text, path
    record = client.get(f"/api/v1/exercises?frame={DAMAGED}").json
    assert record
    assert (record["by_hand"], record["damaged_byte"], record["which_satellite"]) == (
        [],
        None,
        None,
    )
    page = client.get("/exercises/by-hand?frame=5&value=battery_power").text  # it has no bits
    assert "choose another frame" in page


@pytest.mark.parametrize("code", ["en", "ru", "ky"])
def test_without_frames_a_sentence_in_each_language(
    tmp_path: Path, make_app: Callable[[StationFolder], Flask], code: str
) -> None:
    client = make_app(StationFolder(tmp_path)).test_client()
    text = in_language(code)("No frame was decoded yet: exercises are made of received ones.")
    for path in ("", "/by-hand", "/damaged-byte", "/which-satellite", "/worksheet"):
        assert text in unescape(client.get(f"/exercises{path}?lang={code}").text), path
    assert client.get("/api/v1/exercises").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/exercises?frame=x", 400),
        ("/exercises?frame=99999", 404),
        ("/exercises/damaged-byte?frame=5&byte=53", 400),
        ("/api/v1/exercises?frame=0", 400),
    ],
)
def test_wrong_questions(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_frames_of_real_satellites_serve_too(station: StationFolder, client: FlaskClient) -> None:
    seqs = [station.receive_real().seq for _ in range(3)]
    record = client.get(f"/api/v1/exercises?frame={seqs[1]}").json
    assert record
    assert not record["simulated"]
    assert len(record["by_hand"]) == 3
    assert record["damaged_byte"] is not None
    assert record["which_satellite"] is None  # it leaves its call sign empty


def test_nothing_is_kept(station: StationFolder, client: FlaskClient) -> None:
    client.get("/exercises/damaged-byte?frame=5&byte=27")
    with JournalReader(station.folder) as journal:
        assert journal.last_seq() == 23
