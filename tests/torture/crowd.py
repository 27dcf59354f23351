"""Many browsers at once, a process of their own: ``python -m tests.torture.crowd PORT SECONDS``.

Some listen, some listen and never read, some connect and ask nothing, some send their headers a
letter at a time, and pages are loaded in bursts. With ``calm`` behind the seconds they only listen.
Prints one line of JSON: what came of it.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

LISTENING, STALLED, IDLE, SLOW = 300, 40, 1000, 20
#: So many pages in so many seconds, from so many at once; then a rest.
_PAGES, _IN_S, _AT_ONCE, _REST_S = 200, 5.0, 20, 10.0
_PATHS = ("/", "/status", "/frames", "/satellites", "/passes")
_HOST = "Host: localhost\r\n"


class Listeners:
    """Live pages; ``ids``: the last event that each has seen, ``came_s``: when (monotonic) the
    pages had each event, where ``timed``, ``broken``: streams that ended."""

    def __init__(self, port: int, timed: bool = False):
        self._timed = timed
        self.ids: dict[int, int] = {}
        self.came_s: dict[int, list[float]] = {}
        self.broken = 0
        self._selector = selectors.DefaultSelector()
        self._rest: dict[int, bytes] = {}
        for number in range(LISTENING):
            line = _connect(port)
            line.sendall(f"GET /api/v1/live HTTP/1.1\r\n{_HOST}\r\n".encode())
            self._selector.register(line, selectors.EVENT_READ, number)

    def read(self, until_s: float) -> None:
        """Read them all until this time."""
        while (left_s := until_s - time.monotonic()) > 0:
            for key, _ in self._selector.select(min(left_s, 0.5)):
                assert isinstance(key.fileobj, socket.socket)
                data = key.fileobj.recv(1 << 16)
                if not data:
                    self.broken += 1
                    self._selector.unregister(key.fileobj)
                    key.fileobj.close()
                    continue
                self._take(key.data, data)

    def close(self) -> None:
        """Leave all pages."""
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self._selector.close()

    def _take(self, number: int, data: bytes) -> None:
        found = self._rest.get(number, b"") + data
        place = found.rfind(b"id: ")
        if place >= 0 and b"\n" in found[place:]:
            id = int(found[place + 4 :].split(b"\n")[0])
            if self._timed and self.ids.get(number) != id:
                self.came_s.setdefault(id, []).append(time.monotonic())
            self.ids[number] = id
        self._rest[number] = found[-20:]


def _connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def _stalled(port: int) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", port))
    line.sendall(f"GET /api/v1/live HTTP/1.1\r\n{_HOST}\r\n".encode())
    return line


def _idle(port: int, until_s: float) -> None:
    """A thousand connections that ask nothing; the server closes them, and they come again."""
    while time.monotonic() < until_s:
        lines = [_connect(port) for _ in range(IDLE)]
        time.sleep(min(20.0, max(0.0, until_s - time.monotonic())))
        for line in lines:
            line.close()


def _slow(port: int, until_s: float) -> None:
    """Requests of which a letter comes each second."""
    text = f"GET / HTTP/1.1\r\n{_HOST}X: {'x' * 1000}\r\n\r\n".encode()
    while time.monotonic() < until_s:
        lines = [_connect(port) for _ in range(SLOW)]
        for place in range(len(text)):
            if time.monotonic() > until_s:
                break
            for line in lines:
                with suppress(OSError):  # the server had enough of it
                    line.send(text[place : place + 1])
            time.sleep(1.0)
        for line in lines:
            line.close()


def _load_pages(port: int, until_s: float, took_s: list[float], failed: list[str]) -> None:
    def load(number: int) -> None:
        began_s = time.monotonic()
        path = _PATHS[number % len(_PATHS)]
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60).read()
        except OSError as error:
            failed.append(f"{path}: {error}")
        took_s.append(time.monotonic() - began_s)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while time.monotonic() < until_s:
            for number in range(_PAGES):
                pool.submit(load, number)
                time.sleep(_IN_S / _PAGES)
            time.sleep(min(_REST_S, max(0.0, until_s - time.monotonic())))


def main() -> None:
    """See the module."""
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    is_calm = sys.argv[3:] == ["calm"]
    listeners = Listeners(port, timed=is_calm)
    stalled = [_stalled(port) for _ in range(0 if is_calm else STALLED)]
    until_s = time.monotonic() + seconds
    took_s, failed = list[float](), list[str]()
    threads = [
        threading.Thread(target=_idle, args=(port, until_s)),
        threading.Thread(target=_slow, args=(port, until_s)),
        threading.Thread(target=_load_pages, args=(port, until_s, took_s, failed)),
    ]
    threads = [] if is_calm else threads
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    listeners.read(until_s + 10)  # what was sent last comes
    for thread in threads:
        thread.join()
    for line in stalled:
        line.close()
    found = {
        "last_ids": sorted(set(listeners.ids.values())),
        "listening": len(listeners.ids),
        "broken": listeners.broken,
        "pages": len(took_s),
        "failed": failed[:3],
        "page_s": sorted(took_s),
        "came_s": listeners.came_s,
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
