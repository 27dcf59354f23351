"""The thread of a link: pauses, and what no device is to blame for."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

import groundstation.links.link
from groundstation.errors import LinkError
from groundstation.link_url import tcp_address
from groundstation.links.link import Backoff, Link
from groundstation.links.tcp import TcpOpener
from tests.links.devices import TcpDevice, wait_until
from tests.links.link_contract import QUICK, Heard


@dataclass(frozen=True)
class Pauses(Backoff):
    """Remembers for which failed attempt in a row each pause was; they are short."""

    after: list[int] = field(default_factory=list)

    def pause_s(self, attempt: int) -> float:
        self.after.append(attempt)
        return 0.001


def test_pauses_grow_to_ten_seconds_and_differ() -> None:
    backoff = Backoff()
    for attempt, longest in ((0, 0.5), (1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (5000, 10)):
        pauses = [backoff.pause_s(attempt) for _ in range(200)]
        assert min(pauses) >= 0.5
        assert max(pauses) <= longest
        if attempt:
            assert max(pauses) - min(pauses) > 0.2 * longest


def test_a_port_that_opens_and_says_nothing_is_tried_ever_less_often() -> None:
    pauses = Pauses()

    class Mute:
        def read(self) -> bytes:
            raise LinkError("gone at once")

        def close(self) -> None:
            pass

    link = Link("tnc", Mute, Heard(), backoff=pauses)
    link.start()
    wait_until(lambda: len(pauses.after) >= 6)
    link.stop()
    assert pauses.after[:6] == [0, 1, 2, 3, 4, 5]


class Framing(Heard):
    """A frame in each byte."""

    def take(self, data: bytes) -> None:
        super().take(data)
        self.frames += len(data)


@pytest.mark.parametrize("kind", [Framing, Heard], ids=["a frame", "a byte"])
@pytest.mark.parametrize("well_s", [0.0, 60.0])
def test_after_which_connection_the_pauses_begin_small_again(
    kind: type[Heard], well_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After one that brought a frame, or lasted and brought anything."""
    monkeypatch.setattr(groundstation.links.link, "WELL_S", well_s)
    device, heard = TcpDevice(), kind()
    pauses = Pauses()
    link = Link("tnc", TcpOpener(tcp_address(device.url)), heard, backoff=pauses)
    link.start()
    wait_until(lambda: pauses.after[:3] == [0, 1, 2])
    device.plug()
    wait_until(lambda: link.state.state == "open")
    before = pauses.after[-1]
    pauses.after.clear()
    device.write(b"x")
    wait_until(lambda: link.state.bytes == 1)
    device.unplug()
    wait_until(lambda: pauses.after)
    assert pauses.after[0] == (0 if well_s == 0 or isinstance(heard, Framing) else before + 1)
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
    link = Link("tnc", TcpOpener(tcp_address(device.url)), heard, backoff=QUICK)
    link.start()
    device.write(b"bang")
    wait_until(lambda: "mistake in the program" in link.state.detail)
    device.unplug()
    device.plug()
    device.write(b"next")
    wait_until(lambda: "next" in repr(heard.stretches))
    link.stop()
    device.unplug()
