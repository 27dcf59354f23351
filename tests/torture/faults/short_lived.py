"""A peer that accepts, sends a byte and closes, again and again."""

from __future__ import annotations

import socket
import threading
import time

from decoders.framing.kiss import kiss_encode
from groundstation.storage.journal import JournalReader
from tests.links.devices import wait_until
from tests.peers import free_port
from tests.station.frames import beacon
from tests.station.running import write_config
from tests.torture.account import account
from tests.torture.fault import Fault, Outcome, Scene
from tests.torture.world import World

#: Attempts and log lines that are allowed: some at once, then so many a minute.
_AT_ONCE, _A_MINUTE, _LINES_A_MINUTE = 12, 9, 2


class _Peer:
    """Serves ``port`` until it is stopped; ``count``: how often somebody came."""

    def __init__(self, port: int):
        self.count = 0
        self._server = socket.create_server(("127.0.0.1", port))
        self._server.settimeout(0.2)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="peer", daemon=True)
        self._thread.start()

    def stop(self) -> socket.socket:
        """Close nobody any more; the server, for whoever goes on with it."""
        self._stopping.set()
        self._thread.join()
        self._server.settimeout(60)
        return self._server

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                line, _ = self._server.accept()
            except TimeoutError:
                continue
            with line:
                line.sendall(b"x")
            self.count += 1


def run(scene: Scene) -> Outcome:
    """``times`` seconds of it; then the peer is well, and frames come."""
    outcome, port = Outcome(), free_port()
    with World(scene.folder) as world:
        write_config(scene.folder, f"tcp://127.0.0.1:{port}")
        peer = _Peer(port)
        world.start(wait=False)
        world.wait_for_pages()
        time.sleep(scene.times)
        lines = world.station.log().count("\n")
        with peer.stop() as server:
            line, _ = server.accept()
            with line:
                world.note(*range(20))
                line.sendall(b"\xc0" + b"".join(kiss_encode(beacon(n)) for n in range(20)))
                wait_until(lambda: world.witness.wait_for(19, world.is_alive))
                world.finish()
        account(world.data, world.sent, world.witness.told, world.browser, outcome)
    minutes = scene.times / 60
    most = _AT_ONCE + _A_MINUTE * minutes
    outcome.expect(peer.count <= most, f"{peer.count} attempts in {minutes:.1f} minutes")
    most = 2 * _AT_ONCE + _LINES_A_MINUTE * minutes
    outcome.expect(lines <= most, f"{lines} lines in the log in {minutes:.1f} minutes")
    with JournalReader(world.data) as journal:
        damaged = sum(item.damaged for item in journal.after(0, 1 << 40))
    outcome.expect(damaged <= peer.count + 1, f"{damaged} damaged receptions")
    outcome.remark = f"{peer.count} connections, {lines} lines in the log, {damaged} damaged pieces"
    return outcome


FAULT = Fault(
    "short_lived",
    "a peer that accepts, sends a byte and closes, again and again",
    run,
    short=15,
    long=3600,
    unit="s",
)
