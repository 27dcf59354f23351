"""False frames: noise through the detectors of every kind, and behind each all framings of bits."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.modem_signals import AUDIO_HZ, SCALE, noise
from decoders.frame import Frame
from decoders.framing.registry import BIT_FRAMINGS
from decoders.modem import Heard, Mode, SharedReceiver
from decoders.modem.arrays import Complex, Real
from decoders.modem.modulate import discriminated
from decoders.modem.spectrum import Spectrum, low_pass

#: What noise is listened to for: every kind of detector, the quick ones first.
NOISE_MODES = (
    ("AFSK 1200", Mode("afsk", 1200, -500, 1700)),
    ("AFSK 4800", Mode("afsk", 4800, -1200, 3600)),
    ("4-FSK 4800", Mode("4fsk", 4800, 2400)),
    ("BPSK 1200", Mode("bpsk", 1200, None, 1500)),
    ("DBPSK 1200", Mode("dbpsk", 1200, None, 1500)),
    ("FSK 9600 in IQ", Mode("fsk", 9600, 2400)),
    ("FSK 9600, deviation not known", Mode("fsk", 9600)),
    ("BPSK 9600", Mode("bpsk", 9600, None, 12000)),
    ("FSK 1200", Mode("fsk", 1200, 600)),
)
#: Options without which a framing cannot be, or has nothing by which to know a frame.
NOISE_OPTIONS: dict[str, dict[str, object]] = {
    "syncword": {"sync": "2DD4", "crc": "crc16-ccitt"},
    "ccsds": {"fecf": True},
}
#: Their noise comes through the discriminator of an FM receiver.
_BEHIND_FM = ("fsk", "4fsk")
#: They cost as much as all others together, and get a tenth of the time.
COSTLY = ("fx25", "ccsds-concatenated", "mobitex", "mobitex-nx")


def false_frames(hours: float, only: str = "") -> Iterator[str]:
    """Noise through the detectors of every kind, and behind each all framings.

    Each gets as many bits: at 9600 a second an eighth of the minutes that it gets at 1200.
    """
    share = hours * 60 / sum(1 / mode.bit_rate for _, mode in NOISE_MODES)
    cheap = [name for name in BIT_FRAMINGS if name not in COSTLY]
    yield "| noise, detectors | framings | minutes | times real time | false frames |"
    yield "|---|---|---|---|---|"
    for name, mode in NOISE_MODES:
        if only not in ("", name):
            continue
        for what, names, part in (
            (f"{len(cheap)} others", cheap, 1.0),
            (", ".join(COSTLY), COSTLY, 0.1),
        ):
            length = max(math.ceil(share / mode.bit_rate * part), 1)
            false, quick = false_in(mode, "IQ" in name, length, names)
            told = ", ".join(f"{false.count(each)} {each}" for each in dict.fromkeys(false))
            yield f"| {name} | {what} | {length} | {quick:.1f} | {told or 0} |"


def together(rows: Sequence[str]) -> str:
    """The row below all others: minutes, and false frames."""
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    minutes = sum(int(row[2]) for row in cells)
    false = sum(int(part.split()[0]) for row in cells for part in row[4].split(", "))
    return f"| together | | {minutes} | | {false} |"


def false_in(mode: Mode, iq: bool, minutes: int, names: Sequence[str]) -> tuple[list[str], float]:
    """The framings of all that is taken for a frame in noise, and how fast that was."""
    framings = [(name, NOISE_OPTIONS.get(name, {})) for name in names]
    scale = SCALE if mode.modulation in _BEHIND_FM else None
    receiver = SharedReceiver(mode, framings, rate_hz=AUDIO_HZ, iq=iq, scale=scale)
    found: list[tuple[int, Heard]] = []
    spent = 0.0
    for minute in range(minutes):
        samples = noise_of(mode, iq, minute)
        start = time.process_time()
        found += receiver.feed(samples)
        spent += time.process_time() - start
    found += receiver.finish()
    false = [(framings[place][0], each) for place, each in found if isinstance(each.item, Frame)]
    for name, each in false:
        print(f"  {name} at {each.sample / AUDIO_HZ:.1f} s: {each.item}", file=sys.stderr)
    return [name for name, _ in false], 60 * minutes / spent


def noise_of(mode: Mode, iq: bool, minute: int) -> Real:
    """A minute of what a receiver gives where nobody sends."""
    rng = np.random.default_rng([99, minute])
    if iq:
        return noise(AUDIO_HZ * 60, 0.1, rng)
    if mode.modulation in _BEHIND_FM:
        return _discriminated(noise(AUDIO_HZ * 60, 1.0, rng), 1.5 * max(mode.baud, 6000))
    return (0.2 * rng.standard_normal(AUDIO_HZ * 60)).astype(np.float32)


def _discriminated(z: Complex, if_hz: float) -> Real:
    """The audio of a receiver that works at AUDIO_HZ, as rtl_fm does, behind this filter."""
    filtered, rate_hz = Spectrum(z, AUDIO_HZ).around(
        0.0, low_pass(0.5, 2500 / if_hz), if_hz, AUDIO_HZ
    )
    assert rate_hz == AUDIO_HZ
    return discriminated(filtered, AUDIO_HZ, SCALE)
