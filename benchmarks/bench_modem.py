"""The software modem beside Direwolf's atest (and gr_satellites, where installed), in one run.

    python benchmarks/bench_modem.py [--frames 40] [--recordings DIR] [--noise-hours 0.1] [--write]

Seeded signals in noise (modem_signals.py), what a receiver does to them, speed, false frames in
noise, and with --recordings off-air recordings with the frames that are known to be in them
(recordings.json there). --write puts the tables into docs/modem.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.modem_deviation import deviation
from benchmarks.modem_erasures import erasures
from benchmarks.modem_noise import false_frames, together
from benchmarks.modem_peers import atest, gr_ax25, gr_satellites
from benchmarks.modem_recordings import RECORDINGS
from benchmarks.modem_signals import (
    AUDIO_HZ,
    RADIO_HZ,
    SCALE,
    SIGNALS,
    Signal,
    drifting,
    faded,
    noise,
    of_name,
    received,
    stream,
)
from benchmarks.modem_stream import latency, memory, ogg
from decoders.frame import Frame
from decoders.modem import AudioReceiver, Heard
from decoders.modem.arrays import Real
from decoders.modem.spectrum import Spectrum

PAGE = Path(__file__).parents[1] / "docs" / "modem.md"
#: Eb/N0 in dB at which each signal is tried.
LEVELS = {
    "9k6 GMSK": (6, 6.5, 7, 7.5, 8, 9, 10, 12, 14),
    "9k6 FSK h=0.625": (6, 6.5, 7, 7.5, 8, 9, 10, 12, 14),
    "4k8 GMSK": (6, 6.5, 7, 7.5, 8, 9, 10, 12, 14),
    "4k8 4-FSK": (10, 11, 12, 13, 14, 16),
    "AFSK 1200": (5.5, 6, 6.5, 7, 7.5, 8, 10, 12),
    "AFSK 1200 through FM": (4, 4.5, 5, 5.5, 6, 7, 8, 10),
    "BPSK 1200": (5, 5.5, 6, 6.5, 7, 8, 9, 11, 13),
    "BPSK 9600": (5, 5.5, 6, 6.5, 7, 8, 9, 11, 13),
}


def receive(signal: Signal, audio: Real, **options: object) -> tuple[list[Heard], float]:
    """What the modem hears, and the seconds of CPU that it took."""
    scale = SCALE if signal.if_hz and not signal.fm_hz else None
    options = {"rate_hz": AUDIO_HZ, "scale": scale, **options}
    receiver = AudioReceiver(signal.mode, signal.framing, **options)
    start = time.process_time()
    found = receiver.feed(audio) + receiver.finish()
    return found, time.process_time() - start


def frames_of(found: list[Heard], *, repaired: bool = True) -> set[bytes]:
    return {
        each.item.data
        for each in found
        if isinstance(each.item, Frame) and (repaired or not each.quality.repaired)
    }


def write_wav(path: Path, audio: Real) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(AUDIO_HZ)
        file.writeframes((np.clip(audio, -1, 1) * 32767).astype("<i2").tobytes())


def half(levels: list[float], shares: list[float]) -> str:
    """The Eb/N0 at which half of the frames come through."""
    for at in range(1, len(levels)):
        if shares[at - 1] < 0.5 <= shares[at]:
            part = (0.5 - shares[at - 1]) / (shares[at] - shares[at - 1])
            return f"{levels[at - 1] + part * (levels[at] - levels[at - 1]):.1f}"
    return f"< {levels[0]:g}" if shares[0] >= 0.5 else "none"


def sensitivity(frames: int, only: str = "") -> Iterator[str]:
    yield (
        "| signal | with repair | without | atest -P + | gr_satellites | wrong frames "
        "| curve: Eb/N0: all/clean |"
    )
    yield "|---|---|---|---|---|---|---|"
    for signal in SIGNALS:
        if only not in ("", signal.name):
            continue
        levels = [float(level) for level in LEVELS[signal.name]]
        rows, wrong = [], 0
        for level in levels:
            audio, sent = stream(signal, level, frames)
            found, _ = receive(signal, audio)
            clean = frames_of(found, repaired=False) & set(sent)
            every = frames_of(found)
            wrong += len(every - set(sent))
            theirs = [
                None if each is None else len(each & set(sent)) for each in peers(signal, audio)
            ]
            rows.append((len(every & set(sent)), len(clean), *theirs))
        ours = [half(levels, [row[n] / frames for row in rows]) for n in range(2)]
        others = [their_half(levels, [row[n] for row in rows], frames) for n in (2, 3)]
        curve = ", ".join(f"{e:g}: {r[0]}/{r[1]}" for e, r in zip(levels, rows, strict=True))
        yield (
            f"| {signal.name} | {ours[0]} | {ours[1]} | {others[0]} | {others[1]} "
            f"| {wrong} | {curve} |"
        )


def peers(signal: Signal, audio: Real) -> tuple[set[bytes] | None, set[bytes] | None]:
    """What atest and gr_satellites find, as far as they are installed and know the signal."""
    if not signal.framing.startswith("hdlc"):
        return None, None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.wav")
        write_wav(path, audio)
        direwolf = None
        if "bpsk" not in signal.mode.modulation:
            direwolf = atest(path, signal.mode.baud, scrambled=signal.scrambled)
        return direwolf, gr_ax25(path, AUDIO_HZ, signal.mode, scrambled=signal.scrambled)


def their_half(levels: list[float], counts: list[int | None], frames: int) -> str:
    """As :func:`half`, of a program that may not be there."""
    known = [count for count in counts if count is not None]
    if len(known) < len(counts):
        return "-"
    found = half(levels, [count / frames for count in known])
    return f"> {levels[-1]:g}" if found == "none" else found


def filtered(audio: Real, response: Callable[[Real], Real]) -> Real:
    bins = np.fft.rfft(audio)
    return np.fft.irfft(
        bins * response(np.fft.rfftfreq(len(audio), 1 / AUDIO_HZ)), len(audio)
    ).astype(np.float32)


def robustness(frames: int) -> Iterator[str]:
    """9k6 GMSK at levels around the limit, each fault by itself."""
    signal = of_name("9k6 GMSK")
    levels = (8.0, 9.0, 10.0, 12.0)
    yield (
        f"| 9k6 GMSK, frames of {frames} at Eb/N0 | " + " | ".join(f"{e:g}" for e in levels) + " |"
    )
    yield "|---|" + "---|" * len(levels)
    streams = [stream(signal, level, frames) for level in levels]

    def row(name: str, change: Callable[[Real], Real] = lambda a: a, **options: object) -> str:
        counts = []
        for audio, sent in streams:
            found, _ = receive(signal, change(audio), **options)
            counts.append(len(frames_of(found) & set(sent)))
        return f"| {name} | " + " | ".join(map(str, counts)) + " |"

    def high_pass(corner: float) -> Callable[[Real], Real]:
        def response(f: Real) -> Real:
            return 1j * f / (1j * f + corner)

        return lambda a: filtered(a, response)

    def off_clock(ppm: float) -> Callable[[Real], Real]:
        def change(audio: Real) -> Real:
            places = np.arange(len(audio) / (1 + ppm * 1e-6) - 1) * (1 + ppm * 1e-6)
            fine, rate = Spectrum(audio, AUDIO_HZ).real(np.ones_like, 1.0, 4 * AUDIO_HZ)
            return np.interp(places * rate / AUDIO_HZ, np.arange(len(fine)), fine).astype(
                np.float32
            )

        return change

    yield row("as it is, level known")
    yield row("level learned", scale=None)
    for percent in (-6, 6):
        yield row(f"level {percent:+} %", lambda a, p=percent: a * np.float32(1 + p / 100))
    for corner in (20.0, 100.0):
        yield row(f"AC coupling at {corner:g} Hz", high_pass(corner))
        yield row(f"AC coupling at {corner:g} Hz, undone", high_pass(corner), highpass_hz=corner)
    yield row("clipped at 8 kHz", lambda a: np.clip(a, -8000 / SCALE, 8000 / SCALE))
    yield row("8 bit samples", lambda a: (np.rint(a * 127) / 127).astype(np.float32))
    for ppm in (200.0, -200.0):
        yield row(f"sound card's clock off by {ppm:+g} ppm", off_clock(ppm))
    for name, disturb in (
        ("fading by 20 dB, 0.1 Hz", faded(0.1)),
        ("fading by 20 dB, 2 Hz", faded(2.0)),
        ("carrier drifts by 170 Hz/s", drifting),
    ):
        streams = [stream(signal, level, frames, disturb) for level in levels]
        yield row(name)
    for width in (9600, 20000, 38400):
        other = Signal(signal.name, signal.mode, True, 1, width, 300)
        streams = [stream(other, level, frames) for level in levels]
        yield row(f"receiver's filter {width / 1000:g} kHz")


def speed() -> Iterator[str]:
    yield "| stream, 60 s | times real time, one core |"
    yield "|---|---|"
    rng = np.random.default_rng(3)
    for name in ("9k6 GMSK", "4k8 GMSK", "AFSK 1200", "BPSK 1200", "BPSK 9600"):
        signal = of_name(name)
        if signal.if_hz:
            silent = received(noise(RADIO_HZ * 60, 1.0, rng), signal.if_hz)
        else:
            silent = (0.2 * rng.standard_normal(AUDIO_HZ * 60)).astype(np.float32)
        busy = np.resize(stream(signal, 12, 40)[0], AUDIO_HZ * 60)
        for kind, audio in (("noise alone", silent), ("a frame after the other", busy)):
            best = min(receive(signal, audio)[1] for _ in range(2))
            yield f"| {name}, {kind} | {60 / best:.0f} |"


def recordings(folder: Path, only: str = "") -> Iterator[str]:
    known = {row["file"]: row for row in json.loads((folder / "recordings.json").read_text())}
    yield (
        "| recording | prototype | this | of it repaired | atest -P + | gr_satellites "
        "| times real time |"
    )
    yield "|---|---|---|---|---|---|---|"
    for name, ways in RECORDINGS.items():
        if only not in ("", name):
            continue
        path = folder / f"{name}.wav"
        with wave.open(str(path)) as file:
            rate = file.getframerate()
            audio = np.frombuffer(file.readframes(file.getnframes()), "<i2") / np.float32(32768)
        every: set[bytes] = set()
        clean: set[bytes] = set()
        spent, theirs = 0.0, None
        row = known[f"{name}.wav"]
        radio = gr_satellites(path, rate, row["satellite"])
        for mode, framing, options in ways:
            receiver = AudioReceiver(mode, framing, options, rate_hz=rate)
            start = time.process_time()
            found = receiver.feed(audio) + receiver.finish()
            spent += time.process_time() - start
            every |= frames_of(found)
            clean |= frames_of(found, repaired=False)
            if framing.startswith("hdlc") and mode.modulation in ("fsk", "afsk"):
                theirs = atest(path, mode.baud, scrambled=framing != "hdlc")
            if radio is None and framing.startswith("hdlc"):
                radio = gr_ax25(path, rate, mode, scrambled=framing != "hdlc")
        prototype = row.get("frames_prototype", "")
        yield (
            f"| {row['satellite']} ({name}) | {prototype} | {len(every)} | "
            f"{len(every - clean)} | {beside(theirs, every)} | {beside(radio, every)} | "
            f"{len(audio) / rate * len(ways) / spent:.0f} |"
        )


def beside(theirs: set[bytes] | None, ours: set[bytes]) -> str:
    """How many frames another program found, and how many of them are not among ours."""
    if theirs is None:
        return ""
    missing = len(theirs - ours)
    return str(len(theirs)) + (f" ({missing} of them not here)" if missing else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--recordings", type=Path)
    parser.add_argument("--noise-hours", type=float, default=0.1)
    parser.add_argument("--only", default="")
    parser.add_argument("--signal", default="", help="of sensitivity, noise, recordings: only this")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    parts: dict[str, Iterator[str]] = {
        "sensitivity": sensitivity(given.frames, given.signal),
        "robustness": robustness(given.frames),
        "speed": speed(),
        "noise": false_frames(given.noise_hours, given.signal),
        "latency": latency(),
        "memory": memory(),
        "ogg": ogg(given.frames // 2),
        "erasures": erasures(given.frames),
        "deviation": deviation(given.frames),
    }
    if given.recordings:
        parts["recordings"] = recordings(given.recordings, given.signal)
    for name, lines in parts.items():
        if given.only and name not in given.only.split(","):
            continue
        print(f"\n== {name}", flush=True)
        told = []
        for line in lines:
            print(line, flush=True)
            told.append(line)
            if given.write:
                put(name, told, whole=False)
        if given.write and not given.signal:
            put(name, told, whole=True)


#: Cells by which a row is known; of the other tables one.
_KEYS = {"noise": 2}


def put(name: str, lines: list[str], *, whole: bool) -> None:
    """The table into the page, between its marks; what is not ``whole`` leaves the other rows."""
    text = PAGE.read_text("utf-8")
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, rest = text.split(begin)
    old, after = rest.split(end)
    rows = {} if whole else {_key(name, line): line for line in old.strip().splitlines()}
    rows |= {_key(name, line): line for line in lines}
    if name == "noise":
        rows.pop(("together", ""), None)
        rows["together", ""] = together(list(rows.values())[2:])
    PAGE.write_text(f"{before}{begin}\n" + "\n".join(rows.values()) + f"\n{end}{after}", "utf-8")


def _key(name: str, line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.split("|")[1 : 1 + _KEYS.get(name, 1)])


if __name__ == "__main__":
    main()
