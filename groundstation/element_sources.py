"""Elements from the network, asked for politely: conditionally, and not more often than allowed.

CelesTrak makes new elements every two hours at most and blocks who asks for the same unchanged
data again (https://celestrak.org/usage-policy.php). The times of the last answers are kept beside
the elements, so that the floor also holds after a restart.
"""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import TypedDict

from groundstation.elements import MAX_BYTES, ElementsCatalog, Imported
from groundstation.errors import DownloadError, ElementsFolderError
from groundstation.orbit.elements import text_of

#: What is asked for when nobody names a source: the groups that schools and amateurs hear.
DEFAULT_SOURCES = tuple(
    f"https://celestrak.org/NORAD/elements/gp.php?GROUP={group}&FORMAT=csv"
    for group in ("amateur", "cubesat", "stations", "weather")
)
#: Seconds between two requests for the same address.
FLOOR_S = 7200
STATE_FILE = "sources.state"
#: Seconds without a byte, and seconds for the whole answer, after which it is given up.
SILENCE_S = 30.0
WHOLE_S = 120.0
_CHUNK = 1 << 16
_PAGE = re.compile(r"<(!doctype|html)\b", re.IGNORECASE)
_USER_AGENT = "nanosat-groundstation"


@dataclass(frozen=True, slots=True)
class Update:
    """What became of one source. ``failed`` says that its elements could not be had.

    ``text`` is one sentence; ``imported`` is None unless new data came.
    """

    source: str
    text: str
    failed: bool = False
    imported: Imported | None = None


class _Asked(TypedDict, total=False):
    """What is known of a source: when it was asked and answered (Unix time), its answer's marks."""

    asked_s: float
    received_s: float
    etag: str
    last_modified: str


def fetch(source: str, headers: Mapping[str, str]) -> tuple[bytes, Message]:
    """The whole answer of a server, and its headers.

    Raises DownloadError for an answer that breaks off, is too long or too slow; HTTPError, OSError,
    HTTPException or ValueError where there is none.
    """
    request = urllib.request.Request(source, headers=dict(headers))
    got: list[tuple[bytes, Message] | BaseException] = []
    deadline_s = time.monotonic() + WHOLE_S

    def ask() -> None:
        try:
            with urllib.request.urlopen(request, timeout=SILENCE_S) as answer:
                got.append((_whole(answer, deadline_s), answer.headers))
        except BaseException as error:
            got.append(error)

    # A server that drips its headers keeps a reader waiting, which nothing else can end.
    reader = threading.Thread(target=ask, name="elements", daemon=True)
    reader.start()
    reader.join(WHOLE_S + 1)
    if not got:
        raise DownloadError(f"did not answer within {WHOLE_S:.0f} seconds")
    if isinstance(got[0], BaseException):
        raise got[0]
    return got[0]


def _whole(answer: HTTPResponse, deadline_s: float) -> bytes:
    data = bytearray()
    while chunk := answer.read1(_CHUNK):
        data += chunk
        if len(data) > MAX_BYTES:
            raise DownloadError(f"sent more than {MAX_BYTES // 1_000_000} MB")
        if time.monotonic() > deadline_s:
            raise DownloadError(f"did not send all within {WHOLE_S:.0f} seconds")
    promised = answer.headers["Content-Length"] or ""
    if promised.isdecimal() and len(data) < int(promised):
        raise DownloadError(f"broke off after {len(data)} of {promised} bytes")
    return bytes(data)


class ElementSources:
    """Asks element servers on behalf of ``catalog``; ``now_s`` gives the real time (Unix)."""

    def __init__(self, catalog: ElementsCatalog, now_s: Callable[[], float]) -> None:
        self.catalog = catalog
        self.now_s = now_s

    def update(self, source: str) -> Update:
        """Fetch ``source`` (http or https) unless that was done less than two hours ago.

        Raises ElementsFolderError where the answer cannot be kept.
        """
        if not source.startswith(("http://", "https://")):
            return Update(source, "is no address that begins with http:// or https://", True)
        known: _Asked = self._state().get(source, {})
        age_s = self.now_s() - float(known.get("asked_s", 0))
        if 0 <= age_s < FLOOR_S:
            minutes = int((FLOOR_S - age_s) // 60) + 1
            return Update(source, f"yours is current; it may be asked again in {minutes} minutes")
        try:
            data, headers = fetch(source, _headers(known))
        except urllib.error.HTTPError as error:
            with error:
                return self._refused(source, error.code, known)
        except DownloadError as error:
            return Update(source, f"{error}; the old elements stay", True)
        except (OSError, ValueError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            return Update(source, f"cannot be reached ({reason}); the old elements stay", True)
        return self._arrived(source, data, headers)

    def _refused(self, source: str, code: int, known: _Asked) -> Update:
        """304 is "unchanged"; 403 is how CelesTrak says "unchanged, and you asked too soon"."""
        if code == 304 or (code == 403 and known.get("received_s")):
            self._remember(source, {**known, "asked_s": self.now_s()})
            return Update(source, f"yours is current (the server says {code})")
        if code == 403:
            self._remember(source, {**known, "asked_s": self.now_s()})
            text = (
                "is refused by the server (403); it may have been asked too often, wait two hours"
            )
            return Update(source, text, True)
        return Update(source, f"the server says {code}; the old elements stay", True)

    def _arrived(self, source: str, data: bytes, headers: Message) -> Update:
        text = text_of(data)
        if not text.lstrip().startswith("<?xml") and _PAGE.search(text):
            return Update(source, "sent a web page, not elements; the old elements stay", True)
        imported = self.catalog.import_text(text, source)
        kept = imported.added + imported.updated + imported.corrected
        if not kept + imported.older + imported.unchanged:
            reason = imported.problems[0] if imported.problems else "there are none in it"
            return Update(source, f"sent no elements: {reason}; the old elements stay", True)
        now = self.now_s()
        state: _Asked = {"asked_s": now, "received_s": now}
        if etag := headers["ETag"]:
            state["etag"] = etag
        if last_modified := headers["Last-Modified"]:
            state["last_modified"] = last_modified
        self._remember(source, state)
        return Update(source, str(imported), bool(imported.problems), imported)

    def _state(self) -> dict[str, _Asked]:
        try:
            state = json.loads((self.catalog.folder / STATE_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # lost or damaged: the worst that follows is one request too many
        return state if isinstance(state, dict) else {}

    def _remember(self, source: str, entry: _Asked) -> None:
        path = self.catalog.folder / STATE_FILE
        draft = path.with_suffix(".new")
        text = json.dumps({**self._state(), source: entry}, indent=1, allow_nan=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            raise ElementsFolderError(
                f"{path}: cannot be written ({error.strerror}); "
                "free some space or choose another data folder with --data"
            ) from None


def _headers(known: _Asked) -> dict[str, str]:
    headers = {"User-Agent": _USER_AGENT}
    if isinstance(known.get("etag"), str):
        headers["If-None-Match"] = known["etag"]
    if isinstance(known.get("last_modified"), str):
        headers["If-Modified-Since"] = known["last_modified"]
    return headers
