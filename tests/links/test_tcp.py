"""TCP links: reasons in plain words, and a server that answers nothing."""

from __future__ import annotations

import socket
import struct
import time

import pytest

import groundstation.links.tcp
from groundstation.errors import LinkError, LinkUrlError
from groundstation.link_url import parse_link_url, tcp_address
from groundstation.links.link import Link
from groundstation.links.registry import opener
from groundstation.links.tcp import TcpOpener
from tests.links.link_contract import Heard
from tests.peers import free_port


def test_nobody_listens() -> None:
    port = free_port()
    with pytest.raises(LinkError, match=f"nothing listens on 127.0.0.1:{port}; start the TNC"):
        TcpOpener(tcp_address(f"tcp://127.0.0.1:{port}"))()


def test_no_such_name() -> None:
    with pytest.raises(LinkError, match=r"no computer of the name tnc\.invalid"):
        TcpOpener(tcp_address("tcp://tnc.invalid:8001"))()


def test_the_other_side_resets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = TcpOpener(tcp_address(f"tcp://127.0.0.1:{server.getsockname()[1]}"))()
        client, _ = server.accept()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        with pytest.raises(LinkError, match=r"the connection to 127.0.0.1:\d+ broke"):
            port.read()
        port.close()


def test_stopping_while_it_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groundstation.links.tcp, "_CONNECT_WAIT_S", 3600.0)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        # A full queue of connections: the system answers no further ones.
        place = server.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(place)
        link = Link("tnc", TcpOpener(tcp_address(f"tcp://127.0.0.1:{place[1]}")), Heard())
        link.start()
        time.sleep(0.1)
        link.stop()  # does not wait for that hour
        assert link.state.state == "waiting"
        for client in waiting:
            client.close()
    link._thread.join(60)  # the refused connection ends the thread that was left behind


@pytest.mark.parametrize(
    "url", ["tcp://", "tcp://host:port", "tcp://host:8001/kiss", "tcp://h?a=1"]
)
def test_wrong_addresses(url: str) -> None:
    with pytest.raises(LinkUrlError, match="expected a host and a port, such as tcp:"):
        parse_link_url(url)


def test_unknown_kind() -> None:
    with pytest.raises(LinkUrlError, match=r"no link of the kind tpc://; did you mean 'tcp'\?"):
        opener("tpc://host:8001")
