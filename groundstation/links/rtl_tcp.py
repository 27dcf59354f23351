"""IQ of an RTL-SDR over the network: ``rtl_tcp://HOST:PORT``, as the program rtl_tcp serves it.

The server begins with ``RTL0``, its tuner and the number of its gains, and then sends pairs of
bytes, I and Q. A command is a byte and a 32-bit number, both big endian.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

from groundstation.errors import LinkError
from groundstation.link_url import TcpAddress
from groundstation.links.tcp import TcpOpener, TcpPort
from groundstation.sound.addresses import RtlTcpAddress
from groundstation.sound.stream import Sound

_HEAD_BYTES = 12
_HEAD_WAIT_S = 5.0
_SET_FREQUENCY, _SET_RATE, _SET_GAIN_MODE, _SET_GAIN, _SET_PPM = 1, 2, 3, 4, 5
_MANUAL = 1
#: A receiver of this kind hears itself in the middle of its band: the satellite is put beside it.
_BESIDE = 0.25


class RtlTcpOpener:
    """Connects again and again. ``wanted_hz``: where the satellite sends that is listened to."""

    def __init__(self, address: RtlTcpAddress, wanted_hz: Callable[[], float | None]):
        self._address, self._wanted_hz = address, wanted_hz
        self._connect = TcpOpener(TcpAddress(address.host, address.port))

    def __call__(self) -> RtlTcpPort:
        """Connect and set the receiver up; raises LinkError when it is not there, or is none."""
        port = self._connect()
        try:
            return RtlTcpPort(port, self._address, self._wanted_hz)
        except BaseException:
            port.close()
            raise


class RtlTcpPort:
    """A receiver as a :class:`groundstation.links.link.Port`.

    ``centre_hz``: the frequency that is 0 in its samples, None as long as nothing is wanted.
    """

    def __init__(
        self, port: TcpPort, address: RtlTcpAddress, wanted_hz: Callable[[], float | None]
    ):
        self.sound = Sound(address.rate_hz, "u8", 2, iq=True, live=True)
        self.centre_hz: float | None = None
        self._port, self._address, self._wanted_hz = port, address, wanted_hz
        self._waiting = self._after_head()
        self._command(_SET_RATE, address.rate_hz)
        if address.ppm:
            self._command(_SET_PPM, address.ppm)
        self._command(_SET_GAIN_MODE, 0 if address.gain_db is None else _MANUAL)
        if address.gain_db is not None:
            self._command(_SET_GAIN, round(10 * address.gain_db))
        self._tune()

    def read(self) -> bytes:
        """What has come, or nothing after READ_WAIT_S; tunes first where another one is wanted."""
        self._tune()
        if self._waiting:
            data, self._waiting = self._waiting, b""
            return data
        return self._port.read()

    def close(self) -> None:
        """Close the connection."""
        self._port.close()

    def _after_head(self) -> bytes:
        """Take the head; gives what came behind it."""
        place = f"{self._address.host}:{self._address.port}"
        head, deadline_s = b"", time.monotonic() + _HEAD_WAIT_S
        while len(head) < _HEAD_BYTES:
            head += self._port.read()
            if time.monotonic() > deadline_s:
                raise LinkError(f"{place} does not say what it is; is it rtl_tcp?")
        if not head.startswith(b"RTL0"):
            raise LinkError(f"{place} is no rtl_tcp (it begins with {head[:4]!r})")
        return head[_HEAD_BYTES:]

    def _tune(self) -> None:
        centre_hz = self._address.frequency_hz
        if centre_hz is None:
            wanted_hz = self._wanted_hz()
            if wanted_hz is None:
                return
            centre_hz = round(wanted_hz + self._address.rate_hz * _BESIDE)
        if centre_hz != self.centre_hz:
            self._command(_SET_FREQUENCY, round(centre_hz))
            self.centre_hz = centre_hz

    def _command(self, command: int, number: int) -> None:
        self._port.send(struct.pack(">BI", command, number & 0xFFFFFFFF))
