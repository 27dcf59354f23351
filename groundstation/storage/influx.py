"""InfluxDB as the telemetry store.

Writes by the 1.x interface where the server is a 1.x, else by ``/api/v2/write``; reads by InfluxQL,
which 1.x, 2 (whose databases are buckets) and 3 understand. Every request is answered before it
counts: the client's own batching keeps points in memory and drops them after a while, and here
the journal is the queue.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import urllib3
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.rest import ApiException

from groundstation.config import StorageConfig
from groundstation.errors import StoreError
from groundstation.model import Sample, Series
from groundstation.storage.line_protocol import NEWEST, history, newest, sample_of
from groundstation.storage.store import bucket_width_us

_TIMEOUT_MS = 10_000
#: Characters in one request at most, well below what servers take (25 MB).
_MOST_IN_ONE_REQUEST = 4_000_000
#: What the server says of points that its own settings tell it to forget.
_FORGOTTEN = "beyond retention policy"


def open_influx_store(config: StorageConfig) -> InfluxStore:
    """The store that ``[storage]`` describes. The server is asked when the store is first used."""
    token = ""
    if config.token_env:
        token = os.environ.get(config.token_env, "")
        if not token:
            raise StoreError(
                f"the environment variable {config.token_env}, which [storage] token_env names, "
                "is not set; put the InfluxDB token into it"
            )
    return InfluxStore(config.url, config.bucket, config.org, token)


class _CannotReadError(StoreError):
    """A server that takes samples but does not speak InfluxQL, such as VictoriaMetrics."""

    def __init__(self, name: str):
        super().__init__(
            f"{name} takes samples but answers no InfluxQL query, so they cannot be shown here; "
            'use InfluxDB or kind = "sqlite" in [storage]'
        )


class InfluxStore:
    """One database (1.x) or bucket (2, 3) of one server; used by any thread.

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
        self._lock = threading.Lock()
        self._is_v1: bool | None = None
        #: Highest seq in NEWEST by satellite and parameter, None until it was read.
        self._newest: dict[tuple[str, str], int] | None = None

    def write(self, samples: Sequence[Sample]) -> None:
        """See the protocol. Without samples: only make sure that the database is there."""
        with self._lock:
            known = self._newest = self._known_newest()
            fresh: dict[tuple[str, str], Sample] = {}
            for item in samples:
                key = (item.satellite, item.parameter)
                if item.seq >= max(known.get(key, 0), fresh[key].seq if key in fresh else 0):
                    fresh[key] = item
            self._send([*history(samples), *newest(fresh.values())])
            known.update({key: item.seq for key, item in fresh.items()})

    def latest(self, satellite: str) -> Mapping[str, Sample]:
        """See the protocol."""
        rows = self._select("*", NEWEST, "satellite = $satellite", {"satellite": satellite})
        found = [sample_of(row) for row in rows]
        return {item.parameter: item for item in found}

    def series(
        self, satellite: str, parameter: str, start_us: int, end_us: int, points: int
    ) -> Series:
        """See the protocol."""
        unit = self._unit(satellite, parameter)
        if unit is None or end_us <= start_us:
            return Series(satellite, parameter, "", 0, (), (), (), ())
        value = _quoted(parameter)

        def rows(columns: str, start_us: int, end_us: int, rest: str) -> list[dict[str, Any]]:
            valid = f"{_quoted(parameter + '.state')} != 'invalid'"
            time = f"time >= {start_us * 1000} AND time < {end_us * 1000}"
            return self._select(columns, satellite, f"{valid} AND {time}", rest=rest)

        width = 0
        found = rows(f"{value} AS mean", start_us, end_us, f"LIMIT {points + 1}")
        if len(found) > points:
            width = bucket_width_us(start_us, end_us, points)
            found = rows(
                f"min({value}) AS low, max({value}) AS high, mean({value}) AS mean",
                start_us - start_us % width,
                end_us + -end_us % width,
                f"GROUP BY time({width}u) fill(none)",
            )
        times = [row["time"] // 1000 for row in found]
        mean = [row["mean"] for row in found]
        low, high = ([row.get(name, row["mean"]) for row in found] for name in ("low", "high"))
        return Series(satellite, parameter, unit, width, times, low, high, mean)

    def close(self) -> None:
        """See the protocol."""
        self._client.close()

    def _unit(self, satellite: str, parameter: str) -> str | None:
        """The unit of a parameter, None for an unknown one."""
        where = "satellite = $satellite AND parameter = $parameter"
        values = {"satellite": satellite, "parameter": parameter}
        rows = self._select("unit", NEWEST, where, values)
        return str(rows[0]["unit"]) if rows else None

    def _known_newest(self) -> dict[tuple[str, str], int]:
        """What NEWEST holds; makes the database first."""
        if self._newest is not None:
            return self._newest
        if self._speaks_v1():
            self._create_database()
        try:
            rows = self._select("satellite, parameter, seq", NEWEST, "seq > 0")
        except _CannotReadError:
            rows = []  # it takes samples, and other programs show them
        return {(row["satellite"], row["parameter"]): row["seq"] for row in rows}

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
                self._newest = None  # somebody dropped the database: begin with making it again
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
        if problem := json.loads(answer)["results"][0].get("error"):
            raise StoreError(f"{self._name()} cannot be created: {problem}")

    def _speaks_v1(self) -> bool:
        if self._is_v1 is None:
            try:
                version = self._client.version()
            except (ApiException, urllib3.exceptions.HTTPError) as error:
                raise self._unreachable(error) from error
            self._is_v1 = str(version).lstrip("v").startswith("1.")
        return self._is_v1

    def _select(
        self,
        columns: str,
        measurement: str,
        where: str,
        values: Mapping[str, str] | None = None,
        rest: str = "",
    ) -> list[dict[str, Any]]:
        """Rows by column name; none when the database or measurement is not there yet."""
        text = f"SELECT {columns} FROM {_quoted(measurement)} WHERE {where} {rest}"
        place = [("db", self._bucket), ("epoch", "ns"), ("q", text)]
        if values:
            place.append(("params", json.dumps(values)))
        try:
            result = json.loads(self._request("/query", "GET", place))["results"][0]
        except ApiException as error:
            raise self._refused(error) from error
        except (ValueError, LookupError):
            raise _CannotReadError(self._name()) from None
        problem = result.get("error", "")
        if problem and "database not found" not in problem:
            raise StoreError(f"{self._name()} refuses a query: {problem}")
        rows: list[dict[str, Any]] = []
        for series in result.get("series", ()):
            if series.get("name") != measurement:
                raise _CannotReadError(self._name())
            rows += (dict(zip(series["columns"], row, strict=True)) for row in series["values"])
        return rows

    def _request(
        self, path: str, method: str, query: list[tuple[str, str]], body: bytes | None = None
    ) -> bytes:
        """One request; raises ApiException for a refusal and StoreError without any answer."""
        try:
            response = self._client.api_client.call_api(
                *(path, method),
                query_params=query,
                header_params={"Content-Type": "text/plain; charset=utf-8"},
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
            403: "give that user the right to write to it and read from it",
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
