"""Links by their addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, assert_never

from groundstation.link_url import (
    RecordingAddress,
    SerialAddress,
    TcpAddress,
    parse_link_url,
)
from groundstation.links.link import Opener, Port
from groundstation.links.replay import ReplayOpener
from groundstation.links.rtl_tcp import RtlTcpOpener
from groundstation.links.serial import SerialOpener
from groundstation.links.sound_card import SoundCardOpener
from groundstation.links.sound_file import SoundFileOpener
from groundstation.links.standard_input import StdinOpener
from groundstation.links.tcp import TcpOpener
from groundstation.links.udp import UdpOpener
from groundstation.sound.addresses import (
    RtlTcpAddress,
    SoundAddress,
    SoundCardAddress,
    SoundFileAddress,
    StdinAddress,
    UdpAddress,
)
from groundstation.sound.stream import Sound


class SoundPort(Port, Protocol):
    """A port whose bytes are samples: ``sound`` says which.

    ``centre_hz``: the frequency that is 0 in IQ, None where nobody knows.
    """

    sound: Sound
    centre_hz: float | None


def opener(url: str) -> Opener:
    """What opens ``url``; raises LinkUrlError when it is wrong."""
    address = parse_link_url(url)
    match address:
        case SerialAddress():
            return SerialOpener(address)
        case TcpAddress():
            return TcpOpener(address)
        case RecordingAddress():
            return ReplayOpener(address)
        case _:
            return sound_opener(address, lambda: None)


def sound_opener(
    address: SoundAddress, wanted_hz: Callable[[], float | None]
) -> Callable[[], SoundPort]:
    """What opens a link of sound. ``wanted_hz``: where a receiver that can be tuned is to be."""
    match address:
        case SoundFileAddress():
            return SoundFileOpener(address)
        case StdinAddress():
            return StdinOpener(address)
        case UdpAddress():
            return UdpOpener(address)
        case SoundCardAddress():
            return SoundCardOpener(address)
        case RtlTcpAddress():
            return RtlTcpOpener(address, wanted_hz)
        case _:
            assert_never(address)
