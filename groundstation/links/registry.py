"""Links by their addresses."""

from __future__ import annotations

from typing import assert_never

from groundstation.link_url import (
    RecordingAddress,
    SerialAddress,
    TcpAddress,
    parse_link_url,
)
from groundstation.links.link import Opener
from groundstation.links.replay import ReplayOpener
from groundstation.links.serial import SerialOpener
from groundstation.links.tcp import TcpOpener


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
            assert_never(address)
