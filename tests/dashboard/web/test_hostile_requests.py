"""Absurd addresses, values, headers and methods: an answer in words, never a failure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.web.permit import ACTS
from tests.dashboard.conftest import Served
from tests.dashboard.raw_http import ask, status_of
from tests.dashboard.station_folder import StationFolder

#: What stands in for each part of a path and each value of a query.
ABSURD = (
    *("", "0", "-1", "9" * 25, "1e9", "nan", "inf", "-inf", "0x10", "1.5", "\u0663", "²", "true"),
    *("9223372036854775807", "9223372036854775808", "a" * 10_240, "../../etc/passwd", "%2e%2e%2f"),
    *(
        "\0",
        "\r\nX: y",
        "<script>alert(1)</script>",
        "'\"--",
        "{{7*7}}",
        "\ud7ff\U0010ffff",
        "None",
    ),
    *("2026-13-01", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z", "2026-02-30T00:00:00Z"),
    *("quetzal-1", "25544", "last", "\x1b[2J", "=1+1", "10000000000000000000000-20260101T000000Z"),
)
QUERY = (
    *("lang", "projector", "satellite", "parameter", "range", "from", "pass", "before", "after"),
    *("limit", "packet", "start", "end", "points", "step", "last_event_id", "unknown"),
    *("board", "every", "at", "edit", "of"),
)
#: The last part of addresses that change something.
CHANGES = {*ACTS, "login", "logout", "end"} | {
    *("make", "import", "arrange", "change", "remove", "forget", "write"),
}
FINE = {200, 302, 304, 308, 400, 404, 405, 422, 503}


@pytest.fixture
def app(station: StationFolder, make_app: Callable[[StationFolder], Flask]) -> Iterator[Flask]:
    app = make_app(station)
    app.testing = False
    yield app


def addresses(app: Flask) -> list[str]:
    """Every address that is served, its parts still to be filled in; the live stream has no end."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    return sorted(rules - {"/api/v1/live"})


def check(client: FlaskClient, path: str, **query: str) -> None:
    answer = client.get(path, query_string=query)
    assert answer.status_code in FINE, (path, query, answer.text[-300:])
    assert "Traceback" not in answer.text
    assert answer.mimetype != "text/html" or "<script>alert" not in answer.text
    if answer.status_code == 400:
        assert len(answer.text) < 60_000


def test_every_value_of_every_query(app: Flask) -> None:
    client = app.test_client()
    for rule in addresses(app):
        path = filled(rule, lambda name: KNOWN.get(name, "1"))
        for number, value in enumerate(ABSURD):
            check(client, path, **dict.fromkeys((QUERY[number % len(QUERY)], "limit"), value))
    for name in QUERY:
        for value in ABSURD:
            for path in ("/frames", "/api/v1/frames", "/passes", "/api/v1/track/999999999"):
                check(client, path, **{name: value})
            series = "/api/v1/satellites/classroom-1/parameters/battery_voltage"
            check(client, series, **{name: value})


KNOWN = {
    "board": "1",
    "note": "1",
    "id": "classroom-1",
    "name": "battery_voltage",
    "key": "last",
    "norad": "999999999",
}


def filled(rule: str, value: Callable[[str], str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: value(match[1]), rule)


def test_every_part_of_every_path(app: Flask) -> None:
    client = app.test_client()
    for rule in addresses(app):
        for value in ABSURD if "<" in rule else ():
            check(client, filled(rule, lambda name, v=value: v))  # type: ignore[misc]


def test_a_stream_begins_at_a_number_only(app: Flask) -> None:
    for value in ("nan", "-1", "9" * 25, "\u0663x"):
        answer = app.test_client().get("/api/v1/live", query_string={"last_event_id": value})
        assert answer.status_code == 400


def test_every_method(app: Flask) -> None:
    client = app.test_client()
    for rule in addresses(app):
        path = filled(rule, lambda name: KNOWN.get(name, "1"))
        for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"):
            # What people do with alarms is a POST, and refused without the token.
            changes = method == "POST" and path.rpartition("/")[2] in CHANGES
            code = client.open(path, method=method, data=b"x").status_code
            assert code == (403 if changes else 405), (method, path)


def test_headers(app: Flask) -> None:
    client = app.test_client()
    for name in (
        *("Accept-Language", "Cookie", "Range", "If-None-Match", "If-Modified-Since", "Accept"),
        *("Accept-Encoding", "X-Forwarded-Host", "X-Forwarded-For", "Content-Type", "Referer"),
    ):
        for value in (*ABSURD, "bytes=9-1", "language=../../etc; theme=<script>", "q=;,;=,"):
            if not set("\r\n\0") & set(value) and value.isascii():
                answer = client.get("/", headers={name: value})
                assert answer.status_code in (*FINE, 206, 416), (name, value)


def test_on_the_wire(tmp_path: Path, serve: Callable[..., Served]) -> None:
    """What no client library sends; the server answers others afterwards, and logs no traceback."""
    folder = StationFolder(tmp_path / "data")
    served = serve(folder.folder)
    rest = b"\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    for request in (
        b"GET / HTTP/9.9" + rest,
        b"GET  HTTP/1.1" + rest,
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1" + rest,
        b"GET / HTTP/1.1\r\nX: " + b"a" * 300_000 + rest,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + rest,
        b"GET /%00%ff%fe HTTP/1.1" + rest,
        b"GET /../../etc/passwd HTTP/1.1" + rest,
        b"GET /static/../../../etc/passwd HTTP/1.1" + rest,
        b"GET /static/%2e%2e/%2e%2e/etc/passwd HTTP/1.1" + rest,
        b"GET http://evil.example/ HTTP/1.1" + rest,
        b"POST / HTTP/1.1\r\nContent-Length: -1" + rest,
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked" + rest,
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked" + rest + b"zz\r\n",
        b"GET / HTTP/1.1\r\nA\x00b: c" + rest,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ):
        answer = ask(served.port, request)
        assert not answer or status_of(answer) in (*FINE, 413, 414, 431, 501, 505), request[:60]
        assert b"root:" not in answer
        assert b"Traceback" not in answer
    assert served.get("/")
    served.process.terminate()
    assert served.process.stderr is not None
    assert "Traceback" not in served.process.stderr.read()
    folder.close()
