"""Accounts: logging in, what each role may do, and the list of changes that only grows."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.web import permit
from dashboard.web.openapi import DESCRIPTION
from dashboard.web.throttle import Throttle
from groundstation.storage.accounts import LOGIN_S, MOST_LOGINS, Accounts
from groundstation.storage.audit import Actor, changes
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.school import PAGE, Screen
from tests.dashboard.web.test_api import check

PASSWORDS = {"Aida": ("teacher", "three words do"), "Бек": ("operator", "апа ала алма")}


@pytest.fixture
def alarmed(station: StationFolder) -> StationFolder:
    for _ in range(2):
        station.receive(battery_voltage=3.2)
    station.watch()
    return station


@pytest.fixture
def accounts(alarmed: StationFolder) -> Accounts:
    found = Accounts(alarmed.folder)
    for name, (role, password) in PASSWORDS.items():
        found.add(name, role, password, permit.now_us(), Actor("test"))  # type: ignore[arg-type]
    return found


@pytest.fixture
def app(
    alarmed: StationFolder, accounts: Accounts, make_app: Callable[[StationFolder], Flask]
) -> Flask:
    return make_app(alarmed)


class Browser(Screen):
    """One that knows the passwords of this file."""

    def log_in(self, name: str, password: str | None = None) -> Any:
        return super().log_in(name, PASSWORDS[name][1] if password is None else password)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def test_a_teacher_sees_alarms_an_operator_puts_them_aside(app: Flask, browser: Browser) -> None:
    assert browser.who()["may"] == []
    assert browser.log_in("Aida").json == {"name": "Aida", "role": "teacher"}
    assert browser.who()["may"] == ["acknowledge", "spotlight", "board", "choose", "note"]
    id = browser.get("/api/v1/alarms").json["active"][0]["id"]
    refused = browser.post("/api/v1/alarms/shelve", {"alarm": id, "minutes": 60})
    assert (refused.status_code, "ask an operator" in refused.json["error"]) == (403, True)
    assert browser.post("/api/v1/alarms/acknowledge", {"alarm": id}).json == {"changed": [id]}
    (seen,) = browser.get("/api/v1/alarms").json["active"]
    assert seen["acknowledged_by"] == "Aida"
    other = Browser(app)
    other.log_in("Бек")
    # The name in the request is of no interest: who is logged in did it.
    body = {"alarm": id, "minutes": 60, "name": "Aida"}
    assert other.post("/api/v1/alarms/shelve", body).status_code == 200
    assert other.get("/api/v1/alarms").json["active"][0]["shelved_by"] == "Бек"


def test_once_there_are_accounts_this_computer_logs_in_too(app: Flask) -> None:
    here = app.test_client()
    headers = {"Host": "127.0.0.1:8080", "Origin": "http://127.0.0.1:8080"}
    found = here.get("/api/v1/visitor", headers=headers).json
    assert found and found["may"] == []
    headers["X-Groundstation-Token"] = found["token"]
    answer = here.post("/api/v1/alarms/acknowledge", json={"alarm": "all"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json and answer.json["error"].startswith("log in first")


def test_the_form_of_the_page(browser: Browser) -> None:
    page = browser.get("/login").text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    told = {**fields, "name": " aida ", "password": PASSWORDS["Aida"][1]}
    done = browser.client.post("/login", data=told, headers=PAGE, environ_overrides=browser.far)
    assert (done.status_code, done.headers["Location"]) == (303, "/login")
    cookie = done.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Strict", "Path=/", f"Max-Age={LOGIN_S}"):
        assert word in cookie
    page = browser.get("/login").text
    assert "You are logged in as a teacher." in page
    assert "account made" in page
    assert ">Aida</a>" in browser.get("/").text  # at the foot of every page
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    browser.client.post("/logout", data=fields, headers=PAGE, environ_overrides=browser.far)
    assert browser.who()["role"] is None


def test_a_wrong_password_is_told_on_the_page(browser: Browser) -> None:
    fields = {"token": browser.who()["token"], "name": "Aida", "password": "wrong"}
    for language, words in (("en", "do not belong together"), ("ru", "не подходят")):
        answer = browser.client.post(
            "/login",
            data=fields,
            headers={**PAGE, "Accept-Language": language},
            environ_overrides=browser.far,
        )
        assert answer.status_code == 403
        assert words in answer.text
        assert "Set-Cookie" not in answer.headers


def test_guessing_is_slow(app: Flask, browser: Browser) -> None:
    """After five wrong ones the right one waits, too; from elsewhere it is taken at once."""
    for _ in range(5):
        assert browser.log_in("Aida", "wrong").status_code == 403
    refused = browser.log_in("Aida")
    assert refused.status_code == 429
    assert "try again in" in refused.json["error"]
    assert Browser(app, "192.168.1.45").log_in("Aida").status_code == 200


def test_pauses_grow_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    throttle = Throttle(2, 5.0, 60.0)
    address = "2001:db8::1"
    assert throttle.attempt(address) == 0
    waits = []
    for _ in range(6):
        assert throttle.attempt(address) == 0
        waits.append(throttle.attempt(address))
        now_s[0] += waits[-1]
    assert waits == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]
    # Whoever has one address of IPv6 has all of that network (RFC 4291, 2.5.4).
    assert throttle.attempt("2001:db8::ffff") == 0
    assert throttle.attempt("2001:db8::2") == 60.0
    assert throttle.attempt("2001:db8:0:1::1") == 0
    now_s[0] += 121.0
    for _ in range(2):
        assert throttle.attempt(address) == 0
    assert throttle.attempt(address) == 5.0
    assert throttle.attempt("::ffff:10.0.0.1") == 0
    assert throttle.attempt("10.0.0.1") == 0
    assert throttle.attempt("10.0.0.1") == 5.0


def test_a_login_needs_our_page(browser: Browser) -> None:
    body = {"name": "Aida", "password": PASSWORDS["Aida"][1]}
    for headers in (
        {"Origin": "http://evil.example"},
        {"X-Groundstation-Token": "x"},
        {"Origin": "null"},
    ):
        assert browser.post("/api/v1/login", body, **headers).status_code == 403
    assert browser.post("/api/v1/login", {"name": "Aida"}).status_code == 400
    assert browser.post("/api/v1/login", {**body, "more": 1}).status_code == 400
    assert browser.post("/api/v1/login", {**body, "name": "x" * 17_000}).status_code == 413


def test_a_token_is_for_one_login_alone(app: Flask, browser: Browser) -> None:
    browser.log_in("Aida")
    other = Browser(app)
    other.log_in("Бек")
    answer = browser.post(
        "/api/v1/alarms/acknowledge",
        {"alarm": "all"},
        **{"X-Groundstation-Token": other.who()["token"]},
    )
    assert answer.status_code == 403
    assert "load it again" in answer.json["error"]


def test_logins_end(accounts: Accounts, browser: Browser) -> None:
    """With time, with the password, with the account, and for one too many."""
    aida = accounts.check("AIDA", PASSWORDS["Aida"][1])
    assert aida is not None
    token = accounts.log_in(aida, 0, "")
    assert accounts.logged_in(token, LOGIN_S * 1_000_000 - 1) == aida
    assert accounts.logged_in(token, LOGIN_S * 1_000_000) is None
    tokens = [accounts.log_in(aida, n, "") for n in range(MOST_LOGINS + 2)]
    held = [accounts.logged_in(each, 100) is not None for each in tokens]
    assert held == [False] * 2 + [True] * MOST_LOGINS
    browser.log_in("Aida")
    assert browser.who()["name"] == "Aida"
    accounts.change_password("Aida", "four other words here", 1, Actor("test"))
    assert browser.who()["name"] is None
    assert browser.log_in("Aida").status_code == 403
    assert browser.log_in("Aida", "four other words here").status_code == 200
    accounts.remove("Aida", 2, Actor("test"))
    assert browser.who()["name"] is None


def test_no_password_and_no_secret_lies_on_the_disk(
    alarmed: StationFolder, browser: Browser
) -> None:
    browser.log_in("Aida")
    cookie = browser.client.get_cookie(permit.COOKIE, domain="192.168.1.20")
    assert cookie is not None
    kept = b"".join(path.read_bytes() for path in alarmed.folder.glob("desk.db*"))
    assert PASSWORDS["Aida"][1].encode() not in kept
    assert cookie.value.encode() not in kept
    assert b"scrypt:32768:8:1$" in kept


def test_the_list_of_changes(alarmed: StationFolder, browser: Browser) -> None:
    """Everything is in it, in order, with the address; nothing of it can be changed."""
    assert browser.get("/api/v1/changes").status_code == 403
    browser.log_in("Бек")
    browser.post("/api/v1/alarms/acknowledge", {"alarm": "all", "reason": "<b>=1+1</b>"})
    browser.post("/api/v1/logout", {})
    browser.log_in("Бек")
    found = browser.get("/api/v1/changes?limit=4").json["changes"]
    assert [(one["by"], one["act"], one["origin"]) for one in found] == [
        ("Бек", "login", "192.168.1.44"),
        ("Бек", "logout", "192.168.1.44"),
        ("Бек", "acknowledge", "192.168.1.44"),
        ("Бек", "login", "192.168.1.44"),
    ]
    assert found[2]["detail"] == "<b>=1+1</b>"
    assert "&lt;b&gt;=1+1" in browser.get("/login").text
    older = browser.get(f"/api/v1/changes?before={found[-1]['id']}").json["changes"]
    assert [(one["by"], one["act"], one["subject"]) for one in older] == [
        ("test", "account", "Бек"),
        ("test", "account", "Aida"),
    ]
    connection = sqlite3.connect(alarmed.folder / "desk.db")
    for order in ("DELETE FROM changes", "UPDATE changes SET by = 'nobody'"):
        with pytest.raises(sqlite3.IntegrityError, match="changes are only added"):
            connection.execute(order)
    connection.close()


def test_a_desk_of_the_schema_before_is_brought_forward(tmp_path: Path) -> None:
    """What people did with alarms before there was a list stands in it."""
    connection = sqlite3.connect(tmp_path / "desk.db")
    connection.executescript(
        """
        CREATE TABLE alarm_acts (id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, act TEXT NOT NULL,
            by TEXT NOT NULL, reason TEXT NOT NULL, satellite TEXT NOT NULL, rule TEXT NOT NULL,
            parameter TEXT NOT NULL, seq INTEGER, severity TEXT, until_us INTEGER) STRICT;
        INSERT INTO alarm_acts VALUES
            (1, 5, 'acknowledge', 'Aida', 'seen', 'a', 'limits', 'v', 7, 'warning', NULL),
            (2, 6, 'shelve', 'Бек', '', 'a', 'limits', 'v', NULL, NULL, 9);
        PRAGMA user_version = 1;
        """
    )
    connection.close()
    accounts = Accounts(tmp_path)
    assert accounts.all() == []
    assert list(changes(tmp_path, 10)) == []
    accounts.add("Aida", "teacher", "three words do", 8, Actor("root"))
    found = [(one.at_us, one.by, one.act, one.subject) for one in changes(tmp_path, 10)]
    assert found == [
        (8, "root", "account", "Aida"),
        (6, "Бек", "shelve", "a/limits/v"),
        (5, "Aida", "acknowledge", "a/limits/v/7"),
    ]


def test_without_a_desk_that_can_be_read_nobody_may_change_anything(
    alarmed: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    (alarmed.folder / "desk.db").write_bytes(b"no database at all" * 500)
    client: FlaskClient = make_app(alarmed).test_client()
    found = client.get("/api/v1/visitor", headers={"Host": "127.0.0.1"}).json
    assert found and found["may"] == []
    assert client.get("/login", headers={"Host": "127.0.0.1"}).status_code == 200


def test_the_interface_is_described(browser: Browser) -> None:
    browser.log_in("Aida")
    for path in ("/api/v1/visitor", "/api/v1/changes"):
        about = DESCRIPTION["paths"][path]["get"]
        schema = about["responses"]["200"]["content"]["application/json"]["schema"]
        check(schema, browser.get(path).json, path)
