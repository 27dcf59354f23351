"""Serial ports: how each failure of a real device looks, stable names, settings."""

from __future__ import annotations

import os
import socket
import termios
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from groundstation.errors import LinkError, LinkUrlError
from groundstation.link_url import serial_address
from groundstation.links.link import Link
from groundstation.links.serial import SerialOpener, SerialPort, _make
from tests.links.devices import PtyDevice, wait_until
from tests.links.link_contract import QUICK, Heard


@pytest.fixture
def device(tmp_path: Path) -> Iterator[PtyDevice]:
    device = PtyDevice(tmp_path / "ttyUSB0")
    device.plug()
    yield device
    device.unplug()


def read(port: SerialPort, size: int) -> bytes:
    """``size`` bytes, in as many reads as it takes."""
    data = b""
    while len(data) < size:
        data += port.read()
    return data


class Dead:
    """A real pyserial port whose device is gone; reading does what the test asks for instead."""

    in_waiting = 0

    def __init__(self, port: serial.Serial, operation: Callable[[serial.Serial], object]):
        self._port, self._operation = port, operation

    def read(self, size: int) -> bytes:
        self._operation(self._port)
        return b"not reached"

    def close(self) -> None:
        self._port.close()


FAILURES: dict[str, tuple[Callable[[serial.Serial], object], type[BaseException]]] = {
    "read": (lambda port: port.read(1), serial.SerialException),
    "write": (lambda port: port.write(b"x"), serial.SerialException),
    "in_waiting": (lambda port: port.in_waiting, OSError),
    "flush": (lambda port: port.flush(), termios.error),
    "reset_input_buffer": (lambda port: port.reset_input_buffer(), termios.error),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_of_a_vanished_device_is_a_link_error(device: PtyDevice, name: str) -> None:
    operation, expected = FAILURES[name]
    port = serial.Serial(str(device.name), timeout=0.2)
    device.unplug()
    with pytest.raises(expected):
        operation(port)
    link_port = SerialPort(Dead(port, operation), "ttyUSB0")
    with pytest.raises(LinkError, match="ttyUSB0 was unplugged or stopped"):
        link_port.read()
    link_port.close()


def test_closed_under_a_blocked_read(device: PtyDevice) -> None:
    port = serial.Serial(str(device.name), timeout=None)
    failures: list[Exception] = []

    def blocked() -> None:
        try:
            while True:  # a close may also end a read early, with nothing
                SerialPort(port, "ttyUSB0").read()
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=blocked)
    thread.start()
    wait_until(lambda: thread.is_alive())
    thread.join(0.2)  # let it block
    port.close()
    device.write(b"wake")
    device.unplug()
    thread.join(60)
    assert [type(error) for error in failures] == [LinkError]
    assert isinstance(failures[0].__cause__, TypeError | OSError)


def test_reopening_what_is_gone(device: PtyDevice) -> None:
    opener = SerialOpener(serial_address(device.url))
    opener().close()
    device.unplug()
    with pytest.raises(LinkError, match="ttyUSB0 is not there; plug the device in"):
        opener()


def test_bytes_before_the_end_are_not_lost(device: PtyDevice) -> None:
    port = SerialOpener(serial_address(device.url))()
    device.write(b"last words")
    assert read(port, 10) == b"last words"
    device.unplug()
    with pytest.raises(LinkError):
        port.read()
    port.close()


def test_what_came_while_nobody_listened_is_read(device: PtyDevice) -> None:
    first = SerialOpener(serial_address(device.url))()
    first.close()
    device.write(b"while the station restarted")
    second = SerialOpener(serial_address(device.url))()
    assert read(second, 27) == b"while the station restarted"
    second.close()


def test_one_program_a_port(device: PtyDevice) -> None:
    port = SerialOpener(serial_address(device.url))()
    with pytest.raises(LinkError, match="ttyUSB0 is in use by another program; close that one"):
        SerialOpener(serial_address(device.url))()
    port.close()
    SerialOpener(serial_address(device.url))().close()


