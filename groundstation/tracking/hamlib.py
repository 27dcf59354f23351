"""rotctld and rigctld over TCP: one command, its reply, and what can go wrong with it.

Facts of the protocol are those of Hamlib 4.5: a reply is a fixed number of lines, or ``RPRT n``
with n = 0 for done and a negative error number. An incomplete command makes the daemon wait and
swallow what follows, and ``nan`` counts as a number: every argument is checked and formatted here.
"""

from __future__ import annotations

import math
import socket
from types import TracebackType
from typing import Self

from groundstation.errors import (
    ControllerGoneError,
    ControllerNonsenseError,
    ControllerRefusedError,
    ControllerSilentError,
)

#: Error numbers of Hamlib (rig.h), as words.
_ERRORS = {
    -1: "invalid parameter",
    -4: "not implemented",
    -5: "timeout",
    -6: "communication error",
    -8: "protocol error",
    -9: "rejected",
    -11: "not available",
    -17: "out of range",
    -21: "limit exceeded",
}
_MAX_LINE = 4096


class Controller:
    """A connection to one Hamlib daemon, made when it is first needed and again after a failure.

    ``name`` is used in messages, ``address`` is ``host:port``.
    """

    def __init__(self, name: str, address: str, *, timeout_s: float = 2.0) -> None:
        self.name = name
        self.address = address
        self.timeout_s = timeout_s
        self._socket: socket.socket | None = None
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the next command makes a new one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._rest = b""

    def ask(self, command: str, lines: int) -> list[str]:
        """Send ``command`` and return its reply of ``lines`` lines. Raises ControllerError."""
        if self._rest:
            # More came than was asked for: which reply is whose can no longer be known.
            self.close()
        connection = self._connected()
        try:
            connection.sendall(command.encode("ascii") + b"\n")
            reply: list[str] = []
            while len(reply) < lines:
                line = self._line(connection)
                if line.startswith("RPRT") and line != "RPRT 0":
                    raise ControllerRefusedError(
                        f"{self._who()} refused {command!r}: {_word(line)}"
                    )
                reply.append(line)
        except TimeoutError:
            self.close()  # a late reply would be taken for that of the next command
            raise ControllerSilentError(
                f"{self._who()} did not answer {command!r} within {self.timeout_s:g} s"
            ) from None
        except OSError as error:
            self.close()
            raise ControllerGoneError(f"{self._who()} closed the connection ({error})") from None
        return reply

    def order(self, command: str) -> None:
        """Send a ``command`` that answers ``RPRT 0``. Raises ControllerError."""
        (reply,) = self.ask(command, 1)
        if reply != "RPRT 0":
            self.close()
            raise ControllerNonsenseError(f"{self._who()} answered {command!r} with {reply[:80]!r}")

    def _connected(self) -> socket.socket:
        if self._socket is None:
            host, _, port = self.address.rpartition(":")
            try:
                self._socket = socket.create_connection(
                    (host.strip("[]") or "127.0.0.1", int(port)), self.timeout_s
                )
                self._socket.settimeout(self.timeout_s)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except (OSError, ValueError, OverflowError) as error:
                raise ControllerGoneError(
                    f"{self._who()} cannot be reached ({error}); is the daemon running?"
                ) from None
        return self._socket

    def _line(self, connection: socket.socket) -> str:
        """The next line; replies come split or joined."""
        while b"\n" not in self._rest:
            if len(self._rest) > _MAX_LINE:
                self.close()
                raise ControllerNonsenseError(f"{self._who()} sent a line without an end")
            data = connection.recv(4096)
            if not data:
                raise ConnectionResetError("end of stream")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode("ascii", errors="replace").strip()

    def _who(self) -> str:
        return f"the {self.name} at {self.address}"

    def number(self, text: str, command: str) -> float:
        """A finite number of a reply. Raises ControllerNonsenseError."""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.close()
            raise ControllerNonsenseError(f"{self._who()} answered {command!r} with {text[:80]!r}")
        return value


def _word(line: str) -> str:
    """``RPRT -1`` in words."""
    try:
        code = int(line.removeprefix("RPRT"))
    except ValueError:
        return line
    return f"{_ERRORS.get(code, 'error')} ({line})"


class Rotator:
    """An antenna rotator behind rotctld. Angles in degrees."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller

    def position(self) -> tuple[float, float]:
        """Measured azimuth and elevation."""
        azimuth, elevation = self.controller.ask("p", 2)
        return self.controller.number(azimuth, "p"), self.controller.number(elevation, "p")

    def point(self, azimuth_deg: float, elevation_deg: float) -> None:
        """Go there; returns at once."""
        if not (math.isfinite(azimuth_deg) and math.isfinite(elevation_deg)):
            raise ValueError(f"cannot point to {azimuth_deg}, {elevation_deg}")
        self.controller.order(f"P {azimuth_deg:.2f} {elevation_deg:.2f}")

    def stop(self) -> None:
        """Stop moving."""
        self.controller.order("S")

    def park(self) -> None:
        """Go to the controller's own parking position."""
        self.controller.order("K")


class Rig:
    """A radio behind rigctld; it finds out itself whether the daemon wants a VFO's name."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self._vfo: str | None = None

    def _argument(self) -> str:
        """``currVFO`` and a blank where the daemon runs with ``--vfo``."""
        if self._vfo is None:
            (reply,) = self.controller.ask("\\chk_vfo", 1)
            self._vfo = "currVFO " if reply.removeprefix("CHKVFO").strip() == "1" else ""
        return self._vfo

    def tune(self, frequency_hz: float) -> None:
        """Receive on ``frequency_hz``, rounded to a hertz (the daemon itself cuts fractions)."""
        hertz = _hertz(frequency_hz)
        self.controller.order(f"F {self._argument()}{hertz}")

    def frequency_hz(self) -> float:
        """What the radio says it receives on."""
        command = f"f {self._argument()}".strip()
        (reply,) = self.controller.ask(command, 1)
        return self.controller.number(reply, command)

    def tune_uplink(self, frequency_hz: float) -> None:
        """Transmit on ``frequency_hz`` (split)."""
        hertz = _hertz(frequency_hz)
        self.controller.order(f"I {self._argument()}{hertz}")

    def uplink_hz(self) -> float:
        """What the radio says it transmits on."""
        command = f"i {self._argument()}".strip()
        (reply,) = self.controller.ask(command, 1)
        return self.controller.number(reply, command)

    def split(self) -> None:
        """Receive on one VFO, transmit on the other."""
        self.controller.order(f"S {self._argument()}1 VFOB")

    def set_mode(self, mode: str, passband_hz: int = 0) -> None:
        """Mode such as FM, USB, PKTFM; a passband of 0 is the mode's usual one."""
        if not (mode.isascii() and mode.isalnum()):
            raise ValueError(f"{mode!r} is not the name of a mode")
        self.controller.order(f"M {self._argument()}{mode} {passband_hz:d}")


def _hertz(frequency_hz: float) -> int:
    if not 0 < frequency_hz < 1e12:
        raise ValueError(f"cannot tune to {frequency_hz} Hz")
    return round(frequency_hz)
