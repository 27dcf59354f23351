"""Hosts that are not ours are refused, and no Host header ends in a traceback."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard.web.gate import Gate
from dashboard.web.hosts import OurHosts, host_name
from groundstation.config import load_config
from groundstation.errors import ConfigError
from tests.dashboard.conftest import Served
from tests.dashboard.raw_http import ask, status_of
from tests.dashboard.station_folder import StationFolder

#: Host header -> name or None, after RFC 9110, 7.2 and RFC 3986, 3.2.2.
HEADERS = {
    "localhost": "localhost",
    "LocalHost:8080": "localhost",
    "pi.local.": "pi.local",
    "192.168.1.20:8080": "192.168.1.20",
    "[::1]": "::1",
    "[fe80::1]:80": "fe80::1",
    "pi:": "pi",
    "WIN_PC:8080": "win_pc",
    "": None,
    " ": None,
    "a b": None,
    ":80": None,
    "::1": None,
    "[::1": None,
    "[pi]:80": None,
    "[127.0.0.1]": None,
    "pi:65536": None,
    "pi:99999999999": None,
    "pi:-1": None,
    "pi:0x50": None,
    "pi:\N{ARABIC-INDIC DIGIT EIGHT}": None,
    "..": None,
    "-pi": None,
    "a" * 64: None,
    ".".join(["a" * 60] * 5): None,
    "a" * 8000: None,
    "me@localhost": None,
    "<script>": None,
    "localhost, localhost": None,
    "\xff\xfe": None,
    "pi\x1b[2J": None,
}
LAST_LINES = b"\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("header", HEADERS, ids=ascii)
def test_the_name_in_a_header(header: str) -> None:
    assert host_name(header) == HEADERS[header]


def test_which_names_are_ours() -> None:
    ours = OurHosts(["Station.School.KG", "0.0.0.0"])
    own = socket.gethostname().lower()
    short = own.partition(".")[0]
    for name in (own, short, f"{short}.local", "localhost", "demo.localhost", "station.school.kg"):
        assert name in ours, name
    for address in ("127.0.0.1", "192.168.43.7", "::1", "fe80::1"):
        assert address in ours, address
    for name in ("evil.example", "school.kg", f"{short}.evil.example", "notlocalhost", "", None):
        assert name not in ours, name


@pytest.fixture
def served(tmp_path: Path, serve: Callable[..., Served]) -> Iterator[Served]:
    """A dashboard whose settings name one more host."""
    folder = StationFolder(tmp_path / "data")
    settings = folder.config.read_text("utf-8") + '\n[dashboard]\nhosts = ["station.school.kg"]\n'
    folder.config.write_text(settings, "utf-8")
    yield serve(folder.folder, "--config", str(folder.config), "--language", "ky")
    folder.close()


def test_every_header_on_the_wire(served: Served) -> None:
    for header in HEADERS:
        host = header.encode("latin-1", "ignore")
        for path in (b"/", b"/nothing", b"/api/v1/status"):
            answer = ask(served.port, b"GET " + path + b" HTTP/1.1\r\nHost: " + host + LAST_LINES)
            assert status_of(answer) in (200, 400, 403, 404), (header, path)
            assert b"Traceback" not in answer
    served.process.terminate()
    assert served.process.stderr is not None
    assert served.process.stderr.read() == ""


def test_refusals_and_what_is_ours(served: Served) -> None:
    def get(host: bytes, path: bytes = b"/", more: bytes = b"") -> bytes:
        return ask(served.port, b"GET " + path + b" HTTP/1.1\r\nHost: " + host + more + LAST_LINES)

    assert status_of(get(b"station.school.kg:8080")) == 200
    assert status_of(get(b"192.168.43.7:8080")) == 200
    assert status_of(ask(served.port, b"GET / HTTP/1.0\r\n\r\n")) == 200
    refused = get(b"evil.example", more=b"\r\nAccept-Language: ru-RU,ru;q=0.9").decode()
    assert status_of(refused.encode()) == 403
    assert '<html lang="ru">' in refused
    assert "evil.example" in refused
    assert "[dashboard] hosts = [&quot;evil.example&quot;]" in refused
    assert "classroom" not in refused
    assert '<html lang="ky">' in get(b"evil.example").decode()
    assert status_of(get(b"a\r\nHost: localhost")) == 400
    error = json.loads(get(b"evil.example", b"/api/v1/live").partition(b"\r\n\r\n")[2])
    assert "evil.example" in error["error"]


def test_the_gate_answers_when_the_application_cannot() -> None:
    def broken(environ: object, start: object) -> list[bytes]:
        raise RuntimeError("secret of the inside")

    answered: list[str] = []
    gate = Gate(broken, OurHosts(), "en")
    environ = {"HTTP_HOST": "localhost", "PATH_INFO": "/", "REQUEST_METHOD": "GET"}
    body = b"".join(gate(environ, lambda status, headers, error=None: answered.append(status)))  # type: ignore[arg-type, misc, return-value, func-returns-value]
    assert answered == ["500 Internal Server Error"]
    assert b"its log has the reason" in body
    assert b"secret" not in body


def test_a_page_that_fails_and_whose_error_page_fails(
    station: StationFolder, make_app: Callable[[StationFolder], object]
) -> None:
    """Without templates neither the page nor the page of errors can be made."""
    from flask import Flask
    from jinja2 import DictLoader

    app = make_app(station)
    assert isinstance(app, Flask)
    app.jinja_env.loader = DictLoader({})
    for path, status in (("/", 500), ("/nothing", 404)):
        answer = app.test_client().get(path)
        assert answer.status_code == status
        assert "This page cannot be shown" in answer.text


@pytest.mark.parametrize("hosts", ['"pi"', "[1]", '["http://pi"]', '["pi:80"]', '["a b"]', '[""]'])
def test_hosts_that_are_no_names(tmp_path: Path, hosts: str) -> None:
    path = tmp_path / "station.toml"
    path.write_text(
        f"[site]\nlatitude_deg = 1\nlongitude_deg = 1\n[dashboard]\nhosts = {hosts}\n", "utf-8"
    )
    with pytest.raises(ConfigError, match=r":5: dashboard\.hosts"):
        load_config(path)
