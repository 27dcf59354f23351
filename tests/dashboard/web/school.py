"""Browsers of a school, each with its cookies, at addresses of its network."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

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
