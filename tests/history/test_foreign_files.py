"""Files of other programs: each recognised by what is in it, times kept, what is wrong refused."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest

from decoders.framing.kiss import kiss_encode, kiss_stamp
from groundstation.errors import ForeignFileError
from groundstation.history.foreign.formats import FRAMES, format_of
from groundstation.history.foreign.settings import MOST_LINES, SETTINGS, station_toml
from groundstation.history.foreign.source import (
    LATEST_US,
    MOST_FRAME,
    MOST_LINE,
    Source,
    iso_us,
    named_time_us,
)
from groundstation.model import Reception
from tests.mutated import mutations
from tests.work import work_of_at_most

NEW_YEAR = 1_546_300_800_000_000  # 2019-01-01T00:00:00Z
MINUTE = 60_000_000
FRAME = bytes.fromhex("0A0B0C")
#: As FoxTelem writes a raw frame (Frame.java, save): bytes with signs.
FOXTELEM = (
    "12,1,amsat.fox-1a.ihu.duv,KB6NU,145980~5,41.2 -81.5 200,RTL~SDR,FoxTelem 1.05,"
    "1546300800123,24,10,-11,127\n"
)
TINYGS = {
    "station_location": [42.8, 74.6],
    "mode": "LoRa",
    "frequency": 436.703,
    "satellite": "Norbi",
    "rssi": -120.5,
    "unix_GS_time": 1_546_300_800,
    "usec_time": NEW_YEAR + 123_456,
    "crc_error": False,
    "data": b64encode(FRAME).decode(),
    "NORAD": 46_494,
    "noisy": False,
}
#: As GNU Radio's Message Debug prints a PDU, older and newer.
PRINTED = """
* MESSAGE DEBUG PRINT PDU VERBOSE *
((transmitter . 9k6 FSK downlink))
pdu_length = 18
contents =\x20
0000: 86 a2 40 40 40 40 60 98 aa 6e 82 82 00 e1 03 f0\x20
0010: 3a 45\x20
***********************************
***** VERBOSE PDU DEBUG PRINT ******
((transmitter . 9k6 FSK downlink))
pdu length =          3 bytes
pdu vector contents =\x20
0000: 0a 0b 0c\x20
************************************
"""
OURS = {
    "seq": 1,
    "received": "2019-01-01T00:00:00.000001Z",
    "link": "tnc",
    "simulated": False,
    "frame": "0a0b0c",
}


def source(path: Path, content: bytes | str, name: str = "file", time: bool = False) -> Source:
    file = path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return Source(file, NEW_YEAR if time else named_time_us(file), {46_494: "norbi"}.get)


def read(one: Source) -> list[Reception]:
    return list(FRAMES[format_of(one)](one))


def times_and_frames(one: Source) -> list[tuple[int, bytes]]:
    found = read(one)
    assert all(item.imported and item.seq == 0 for item in found)
    return [(item.received_us - NEW_YEAR, item.raw) for item in found]


@pytest.mark.parametrize(
    ("line", "after_us"),
    [
        ("2019-01-01 00:00:00|0A0B0C", 0),
        ("2019-01-01T00:00:00Z|0a0b0c", 0),
        ("2019-01-01T00:00:00.123456Z|0A0B0C", 123_456),
        ("2019-01-01 00:00:00.5|0A0B0C", 500_000),
        ("2019-01-01T06:00:00+06:00|0A 0B 0C", 0),
        ("2019-01-01 00:01:00 | 0A0B0C", MINUTE),
        ('"2019-01-01 00:00:00"|"0A0B0C"', 0),
        ("\ufeff2019-01-01 00:00:00|0A0B0C", 0),
        ("# remark\n\n2019-01-01 00:00:00|0A0B0C\r", 0),
    ],
)
def test_lines_of_time_and_hex(tmp_path: Path, line: str, after_us: int) -> None:
    one = source(tmp_path, line + "\n")
    assert format_of(one) == "hex"
    assert times_and_frames(one) == [(after_us, FRAME)]


def test_a_remark_marks_what_is_simulated(tmp_path: Path) -> None:
    text = "2019-01-01 00:00:00|0A # SIMULATED\n2019-01-01 00:00:00|0B\n"
    assert [item.simulated for item in read(source(tmp_path, text))] == [True, False]


def kiss_text_stamp(text: str) -> bytes:
    return b"\xc0\x09" + text.encode() + b"\xc0"


@pytest.mark.parametrize(
    ("stamp", "after_us"),
    [
        (kiss_stamp(NEW_YEAR + 123_456), 123_000),
        (kiss_text_stamp("2019-01-01T00:00:00.123456"), 123_456),
        (kiss_text_stamp("1546300800123"), 123_000),
    ],
)
def test_kiss_with_stamps_as_bytes_and_as_text(tmp_path: Path, stamp: bytes, after_us: int) -> None:
    one = source(tmp_path, stamp + kiss_encode(FRAME) + stamp + kiss_encode(b"\xc0", port=2))
    assert format_of(one) == "kiss"
    assert times_and_frames(one) == [(after_us, FRAME), (after_us, b"\xc0")]
    assert [item.link for item in read(one)] == ["kiss", "kiss:2"]


def test_kiss_keeps_what_is_no_frame_as_damaged(tmp_path: Path) -> None:
    stamp = kiss_stamp(NEW_YEAR)
    one = source(tmp_path, stamp + kiss_encode(FRAME) + b"\xc0\x00\xdb\x01\xc0" + b"cut off")
    good, *bad = read(one)
    assert good.raw == FRAME
    assert [(item.damaged, item.received_us) for item in bad] == [(True, NEW_YEAR)] * 2
    assert "wrong KISS escape" in str(bad[0].error)


def test_kiss_without_stamps_needs_a_time(tmp_path: Path) -> None:
    with pytest.raises(ForeignFileError, match="a frame without a time: give it with --time"):
        read(source(tmp_path, kiss_encode(FRAME)))
    named = source(tmp_path, kiss_encode(FRAME), "pass_2019-01-01T00-01-00.kss")
    assert times_and_frames(named) == [(MINUTE, FRAME)]
    assert times_and_frames(source(tmp_path, kiss_encode(FRAME), time=True)) == [(0, FRAME)]


def test_tinygs(tmp_path: Path) -> None:
    older = {**TINYGS, "NORAD": 1}
    del older["usec_time"]
    bad = {**TINYGS, "crc_error": True}
    text = "".join(json.dumps(each) + "\n" for each in (TINYGS, older, bad))
    one = source(tmp_path, text)
    assert format_of(one) == "tinygs"
    first, second, third = read(one)
    assert (first.received_us - NEW_YEAR, first.raw) == (123_456, FRAME)
    assert (first.link, first.supposed, first.satellite) == ("tinygs", "norbi", None)
    assert (second.received_us, second.supposed) == (NEW_YEAR, None)
    assert (third.damaged, third.error, third.supposed) == (True, "the CRC is wrong", None)


def test_foxtelem(tmp_path: Path) -> None:
    one = source(tmp_path, FOXTELEM * 2, "rawDUVframes.log")
    assert format_of(one) == "foxtelem"
    assert times_and_frames(one) == [(123_000, b"\x0a\xf5\x7f")] * 2
    heading = (
        "Sequence: 12\r\nSource: amsat.fox-1a.ihu.duv\r\nLength: 24\r\n"
        "Date: Tue, 01 Jan 2019 00:01:00 UTC\r\nReceiver: KB6NU\r\n\r\n"
    )
    sent = source(tmp_path, heading.encode() + FRAME, "1.stp")
    assert format_of(sent) == "foxtelem-sent"
    assert times_and_frames(sent) == [(MINUTE, FRAME)]


def test_foxtelem_s_values_are_refused_with_the_reason(tmp_path: Path) -> None:
    one = source(tmp_path, "20190101000000,1,12,3456,1,2000,1800,77\n", "Fox1rttelemetry.log")
    with pytest.raises(ForeignFileError, match="values of FoxTelem without their frames"):
        format_of(one)


def test_what_gr_satellites_prints(tmp_path: Path) -> None:
    one = source(tmp_path, PRINTED, "printed-2019-01-01_00-01-00.txt")
    assert format_of(one) == "gr-satellites"
    frame = bytes.fromhex("86a240404040609 8aa6e828200e103f03a45".replace(" ", ""))
    assert times_and_frames(one) == [(MINUTE, frame), (MINUTE, FRAME)]
    with pytest.raises(ForeignFileError, match="without a time"):
        read(source(tmp_path, PRINTED))


def test_what_a_satnogs_station_leaves(tmp_path: Path) -> None:
    raw = source(tmp_path, FRAME + b"\x80\xff", "data_1234567_2019-01-01T00-01-00")
    assert format_of(raw) == "satnogs"
    assert times_and_frames(raw) == [(MINUTE, FRAME + b"\x80\xff")]
    pdu = json.dumps({"decoder_name": "gr-satellites", "pdu": b64encode(FRAME).decode()})
    from_gr_satellites = source(tmp_path, pdu, "data_1234567_2019-01-01T00-01-00_g0")
    assert format_of(from_gr_satellites) == "satnogs-json"
    assert times_and_frames(from_gr_satellites) == [(MINUTE, FRAME)]
    with pytest.raises(ForeignFileError, match="a picture"):
        format_of(source(tmp_path, b"\x89PNG\r\n", "data_1234567_2019-01-01T00-01-00.png"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a_2026-05-01T12-00-00.kss", "2026-05-01T12:00:00Z"),
        ("20260501_120000Z_437MHz.txt", "2026-05-01T12:00:00Z"),
        ("a_2026-13-01T12-00-00", None),
        ("a_0000-01-01T12-00-00", None),
        ("12345678901234567890", None),
    ],
)
def test_times_in_names(name: str, told: str | None) -> None:
    assert named_time_us(Path(name)) == (None if told is None else iso_us(told))


def settings(path: Path, name: str, text: str) -> str:
    one = source(path, text, name)
    return station_toml([SETTINGS[format_of(one)].read(one)])


def test_settings_of_gpredict_and_satnogs(tmp_path: Path) -> None:
    # csete/gpredict, data/sample.qth and data/25544.trsp (shortened)
    qth = "[QTH]\nDESCRIPTION=Sample QTH file\nLOCATION=Copenhagen, Denmark\nLAT=55.6167\n"
    assert settings(tmp_path, "sample.qth", f"{qth}LON=12.6500\nALT=5\nWX=EKCH\n").endswith(
        '[site]\nname = "Copenhagen, Denmark"\nlatitude_deg = 55.6167\nlongitude_deg = 12.65\n'
        "altitude_m = 5.0\n"
    )
    trsp = (
        "[Mode V/V AFSK Packet]\nUP_LOW=145990000\nDOWN_LOW=145800000\nMODE=AFSK 1200 bps\n\n"
        "[Mode V APRS]\nUP_LOW=145825000\nDOWN_LOW=145825000\nMODE=FM 1200 bps\n"
    )
    assert settings(tmp_path, "25544.trsp", trsp).endswith(
        '[[satellites]]\nid = "25544"\n'
        "frequency_hz = 145800000  # Mode V/V AFSK Packet AFSK 1200 bps\n"
        "# frequency_hz = 145825000  # Mode V APRS FM 1200 bps\n"
    )
    env = (
        'SATNOGS_API_TOKEN="0123456789abcdef"\nSATNOGS_STATION_ID="4712"\n'
        "export SATNOGS_STATION_LAT='42.87'\nSATNOGS_STATION_LON=74.57\nSATNOGS_STATION_ELEV=800\n"
        "SATNOGS_ROT_MODEL=ROT_MODEL_NETROTCTL\nSATNOGS_ROT_PORT=localhost:4533\n"
        "SATNOGS_RIG_IP=rigctld\nSATNOGS_RIG_PORT=4532\n"
    )
    made = settings(tmp_path, "station.env", env)
    assert "0123456789abcdef" not in made
    assert made.endswith(
        '[site]\nname = "SatNOGS station 4712"\nlatitude_deg = 42.87\nlongitude_deg = 74.57\n'
        'altitude_m = 800.0\n\n[tracking]\nrotator = "localhost:4533"\nrig = "rigctld:4532"\n'
    )


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.qth", "[QTH]\nLAT=91\nLON=1\n", r"a.qth:2: LAT is no number from -90 to 90: '91'"),
        ("a.qth", "[QTH]\nLAT=nan\nLON=1\n", "LAT is no number"),
        ("a.qth", "[QTH]\nLAT=1\n", "there is no LON in it"),
        ("a.trsp", "[A]\nDOWN_LOW=145800000\n", "its name must be the satellite's NORAD number"),
        ("1.trsp", "[A]\nDOWN_LOW=-1\n", "DOWN_LOW is no frequency in hertz: '-1'"),
        ("1.trsp", "[A]\nUP_LOW=145800000\n", "there is no downlink in it"),
        ("a.env", "SATNOGS_STATION_ID=1\n?\n", "a.env:2: neither a group nor KEY=VALUE"),
    ],
)
def test_wrong_settings(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(ForeignFileError, match=told):
        settings(tmp_path, name, text)


def test_names_of_others_stay_text(tmp_path: Path) -> None:
    hostile = 'a"\\\x01]\x7f[x'
    made = settings(tmp_path, "a.qth", f"[QTH]\nLOCATION={hostile}\nLAT=1\nLON=2\n")
    assert tomllib.loads(made)["site"]["name"] == hostile
    trsp = settings(tmp_path, "1.trsp", "[A\x0cB]\nDOWN_LOW=145800000\n")
    assert tomllib.loads(trsp)["satellites"][0]["frequency_hz"] == 145_800_000


def line(**changes: object) -> str:
    return json.dumps({**OURS, **changes})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (gzip.compress(bytes(10_000_000)), r"compressed \(gzip\): unpack it first"),
        (b"PK\x03\x04", r"compressed \(zip\)"),
        (b"\x00\x01\x02", "not recognised; known are json, hex"),
        ("hello\n", "not recognised"),
        ("2019-01-01 00:00:00|0A0B\nhello\n", ":2: not hex bytes: 'hello'"),
        ("2019-01-01 00:00:00|\n", ":1: a frame without bytes"),
        ("0001-01-01 00:00:00|0A\n", ":1: a time of reception outside of 1970 to 2100"),
        ("9999-12-31 23:59:59|0A\n", ":1: a time of reception outside of 1970 to 2100"),
        ("2019-13-01 00:00:00|0A\n", ":1: not hex bytes"),
        ("2019-01-01 00:00:00|0A\n\0\n", ":2: a NUL byte"),
        ("2019-01-01 00:00:00|0A\n".encode("utf-16"), "text in UTF-16: save it as UTF-8"),
        (b"2019-01-01 00:00:00|0A\n\xff\n", ":2: no text in UTF-8"),
        (
            "2019-01-01 00:00:00|0A\n" + "0" * (MOST_LINE + 1),
            f":2: a line of more than {MOST_LINE}",
        ),
        (f"2019-01-01 00:00:00|{'00' * (MOST_FRAME + 1)}\n", f":1: a frame of {MOST_FRAME + 1}"),
        ("0A0B\n", ":1: a frame without a time"),
        (line() + "\n{\n", ":2: no JSON"),
        (line() + "\n[]\n", ":2: no JSON object"),
        (line() + "\n" + "[" * 200_000 + "\n", ":2: no JSON"),
        (line() + "\n{}\n", ":2: no 'seq'"),
        (line(seq=2**70) + "\n", ":1: 'seq' is no whole number of 64 bits"),
        (line(seq=True) + "\n", ":1: 'seq' is no whole number"),
        (line(received="yesterday") + "\n", ":1: 'received' is no time in ISO 8601"),
        (line(received="2101-01-01") + "\n", ":1: a time of reception outside"),
        (line(frame="0") + "\n", ":1: 'frame' is no hex"),
        (line(link=7) + "\n", ":1: 'link' is no text"),
        (line(link="\ud800") + "\n", ":1: 'link' has half a character"),
        (line(simulated=1) + "\n", ":1: 'simulated' is neither true nor false"),
        (line() + "\n" + line(seq=2).replace("2019", "NaN") + "\n", ":2: "),
        (json.dumps({**TINYGS, "data": "%"}) + "\n", ":1: 'data' is no base64"),
        (json.dumps({**TINYGS, "usec_time": 1e300}) + "\n", ":1: 'usec_time' is no whole number"),
        (json.dumps({**TINYGS, "usec_time": -1}) + "\n", ":1: a time of reception outside"),
        ('{"data": "CgsM", "unix_GS_time": NaN}\n', ":1: no JSON"),
        (FOXTELEM.replace("24,10", "32,10"), ":1: 32 bits are said, 24 are there"),
        (FOXTELEM.replace("-11", "-129"), ":1: a byte that is none"),
        (FOXTELEM + "x\n", ":2: no raw frame of FoxTelem"),
        (b"Sequence: 1\r\nLength: 24\r\n\r\n\x01\x02", "'24' bits are said, 16 are there"),
        (b"Sequence: 1\r\nLength: 16\r\nDate: x\r\n\r\n\x01\x02", "no Date such as"),
        (PRINTED.replace("contents", "0000: zz"), ":5: "),
        (kiss_text_stamp("9999-01-01") + kiss_encode(FRAME), "a time of reception outside"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(
    tmp_path: Path, content: bytes | str, told: str
) -> None:
    with pytest.raises(ForeignFileError) as found:
        read(source(tmp_path, content))
    message = str(found.value)
    assert message.startswith(str(tmp_path / "file"))
    assert re.search(told, message), message
    assert len(message) < 400


SAMPLES = [
    b"2019-01-01 00:00:00|0A0B0C\n2019-01-01T00:00:00.5+06:00|0A 0B # SIMULATED\n",
    kiss_stamp(NEW_YEAR) + kiss_encode(FRAME) + kiss_text_stamp("2019-01-01") + kiss_encode(FRAME),
    (json.dumps(OURS) + "\n" + json.dumps({**OURS, "seq": 2, "clock": "2019-01-01"})).encode(),
    (json.dumps(TINYGS) + "\n").encode() * 2,
    FOXTELEM.encode() * 2,
    b"Sequence: 1\r\nLength: 16\r\nDate: Tue, 01 Jan 2019 00:01:00 UTC\r\n\r\n\x01\x02",
    PRINTED.encode(),
    b"[QTH]\nLOCATION=A\nLAT=1\nLON=2\nALT=3\n",
    b"SATNOGS_STATION_LAT=1\nSATNOGS_STATION_LON=2\nSATNOGS_RIG_IP=a\n",
    b"[A]\nDOWN_LOW=145800000\nMODE=FM\n",
]


def test_whatever_is_in_a_file_only_our_error_is_raised(tmp_path: Path) -> None:
    taken = 0
    for number, content in enumerate(mutations(SAMPLES, 3000, 7)):
        one = source(tmp_path, content, "25544.trsp", time=number % 2 == 0)
        try:
            kind = format_of(one)
            if kind in SETTINGS:
                tomllib.loads(station_toml([SETTINGS[kind].read(one)]))
            else:
                found = list(FRAMES[kind](one))
                assert all(0 <= item.received_us < LATEST_US for item in found)
                taken += len(found)
        except ForeignFileError as error:
            assert str(error).startswith(str(one.path))
    assert taken > 500


def test_a_dump_without_end_is_none(tmp_path: Path) -> None:
    dump = "".join(f"{at:04x}: {'00 ' * 16}\n" for at in range(0, MOST_FRAME + 32, 16))
    told = f":4098: a frame of more than {MOST_FRAME} bytes"
    with pytest.raises(ForeignFileError, match=told):
        read(source(tmp_path, "\n" + dump, time=True))


def test_settings_without_end_are_none(tmp_path: Path) -> None:
    with pytest.raises(ForeignFileError, match=f":{MOST_LINES + 1}: settings of more than"):
        settings(tmp_path, "a.qth", "[QTH]\n" + "A=1\n" * MOST_LINES)


def test_limits_of_time() -> None:
    assert iso_us("2100-01-01") == LATEST_US


def test_a_bomb_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a", bytes(50_000_000))
    with work_of_at_most(10_000), pytest.raises(ForeignFileError, match="compressed"):
        format_of(Source(path))
