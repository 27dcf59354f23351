"""What of a downlink decides how it is demodulated."""

from __future__ import annotations

import pytest

from decoders.definition.model import Downlink
from decoders.modem import Mode, mode_of


@pytest.mark.parametrize(
    ("modulation", "baud", "framing", "keys", "mode"),
    [
        ("FSK", 9600, "hdlc-g3ruh", {}, Mode("fsk", 9600)),
        ("FSK", 9600, "hdlc-g3ruh", {"deviation_hz": 3000}, Mode("fsk", 9600, 3000)),
        ("GMSK", 4800, "hdlc-g3ruh", {}, Mode("fsk", 4800, 1200)),
        ("GMSK", 4800, "hdlc-g3ruh", {"deviation_hz": 1600}, Mode("fsk", 4800, 1600)),
        ("AFSK", 1200, "hdlc", {}, Mode("afsk", 1200, -500, 1700)),
        ("AFSK", 4800, "u482c", {}, Mode("afsk", 4800, -1200, 3600)),
        (
            *("AFSK", 1240, "hdlc", {"deviation_hz": 500, "carrier_hz": 1800}),
            Mode("afsk", 1240, 500, 1800),
        ),
        ("BPSK", 1200, "hdlc", {"carrier_hz": 1600}, Mode("bpsk", 1200, None, 1600)),
    ],
)
def test_a_downlink_says_its_mode(
    modulation: str, baud: float, framing: str, keys: dict[str, float], mode: Mode
) -> None:
    assert mode_of(Downlink("x", None, modulation, baud, framing, **keys)) == mode  # type: ignore[arg-type]