def test_a_device_that_is_no_port() -> None:
    with pytest.raises(LinkError, match="/dev/null is no serial port; name another one"):
        SerialOpener(serial_address("/dev/null"))()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_no_permission(device: PtyDevice, tmp_path: Path) -> None:
    Path(device.slave_name).chmod(0o600)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    os.seteuid(65534)
    try:
        with pytest.raises(LinkError, match="sudo usermod -aG dialout"):
            SerialOpener(serial_address(device.slave_name))()
    finally:
        os.seteuid(0)


def test_loop() -> None:
    port: Any = SerialOpener(serial_address("loop://?baud=19200"))()
    assert port.read() == b""
    port._port.write(b"round")
    assert read(port, 5) == b"round"
    port.close()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("/dev/ttyUSB0?baud=fast", "baud=fast: expected a number such as 9600"),
        ("/dev/ttyUSB0?boud=9600", "unknown setting 'boud': did you mean 'baud'?"),
        ("COM3?parity=X", "parity=X: allowed: E, M, N, O, S"),
        ("loop://?stopbits=3", "stopbits=3: allowed: 1, 1.5, 2"),
    ],
)
def test_wrong_settings(url: str, problem: str) -> None:
    with pytest.raises(LinkUrlError) as caught:
        serial_address(url)
    assert str(caught.value) == f"{url}: {problem}"


def test_settings_reach_the_port(device: PtyDevice) -> None:
    settings = "baud=19200&parity=E&stopbits=2&bytesize=7&rtscts&xonxoff=0"
    port: Any = SerialOpener(serial_address(f"{device.url}?{settings}"))()
    real = port._port
    assert (real.baudrate, real.parity, real.stopbits, real.bytesize) == (19200, "E", 2, 7)
    assert (real.rtscts, real.xonxoff) == (True, False)
    port.close()


class TestStableName:
    """An adapter is found under its own name when the numbers have changed."""

    @pytest.fixture
    def by_id(self, tmp_path: Path) -> Path:
        folder = tmp_path / "by-id"
        folder.mkdir()
        return folder

    def name(self, by_id: Path, name: str, device: PtyDevice) -> None:
        link = by_id / name
        link.unlink(missing_ok=True)
        link.symlink_to(device.slave_name)

    def test_the_adapter_came_back_as_another_number(
        self, device: PtyDevice, by_id: Path, tmp_path: Path
    ) -> None:
        self.name(by_id, "usb-TNC_A-port0", device)
        heard = Heard()
        link = Link("tnc", SerialOpener(serial_address(device.url), by_id), heard, backoff=QUICK)
        link.start()
        wait_until(lambda: link.state.state == "open")
        device.unplug()
        wait_until(lambda: link.state.state == "waiting")
        again = PtyDevice(tmp_path / "ttyUSB1")
        again.plug()
        self.name(by_id, "usb-TNC_A-port0", again)
        wait_until(lambda: link.state.state == "open", what=link)
        again.write(b"here")
        wait_until(lambda: heard.stretches[-1] == b"here")
        link.stop()
        again.unplug()

    def test_another_adapter_took_its_number(self, device: PtyDevice, by_id: Path) -> None:
        self.name(by_id, "usb-TNC_A-port0", device)
        opener = SerialOpener(serial_address(device.url), by_id)
        opener().close()
        device.unplug()
        (by_id / "usb-TNC_A-port0").unlink()
        device.plug()
        self.name(by_id, "usb-GPS-port0", device)
        with pytest.raises(LinkError, match=r"usb-TNC_A-port0 is unplugged and .* is now usb-GPS"):
            opener()

    def test_an_adapter_without_a_name(self, device: PtyDevice, by_id: Path) -> None:
        opener = SerialOpener(serial_address(device.url), by_id)
        for _ in range(2):
            opener().close()
            device.unplug()
            device.plug()
        opener().close()


def test_a_server_that_went_first_leaves_no_socket_open() -> None:
    port = _make("rfc2217://127.0.0.1:1", {})
    port._socket = socket.socket()  # as after the server's reset: it refuses to be shut down
    left = port._socket
    port.close()
    assert left.fileno() == -1
