"""``groundstation elements`` with real files and a real web server."""

import contextlib
import gzip
import json
import socket
import threading
import time
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from groundstation.cli.elements import elements
from groundstation.element_sources import FLOOR_S, ElementSources
from groundstation.elements import ElementsCatalog, load_elements_file
from groundstation.naming import named
from groundstation.orbit.elements import to_omm_csv, to_tle_lines
from tests.orbit.truth import cases, elements_of
from tests.peers import free_port

ISS = elements_of(cases("passes_consensus.json")[0])

ELEMENTS = Path(__file__).parents[1] / "data" / "elements"


class Server:
    """Answers as it is told and keeps what it was asked."""

    def __init__(self):
        self.status = 200
        self.body = to_omm_csv([ISS]).encode()
        self.etag = '"one"'
        self.asked = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(dict(self.headers))
                same = self.headers.get("If-None-Match") == outer.etag
                status = 304 if same and outer.status == 200 else outer.status
                self.send_response(status)
                self.send_header("ETag", outer.etag)
                self.send_header("Last-Modified", "Sat, 22 Aug 2026 06:00:00 GMT")
                self.end_headers()
                if status != 304:
                    self.wfile.write(outer.body)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/gp.php?GROUP=cubesat&FORMAT=csv"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self):
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


@pytest.fixture
def clock():
    class Clock:
        now = 1_790_000_000.0

        def __call__(self):
            return self.now

    return Clock()


def sources(tmp_path, clock):
    """As a newly started program: nothing is remembered but what is on disk."""
    return ElementSources(ElementsCatalog(tmp_path / "elements"), clock)


def run(*arguments, **options):
    return CliRunner().invoke(elements, [str(argument) for argument in arguments], **options)


def test_update_brings_elements(tmp_path, clock, server):
    done = sources(tmp_path, clock).update(server.address)
    assert not done.failed
    assert done.text == "1 new, 0 newer, 0 older (kept as history), 0 unchanged"
    item = ElementsCatalog(tmp_path / "elements").for_norad(25544)
    assert item.epoch == ISS.epoch
    assert item.source == server.address
    assert "nanosat-groundstation" in server.asked[0]["User-Agent"]


def test_two_hour_floor_survives_restarts(tmp_path, clock, server):
    sources(tmp_path, clock).update(server.address)
    clock.now += FLOOR_S - 60
    done = sources(tmp_path, clock).update(server.address)
    assert done.text == "yours is current; it may be asked again in 2 minutes"
    assert len(server.asked) == 1
    clock.now += 61
    done = sources(tmp_path, clock).update(server.address)
    assert len(server.asked) == 2
    assert server.asked[1]["If-None-Match"] == '"one"'
    assert server.asked[1]["If-Modified-Since"] == "Sat, 22 Aug 2026 06:00:00 GMT"
    assert (done.failed, done.text) == (False, "yours is current (the server says 304)")
    clock.now += 60
    sources(tmp_path, clock).update(server.address)
    assert len(server.asked) == 2


def test_403_after_a_download_means_current(tmp_path, clock, server):
    sources(tmp_path, clock).update(server.address)
    clock.now += FLOOR_S + 1
    server.status = 403
    done = sources(tmp_path, clock).update(server.address)
    assert (done.failed, done.text) == (False, "yours is current (the server says 403)")
    clock.now += 10
    sources(tmp_path, clock).update(server.address)
    assert len(server.asked) == 2


def test_403_at_first_is_a_refusal_and_not_repeated(tmp_path, clock, server):
    server.status = 403
    done = sources(tmp_path, clock).update(server.address)
    assert done.failed
    assert "wait two hours" in done.text
    sources(tmp_path, clock).update(server.address)
    assert len(server.asked) == 1


def test_a_clock_that_jumped_back_blocks_nothing(tmp_path, clock, server):
    sources(tmp_path, clock).update(server.address)
    clock.now -= 90 * 86400
    sources(tmp_path, clock).update(server.address)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html><body>busy</body></html>", "web page"),
        (b"", "no elements"),
        (b"\xff\x00", "no elem"),
    ],
)
def test_an_answer_that_is_no_elements_spoils_nothing(tmp_path, clock, server, body, said):
    catalog = ElementsCatalog(tmp_path / "elements")
    catalog.import_text(to_omm_csv([ISS]), "old")
    server.body = body
    done = sources(tmp_path, clock).update(server.address)
    assert done.failed
    assert said in done.text
    assert catalog.for_norad(25544).source == "old"


