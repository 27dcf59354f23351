"""Browsers of a school, each with its cookies, at addresses of its network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.data.station_data import StationData
from dashboard.web.app import close_app, create_app
from groundstation.config import load_config
from groundstation.storage.accounts import Accounts
from groundstation.storage.audit import Actor
from tests.dashboard.conftest import wait_until
from tests.dashboard.station_folder import StationFolder

PASSWORD = "three words do"
HOST = {"Host": "192.168.1.20:8080"}
PAGE = {**HOST, "Origin": "http://192.168.1.20:8080"}


class Screen:
    """One browser at ``address``."""

    def __init__(self, app: Flask, address: str = "192.168.1.44"):
        self.client: FlaskClient = app.test_client()
        self.far = {"REMOTE_ADDR": address}

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=HOST, environ_overrides=self.far)

    def who(self) -> dict[str, Any]:
        """Who the dashboard takes it for, and the token of its pages."""
        return dict(self.get("/api/v1/visitor").json)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """As a script of our own page does it."""
        given = {**PAGE, "X-Groundstation-Token": self.who()["token"], **headers}
        return self.client.post(path, json=body, headers=given, environ_overrides=self.far)

    def log_in(self, name: str, password: str) -> Any:
        return self.post("/api/v1/login", {"name": name, "password": password})

    def press(self, path: str, /, **fields: Any) -> Any:
        """A form of our own page, sent."""
        given = {"token": self.who()["token"], **fields}
        return self.client.post(path, data=given, headers=PAGE, environ_overrides=self.far)


@pytest.fixture
def app(station: StationFolder) -> Iterator[Flask]:
    """The dashboard of a school that has a teacher, Aida, shared in its network."""
    Accounts(station.folder).add("Aida", "teacher", PASSWORD, 1, Actor("test"))
    app = create_app(
        StationData(station.folder, load_config(station.config)), place=("0.0.0.0", 8080)
    )
    wait_until(lambda: app.extensions["groundstation"].tail.has_begun)
    yield app
    close_app(app)


@pytest.fixture
def teacher(app: Flask) -> Screen:
    """Hers."""
    screen = Screen(app)
    assert screen.log_in("Aida", PASSWORD).status_code == 200
    return screen


@pytest.fixture
def pupil(app: Flask) -> Screen:
    """Of somebody who is not logged in."""
    return Screen(app)
