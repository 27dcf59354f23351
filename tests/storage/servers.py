"""Real database servers, each on a free port with a folder of its own."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from tests.links.devices import wait_until
from tests.peers import free_port, need


def get(url: str, method: str = "GET", **query: str) -> bytes:
    """The body of an answer; raises urllib.error.URLError."""
    request = urllib.request.Request(f"{url}?{urllib.parse.urlencode(query)}", method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
    return body


class _Server:
    url: str
    command: list[str]

    def __init__(self, folder: Path):
        self._log = (folder / "server.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, with the data of before, and wait until it answers."""
        self._process = subprocess.Popen(self.command, stdout=self._log, stderr=self._log)
        wait_until(self._answers, 20, self.url)

    def _answers(self) -> bool:
        try:
            get(f"{self.url}/ping")
        except (urllib.error.URLError, ConnectionError):
            return False
        return True

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End it for good."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        self._log.close()


class InfluxServer(_Server):
    """Debian's InfluxDB 1.6.7."""

    def __init__(self, folder: Path, auth: bool = False):
        super().__init__(folder)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        config = folder / "influxdb.conf"
        config.write_text(
            "reporting-disabled = true\n"
            f'bind-address = "127.0.0.1:{free_port()}"\n'
            f'[meta]\ndir = "{folder}/meta"\n'
            f'[data]\ndir = "{folder}/data"\nwal-dir = "{folder}/wal"\nquery-log-enabled = false\n'
            f'[http]\nbind-address = "127.0.0.1:{port}"\nlog-enabled = false\n'
            f"auth-enabled = {str(auth).lower()}\n"
            "[monitor]\nstore-enabled = false\n"
        )
        self.command = [need("influxd"), "run", "-config", str(config)]

    def query(self, text: str, database: str = "", user: str = "") -> list[dict[str, Any]]:
        """Series of one InfluxQL statement, times in nanoseconds. ``user``: ``name:password``."""
        query = {"q": text, "db": database, "epoch": "ns"}
        if user:
            query["u"], query["p"] = user.split(":")
        result = json.loads(get(f"{self.url}/query", "POST", **query))["results"][0]
        assert "error" not in result, result
        found: list[dict[str, Any]] = result.get("series", [])
        return found


class VictoriaServer(_Server):
    """VictoriaMetrics, which takes InfluxDB's v2 write interface."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.command = [
            need("victoria-metrics"),
            f"-storageDataPath={folder}/data",
            f"-httpListenAddr=127.0.0.1:{port}",
            "-retentionPeriod=100y",
        ]

    def export(self, metric: str) -> list[tuple[int, float]]:
        """Every sample of one metric: milliseconds and value, oldest first."""
        get(f"{self.url}/internal/force_flush")
        match = {"match[]": f'{{__name__="{metric}"}}'}
        lines = get(f"{self.url}/api/v1/export", "GET", **match).splitlines()
        found: list[tuple[int, float]] = []
        for line in lines:
            block = json.loads(line)
            found += zip(block["timestamps"], block["values"], strict=True)
        return sorted(found)
