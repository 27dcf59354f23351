"""InfluxDB as a sink of telemetry.

Writes by the 1.x interface where the server is a 1.x, else by ``/api/v2/write``. Every request is
answered before it counts: the client's own batching keeps points in memory and drops them after a
while, and here the journal is the queue.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import Any

import urllib3
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.rest import ApiException

from groundstation.config import StorageConfig
from groundstation.errors import RefusedSampleError, StoreError
from groundstation.model import Sample
from groundstation.storage.line_protocol import history

_TIMEOUT_MS = 10_000
#: Characters in one request at most, well below what servers take (25 MB).
_MOST_IN_ONE_REQUEST = 4_000_000
#: What the server says of points that its own settings tell it to forget.
_FORGOTTEN = "beyond retention policy"
#: What it says of points that it will never take, unlike of a request or account that is wrong.
_NEVER = ("partial write", "field type conflict", "unable to parse", "too large")
#: What a server says that has no such interface.
_UNKNOWN = (404, 405, 501)


def open_influx_sink(config: StorageConfig) -> InfluxSink:
    """The sink that ``[storage]`` describes. The server is asked when the sink is first used."""
    token = ""
    if config.token_env:
        token = os.environ.get(config.token_env, "")
        if not token:
            raise StoreError(
                f"the environment variable {config.token_env}, which [storage] token_env names, "
                "is not set; put the InfluxDB token into it"
            )
    return InfluxSink(config.url, config.bucket, config.org, token)


class InfluxSink:
    """One database (1.x) or bucket (2, 3) of one server.

    ``token``: ``user:password`` on 1.x, a token elsewhere, empty for a server without accounts.
    """

    def __init__(self, url: str, bucket: str, org: str = "", token: str = ""):
        self._url = url.rstrip("/")
        self._bucket = bucket
        self._org = org
        # Any: the client's annotations are incomplete.
        self._client: Any = InfluxDBClient(
            self._url, token, timeout=_TIMEOUT_MS, auth_basic=":" in token
        )
        self._is_v1: bool | None = None
        self._is_ready = False

    def open(self) -> None:
        """Make sure that the database is there; raises StoreError."""
        if not self._is_ready:
            if self._speaks_v1():
                self._create_database()
            self._is_ready = True

    def write(self, samples: Sequence[Sample]) -> None:
        """Keep samples, one point a reception; writing the same again changes nothing.

        Raises StoreError, and RefusedSampleError where the server will never take one of them.
        """
        self.open()
        self._send(history(samples))

    def forget(self, satellite: str) -> None:
        """Delete all points of a satellite. A server that cannot delete keeps them."""
        self.open()
        try:
            if self._speaks_v1():
                self._drop(satellite)
            else:
                self._delete(satellite)
        except ApiException as error:
            if error.status not in _UNKNOWN and "unsupported path" not in _said(error):
                raise self._refused(error) from error

    def _drop(self, satellite: str) -> None:
        """Points and names of fields, which ``SELECT *`` would show as empty columns; that takes an
        account with all rights, with another one the names stay."""
        try:
            self._state("DROP MEASUREMENT", satellite)
        except ApiException as error:
            if error.status != 403:
                raise
            self._state("DROP SERIES FROM", satellite)

    def _state(self, verb: str, satellite: str) -> None:
        statement = f"{verb} {_quoted(satellite)}"
        self._told(self._request("/query", "POST", [("db", self._bucket), ("q", statement)]))

    def _delete(self, satellite: str) -> None:
        span = {"start": "1970-01-01T00:00:00Z", "stop": "2200-01-01T00:00:00Z"}
        name = satellite.replace("\\", "\\\\").replace('"', '\\"')
        body = {**span, "predicate": f'_measurement="{name}"'}
        place = [("bucket", self._bucket), ("org", self._org)]
        self._request("/api/v2/delete", "POST", place, body, "application/json")

    def _told(self, answer: bytes) -> None:
        """Raise what a statement of InfluxQL was answered; an unknown measurement is gone
        already."""
        problem = json.loads(answer)["results"][0].get("error", "")
        if problem and "not found" not in problem:
            raise StoreError(f"{self._name()} refuses: {problem}")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _send(self, lines: Iterable[str]) -> None:
        pending: list[str] = []
        size = 0
        for line in lines:
            pending.append(line)
            size += len(line)
            if size > _MOST_IN_ONE_REQUEST:
                self._post(pending)
                pending, size = [], 0
        if pending:
            self._post(pending)

    def _post(self, lines: Sequence[str]) -> None:
        body = "\n".join(lines).encode()
        # Precision words differ, and a wrong one is taken for nanoseconds without a word.
        if self._speaks_v1():
            path, place = "/write", [("db", self._bucket), ("precision", "n")]
        else:
            path = "/api/v2/write"
            place = [("bucket", self._bucket), ("org", self._org), ("precision", "ns")]
        try:
            self._request(path, "POST", place, body)
        except ApiException as error:
            if _FORGOTTEN in _said(error):
                return
            if error.status == 404:
                self._is_ready = False  # somebody dropped the database: begin with making it again
            if error.status == 413 or any(word in _said(error) for word in _NEVER):
                raise RefusedSampleError(f"{self._name()} says: {_said(error)}") from error
            raise self._refused(error) from error

    def _create_database(self) -> None:
        """The server does nothing when it is there already."""
        statement = f"CREATE DATABASE {_quoted(self._bucket)}"
        try:
            answer = self._request("/query", "POST", [("q", statement)])
        except ApiException as error:
            # 403: an account that may write but not create; is it missing, then writing says so.
            if error.status != 403:
                raise self._refused(error) from error
            return
        self._told(answer)

    def _speaks_v1(self) -> bool:
        if self._is_v1 is None:
            try:
                version = self._client.version()
            except (ApiException, urllib3.exceptions.HTTPError) as error:
                raise self._unreachable(error) from error
            self._is_v1 = str(version).lstrip("v").startswith("1.")
        return self._is_v1

    def _request(
        self,
        path: str,
        method: str,
        query: list[tuple[str, str]],
        body: bytes | dict[str, str] | None = None,
        kind: str = "text/plain; charset=utf-8",
    ) -> bytes:
        """One request; raises ApiException for a refusal and StoreError without any answer."""
        try:
            response = self._client.api_client.call_api(
                *(path, method),
                query_params=query,
                header_params={"Content-Type": kind},
                body=body or b"",
                auth_settings=[],
                _return_http_data_only=True,
                _preload_content=False,
            )
            data: bytes = response.data
        except urllib3.exceptions.HTTPError as error:
            raise self._unreachable(error) from error
        return data

    def _name(self) -> str:
        return f"InfluxDB at {self._url} (database {self._bucket})"

    def _unreachable(self, error: Exception) -> StoreError:
        # The innermost reason is the plain one, such as "Connection refused".
        reason: BaseException = error
        while reason.__cause__ is not None or reason.__context__ is not None:
            reason = reason.__cause__ or reason.__context__  # type: ignore[assignment]
        text = getattr(reason, "strerror", None) or str(reason)
        return StoreError(
            f"{self._name()} cannot be reached: {text}; start it, or correct [storage] url"
        )

    def _refused(self, error: ApiException) -> StoreError:
        advice = {
            401: "put the right token (on 1.x user:password) where [storage] token_env points",
            403: "give that user the right to write to it",
            404: "create it there, or correct [storage] bucket",
        }.get(error.status, "its log may say more")
        return StoreError(f"{self._name()} refuses ({error.status}): {_said(error)}; {advice}")


def _said(error: ApiException) -> str:
    """The server's reason out of a refusal."""
    text = (
        error.body.decode("utf-8", "replace") if isinstance(error.body, bytes) else str(error.body)
    )
    try:
        answer = json.loads(text)
        return str(answer.get("error") or answer.get("message") or text)
    except (ValueError, AttributeError):
        return text.strip() or str(error.reason)


def _quoted(name: str) -> str:
    """An identifier of InfluxQL."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
