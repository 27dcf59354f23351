"""FoxTelem's raw frames: the log in which it keeps them, and the files that it sends to AMSAT.

* The log (``rawDUVframes.log`` and the like) has a line a frame: sequence, Fox number, source,
  receiver, frequency, place, radio and demodulator (commas in these are ``~``), milliseconds since
  1970, length in bits, then each byte as a decimal number with or without sign.
* The file has heading lines (``Sequence:``, ``Source:``, ``Length:`` in bits, ``Date: Sat, 19 Sep
  2015 10:11:12 UTC``, ...), an empty line, and the bytes.
* Its other logs (``Fox1rttelemetry.log`` and the like) hold values, not the bytes of frames.

Source: FoxTelem, ``src/telemetry``: ``Frame.java`` (save, getSTPCoreHeader), ``FramePart.java``
(toFile).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from groundstation.history.foreign.source import MOST_FRAME, Source
from groundstation.model import Reception, to_us

LINK = "foxtelem"
#: A line of the log of raw frames, and one of a log of values.
RAW_LINE = re.compile(r"\d+,\d+,(?:[^,]*,){6}(\d{1,15}),(\d{1,7}),((?:-?\d{1,3},)*-?\d{1,3}),?")
VALUES_LINE = re.compile(r"\d{14},\d+,\d+,\d+,\d+,.*")
#: How a file for AMSAT begins.
SENT_BEGIN = b"Sequence: "
_MOST_HEADING = 1 << 16
_DATE = "%a, %d %b %Y %H:%M:%S UTC"


def read_log(source: Source) -> Iterator[Reception]:
    """A line a frame. Raises ForeignFileError."""
    for number, text in source.lines():
        if not text.strip():
            continue
        found = RAW_LINE.fullmatch(text.strip())
        if found is None:
            raise source.wrong("no raw frame of FoxTelem", number, text)
        values = [int(each) for each in found[3].split(",")]
        if not all(-128 <= value <= 255 for value in values):
            raise source.wrong("a byte that is none", number)
        if int(found[2]) != 8 * len(values):
            said = f"{found[2]} bits are said, {8 * len(values)} are there"
            raise source.wrong(said, number)
        raw = bytes(value & 0xFF for value in values)
        yield source.reception(int(found[1]) * 1000, LINK, raw, number)


def read_sent(source: Source) -> Iterator[Reception]:
    """The frame of a file for AMSAT. Raises ForeignFileError."""
    with source.path.open("rb") as file:
        content = file.read(_MOST_HEADING + MOST_FRAME)
    heading, _, raw = content.partition(b"\r\n\r\n")
    lines = heading.decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    keys = {key.strip().lower(): value.strip() for key, _, value in pairs}
    if keys.get("length") != str(8 * len(raw)):
        said = f"Length: {keys.get('length')!r} bits are said, {8 * len(raw)} are there"
        raise source.wrong(said)
    try:
        when = datetime.strptime(keys.get("date", ""), _DATE).replace(tzinfo=UTC)
    except ValueError:
        raise source.wrong("no Date such as 'Sat, 19 Sep 2015 10:11:12 UTC'") from None
    yield source.reception(to_us(when), LINK, raw)
