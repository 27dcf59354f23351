"""Addresses with a slip of the pen are refused with the right form, not waited for."""

from __future__ import annotations

import os
from pathlib import Path

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
        ("tcp://host:", "such as tcp://127.0.0.1:8001"),
        ("tcp://user@host:8001", "such as tcp://127.0.0.1:8001"),
        ("tcp://host:8001#x", "such as tcp://127.0.0.1:8001"),
        ("tcp://a b:8001", "such as tcp://127.0.0.1:8001"),
        ("tcp//host:8001", "write tcp://host:8001"),
        ("tcp;//host:8001", "write tcp://host:8001"),
        ("socket:\\\\host:8001", "write socket://host:8001"),
        ("hwgrep:0403", "write hwgrep://0403"),
        ("rfc2217://host", "such as rfc2217://127.0.0.1:8001"),
        ("8001", "write tcp://127.0.0.1:8001"),
        (":8001", "write tcp://127.0.0.1:8001"),
        ("localhost", "write tcp://localhost:8001"),
        ("radio.example.org", "write tcp://radio.example.org:8001"),
        ("192.168.1.7", "write tcp://192.168.1.7:8001"),
        ("ttyUSB0", "write /dev/ttyUSB0"),
        ("dev/ttyACM0?baud=1200", "write /dev/ttyACM0"),
        ("COM3:", "write COM3"),
        ("/dev/ttyUSB0 9600", "write /dev/ttyUSB0?baud=9600"),
        ("/dev/ttyUSB0&baud=9600", "write /dev/ttyUSB0?baud=9600"),
        ("/dev/ttyUSB0?baud=9600&baud=1200", "baud is set twice"),
        ("udq:host", "a device begins with /"),
        ("tnc", "a device begins with /"),
        ("/", "this is a folder"),
        ("/dev", "this is a folder"),
        ("/dev/", "this is a folder"),
        ("file:///", "this is a folder, no recording"),
        ("tcp://ho\x00st:8001", "cannot be seen"),
    ],
)
def test_a_slip_is_told_with_the_right_form(url: str, right: str) -> None:
    with pytest.raises(LinkUrlError) as caught:
        parse_link_url(url)
    assert right in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "/dev/ttyUSB0",
            "/dev/ttyUSB0?baud=9600",
            "/dev/serial/by-id/usb-1:2",
            "COM3",
            r"\\.\COM12",
        ),
        *("tcp://127.0.0.1:8001", "tcp://host", "socket://[::1]:8001", "file://pass.kss"),
        *("loop://", "rfc2217://host:4000", "file:///home/me/pass.hex?speed=1"),
    ],
)
def test_what_is_right_is_taken(url: str) -> None:
    parse_link_url(url)


def test_a_path_that_is_no_port_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "frames"
    file.write_bytes(b"x")
    with pytest.raises(LinkUrlError, match=f"a file, no port; a recording is file://{file}"):
        parse_link_url(str(file))
    with pytest.raises(LinkUrlError, match="a folder, no port"):
        parse_link_url(str(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(LinkUrlError, match="a pipe, no port"):
        parse_link_url(str(tmp_path / "pipe"))
    parse_link_url(str(tmp_path / "kisstnc"))  # not there yet
    parse_link_url(f"file://{file}")
