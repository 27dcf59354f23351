"""Addresses with a slip of the pen are refused with the right form, not waited for."""

from __future__ import annotations

import pytest

from groundstation.errors import LinkUrlError
from groundstation.link_url import parse_link_url


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("tcp:/127.0.0.1:8001", "write tcp://127.0.0.1:8001"),
        ("tcp:127.0.0.1:8001", "write tcp://127.0.0.1:8001"),
        ("TCP:/radio:8001", "write tcp://radio:8001"),
        ("127.0.0.1:8001", "write tcp://127.0.0.1:8001"),
        ("localhost:8001", "write tcp://localhost:8001"),
        ("[::1]:8001", "write tcp://[::1]:8001"),
        ("/dev/ttyUSB0:9600", "write /dev/ttyUSB0?baud=9600"),
        ("/dev/ttyUSB0,9600", "write /dev/ttyUSB0?baud=9600"),
        ("COM3:9600", "write COM3?baud=9600"),
        ("file:/home/me/pass.kss", "write file:///home/me/pass.kss"),
        ("file:pass.kss", "write file://pass.kss"),
        ("pass.kss", "a recording is file://pass.kss"),
        ("/home/me/pass.hex", "a recording is file:///home/me/pass.hex"),
        ("", "such as /dev/ttyUSB0"),
        ("  ", "such as /dev/ttyUSB0"),
        (" /dev/ttyUSB0", "write /dev/ttyUSB0"),
        ("tcp://host:0", "such as tcp://127.0.0.1:8001"),
    ],
)
def test_a_slip_is_told_with_the_right_form(url: str, right: str) -> None:
    with pytest.raises(LinkUrlError) as caught:
        parse_link_url(url)
    assert right in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        *("/dev/ttyUSB0", "/dev/ttyUSB0?baud=9600", "/dev/serial/by-id/usb-1:2", "COM3"),
        *("tcp://127.0.0.1:8001", "tcp://host", "socket://[::1]:8001", "file://pass.kss"),
        *("loop://", "rfc2217://host:4000", "file:///home/me/pass.hex?speed=1"),
    ],
)
def test_what_is_right_is_taken(url: str) -> None:
    parse_link_url(url)