def test_server_error_and_no_server(tmp_path, clock, server):
    server.status = 500
    assert "500" in sources(tmp_path, clock).update(server.address).text
    done = sources(tmp_path, clock).update(f"http://127.0.0.1:{free_port()}/x")
    assert done.failed
    assert "cannot be reached" in done.text
    assert sources(tmp_path, clock).update("file:///etc/passwd").failed
    assert sources(tmp_path, clock).update("http://[broken").failed


def test_a_damaged_state_file_costs_one_request(tmp_path, clock, server):
    (tmp_path / "elements").mkdir()
    (tmp_path / "elements" / "sources.state").write_text("{ half")
    assert not sources(tmp_path, clock).update(server.address).failed


def test_update_command(tmp_path, server):
    result = run("update", server.address, "--data", tmp_path)
    assert result.exit_code == 0
    assert "1 new" in result.stdout
    again = run("update", server.address, "--data", tmp_path)
    assert "yours is current" in again.stdout
    assert len(server.asked) == 1
    bad = run("update", "ftp://x", "--data", tmp_path)
    assert bad.exit_code == 1
    assert "http://" in bad.stderr


def test_import_and_list(tmp_path):
    path = tmp_path / "stick.tle"
    path.write_text("ISS (ZARYA)\n" + "\n".join(to_tle_lines(ISS)))
    result = run("import", path, "--data", tmp_path)
    assert result.exit_code == 0
    assert "1 new" in result.stdout
    rows = [json.loads(line) for line in run(
        "list", "--data", tmp_path, "--format", "json"
    ).stdout.splitlines()]  # fmt: skip
    assert rows[0]["norad"] == 25544
    assert rows[0]["epoch"] == "2026-08-22T01:10:41.579Z"
    assert rows[0]["source"] == "stick.tle"
    assert "ISS (ZARYA)" in run("list", "iss", "--data", tmp_path).stdout
    csv = run("list", "--data", tmp_path, "--format", "csv").stdout
    assert csv.splitlines()[0] == "norad,name,object_id,epoch,age_days,source"


def test_import_from_standard_input_with_a_mistake(tmp_path):
    one, two = to_tle_lines(ISS)
    wrong = two[:20] + ("1" if two[20] != "1" else "2") + two[21:]
    result = run("import", "-", "--data", tmp_path, input=f"{one}\n{two}\n{one}\n{wrong}\n")
    assert result.exit_code == 1
    assert "1 new" in result.stdout
    assert "standard input:4" in result.stderr


def test_lines_that_are_no_elements_are_counted_and_no_mistake(tmp_path):
    text = "Hello,\nhere they are:\n\n" + "\n".join(to_tle_lines(ISS)) + "\n\nsee you\n"
    result = run("import", "-", "--data", tmp_path, input=text)
    assert result.exit_code == 0
    assert result.stderr == "standard input: 3 other lines were passed over\n"


def test_a_correction_of_the_same_epoch_wins_and_is_told(tmp_path):
    first = replace(ISS, norad=100_500, name="OBJECT A", element_set=1)
    better = replace(first, name="KG-SAT-1", element_set=2, mean_anomaly_deg=45.0)
    for number, item in enumerate((first, better)):
        (tmp_path / f"{number}.csv").write_text(to_omm_csv([item]))
    assert "1 new" in run("import", tmp_path / "0.csv", "--data", tmp_path).stdout
    result = run("import", tmp_path / "1.csv", "--data", tmp_path)
    assert result.exit_code == 0
    assert "1 corrected" in result.stdout
    assert "name OBJECT A is now KG-SAT-1" in result.stderr
    assert "mean anomaly deg" in result.stderr
    again = run("import", tmp_path / "1.csv", "--data", tmp_path)
    assert "1 unchanged" in again.stdout
    (kept,) = ElementsCatalog(tmp_path / "elements").all()
    assert (kept.name, kept.element_set, kept.mean_anomaly_deg) == ("KG-SAT-1", 2, 45.0)


def test_objects_under_one_provisional_number(tmp_path):
    """As launches have: never lost without a word, and all of them in what reads the file."""
    path = ELEMENTS / "samenum.tle"
    result = run("import", path, "--data", tmp_path)
    assert result.exit_code == 1
    assert "99999 is the number of 3 objects: only SAT-A is kept, not SAT-B, SAT-C" in result.stderr
    found, problems = load_elements_file(path)
    assert ([item.name for item in found], problems) == (["SAT-A", "SAT-B", "SAT-C"], [])


