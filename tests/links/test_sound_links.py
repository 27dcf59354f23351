"""Links that bring samples: a file, a pipe, datagrams, and a receiver behind rtl_tcp."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from groundstation.errors import LinkError, LinkUrlError
from groundstation.link_url import parse_link_url
from groundstation.links.link import Link
from groundstation.links.registry import opener, sound_opener
from groundstation.links.rtl_tcp import RtlTcpOpener
from groundstation.sound.addresses import RtlTcpAddress, rtl_tcp_address
from tests.links.devices import wait_until
from tests.links.link_contract import QUICK, Heard
from tests.peers import free_port


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("udp://:7355?rate=fast", "rate=fast: expected a number from 4000"),
        ("udp://:7355?baud=9600", "unknown setting 'baud'"),
        ("udp://:7355?rate=48000&rate=1", "rate is set twice"),
        ("udp://:99999", "expected a host and a port, such as udp://127.0.0.1:7355"),
        ("udp:7355", "write udp://7355"),
        ("stdin://?format=mp3", "format=mp3: "),
        ("stdin://?iq=maybe", "iq=maybe: expected 1 or 0"),
        ("stdin://?iq=1&channels=1", "1 channels: IQ has two channels"),
        ("stdin://file", "expected settings only, such as stdin://?rate=48000"),
        ("-", "raw samples on standard input are stdin://"),
        ("rtl_tcp://", "expected a host, such as rtl_tcp://127.0.0.1:1234"),
        ("rtl_tcp://pi?rate=48000", "an RTL-SDR gives 225001 to 300000 or 900001 to 3200000"),
        ("rtl_tcp://pi?gain=loud", "gain=loud: expected a number from 0 to 100"),
        ("rtl_tcp:/pi", "write rtl_tcp://pi"),
        ("wav://", "expected a file, such as wav://recording.wav"),
        ("wav:///", "this is a folder, no recording"),
        ("pass.ogg", "a recording of sound is wav://pass.ogg"),
        ("/home/me/pass.wav", "a recording of sound is wav:///home/me/pass.wav"),
        ("file://pass.wav", "sound is demodulated; write wav://pass.wav"),
        ("audio://?rate=1", "rate=1: expected a number from 4000"),
        ("wave://pass.wav", "there is no link of the kind wave://"),
    ],
)
def test_a_slip_in_an_address_is_told(url: str, said: str) -> None:
    with pytest.raises(LinkUrlError) as caught:
        parse_link_url(url)
    assert said in str(caught.value)


def test_what_addresses_say() -> None:
    assert rtl_tcp_address("rtl_tcp://radio?gain=40&ppm=-2&frequency=437500000") == RtlTcpAddress(
        *("radio", 1234, 240_000, 437_500_000.0, 40.0, -2)
    )
    for url in ("audio://", "audio://USB%20Audio?rate=96000", "udp://", "udp://127.0.0.1:7355"):
        parse_link_url(url)
    parse_link_url("stdin://?rate=240000&format=u8&iq=1")
    parse_link_url("wav://pass.raw?rate=96000&format=f32le&iq=1&channels=2&speed=1")


def test_a_file_is_played_to_its_end(tmp_path: Path) -> None:
    path, heard = tmp_path / "tone.wav", Heard()
    tone = (1000 * np.sin(np.arange(20_000))).astype(np.int16)
    soundfile.write(path, tone, 48_000)
    for speed in ("", "?speed=100"):
        heard.stretches = [b""]
        link = Link("sound", opener(f"wav://{path}{speed}"), heard, backoff=QUICK)
        link.start()
        wait_until(lambda link=link: link.state.state == "ended", what=link)
        link.stop()
        assert heard.stretches == [tone.tobytes(), b""]
        assert link.state.detail == f"{path} was read to its end"


def test_a_file_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pass.wav"
    with pytest.raises(LinkError, match="No such file"):
        opener(f"wav://{path}")()
    path.write_text("no sound")
    with pytest.raises(LinkError, match="is not a WAV file"):
        opener(f"wav://{path}")()


def test_samples_from_a_pipe() -> None:
    """Another process writes into the standard input of the station."""
    code = """
from groundstation.links.link import LinkEnded
from groundstation.links.registry import opener
port, size = opener("stdin://?rate=48000")(), 0
print("ready", flush=True)
try:
    while True:
        size += len(port.read())
except LinkEnded as end:
    print(size, end)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin and process.stdout
        assert process.stdout.readline() == b"ready\n"
        for _ in range(10):
            process.stdin.write(bytes(9999))
        process.stdin.close()
        assert process.stdout.read() == (
            b"99990 standard input ended: the program before the pipe stopped\n"
        )


def test_a_person_s_keyboard_is_no_pipe() -> None:
    leader, follower = os.openpty()
    run = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from groundstation.links.registry import opener; opener('stdin://')()",
        ],
        stdin=follower,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(leader)
    os.close(follower)
    assert "nothing is piped into the station; start it so: rtl_fm" in run.stderr


def test_datagrams() -> None:
    place, heard = free_port(), Heard()
    link = Link("gqrx", opener(f"udp://127.0.0.1:{place}"), heard, backoff=QUICK)
    link.start()
    wait_until(lambda: link.state.state == "open", what=link)
    with pytest.raises(LinkError, match=f"another program listens on UDP port {place} already"):
        opener(f"udp://127.0.0.1:{place}")()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in range(100):
            sender.sendto(bytes([number]) * 1024, ("127.0.0.1", place))
            wait_until(lambda number=number: len(heard.stretches[0]) == 1024 * (number + 1))
    link.stop()
    assert heard.stretches[0] == b"".join(bytes([number]) * 1024 for number in range(100))


class Receiver:
    """What rtl_tcp does: a head, then IQ as fast as it is taken, and commands are taken."""

    def __init__(self, head: bytes = b"RTL0" + struct.pack(">II", 5, 29)):
        self.commands: list[tuple[int, int]] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._head = head
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        client, _ = self._server.accept()
        with client:
            client.sendall(self._head + bytes(1000))
            while command := client.recv(5, socket.MSG_WAITALL):
                self.commands.append(struct.unpack(">BI", command))

    def close(self) -> None:
        self._server.close()
        self._thread.join()


def test_a_receiver_behind_rtl_tcp() -> None:
    receiver, wanted = Receiver(), [437_000_000.0]
    address = rtl_tcp_address(f"rtl_tcp://127.0.0.1:{receiver.port}?gain=38.6&ppm=-3")
    port = sound_opener(address, lambda: wanted[0])()
    assert (port.sound.rate_hz, port.sound.format, port.sound.iq) == (240_000, "u8", True)
    assert port.read() == bytes(1000)
    # Beside the middle of its band, where such a receiver hears itself.
    assert port.centre_hz == 437_060_000
    wanted[0] = 145_900_000.0
    port.read()
    assert port.centre_hz == 145_960_000
    port.close()
    receiver.close()
    assert receiver.commands == [
        *((2, 240_000), (5, 0x1_0000_0000 - 3), (3, 1), (4, 386)),
        *((1, 437_060_000), (1, 145_960_000)),
    ]


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", b"RTL1abcdefgh"])
def test_what_is_no_rtl_tcp(head: bytes) -> None:
    receiver = Receiver(head)
    address = rtl_tcp_address(f"rtl_tcp://127.0.0.1:{receiver.port}")
    with pytest.raises(LinkError, match="is no rtl_tcp"):
        RtlTcpOpener(address, lambda: None)()
    receiver.close()
