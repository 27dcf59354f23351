"""A Hamlib daemon over TCP: one command, its reply, and what can go wrong with it.

Facts of the protocol are those of Hamlib 4.5: a reply is a fixed number of lines, or ``RPRT n``
with n = 0 for done and a negative error number. An incomplete command makes the daemon wait and
swallow what follows, and ``nan`` counts as a number: every argument is checked and formatted here.

Receivers that speak it only in part (gqrx, SDR++, SDRangel) refuse what they do not know, with a
positive number or twice. So the connection ends with a refusal: what comes late is nobody's reply.

Hamlib's daemons close a connection's descriptor three times when it ends (handle_socket of
rigctld.c), and so at times the one of the next connection, which got its number: 12 of 250 made
right then were lost. So what was left without an answer is asked once more on a new connection:
every order names what is to be, not a change, and may come twice.
"""

from __future__ import annotations

import math
import socket
from contextlib import suppress
from types import TracebackType
from typing import Self

from groundstation.errors import (
    ControllerAbsentError,
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
#: An answer of unknown length has ended when nothing came for so long, seconds.
_QUIET_S = 1.0
_MAX_DUMP = 65536
#: What a receiver answers that does not know a word, or cannot do it: gqrx, SDR++.
_UNKNOWN = "it does not know that or cannot do it"


class Controller:
    """A connection to one Hamlib daemon, made when it is first needed and again after a failure.

    ``name`` is used in messages, ``address`` is ``host:port``. ``lost`` counts the connections that
    the other side ended: whoever answers after one may be a daemon that was started anew.
    """

    def __init__(self, name: str, address: str, *, timeout_s: float = 2.0) -> None:
        self.name = name
        self.address = address
        self.timeout_s = timeout_s
        self.lost = 0
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
        try:
            return self._ask(self._connected(), command, lines)
        except ControllerAbsentError:
            raise
        except ControllerGoneError:
            return self._ask(self._connected(), command, lines)

    def _ask(self, connection: socket.socket, command: str, lines: int) -> list[str]:
        try:
            connection.sendall(command.encode("ascii") + b"\n")
            reply: list[str] = []
            while len(reply) < lines:
                line = self._line(connection)
                if line.startswith("RPRT") and line != "RPRT 0":
                    self.close()
                    raise ControllerRefusedError(f"{self.who} refused {command!r}: {_word(line)}")
                reply.append(line)
        except TimeoutError:
            self.close()  # a late reply would be taken for that of the next command
            raise ControllerSilentError(
                f"{self.who} did not answer {command!r} within {self.timeout_s:g} s"
            ) from None
        except OSError as error:
            self.close()
            self.lost += 1
            raise ControllerGoneError(f"{self.who} closed the connection ({error})") from None
        return reply

    def order(self, command: str) -> None:
        """Send a ``command`` that answers ``RPRT 0``. Raises ControllerError."""
        (reply,) = self.ask(command, 1)
        if reply != "RPRT 0":
            self.close()
            raise ControllerNonsenseError(f"{self.who} answered {command!r} with {reply[:80]!r}")

    def dump(self, command: str) -> str:
        """The answer to ``command`` of nobody knows how many lines, on a connection of its own.

        Empty when there is none within the time. Raises ControllerAbsentError.
        """
        for _ in range(2):
            with suppress(ConnectionError):  # lost without a word: once more, as in ``ask``
                return self._dump(command)
        return ""

    def _dump(self, command: str) -> str:
        self.close()
        connection = self._connected()
        answer = b""
        try:
            connection.sendall(command.encode("ascii") + b"\n")
            while len(answer) < _MAX_DUMP and not answer.endswith((b"\ndone\n", b"RPRT 0\n")):
                data = connection.recv(4096)
                if not data:
                    raise ConnectionResetError("end of stream")
                answer += data
                connection.settimeout(_QUIET_S)
        except OSError as error:
            if not answer and isinstance(error, ConnectionError):
                raise
            # It is quiet, or it has hung up: what came is the answer.
        finally:
            self.close()
        return answer.decode("ascii", errors="replace")

    def connect(self) -> None:
        """Make the connection if there is none. Raises ControllerAbsentError."""
        self._connected()

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
                self._socket = None
                raise ControllerAbsentError(
                    f"{self.who} cannot be reached ({error}); is the daemon running?"
                ) from None
        return self._socket

    def _line(self, connection: socket.socket) -> str:
        """The next line; replies come split or joined."""
        while b"\n" not in self._rest:
            if len(self._rest) > _MAX_LINE:
                self.close()
                raise ControllerNonsenseError(f"{self.who} sent a line without an end")
            data = connection.recv(4096)
            if not data:
                raise ConnectionResetError("end of stream")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode("ascii", errors="replace").strip()

    @property
    def who(self) -> str:
        """As messages name it."""
        return f"the {self.name} at {self.address}"

    def number(self, text: str, command: str) -> float:
        """A finite number of a reply; some daemons write a decimal comma, as their country does.

        Raises ControllerNonsenseError.
        """
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.close()
            raise ControllerNonsenseError(f"{self.who} answered {command!r} with {text[:80]!r}")
        return value


def _word(line: str) -> str:
    """``RPRT -1`` in words."""
    try:
        code = int(line.removeprefix("RPRT"))
    except ValueError:
        return line
    return f"{_ERRORS.get(code, 'error') if code < 0 else _UNKNOWN} ({line})"
