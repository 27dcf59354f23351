"""``decode`` and ``demodulate`` of recordings: from sound to values in one step."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result

from decoders.frame import Frame
from decoders.framing.kiss import KissDeframer
from decoders.framing.registry import bit_deframer
from groundstation.catalog import SatelliteCatalog
from groundstation.cli import groundstation
from groundstation.sound.heard_file import fitting
from groundstation.sound.recording import Told
from groundstation.sound.voices import voices
from tests.sound import air

NAME = "satnogs_1234567_2026-05-01T12-00-00"


@pytest.fixture(scope="module")
def frames() -> list[bytes]:
    return air.beacons()


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory, frames: list[bytes]) -> Path:
    return air.write_wave(tmp_path_factory.mktemp("sound") / f"{NAME}.wav", air.audio(frames))


def run(*words: object) -> Result:
    return CliRunner().invoke(groundstation, [str(word) for word in words])


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_from_sound_to_values(recording: Path, frames: list[bytes]) -> None:
    found = lines(run("decode", recording, "--satellite", "classroom-1", "--format", "json"))
    assert [bytes.fromhex(str(line["frame"])) for line in found] == frames
    volts = [line["parameters"]["battery_voltage"]["value"] for line in found]  # type: ignore[index]
    assert volts == [3.7, 3.8]


def test_an_observation_of_satnogs_as_it_is(
    tmp_path: Path, recording: Path, frames: list[bytes]
) -> None:
    """OGG Vorbis; the time of each frame follows from the name and its place in the file."""
    path = tmp_path / f"{NAME}.ogg"
    samples, rate = soundfile.read(recording, dtype="float32")
    soundfile.write(path, samples, rate, format="OGG", subtype="VORBIS", compression_level=0.0)
    found = lines(run("demodulate", path, "--satellite", "classroom-1"))
    assert [line["frame"] for line in found] == [frame.hex() for frame in frames]
    for line, start in zip(found, air.STARTS, strict=True):
        first_s = start + air.FLAGS * 8 / air.MODE.baud
        seconds = float(str(line["time"]).removeprefix("2026-05-01T12:00:0").rstrip("Z"))
        assert seconds == pytest.approx(first_s, abs=0.002)
    assert (found[0]["way"], found[0]["supposed"], found[0]["repaired"]) == (
        *("FSK 9600 baud, hdlc-g3ruh", "classroom-1", 0),
    )


def test_times_are_told_or_not_there(tmp_path: Path, recording: Path) -> None:
    path = tmp_path / "pass.wav"
    path.write_bytes(recording.read_bytes())
    words = ("demodulate", path, "--satellite", "classroom-1")
    assert [line["time"] for line in lines(run(*words))] == [None, None]
    found = lines(run(*words, "--start", "2027-01-01T00:00:00Z"))
    assert str(found[0]["time"]).startswith("2027-01-01T00:00:00.2")


def test_kiss_and_soft_symbols_go_on_to_other_commands(
    recording: Path, frames: list[bytes]
) -> None:
    kiss = run("demodulate", recording, "--satellite", "classroom-1", "--format", "kiss")
    found = KissDeframer().feed(kiss.stdout_bytes)
    assert [frame.data for frame in found] == frames
    words = ("--modulation", "GMSK", "--baud", 9600, "--framing", "hdlc-g3ruh")
    soft = run("demodulate", recording, *words, "--format", "soft").stdout_bytes
    deframer = bit_deframer("hdlc-g3ruh")
    good = [each for each in deframer.feed(np.frombuffer(soft, np.int8)) if isinstance(each, Frame)]
    # One detector alone: a short frame may need the union of all.
    assert frames[0] in [frame.data for frame in good]


def test_samples_without_a_head(tmp_path: Path, frames: list[bytes]) -> None:
    path = tmp_path / "rtl_fm.raw"
    path.write_bytes(air.pcm(air.audio(frames[:1])))
    words = ("--rate", 48000, "--satellite", "classroom-1", "--format", "csv", "--wide")
    result = run("decode", path, *words)
    assert len(result.stdout.splitlines()) == 2


def test_what_fits_is_found_out(recording: Path) -> None:
    index = SatelliteCatalog().index
    some = voices(index[id] for id in ("cute", "grbalpha", "quetzal-1", "classroom-1"))
    assert len({each.mode for each in some}) > 2
    found = fitting(recording, Told(), some)
    assert [each.framing for each in found] == ["hdlc-g3ruh"] * len(found)
    assert "classroom-1" in {id for each in found for id in each.satellites}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no.wav", "--satellite", "classroom-1"), "cannot read no.wav: No such file"),
        (("no.wav", "--satellite", "clasroom-1"), "did you mean 'classroom-1'"),
        (("no.wav", "--modulation", "FSK"), "give --modulation, --baud and --framing together"),
        (("no.wav", "--modulation", "LoRa", "--baud", "1", "--framing", "hdlc"), "no demodulator"),
        (("no.wav", "--samples", "u8"), "--samples needs --rate"),
        (("no.wav", "--rate", "1"), "1 samples a second: expected 4000"),
        (("no.wav", "--start", "noon"), "'noon' is no time such as"),
        (("no.wav", "--format", "soft"), "--format soft is of one mode"),
        (("no.wav", "--satellite", "quetzal-1", "--baud", "1"), "quetzal-1 does not send at 1"),
    ],
)
def test_what_cannot_be_is_told(words: tuple[str, ...], said: str) -> None:
    result = run("demodulate", *words)
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_silence(tmp_path: Path) -> None:
    path = air.write_wave(tmp_path / "silence.wav", np.zeros(air.RATE, np.float32))
    assert run("demodulate", path, "--satellite", "classroom-1").exit_code == 1
