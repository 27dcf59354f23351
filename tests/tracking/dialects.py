"""Radio servers and rotator controllers as they are in the field: what each answers.

Written from what is known of each: gqrx and SDR++ (their remote control sources), SDRangel (its
rigctl server answers an unknown command twice, and reads one line an arrival), Hamlib 4.5's daemons
(their real answers), and controllers that speak rotctld's protocol in their own way.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

#: What receivers say of themselves: one range to receive in, none to transmit.
RECEIVER = (
    "0\n2\n1\n0.000000 10000000000.000000 0x2ef -1 -1 0x1 0x0\n0 0 0 0 0 0 0\n0 0 0 0 0 0 0\n"
)
#: A transceiver of 144 to 146 and 430 to 440 MHz.
TRANSCEIVER = (
    "1\n1\n0\n144000000.0 146000000.0 0x1ff -1 -1 0x3 0xf\n430000000.0 440000000.0 0x1ff -1 -1 0x3 "
    "0xf\n0 0 0 0 0 0 0\n144000000.0 146000000.0 0x1ff 5000 100000 0x3 0xf\n"
    "430000000.0 440000000.0 0x1ff 5000 100000 0x3 0xf\n0 0 0 0 0 0 0\n0x1ff 1\n0 0\ndone\n"
)


class Server:
    """A line server on a real socket; ``answer`` gives the text for one command, or None."""

    def __init__(self, clock, port=0):
        self.clock = clock
        self.commands = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._open = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(60)
        for connection in self._open:
            connection.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection):
        rest = b""
        with suppress(OSError):
            while data := connection.recv(1024):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    command = line.decode().strip()
                    self.commands.append((self.clock.now_us(), command))
                    if reply := self.answer(command):
                        connection.sendall(reply.encode())

    def answer(self, command):
        raise NotImplementedError

    def told(self, word):
        """Station times (us) and arguments of the commands that begin with ``word``."""
        return [
            (when, *command.split()[1:]) for when, command in self.commands
            if command.split()[0] == word
        ]  # fmt: skip


class Radio(Server):
    """A radio server of one dialect; a ``table`` of answers by the command's word."""

    MODES = "FM WFM AM DSB USB CW LSB RAW"

    def __init__(self, clock, dialect, port=0):
        self.dialect = dialect
        super().__init__(clock, port)

    def answer(self, command):
        word, *arguments = command.split()
        if self.dialect == "sdrangel":
            if word == "M" and arguments[0] not in ("FM", "WFM", "AM", "LSB", "USB"):
                return "RPRT -1\nRPRT -1\n"
            return "RPRT 0\n" if word in "FM" else "RPRT -4\nRPRT -4\n"
        known = {
            "gqrx-2.15": {"\\dump_state": RECEIVER, "F": "RPRT 0\n", "M": "RPRT 0\n"},
            "gqrx-2.17.4": {"\\chk_vfo": "0\n", "\\dump_state": RECEIVER, "F": "RPRT 0\n",
                            "M": "RPRT 0\n"},
            "sdr++": {"\\chk_vfo": "CHKVFO 0\n", "\\dump_state": RECEIVER, "F": "RPRT 0\n",
                      "M": "RPRT 0\n", "S": "RPRT 0\n"},
        }.get(self.dialect)  # fmt: skip
        if known is not None:
            if word == "M" and arguments[0] not in self.MODES.split():
                return "RPRT 1\n"
            return known.get(word, "RPRT 1\n")
        return self._rigctld(word, arguments)

    def _rigctld(self, word, arguments):
        """Hamlib's rigctld with a radio that refuses one thing, as ``dialect`` says."""
        if word == "\\chk_vfo":
            return "1\n" if self.dialect == "vfo" else "0\n"
        if word == "\\dump_state":
            return "" if self.dialect == "no-answer-to-dump" else TRANSCEIVER
        if self.dialect == "vfo" and arguments[:1] != ["currVFO"]:
            return ""  # waits for the missing argument
        refused = {"no-mode": "M", "no-split": "S", "no-uplink": "I", "no-downlink": "F"}
        if refused.get(self.dialect) == word:
            return "RPRT -11\n"
        return "RPRT 0\n" if word in "FIMS" else "RPRT -4\n"


class Antenna(Server):
    """A rotator whose motor runs in station time.

    ``low`` and ``high``: the azimuths that it takes. ``dialect``: how it counts and answers, a set
    of words: mod360, pm180, shortest, flicker, comma, state, old-state, caps.
    """

    def __init__(self, clock, low, high, dialect="", rate_deg_s=6.0, port=0):
        self.low, self.high, self.rate = low, high, rate_deg_s
        self.dialect = dialect.split()
        self.azimuth, self.elevation = max(low, 0.0), 0.0
        self.goal = (self.azimuth, 0.0)
        self.moved_us = clock.now_us()
        self.refused = 0
        self.looks = []
        self._guard = threading.Lock()
        super().__init__(clock, port)

    def _move(self):
        now = self.clock.now_us()
        reach = self.rate * (now - self.moved_us) / 1e6
        self.moved_us = now
        azimuth, elevation = self.goal
        by = azimuth - self.azimuth
        if "shortest" in self.dialect:
            by = (by + 180) % 360 - 180
        self.azimuth += max(-reach, min(reach, by))
        self.elevation += max(-reach, min(reach, elevation - self.elevation))
        return now

    def _reported(self):
        azimuth = self.azimuth
        if "flicker" in self.dialect:
            azimuth = (azimuth + (0.3 if len(self.looks) % 2 else -0.3)) % 360
        if "mod360" in self.dialect:
            azimuth %= 360
        if "pm180" in self.dialect:
            azimuth = (azimuth + 180) % 360 - 180
        text = f"{azimuth:.2f}\n{self.elevation:.2f}\n"
        return text.replace(".", ",") if "comma" in self.dialect else text

    def answer(self, command):
        word, *arguments = command.split()
        with self._guard:
            now = self._move()
            if word == "p":
                self.looks.append((now, self.azimuth, self.elevation))
                return self._reported()
            if word == "P":
                azimuth, elevation = map(float, arguments)
                if not (self.low <= azimuth <= self.high and 0 <= elevation <= 90):
                    self.refused += 1
                    return "RPRT -1\n"
                self.goal = (azimuth, elevation)
                return "RPRT 0\n"
            if word in "SK":
                self.goal = (self.azimuth, self.elevation) if word == "S" else (0.0, 0.0)
                return "RPRT 0\n"
        if word == "\\dump_state" and "state" in self.dialect:
            return (
                f"1\n1\nmin_az={self.low:f}\nmax_az={self.high:f}\nmin_el=0.000000\n"
                "max_el=90.000000\nsouth_zero=0\nrot_type=AzEl\ndone\n"
            )
        if word == "\\dump_state" and "old-state" in self.dialect:
            return f"0\n1\n{self.low:f}\n{self.high:f}\n0.000000\n90.000000\n"
        if word == "\\dump_caps" and "caps" in self.dialect:
            return (
                f"Model name:\t\tAny\nMin Azimuth:\t\t{self.low:.2f}\nMax Azimuth:\t\t"
                f"{self.high:.2f}\nMin Elevation:\t\t0.00\nMax Elevation:\t\t90.00\nRPRT 0\n"
            )
        return "RPRT -4\n"