def test_an_object_moves_to_its_own_number(tmp_path):
    catalog = ElementsCatalog(tmp_path)
    launched = replace(ISS, name="KG-SAT-1", norad=99_001)
    catalog.import_text(to_omm_csv([launched]), "launch")
    later = replace(launched, norad=98_194, epoch=ISS.epoch + timedelta(days=2))
    done = catalog.import_text(to_omm_csv([later]), "catalogue")
    assert done.notes == ("KG-SAT-1 has moved from the number 99001 to 98194",)
    assert [item.norad for item in catalog.all()] == [98_194]
    assert named("kg-sat-1", catalog.all()) == catalog.all()
    nobody = [replace(ISS, name="OBJECT A", norad=number) for number in (99_002, 61_000)]
    for item in nobody:
        assert catalog.import_text(to_omm_csv([item]), "x").notes == ()
    assert len(catalog.all()) == 3


class Broken:
    """A server whose answers are wrong in one way, on a real socket."""

    def __init__(self, send):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}/x"
        self.asked = []
        self._send = send
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection, contextlib.suppress(OSError):
            self.asked.append(connection.recv(65536).decode())
            self._send(connection)

    def close(self):
        self.socket.close()


HEAD = b'HTTP/1.1 200 OK\r\nETag: "v1"\r\n'
WHOLE = to_omm_csv([ISS]).encode()


def cut_short(connection):
    connection.sendall(HEAD + b"Content-Length: 9999\r\n\r\n" + WHOLE)


def cut_in_a_chunk(connection):
    chunked = b"Transfer-Encoding: chunked\r\n\r\nffff\r\n"
    connection.sendall(HEAD + chunked + WHOLE)


def page_in_the_middle(connection):
    body = WHOLE + b"<html><body>504 Gateway Time-out</body></html>"
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def endless(connection):
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b"1" * 1_000_000)


def dripping(connection):
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b"1")
        time.sleep(0.02)


def dripping_headers(connection):
    connection.sendall(HEAD)
    while True:
        connection.sendall(b"X")
        time.sleep(0.02)


def redirecting_to_itself(connection):
    connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")


def packed(connection):
    """A hundred megabytes of zeros, packed, though nobody asked for that."""
    bomb = gzip.compress(bytes(100_000_000))
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    connection.sendall(head + bomb)


def no_http(connection):
    connection.sendall(b"\x00\x01 nonsense\r\n\r\n")


@pytest.mark.parametrize(
    ("send", "said"),
    [
        (cut_short, "broke off after"),
        (cut_in_a_chunk, "cannot be reached"),
        (page_in_the_middle, "sent a web page"),
        (endless, "sent more than 64 MB"),
        (dripping, "did not send all within 1 seconds"),
        (dripping_headers, "did not answer within 1 seconds"),
        (no_http, "cannot be reached"),
        (redirecting_to_itself, "the server says 302"),
        (packed, "sent no elements"),
    ],
)
def test_a_download_that_is_not_whole_is_none(tmp_path, clock, monkeypatch, send, said):
    if "drip" in send.__name__:
        monkeypatch.setattr("groundstation.element_sources.WHOLE_S", 1.0)
    server = Broken(send)
    catalog = ElementsCatalog(tmp_path / "elements")
    catalog.import_text(to_omm_csv([replace(ISS, name="OLD")]), "before")
    before = catalog.stamp()
    done = sources(tmp_path, clock).update(server.address)
    assert done.failed
    assert said in done.text
    assert "the old elements stay" in done.text
    assert catalog.stamp() == before
    # Nothing keeps it from being asked again at once, and for all of it.
    sources(tmp_path, clock).update(server.address)
    server.close()
    assert len(server.asked) >= 2
    assert not any("If-None-Match" in asked for asked in server.asked)


def test_wrong_use(tmp_path):
    assert run("import", tmp_path / "nothing").exit_code == 2
    assert run("import").exit_code == 2
    assert run("list", "99999", "--data", tmp_path).exit_code == 1
    empty = run("list", "--data", tmp_path)
    assert empty.exit_code == 0
    assert "elements update" in empty.stdout
