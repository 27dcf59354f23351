"""What became of a frame, in a word."""

import pytest

from groundstation.model import FrameRow, Reception
from groundstation.storage.frames import frame_row


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"satellite": "a", "packet": "p"}, "decoded"),
        ({"satellite": "a", "packet": "p", "error": "3 bytes are missing"}, "undecoded"),
        ({"satellite": "a"}, "undecoded"),
        ({"error": "nobody's"}, "unknown"),
        ({"error": "not interpreted yet", "waiting": True}, "waiting"),
        ({"error": "checksum", "damaged": True}, "damaged"),
    ],
)
def test_status(facts: dict[str, object], status: str) -> None:
    assert FrameRow(1, 0, "tnc", b"x", **facts).status == status  # type: ignore[arg-type]


def test_a_damaged_frame_waits_for_nobody() -> None:
    assert frame_row(Reception(1, 0, "tnc", b"x"), None).status == "waiting"
    assert frame_row(Reception(1, 0, "tnc", b"x", damaged=True), None).status == "damaged"
