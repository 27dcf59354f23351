"""Hex as people paste it."""

from __future__ import annotations

import pytest

from decoders.frame import BadFrame, Frame
from decoders.hex_text import HexLines, one_frame

FRAME = bytes(range(0x82, 0x82 + 20))
DUMPS = {
    "xxd": (
        "00000000: 8283 8485 8687 8889 8a8b 8c8d 8e8f 9091  ................\n"
        "00000010: 9293 9495                                ab cd\n"
    ),
    "xxd -g 1": (
        "00000000: 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f 90 91  ................\n"
        "00000010: 92 93 94 95                                      #a..\n"
    ),
    "hexdump -C": (
        "00000000  82 83 84 85 86 87 88 89  8a 8b 8c 8d 8e 8f 90 91  |.......#........|\n"
        "00000010  92 93 94 95                                       |....|\n"
        "00000014\n"
    ),
    "Wireshark": (
        "0000   82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f 90 91   ................\n"
        "0010   92 93 94 95                                       ....\n"
    ),
    "Direwolf": (
        "  000:  82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f 90 91  ................\n"
        "  010:  92 93 94 95                                      ....\n"
    ),
    "offsets alone": ("0000: 82 83 84 85 86 87 88 89 8A 8B 8C 8D 8E 8F 90 91\n0010: 92 93 94 95\n"),
}


@pytest.mark.parametrize("name", DUMPS)
def test_a_dump_is_one_frame(name: str) -> None:
    assert one_frame(DUMPS[name]) == Frame(FRAME)


@pytest.mark.parametrize(
    "text",
    [
        "82 83 84",
        "828384",
        "82:83:84",
        "82-83-84",
        "82,83,84",
        "82, 83, 84,",
        "0x82, 0x83, 0x84",
        "0x82,0x83,0x84",
        "{ 0x82, 0x83, 0x84 };",
        "[0x82 0x83 0x84]",
        "0x828384",
        "\\x82\\x83\\x84",
        "b'\\x82\\x83\\x84'",
        '"828384"',
        "82 83 84  # a remark",
    ],
)
def test_one_line(text: str) -> None:
    assert one_frame(text) == Frame(bytes.fromhex("828384"))


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ("2026-05-01 12:00:00", 1_777_636_800),
        ("2026-05-01T12:00:00Z", 1_777_636_800),
        ("2026-05-01T14:00:00.5+02:00", 1_777_636_800.5),
    ],
)
def test_a_time_before_the_hex(time: str, seconds: float) -> None:
    found = one_frame(f"{time}|828384")
    assert found == Frame(bytes.fromhex("828384"), time_us=round(seconds * 1e6))


@pytest.mark.parametrize(
    "text",
    ["xyz", "0x82, zz", "8", "82 8", "0010: 82 83", "yesterday|8283", "9999-99-99 1:1|82", "|82"],
)
def test_what_is_no_hex_is_told(text: str) -> None:
    found = one_frame(text)
    assert isinstance(found, BadFrame)
    assert found.reason == f"not hex bytes: {text!r}"


def test_frames_follow_each_other() -> None:
    lines = HexLines()
    text = f"{DUMPS['xxd']}828384\n\n# a remark\n0000: 01 02\n0000: 03 04\n0002: 05\nzz\n"
    found = [frame for line in text.splitlines() for frame in lines.line(line)]
    found += lines.end()
    assert [frame.data.hex() for frame in found] == [
        *(FRAME.hex(), "828384", "0102", "030405"),
        "7a7a",
    ]
    assert isinstance(found[-1], BadFrame)
