"""Hostile texts in every field that is shown: pages, calendar, CSV, documents and reports.

What is judged is what a browser, a calendar and a spreadsheet make of the answer: their parsers
are others' (html.parser, csv), never the program's own.
"""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from dashboard.data.station_data import StationData
from dashboard.web.app import close_app, create_app
from dashboard.web.context import Context
from decoders.definition.parse import parse
from decoders.errors import DefinitionError
from groundstation.cli import groundstation
from groundstation.config import load_config
from groundstation.elements import ElementsCatalog
from groundstation.errors import ConfigError
from groundstation.model import Reception
from groundstation.orbit.omm_csv import to_omm_csv
from tests.dashboard.conftest import wait_until
from tests.dashboard.station_folder import StationFolder

#: Begins as a formula, ends attributes, elements and scripts, and is Markdown and a template.
EVIL = (
    "=HYPERLINK(1)\"'><script>alert(1)</script><img src=x onerror=alert(1)></script><!--"
    "[x](javascript:alert(1)) {{7*7}} %(name)s %s `a`"
)
DEFINITION = """
[satellite]
name = '''{evil}'''
norad = 99998
callsigns = ["EV1L"]
source = '''{evil}'''
version = '''{evil}'''
[[downlinks]]
name = '''{evil}'''
frequency_hz = 437000000
layers = []
[groups]
g = {{ label = '''{evil}''', label_ru = '''{evil}''' }}
[[packets]]
name = "p"
label = '''{evil}'''
match = {{ prefix = "A5 5A A5 5A" }}
parameters = [
  {{ name = "a", type = "ascii", size = 40, label = '''{evil}''', group = "g" }},
  {{ name = "m", type = "u8", enum = {{ 0 = '''{evil}''' }}, label_ru = '''{evil}''' }},
  {{ name = "f", type = "u8", flags = {{ 0 = '''{evil}''' }} }},
  {{ name = "w", type = "u8", label_ky = '''{evil}''', doc = '''{evil}''' }},
  {{ name = "v", type = "i8", unit = '''{evil}''' }},
]
"""
TEXT = b'=1+1"><script>alert(1)</script>\x1b[2J'
FRAME = bytes.fromhex("A55AA55A") + TEXT.ljust(40) + b"\0\1\0\xfd"
PATHS = (
    *("/", "/satellites", "/satellites/evil", "/passes", "/frames", "/frames/1", "/frames/2"),
    *("/status", "/nothing<script>", "/satellites/<script>alert(1)</script>", "/frames?before=<b>"),
)
TABLES = (
    *("/now.csv", "/satellites.csv", "/satellites/evil.csv", "/frames.csv", "/frames/1.csv"),
    *("/passes.csv", "/status.csv", "/satellites/evil/parameters/a.csv", "/passes/flown.csv"),
    "/satellites/evil/parameters/m.csv",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of pages over a folder whose every text is hostile."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    (folder / "satellites").mkdir(parents=True)
    (folder / "satellites" / "evil.toml").write_text(DEFINITION.format(evil=EVIL), "utf-8")
    station = StationFolder(folder)
    station.launch()
    lines = EVIL + "\r\nBEGIN:VEVENT\r\nX-EVIL:1\x1b[2J"
    evil = replace(station.elements, norad=99998, name=lines, source=lines, object_id=lines)
    ElementsCatalog(folder / "elements").import_text(to_omm_csv([evil]), "test")
    station._catalog.__init__(folder)  # type: ignore[misc]
    now_us = station.clock.now_us()
    station.append(Reception(0, now_us, EVIL, FRAME, "evil"))
    station.append(Reception(0, now_us, EVIL, b"x" + FRAME, error=EVIL, damaged=True))
    site = {"name": lines, "latitude_deg": 42.8746, "longitude_deg": 74.5698, "altitude_m": 800.0}
    link = {"name": EVIL, "url": EVIL, "framing": EVIL, "state": "waiting", "detail": EVIL}
    counts = {"last_byte_us": None, "bytes": 1, "frames": 1, "bad_frames": 0, "simulated": False}
    station.write_status(
        site=site, satellites=["evil", EVIL], links=[{**link, **counts}], journal_error=EVIL
    )
    app = create_app(StationData(folder, None))
    context: Context = app.extensions["groundstation"]
    wait_until(lambda: context.tail.has_begun and context.tail.seq == 2)
    yield app.test_client()
    close_app(app)
    station.close()


class Judge(HTMLParser):
    """Counts what would run in a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.running.append("script")
        self.running += [name for name, _ in attrs if name.startswith("on")]
        for name in ("href", "src", "action"):
            if (given.get(name) or "").strip().lower().startswith(("javascript:", "data:text")):
                self.running.append(given[name] or "")
        if tag in ("img", "iframe", "object", "embed", "base", "meta") and given.get("src") == "x":
            self.running.append(tag)


def running(html: str) -> list[str]:
    judge = Judge()
    judge.feed(html)
    return judge.running


def test_the_judge_sees_what_would_run() -> None:
    assert running(f"<p>{EVIL}</p>") == ["script", "onerror", "img"]


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
@pytest.mark.parametrize("path", PATHS)
def test_pages(client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code in (200, 400, 404)
    assert running(answer.text) == []
    assert "alert(1)" in answer.text or path in ("/frames?before=<b>", "/nothing<script>")
    assert "49" not in answer.text or "{{7*7}}" in answer.text


@pytest.mark.parametrize("path", TABLES)
def test_tables(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    for text in (text for row in rows for text in row):
        if text[:1] in ("=", "+", "@", "\t", "\r"):
            pytest.fail(f"{path}: {text!r} is computed")
        if text.startswith("-"):
            float(text)


def test_a_negative_number_stays_one(client: FlaskClient) -> None:
    rows = list(
        csv.DictReader(io.StringIO(client.get("/frames/1.csv").text.removeprefix("\ufeff")))
    )
    assert [row["value"] for row in rows if row["parameter"] == "v"] == ["-3"]


def test_calendar(client: FlaskClient) -> None:
    lines = client.get("/passes.ics").text.replace("\r\n ", "").split("\r\n")
    assert not [line for line in lines if "\n" in line or "\r" in line or "\x1b" in line]
    assert not [line for line in lines if line.startswith("X-EVIL")]
    events = len([line for line in lines if line.startswith("UID:")])
    assert events
    assert lines.count("BEGIN:VEVENT") == events
    assert "alert(1)" in "".join(lines)


def test_documents(tmp_path: Path) -> None:
    path = tmp_path / "data" / "satellites" / "evil.toml"
    path.parent.mkdir(parents=True)
    path.write_text(DEFINITION.format(evil=EVIL), "utf-8")
    words = ["icd", "evil", "--data", str(tmp_path / "data")]
    made = CliRunner().invoke(groundstation, words)
    assert made.exit_code == 0, made.output
    assert running(made.stdout) == []
    assert "alert(1)" in made.stdout


@pytest.mark.parametrize("style", ["html", "text"])
def test_a_report(tmp_path: Path, style: str) -> None:
    station = StationFolder(tmp_path / "data")
    station.satellite = replace(station.satellite, name=EVIL)
    station.launch()
    station.fill(3)
    station.fly()
    made = CliRunner().invoke(
        groundstation, ["report", "--format", style, "--data", str(station.folder)]
    )
    station.close()
    assert made.exit_code == 0, made.output
    assert style == "text" or running(made.stdout) == []
    assert "\x1b" not in made.stdout


def test_no_order_to_a_terminal(tmp_path: Path) -> None:
    """Frames come from anybody who has a transmitter, names from anybody who has a server."""
    data = tmp_path / "data"
    (data / "satellites").mkdir(parents=True)
    (data / "satellites" / "evil.toml").write_text(DEFINITION.format(evil="fine"), "utf-8")
    station = StationFolder(data)
    station.launch()
    evil = replace(station.elements, norad=99998, name="N\x1b]0;x\x07\x9b2J", source="\x1b[2J")
    ElementsCatalog(data / "elements").import_text(to_omm_csv([evil]), "test")
    station.close()
    site = ["--site", "42.87,74.57,800"]
    for words in (
        ["decode", "--hex", FRAME.hex(), "--data", str(data)],
        ["decode", "--hex", FRAME.hex(), "--data", str(data), "--explain", "a"],
        ["elements", "list", "--data", str(data)],
        ["passes", "99998", "--data", str(data), *site],
        ["schedule", "99998", "--data", str(data), *site],
    ):
        made = CliRunner().invoke(groundstation, words)
        assert not set("\x1b\x07\x9b") & set(made.output), (words, made.output)
        assert made.exit_code in (0, 1), made.output
    for key in ("name", "label", "enum"):
        wrong = DEFINITION.format(evil="x\\u001b[2J").replace("'''", '"')
        with pytest.raises(DefinitionError, match=r"control character U\+001B"):
            parse(wrong, id=key)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """Folders in their place are what even an administrator cannot read."""
    folder = tmp_path / "data"
    for name in (
        "journal.db",
        "telemetry.db",
        "status.json",
        "elements/a.csv",
        "satellites/a.toml",
    ):
        (folder / name).mkdir(parents=True)
    app = create_app(StationData(folder))
    client = app.test_client()
    for path in ("/", "/satellites", "/passes", "/frames", "/status", "/passes.ics", "/now.csv"):
        answer = client.get(path)
        assert answer.status_code in (200, 404), path
        assert "Traceback" not in answer.text
    assert client.get("/frames/1").status_code == 404
    close_app(app)


def test_what_the_station_writes_only_its_user_may_change(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        station = StationFolder(tmp_path / "data")
        station.launch()
        station.fill(2)
        station.close()
    finally:
        os.umask(before)
    for path in (tmp_path / "data").rglob("*"):
        assert not path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH), path


@pytest.mark.parametrize(
    "more",
    [
        '[storage]\nkind = "influx"\nurl = "http://me:hunter2@127.0.0.1:8086"\n',
        '[storage]\nkind = "influx"\ntoken_env = "hunter2=="\n',
        '[notify]\nurls_env = "tgram://hunter2/1"\n',
        '[[links]]\nurl = "tcp://me:hunter2@127.0.0.1:8001"\n',
    ],
)
def test_secrets_are_no_settings(tmp_path: Path, more: str) -> None:
    path = tmp_path / "station.toml"
    path.write_text(f"[site]\nlatitude_deg = 1\nlongitude_deg = 1\n{more}", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    if "storage" in more and "url" in more:
        assert "hunter2" not in str(caught.value)


def test_secrets_of_the_environment_are_told_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that does not answer, with a token: neither status nor messages have it."""
    import time

    from groundstation.settings import Config, NotifyConfig, StorageConfig
    from groundstation.station import Station
    from tests.orbit.truth import BISHKEK

    monkeypatch.setenv("TOKEN", "hunter2")
    monkeypatch.setenv("TELL", "json://me:hunter2@127.0.0.1:1/")
    said: list[str] = []
    storage = StorageConfig("influx", "http://127.0.0.1:1", token_env="TOKEN")
    config = Config(BISHKEK, storage=storage, notify=NotifyConfig("TELL"))
    station = Station(config, tmp_path, say=said.append)
    station.start()
    try:
        wait_until(lambda: any("influx" in text.casefold() for text in said))
        time.sleep(0.2)
        assert "hunter2" not in (tmp_path / "status.json").read_text("utf-8")
    finally:
        station.stop()
    assert "hunter2" not in "".join(said)


def test_tables_of_commands(tmp_path: Path) -> None:
    """What ``--format csv`` prints of hostile names and frames."""
    data = tmp_path / "data"
    (data / "satellites").mkdir(parents=True)
    (data / "satellites" / "evil.toml").write_text(DEFINITION.format(evil=EVIL), "utf-8")
    station = StationFolder(data)
    station.launch()
    evil = replace(station.elements, norad=99998, name=EVIL, source=EVIL)
    ElementsCatalog(data / "elements").import_text(to_omm_csv([evil]), "test")
    station.close()
    site = ["--site", "42.87,74.57,800", "--format", "csv", "--data", str(data)]
    for words in (
        ["decode", "--hex", FRAME.hex(), "--format", "csv", "--data", str(data)],
        ["decode", "--hex", FRAME.hex(), "--format", "csv", "--wide", "--data", str(data)],
        ["elements", "list", "--format", "csv", "--data", str(data)],
        ["passes", "99998", *site],
        ["schedule", "99998", *site],
    ):
        made = CliRunner().invoke(groundstation, words)
        assert made.exit_code == 0, made.output
        cells = [text for row in csv.reader(io.StringIO(made.stdout)) for text in row]
        assert any("HYPERLINK" in text or "alert" in text for text in cells), words
        assert not [text for text in cells if text[:1] in ("=", "+", "@", "\t", "\r")], words


def test_the_doctor_names_what_everybody_may_change(tmp_path: Path) -> None:
    station = StationFolder(tmp_path / "data")
    station.fill(1)
    station.close()
    words = ["doctor", "--data", str(station.folder)]
    assert "ok  rights: " in CliRunner().invoke(groundstation, words).output
    (station.folder / "journal.db").chmod(0o666)
    made = CliRunner().invoke(groundstation, words)
    assert made.exit_code == 1
    assert f"everybody on this computer may change {station.folder / 'journal.db'}" in made.output
