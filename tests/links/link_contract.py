"""What every link that reads a device does, whatever the device."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from groundstation.links.link import Backoff, Link, LinkState
from groundstation.links.registry import opener
from tests.links.devices import Device, wait_until

QUICK = Backoff(0.02, 0.1)


class Heard:
    """A receiver that remembers: the bytes of each unbroken stretch."""

    def __init__(self) -> None:
        self.stretches: list[bytes] = [b""]
        self.listening = True
        self.frames = 0

    def ready(self) -> bool:
        return self.listening

    def take(self, data: bytes) -> None:
        self.stretches[-1] += data

    def interrupted(self) -> None:
        self.stretches.append(b"")


class LinkContract:
    """Inherit, and give a ``device`` fixture that is not plugged in yet."""

    @pytest.fixture
    def heard(self) -> Heard:
        return Heard()

    @pytest.fixture
    def states(self) -> list[LinkState]:
        return []

    @pytest.fixture
    def link(self, device: Device, heard: Heard, states: list[LinkState]) -> Iterator[Link]:
        link = Link("tnc", opener(device.url), heard, changed=states.append, backoff=QUICK)
        link.start()
        yield link
        link.stop()
        device.unplug()
        wait_until(lambda: not [item for item in threading.enumerate() if item.name == "link tnc"])

    def test_it_waits_for_a_device_and_says_why(self, device: Device, link: Link) -> None:
        wait_until(lambda: link.state.detail)
        assert link.state.state == "waiting"
        assert "\n" not in link.state.detail
        assert "Errno" not in link.state.detail
        assert link.state.last_byte_us is None

    def test_bytes_come_as_they_are(self, device: Device, link: Link, heard: Heard) -> None:
        device.plug()
        wait_until(lambda: link.state.state == "open", what=link)
        every_byte = bytes(range(256)) * 10
        before_us = time.time_ns() // 1000
        device.write(every_byte)
        wait_until(lambda: len(heard.stretches[0]) >= 2560)
        assert heard.stretches == [every_byte]
        assert link.state.bytes == 2560
        assert link.state.last_byte_us is not None
        assert before_us <= link.state.last_byte_us <= time.time_ns() // 1000

    def test_it_comes_back_each_time(
        self, device: Device, link: Link, heard: Heard, states: list[LinkState]
    ) -> None:
        for number in range(3):
            device.plug()
            wait_until(lambda: link.state.state == "open", what=link)
            device.write(b"plugged %d" % number)
            wait_until(lambda: link.state.bytes == 9 * (number + 1))  # noqa: B023 - used at once
            device.unplug()
            wait_until(lambda: link.state.state == "waiting")
        assert [part for part in heard.stretches if part] == [b"plugged %d" % n for n in range(3)]
        assert [state.state for state in states].count("open") == 3

    def test_a_receiver_that_is_not_ready_is_left_alone(
        self, device: Device, link: Link, heard: Heard
    ) -> None:
        heard.listening = False
        device.plug()
        wait_until(lambda: link.state.state == "open", what=link)
        device.write(b"later")
        time.sleep(0.3)
        assert heard.stretches == [b""]
        heard.listening = True
        wait_until(lambda: heard.stretches == [b"later"])
