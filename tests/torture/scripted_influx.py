"""A server that speaks InfluxDB 1.x as far as the station does, and fails as it is told to."""

from __future__ import annotations

import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: What a server answers: by code, with a text that real ones use.
ANSWERS = {
    400: "unable to parse 'nonsense': missing fields",
    401: "authorization failed",
    404: 'database not found: "school"',
    413: "Request Entity Too Large",
    429: "write rate limited",
    500: "engine: cannot write to WAL: no space left on device",
    503: "timeout",
}
#: Other ways to fail: half an answer, none at all, one point that is refused.
CUT, HANG, ONE_BAD = "cut", "hang", "one bad point"


class ScriptedInflux:
    """``lines``: by measurement and time, how often written; ``order``: the times as they first
    came. ``mode``: 204 (well), a code of ANSWERS, CUT or HANG. ``refuse_next``: of the points that
    come next, the one of this number (from 1) is refused for good, whenever it comes."""

    def __init__(self) -> None:
        self.mode: int | str = 204
        self.refuse_next = 0
        self._bad_time = ""
        self.lines: dict[str, str] = {}
        self.order: list[int] = []
        self.asked = 0
        self.released = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._answering())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Let go of all who hang, and end."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, lines: list[str]) -> list[str]:
        """Keep lines; returns those that are refused for good."""
        refused = []
        with self._lock:
            for line in lines:
                key, time_ns = line.partition(",")[0], line.rpartition(" ")[2]
                if self.refuse_next:
                    self.refuse_next -= 1
                    self._bad_time = "" if self.refuse_next else time_ns
                if time_ns == self._bad_time:
                    refused.append(line)
                    continue
                if time_ns not in self.lines:
                    self.order.append(int(time_ns))
                self.lines[time_ns] = f"{key} {line}"
        return refused

    def _answering(self) -> type[BaseHTTPRequestHandler]:
        script = self

        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments: Any) -> None:
                pass

            def do_GET(self) -> None:
                self._say(204, b"", version=True)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                script.asked += 1
                path = urllib.parse.urlparse(self.path).path
                if script.mode == HANG:
                    script.released.wait()
                    self.close_connection = True
                elif script.mode == CUT:
                    self.wfile.write(b"HTTP/1.1 2")
                    self.close_connection = True
                elif script.mode in ANSWERS:
                    error = json.dumps({"error": ANSWERS[int(script.mode)]})
                    self._say(int(script.mode), error.encode())
                elif path == "/query":
                    self._say(200, b'{"results":[{"statement_id":0}]}')
                else:
                    self._write(body.decode().splitlines())

            def _write(self, lines: list[str]) -> None:
                refused = script.take(lines)
                if refused:
                    text = f"partial write: field type conflict: input field dropped={len(refused)}"
                    self._say(400, json.dumps({"error": text}).encode())
                else:
                    self._say(204, b"")

            def _say(self, code: int, body: bytes, *, version: bool = True) -> None:
                self.send_response(code)
                if version:
                    self.send_header("X-Influxdb-Version", "1.6.7")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Answer
