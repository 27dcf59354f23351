"""Files of sound: every form that people have gives the samples that were put in."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from groundstation.errors import SoundError
from groundstation.model import iso
from groundstation.sound.recording import Told, chunks, is_sound, open_recording
from groundstation.sound.samples import SampleReader, Samples
from groundstation.sound.start_time import start_us
from groundstation.sound.stream import Sound

RATE = 48_000
TONE = 0.5 * np.sin(2 * np.pi * 1200 / RATE * np.arange(4800))


def samples(path: Path, told: Told | None = None) -> tuple[Sound, Samples]:
    recording = open_recording(path, told)
    reader = SampleReader(recording.sound)
    found = [reader.feed(data) for data in chunks(recording)]
    recording.close()
    return recording.sound, np.concatenate(found)


@pytest.mark.parametrize(
    ("suffix", "subtype", "error"),
    [
        ("wav", "PCM_U8", 0.006),
        ("wav", "PCM_16", 4e-5),
        ("wav", "PCM_24", 2e-7),
        ("wav", "PCM_32", 1e-7),
        ("wav", "FLOAT", 1e-7),
        ("wav", "DOUBLE", 1e-7),
        ("rf64", "PCM_16", 4e-5),
        ("flac", "PCM_16", 4e-5),
        ("ogg", "VORBIS", 0.05),
    ],
)
def test_libsndfile_s_files_are_read(
    tmp_path: Path, suffix: str, subtype: str, error: float
) -> None:
    """libsndfile, which writes them, is the independent truth of what the formats are."""
    path = tmp_path / f"tone.{suffix}"
    form = suffix.upper()
    soundfile.write(path, TONE, RATE, subtype=subtype, format=form)
    sound, found = samples(path)
    assert (sound.rate_hz, sound.channels, sound.iq, found.dtype) == (RATE, 1, False, np.float32)
    assert len(found) == len(TONE)
    assert np.abs(found - TONE).max() < error


def test_two_channels_are_mixed_or_are_i_and_q(tmp_path: Path) -> None:
    both = np.stack([TONE, 0.25 * TONE], axis=1)
    for name in ("stereo.wav", "SDRSharp_20240101_120000Z_437500000Hz_IQ.wav"):
        soundfile.write(tmp_path / name, both, RATE, subtype="FLOAT")
    _, mixed = samples(tmp_path / "stereo.wav")
    assert np.allclose(mixed, 0.625 * TONE, atol=1e-6)
    sound, pairs = samples(tmp_path / "SDRSharp_20240101_120000Z_437500000Hz_IQ.wav")
    assert sound.iq and np.allclose(pairs, TONE + 0.25j * TONE, atol=1e-6)
    assert iso(sound.start_us or 0) == "2024-01-01T12:00:00.000Z"
    assert samples(tmp_path / "stereo.wav", Told(iq=True))[0].iq


def test_a_length_that_the_writer_could_not_know(tmp_path: Path) -> None:
    """What sox and ffmpeg write into a pipe; and a file that was cut off."""
    path = tmp_path / "piped.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((TONE * 32767).astype("<i2").tobytes())
    whole = path.read_bytes()
    piped = whole[:4] + b"\xff\xff\xff\xff" + whole[8:40] + b"\xff\xff\xff\xff" + whole[44:]
    path.write_bytes(piped)
    assert len(samples(path)[1]) == len(TONE)
    path.write_bytes(whole[: 44 + 2001])
    assert len(samples(path)[1]) == 1000  # half a sample is none


def test_samples_without_a_head(tmp_path: Path) -> None:
    path = tmp_path / "capture.raw"
    pairs = np.exp(2j * np.pi * 0.01 * np.arange(1000))
    path.write_bytes(np.round(127.5 * (1 + np.stack([pairs.real, pairs.imag], 1))).astype("u1"))
    told = Told(Sound(240_000, "u8", 2, iq=True))
    _, found = samples(path, told)
    assert np.abs(found - pairs).max() < 0.01
    gqrx = tmp_path / "gqrx_20240101_120000_437500000_96000_fc.raw"
    gqrx.write_bytes(pairs.astype(np.complex64).tobytes())
    assert is_sound(gqrx) and not is_sound(path)
    sound, found = samples(gqrx)
    assert (sound.rate_hz, sound.iq) == (96_000, True)
    assert np.allclose(found, pairs, atol=1e-6)


@pytest.mark.parametrize("form", ["u8", "s8", "s16le", "s16be", "s24le", "s32le", "f32le", "f64le"])
def test_however_a_stream_is_cut(form: str) -> None:
    data = np.random.default_rng(1).integers(0, 60, 960, np.uint8).tobytes()
    sound = Sound(RATE, form, 2)
    at_once = SampleReader(sound).feed(data)
    reader = SampleReader(sound)
    pieces = [reader.feed(data[start : start + 7]) for start in range(0, len(data), 7)]
    assert np.array_equal(np.concatenate(pieces), at_once)


def test_what_is_not_finite_is_silence() -> None:
    data = np.array([np.nan, np.inf, -np.inf, 0.5], "<f4").tobytes()
    assert SampleReader(Sound(RATE, "f32le")).feed(data).tolist() == [0, 0, 0, 0.5]


def head(tag: int, bits: int, rest: bytes = b"data\0\0\0\0") -> bytes:
    form = struct.pack("<HHIIHH", tag, 1, RATE, RATE, 1, bits)
    return b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", len(form)) + form + rest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello, this is no sound", "is not a WAV file (it begins with b'hell')"),
        (b"", "is not a WAV file"),
        (head(7, 8), "holds mu-law of 8 bits; make it 16-bit PCM: sox"),
        (head(1, 16, b""), "ends before its samples; copy or download it again"),
        (b"RIFF\0\0\0\0WAVEdata\0\0\0\0", "does not say what its samples are"),
        (b"RIFF\0\0\0\0WAVEfmt \x04\0\0\0abcd", "its head is cut off"),
        (b"OggS" + bytes(100), "cannot be read"),
    ],
)
def test_what_is_no_sound_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file.wav"
    path.write_bytes(content)
    with pytest.raises(SoundError) as caught:
        open_recording(path)
    assert said in str(caught.value) and str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("satnogs_1234567_2024-01-01T00-00-00.ogg", "2024-01-01T00:00:00.000Z"),
        ("gqrx_20240229_235959_437500000.wav", "2024-02-29T23:59:59.000Z"),
        ("HDSDR_20240101_120000Z_437500kHz_RF.wav", "2024-01-01T12:00:00.000Z"),
        ("pass 2024-01-01T12:00:00Z.wav", "2024-01-01T12:00:00.000Z"),
        ("2024-01-01_12-00-00.wav", None),  # of which time zone?
        ("satnogs_1234567_2024-13-41T00-00-00.ogg", None),
        ("koyo.wav", None),
    ],
)
def test_the_start_is_what_the_name_tells(name: str, time: str | None) -> None:
    found = start_us(name)
    assert (found and iso(found)) == time
