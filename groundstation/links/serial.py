"""Serial ports, and whatever else pyserial opens by URL (rfc2217, loop, spy, hwgrep, alt)."""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import serial
import serial.rfc2217

from groundstation.errors import LinkError
from groundstation.link_url import SerialAddress
from groundstation.links.link import READ_WAIT_S

#: Where udev (Linux) keeps names that follow an adapter from one USB socket to the other.
BY_ID = Path("/dev/serial/by-id")


class SerialOpener:
    """Opens one device again and again.

    ``by_id``: folder of names that follow an adapter, for tests.
    """

    def __init__(self, address: SerialAddress, by_id: Path = BY_ID):
        self._url, self._settings = address.device, address.settings
        self._by_id = by_id
        self._stable_name: Path | None = None

    def __call__(self) -> SerialPort:
        """Open the device for us alone; raises LinkError when it is not there or busy."""
        device = self._device()
        port = None
        try:
            port = _make(device, self._settings)
            port.open()
        except Exception as error:
            # pyserial lets through what the driver, the socket or the parser of the URL raises.
            if port is not None:
                _close(port)
            raise LinkError(_why_not_open(device, error)) from error
        self._stable_name = self._stable_name or self._name_of(device)
        return SerialPort(port, device)

    def _device(self) -> str:
        """The device under its name of today: an adapter may come back as ttyUSB1."""
        if self._stable_name is None:
            return self._url
        if self._stable_name.exists():
            return str(self._stable_name.resolve())
        stranger = self._name_of(self._url)
        if stranger is None:
            return self._url
        raise LinkError(
            f"{self._stable_name.name} is unplugged and {self._url} is now {stranger.name}; "
            "plug the first one in, or start the station again to use the other"
        )

    def _name_of(self, device: str) -> Path | None:
        """The name in ``by_id`` that means ``device`` now."""
        if "://" in device or not self._by_id.is_dir():
            return None
        target = Path(device).resolve()
        names = (name for name in sorted(self._by_id.iterdir()) if name.resolve() == target)
        return next(names, None)


class SerialPort:
    """An open pyserial object as a :class:`groundstation.links.link.Port`."""

    def __init__(self, port: Any, device: str):
        self._port = port
        self._device = device

    def read(self) -> bytes:
        """What has come, at least one byte, or nothing after READ_WAIT_S."""
        try:
            # Asked first: on a dead device this raises before any byte is taken out. With the
            # number known pyserial makes one system call, which gives all or fails.
            data: bytes = self._port.read(self._port.in_waiting or 1)
        except Exception as error:
            # A vanished device raises SerialException, OSError, termios.error (which is no
            # OSError), TypeError or ValueError, by the driver and the moment.
            data = _left_over(self._port)
            if not data:
                raise LinkError(f"{self._device} was unplugged or stopped; waiting") from error
        return data

    def close(self) -> None:
        """Close; a device that is gone may refuse even that."""
        _close(self._port)


class _KeepsInput(serial.Serial):  # type: ignore[misc]
    """pyserial's port, but what came before it was opened is read and not thrown away.

    A software TNC's pseudo-terminal holds the frames that came while the station restarted.
    """

    def _reset_input_buffer(self) -> None:
        pass


class _ClosesSocket(serial.rfc2217.Serial):  # type: ignore[misc]
    """pyserial's RFC 2217 port, but its socket is closed also when the server was first to go."""

    def close(self) -> None:
        connection = self._socket
        super().close()
        if connection is not None:
            connection.close()


def _make(device: str, settings: Mapping[str, Any]) -> Any:
    """A pyserial object that is not open yet."""
    options = {**settings, "timeout": READ_WAIT_S, "exclusive": True}
    if device.lower().startswith("rfc2217://"):
        port = _ClosesSocket(**options)
        port.port = device
        return port
    if "://" in device:
        return serial.serial_for_url(device, do_not_open=True, **options)
    port = _KeepsInput(**options)
    port.port = device
    return port


def _close(port: Any) -> None:
    with contextlib.suppress(Exception):
        port.close()
    # pyserial's spy leaves the file open that it writes the traffic to.
    log = getattr(getattr(port, "formatter", None), "output", None)
    if log is not None and log is not sys.stderr:
        log.close()


def _left_over(port: Any) -> bytes:
    """Bytes that pyserial's network reader had taken before its connection broke."""
    waiting = getattr(port, "_read_buffer", None)
    data = bytearray()
    if isinstance(waiting, queue.Queue):
        while not waiting.empty():
            data += waiting.get_nowait() or b""
    return bytes(data)


def _why_not_open(device: str, error: Exception) -> str:
    text = str(error)
    number = getattr(error, "errno", None)
    if number is None:  # pyserial wraps what a socket or a terminal says
        number = _wrapped_number(error.__context__)
    if number is None and "FileNotFoundError" in text:  # how Windows says it
        number = errno.ENOENT
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return f"{device} is not there; plug the device in, or name another one in station.toml"
    if number in (errno.EACCES, errno.EPERM) and sys.platform.startswith("linux"):
        return (
            f"no permission to open {device}; run: sudo usermod -aG dialout {_user()}, "
            "then log out and in again"
        )
    if number in (errno.EBUSY, errno.EAGAIN) or "PermissionError" in text:
        return f"{device} is in use by another program; close that one"
    if number == errno.ENOTTY:
        return f"{device} is no serial port; name another one in station.toml"
    if number == errno.ECONNREFUSED:
        return f"nobody listens at {device}; start the serial port server there"
    return f"{device} cannot be opened: {text}"


def _wrapped_number(error: BaseException | None) -> int | None:
    """The error number; a ``termios.error`` is no OSError and has it among its arguments."""
    number = getattr(error, "errno", None)
    if number is None and error is not None and error.args and isinstance(error.args[0], int):
        return error.args[0]
    return number


def _user() -> str:
    return os.environ.get("USER", "$USER")
