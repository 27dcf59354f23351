"""The thread of a link: pauses, and what no device is to blame for."""

from __future__ import annotations

import time

from groundstation.links.link import Backoff, Link, LinkError, Port
from groundstation.links.tcp import TcpOpener
from tests.links.devices import TcpDevice, wait_until
from tests.links.link_contract import QUICK, Heard


def test_pauses_grow_to_ten_seconds_and_differ() -> None:
    backoff = Backoff()
    for attempt, longest in ((0, 0.5), (1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (5000, 10)):
        pauses = [backoff.pause_s(attempt) for _ in range(200)]
        assert min(pauses) >= 0.5
        assert max(pauses) <= longest
        if attempt:
            assert max(pauses) - min(pauses) > 0.2 * longest


def test_a_port_that_opens_and_says_nothing_is_tried_ever_less_often() -> None:
    attempts: list[float] = []

    class Mute:
        def read(self) -> bytes:
            raise LinkError("gone at once")

        def close(self) -> None:
            pass

    def open_port() -> Port:
        attempts.append(time.monotonic())
        return Mute()

    link = Link("tnc", open_port, Heard(), backoff=Backoff(0.05, 0.4))
    link.start()
    time.sleep(1.5)
    link.stop()
    assert 4 <= len(attempts) <= 9


def test_the_first_pause_is_half_a_second() -> None:
    device = TcpDevice()
    device.plug()
    attempts: list[float] = []
    heard = Heard()
    real = TcpOpener(device.url)

    def open_port() -> Port:
        attempts.append(time.monotonic())
        return real()

    link = Link("tnc", open_port, heard)
    link.start()
    wait_until(lambda: link.state.state == "open")
    device.write(b"x")
    wait_until(lambda: link.state.bytes == 1)
    device.unplug()
    lost = time.monotonic()
    device.plug()
    wait_until(lambda: link.state.state == "open" and len(attempts) == 2)
    assert 0.4 < attempts[1] - lost < 0.9
    link.stop()
    device.unplug()


def test_a_mistake_in_the_receiver_does_not_end_the_link() -> None:
    device = TcpDevice()
    device.plug()

    class Broken(Heard):
        def take(self, data: bytes) -> None:
            super().take(data)
            if data == b"bang":
                raise ZeroDivisionError

    heard = Broken()
    link = Link("tnc", TcpOpener(device.url), heard, backoff=QUICK)
    link.start()
    device.write(b"bang")
    wait_until(lambda: "mistake in the program" in link.state.detail)
    device.unplug()
    device.plug()
    device.write(b"next")
    wait_until(lambda: "next" in repr(heard.stretches))
    link.stop()
    device.unplug()
