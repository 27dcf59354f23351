"""Messages before AOS, through Apprise to a real web server."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from groundstation.config import Config, NotifyConfig
from groundstation.elements import ElementsCatalog
from groundstation.model import from_us
from groundstation.orbit.omm_csv import to_omm_csv
from groundstation.passes.notify import Announcer
from groundstation.simulator.flight import elements_for
from groundstation.tracking.planner import PassPlan, make_plan
from groundstation.tracking.wanted import Orders, Wanted
from tests.links.devices import wait_until
from tests.orbit.truth import BISHKEK, when
from tests.station.running import running, write_config

#: A plugin of the library imports what Python 3.13 will not have; none of our matter.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOW = when("2026-08-22T06:00:00Z")
VARIABLE = "TEST_NOTIFY_URLS"


@pytest.fixture(autouse=True)
def needs_apprise() -> None:
    pytest.importorskip("apprise", reason="the optional library Apprise is not installed")


class Post:
    """A web server that keeps what is posted; ``code`` is its answer, given when it may."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.tries = 0
        self.code = 200
        self.may_answer = threading.Event()
        self.may_answer.set()
        outer = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.tries += 1
                outer.may_answer.wait(60)
                if outer.code == 200:
                    outer.messages.append(json.loads(body))
                self.send_response(outer.code)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
        self.url = f"json://127.0.0.1:{self.server.server_port}/hook"
        self._thread = threading.Thread(target=self.server.serve_forever)

    @contextmanager
    def serving(self) -> Iterator[Post]:
        self._thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            self._thread.join()
            self.server.server_close()


@pytest.fixture
def post() -> Iterator[Post]:
    with Post().serving() as server:
        yield server


@pytest.fixture
def plan(tmp_path: Path) -> PassPlan:
    """A pass that begins nine minutes from NOW."""
    elements = elements_for(BISHKEK, NOW, 540, "Classroom-1 (simulated)")
    ElementsCatalog(tmp_path / "elements").import_text(to_omm_csv([elements]), "test")
    wanted = Wanted("classroom-1", "Classroom-1", elements.norad, simulated=True)
    return make_plan(
        Orders(BISHKEK, tmp_path / "elements", (wanted,), 10.0, Config(BISHKEK).tracking), NOW, None
    )


def announcer(said: list[str], **settings: Any) -> Announcer:
    notify = NotifyConfig(VARIABLE, **settings)
    return Announcer(Config(BISHKEK, timezone="Asia/Bishkek", notify=notify), said.append)


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [
        ("en", "SIMULATED: Classroom-1 in 9 min, up to 75°", "At 12:09 look south-west."),
        ("ru", "ИМИТАЦИЯ: Classroom-1 через 9 мин, до 75°", "В 12:09 смотрите на юго-запад."),
        ("ky", "ИМИТАЦИЯ: Classroom-1 9 мүнөттөн кийин, 75° чейин", "12:09: түштүк-батышты кара"),
    ],
)
def test_people_are_told_once_in_their_language(
    post: Post,
    plan: PassPlan,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    title: str,
    word: str,
) -> None:
    monkeypatch.setenv(VARIABLE, post.url)
    said: list[str] = []
    one = announcer(said, language=language)
    for second in range(5):
        one.hear(plan, NOW + timedelta(seconds=second))
        time.sleep(0.05)
    wait_until(lambda: post.messages)
    one.hear(plan, NOW + timedelta(seconds=10))
    time.sleep(0.2)
    (message,) = post.messages
    assert message["title"] == title
    assert word in message["message"]
    assert said == []


def test_nobody_is_told_too_early_or_of_low_passes(
    post: Post, plan: PassPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, post.url)
    for settings in ({"minutes_before": 5.0}, {"min_elevation_deg": 80.0}):
        announcer([], **settings).hear(plan, NOW)
    Announcer(Config(BISHKEK), [].append).hear(plan, NOW)
    time.sleep(0.3)
    assert post.messages == []


def test_what_was_not_taken_is_tried_again_and_only_that(
    post: Post, plan: PassPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundstation.passes.notify._RETRY_S", 0.1)
    with Post().serving() as other:
        other.code = 503
        monkeypatch.setenv(VARIABLE, f"{post.url} {other.url}")
        said: list[str] = []
        one = announcer(said)

        def hear() -> None:
            one.hear(plan, NOW)

        wait_until(lambda: hear() or other.tries >= 2)
        other.code = 200
        wait_until(lambda: hear() or other.messages)
        assert len(post.messages) == 1
    assert len(said) == 1
    assert said[0].startswith("somebody could not be told of a pass: address 2 of 2: the message")
    assert "127.0.0.1" not in said[0]  # addresses hold passwords


def test_nobody_is_told_twice_while_the_network_is_slow(
    post: Post, plan: PassPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundstation.passes.notify._RETRY_S", 0.0)
    monkeypatch.setenv(VARIABLE, post.url)
    post.may_answer.clear()
    one = announcer([])
    wait_until(lambda: one.hear(plan, NOW) or post.tries)
    for _ in range(20):
        one.hear(plan, NOW)
        time.sleep(0.01)
    post.may_answer.set()
    wait_until(lambda: post.messages)
    for _ in range(20):
        one.hear(plan, NOW)
        time.sleep(0.01)
    assert (post.tries, len(post.messages)) == (1, 1)


@pytest.mark.parametrize(
    ("urls", "sentence"),
    [
        ("", f"the environment variable {VARIABLE} is empty"),
        ("carrier-pigeon://x", "address 1 of 1: Apprise does not know this kind of address"),
    ],
)
def test_settings_that_cannot_work(
    plan: PassPlan, monkeypatch: pytest.MonkeyPatch, urls: str, sentence: str
) -> None:
    monkeypatch.setenv(VARIABLE, urls)
    said: list[str] = []
    announcer(said).hear(plan, NOW)
    wait_until(lambda: said)
    assert said == [f"somebody could not be told of a pass: {sentence}"]


def test_without_the_library_one_sentence_says_what_to_install(
    plan: PassPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "json://127.0.0.1:1")
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    said: list[str] = []
    announcer(said).hear(plan, NOW)
    wait_until(lambda: said)
    assert 'pip install "nanosat-groundstation[notify]"' in said[0]


def test_a_station_tells_of_its_next_pass(post: Post, tmp_path: Path) -> None:
    more = f'\n[[satellites]]\nid = "classroom-1"\n[notify]\nurls_env = "{VARIABLE}"\n'
    write_config(tmp_path, more=more)
    from groundstation.config import load_config

    site = load_config(tmp_path / "station.toml").site
    now = from_us(time.time_ns() // 1000)
    elements = elements_for(site, now, 300, "Classroom-1 (simulated)")
    ElementsCatalog(tmp_path / "data" / "elements").import_text(to_omm_csv([elements]), "test")
    with running(tmp_path, environment={VARIABLE: post.url}):
        wait_until(lambda: post.messages)
    assert "Classroom-1 (simulated) in " in post.messages[0]["title"]
