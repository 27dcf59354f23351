"""One thread that writes to all live pages, so that hundreds of them leave threads for the rest."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from dashboard.data.tail import MOST_REPLAYED, Tail
from dashboard.web.gate import log_failure
from groundstation.unbroken import Mistakes

#: Pages that listen at the same time; further ones poll.
MOST = 1000
#: How long a page waits for the first look into the files, seconds; how often that is looked at.
_BEGINNING_S = 10.0
_BEGINNING_POLL_S = 0.05
#: A comment is sent after so much silence, so that proxies and phones keep the line, seconds.
_SILENCE_S = 10.0
#: A page that takes nothing for so long is let go; it comes back by itself, seconds.
_STALLED_S = 60.0
#: Events in one piece: between pieces of what a page has missed, the others have their turn.
_PIECE = 100
#: What the system keeps for one browser that does not read, bytes.
_KEPT_BYTES = 1 << 16
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class _Page:
    """One page that listens: up to where it was told, and what its network did not take yet."""

    line: socket.socket
    waiting: memoryview
    last_seq: int | None
    begun: bool = False
    #: Begun before the tail had read its files once: the newest number was not known.
    is_early: bool = False
    serial: int = 0
    seq: int = 0
    missed: Iterator[bytes] | None = None
    is_watched: bool = False
    since_s: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Encoded events that follow a serial number, up to another one; ``first`` and ``last``: the
    lowest and the highest number of their receptions, None without any."""

    data: bytes
    serial: int
    first: int | None
    last: int | None


