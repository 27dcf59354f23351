"""Recordings as links."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

import groundstation.links.replay
from decoders.framing.kiss import KissDeframer, kiss_encode, kiss_stamp
from groundstation.errors import LinkUrlError
from groundstation.links.link import Link
from groundstation.links.registry import opener
from groundstation.model import iso
from tests.links.devices import wait_until
from tests.links.link_contract import QUICK, Heard


def play(url: str) -> tuple[Link, Heard]:
    heard = Heard()
    link = Link("recording", opener(url), heard, backoff=QUICK)
    link.start()
    wait_until(lambda: link.state.state == "ended", what=link)
    link.stop()
    return link, heard


def test_raw_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    (tmp_path / "pass.kss").write_bytes(content)
    link, heard = play(f"file://{tmp_path}/pass.kss")
    assert heard.stretches == [content, b""]
    assert link.state.detail == f"{tmp_path}/pass.kss was read to its end"


def test_hex_lines(tmp_path: Path) -> None:
    (tmp_path / "pass.hex").write_text("# a remark\n\nA5 01 0f\nC0DB # all\n")
    _, heard = play(f"file://{tmp_path}/pass.hex")
    assert heard.stretches[0] == kiss_encode(b"\xa5\x01\x0f") + kiss_encode(b"\xc0\xdb")


def test_bad_hex_lines_are_named_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "pass.hex").write_bytes(b"A501\nA5 0\nhello\n\xff\xfe\n0102\n")
    link, heard = play(f"file://{tmp_path}/pass.hex")
    assert heard.stretches[0] == kiss_encode(b"\xa5\x01") + kiss_encode(b"\x01\x02")
    assert link.state.detail == (
        f"{tmp_path}/pass.hex:2: not hexadecimal bytes (lines like this: 3); the others were read"
    )


def test_speed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(960)
    (tmp_path / "pass.kss").write_bytes(content)
    waited = stepping(monkeypatch)
    _, heard = play(f"file://{tmp_path}/pass.kss?speed=2")
    assert heard.stretches[0] == content
    assert sum(waited) == pytest.approx(0.5)  # 9600 baud, ten bits a byte, twice as fast


def stepping(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time passes only while the port waits; how long it waited each time."""
    waited: list[float] = []
    clock = SimpleNamespace(monotonic=lambda: sum(waited), sleep=waited.append)
    monkeypatch.setattr(groundstation.links.replay, "time", clock)
    return waited


@pytest.mark.parametrize("name", ["pass.kss", "pass.hex"])
def test_its_own_pace_is_that_of_its_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    times = [1_700_000_000_000_000 + 1_000_000 * after for after in (0, 1, 1, 31, 30, 61)]
    frames = [bytes([number, 0xC0, 9]) for number in range(6)]
    pairs = list(zip(times, frames, strict=True))
    if name == "pass.hex":
        text = "".join(f"{iso(time)}|{frame.hex()}\n" for time, frame in pairs)
        (tmp_path / name).write_text(text)
    else:
        stream = b"".join(kiss_stamp(time) + kiss_encode(frame) for time, frame in pairs)
        (tmp_path / name).write_bytes(stream)
    waited = stepping(monkeypatch)
    _, heard = play(f"file://{tmp_path}/{name}?speed=10")
    found = KissDeframer().feed(heard.stretches[0])
    assert [(frame.time_us, frame.data) for frame in found] == pairs
    assert sum(waited) == pytest.approx(6.1)


def test_it_waits_for_the_file(tmp_path: Path) -> None:
    path = tmp_path / "pass.kss"
    heard = Heard()
    link = Link("recording", opener(f"file://{path}"), heard, backoff=QUICK)
    link.start()
    wait_until(lambda: link.state.detail)
    assert link.state.detail == f"{path} cannot be read: No such file or directory"
    path.write_bytes(b"abc")
    wait_until(lambda: link.state.state == "ended")
    assert heard.stretches[0] == b"abc"
    link.stop()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("file://", "expected a file"),
        ("file://a.kss?speed=0", "speed=0: expected a number above 0"),
        ("file://a.kss?speed=nan", "speed=nan: expected a number above 0"),
        ("file://a.kss?baud=9600", "unknown setting 'baud'"),
    ],
)
def test_wrong_settings(url: str, problem: str) -> None:
    with pytest.raises(LinkUrlError, match=problem):
        opener(url)