class Broadcaster:
    """Tells every page what the tail publishes. ``snapshot`` encodes the state that comes first."""

    def __init__(self, tail: Tail, snapshot: Callable[[], bytes]):
        self._tail, self._snapshot = tail, snapshot
        self._mistakes = Mistakes("live pages", _log.error)
        self._pages: set[_Page] = set()
        self._coming: deque[_Page] = deque()
        self._pieces: dict[int, _Piece | None] = {}
        self._first: tuple[int, bytes] = (-1, b"")
        self._serial, self._spoke_s = 0, 0.0
        self._ending = threading.Event()
        self._selector = selectors.DefaultSelector()
        self._bell, self._hand = socket.socketpair()
        for end in (self._bell, self._hand):
            end.setblocking(False)
        self._selector.register(self._bell, _READ)
        self._thread = threading.Thread(target=self._run, name="live-pages", daemon=True)
        tail.watch(self._ring)

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def stop(self) -> None:
        """End all streams and the thread."""
        self._ending.set()
        self._ring()
        self._thread.join()

    @property
    def listening(self) -> int:
        """Pages that listen now."""
        return len(self._pages) + len(self._coming)

    def add(self, line: socket.socket, head: bytes, last_seq: int | None) -> None:
        """Tell one more page, on a connection of which nobody else writes or closes this end.

        ``head`` comes before the first event; ``last_seq``: the newest reception that the page has,
        None when it has none.
        """
        line.setblocking(False)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KEPT_BYTES)
        with suppress(OSError, AttributeError):  # not every system and family has it
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(_STALLED_S * 1000))
        self._coming.append(_Page(line, memoryview(head), last_seq))
        self._ring()

    def _ring(self) -> None:
        with suppress(OSError):  # it is rung already, or has ended
            self._hand.send(b"!")

    def _run(self) -> None:
        while not self._ending.is_set():
            self._mistakes.attempt(self._turn)
        for page in list(self._pages) + list(self._coming):
            page.line.close()
        self._selector.close()
        self._bell.close()
        self._hand.close()

    def _turn(self) -> None:
        """Wait until something is to be done, and do it."""
        for key, mask in self._selector.select(self._patience_s()):
            if key.data is None:
                with suppress(BlockingIOError):
                    self._bell.recv(1 << 16)
            elif mask & _READ and self._has_left(key.data):
                self._drop(key.data)
            elif mask & _WRITE:
                self._feed(key.data)
        while self._coming:
            self._adopt(self._coming.popleft())
        self._tell_news()
        self._keep_lines()

    def _patience_s(self) -> float:
        begun = self._tail.has_begun or all(page.begun for page in self._pages)
        return _SILENCE_S / 4 if begun else _BEGINNING_POLL_S

    def _adopt(self, page: _Page) -> None:
        self._pages.add(page)
        self._selector.register(page.line, _READ, page)
        self._feed(page)

    def _tell_news(self) -> None:
        serial = self._tail.place[0]
        is_new, self._serial = serial != self._serial, serial
        if is_new:
            self._pieces.clear()
            self._spoke_s = time.monotonic()
        for page in list(self._pages):
            if not page.is_watched and (is_new or not page.begun):
                self._feed(page)

    def _keep_lines(self) -> None:
        now_s = time.monotonic()
        is_silent = now_s - self._spoke_s >= _SILENCE_S
        if is_silent:
            self._spoke_s = now_s
        for page in list(self._pages):
            if page.is_watched and now_s - page.since_s >= _STALLED_S:
                self._drop(page)
            elif is_silent and page.begun and not page.is_watched:
                page.waiting = memoryview(b": here\n\n")
                self._feed(page)

    def _has_left(self, page: _Page) -> bool:
        """Whether the browser closed its end; what it says is of no interest."""
        try:
            return not page.line.recv(1 << 12)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _drop(self, page: _Page) -> None:
        if page in self._pages:
            self._pages.remove(page)
            self._selector.unregister(page.line)
            page.line.close()

    def _feed(self, page: _Page) -> None:
        """Write what there is for this page and its network takes."""
        try:
            while page.waiting or self._fill(page):
                page.waiting = page.waiting[page.line.send(page.waiting) :]
                page.since_s = time.monotonic()
                if page.missed is not None:
                    break
        except BlockingIOError:
            pass
        except OSError:
            self._drop(page)
        except Exception as error:  # its browser comes back for the rest
            log_failure("/api/v1/live", error)
            self._drop(page)
        if page in self._pages:
            self._watch(page, page.missed is not None or bool(page.waiting))

    def _watch(self, page: _Page, wanted: bool) -> None:
        """Whether to go on when the network of this page takes more."""
        if wanted != page.is_watched:
            page.is_watched = wanted
            page.since_s = time.monotonic()
            self._selector.modify(page.line, _READ | _WRITE if wanted else _READ, page)

    def _fill(self, page: _Page) -> bool:
        """Whether something waits now for this page, which had been told all. Raises StoreError."""
        if not page.begun or (page.is_early and self._tail.has_begun):
            self._begin(page)
        elif page.missed is not None:
            page.waiting = memoryview(b"".join(islice(page.missed, _PIECE)))
            if not page.waiting:
                page.missed = None
                return self._fill(page)
        else:
            self._go_on(page)
        return bool(page.waiting)

    def _begin(self, page: _Page) -> None:
        """The state, then what was missed. Just after the start the newest number is not known
        yet, from which a browser resumes."""
        tail = self._tail
        late = time.monotonic() - page.since_s >= _BEGINNING_S
        if not (tail.has_begun or tail.problem is not None or late):
            return
        page.begun = True
        has_begun = tail.has_begun
        page.is_early = not has_begun
        page.serial, page.seq = serial, seq = tail.place
        behind = -1 if page.last_seq is None else seq - page.last_seq
        first = self._snapshot_at(serial)
        if page.last_seq is not None and 0 <= behind <= MOST_REPLAYED:
            page.missed = tail.replays.between(page.last_seq, seq)
        else:
            # Without a journal there is no number to resume from.
            first = b"retry: 1000\n" + (b"id: %d\n" % seq if has_begun else b"") + first
        page.waiting = memoryview(first)

    def _snapshot_at(self, serial: int) -> bytes:
        """The state, encoded once for all pages that begin at the same moment."""
        if self._first[0] != serial:
            self._first = (serial, self._snapshot())
        return self._first[1]

    def _go_on(self, page: _Page) -> None:
        if page.serial not in self._pieces:
            self._pieces[page.serial] = self._piece_after(page.serial)
        piece = self._pieces[page.serial]
        if piece is not None:
            data = piece.data
            if piece.first is not None and piece.first <= page.seq:
                # The store is made again from its beginning: this page was told of those.
                data = self._later_than(page, piece.serial)
            page.waiting, page.serial = memoryview(data), piece.serial
            page.seq = max(page.seq, piece.last or 0)
            if not page.waiting and piece.data:
                self._go_on(page)
            return
        serial, seq = self._tail.place
        page.serial, page.seq, before = serial, seq, page.seq
        page.missed = self._tail.replays.between(before, seq)
        self._fill(page)

    def _piece_after(self, serial: int) -> _Piece | None:
        """What follows, from what is kept for slow pages; None: more is missing than is kept."""
        news = self._tail.news(serial, _PIECE)
        if news is None:
            return None
        numbers = [message.seq for message in news if message.seq is not None]
        return _Piece(
            b"".join(message.data for message in news),
            news[-1].serial if news else serial,
            min(numbers, default=None),
            max(numbers, default=None),
        )

    def _later_than(self, page: _Page, serial: int) -> bytes:
        """The piece up to ``serial`` without what this page has."""
        news = self._tail.news(page.serial, _PIECE) or []
        return b"".join(
            item.data
            for item in news
            if item.serial <= serial and (item.seq is None or item.seq > page.seq)
        )
