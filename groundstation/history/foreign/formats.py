"""Which format a file has, by what is in it, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from decoders.framing.kiss import FEND
from groundstation.errors import ForeignFileError
from groundstation.history.foreign import foxtelem, hex_text, json_lines, kiss_file, station_output
from groundstation.history.foreign.settings import SETTINGS
from groundstation.history.foreign.source import MOST_LINE, Source
from groundstation.model import Reception

Read: TypeAlias = Callable[[Source], Iterator[Reception]]

#: Readers of frames by the names of their formats.
FRAMES: dict[str, Read] = {
    "json": json_lines.read_ours,
    "hex": hex_text.read_hex,
    "kiss": kiss_file.read_kiss,
    "tinygs": json_lines.read_tinygs,
    "foxtelem": foxtelem.read_log,
    "foxtelem-sent": foxtelem.read_sent,
    "gr-satellites": hex_text.read_printed,
    "satnogs": station_output.read_frame,
    "satnogs-json": json_lines.read_satnogs,
}
#: Those whose receptions keep the order that they have in the file; others go by their times.
IN_ORDER = ("json",)
FORMATS = (*FRAMES, *SETTINGS)
#: Files that begin so are refused with these words.
_OTHERS = {
    b"\x1f\x8b": "compressed (gzip): unpack it first",
    b"PK\x03\x04": "compressed (zip): unpack it first",
    b"BZh": "compressed (bzip2): unpack it first",
    b"\xfd7zXZ": "compressed (xz): unpack it first",
    b"(\xb5/\xfd": "compressed (zstd): unpack it first",
    b"SQLite format 3": "a database: groundstation export takes out what is in a data folder",
    b"RIFF": "a sound: groundstation decode reads what is demodulated",
    b"OggS": "a sound: groundstation decode reads what is demodulated",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"PAR1": "Parquet, which holds values without their frames",
    b"\xff\xfe": "text in UTF-16: save it as UTF-8",
    b"\xfe\xff": "text in UTF-16: save it as UTF-8",
}
_TIMED = re.compile(r"\s*\"?\d{4}-\d\d-\d\d[T ][^|]*\|")
_PRINTED = re.compile(r"\*+ .*(?:PDU|MESSAGE) DEBUG PRINT.*")
_HEX = re.compile(r"[\s0-9A-Fa-fxX:,;{}|.\-]+")


def format_of(source: Source) -> str:
    """One of :data:`FORMATS`. Raises ForeignFileError where it is none of them."""
    with source.path.open("rb") as file:
        begin = file.read(MOST_LINE)
    if not begin.strip():
        raise source.wrong("empty")
    for mark, words in _OTHERS.items():
        if begin.startswith(mark):
            raise source.wrong(words)
    if begin[0] == FEND:
        return "kiss"
    if begin.startswith(foxtelem.SENT_BEGIN):
        return "foxtelem-sent"
    if station_output.NAME.fullmatch(source.path.name) and not begin.startswith(b"{"):
        return "satnogs"
    lines = _lines(begin)
    found = _by_text(source, lines) if lines else None
    if found is None:
        raise source.wrong(f"not recognised; known are {', '.join(FORMATS)} (see --as)")
    return found


def _lines(begin: bytes) -> list[str]:
    """The first lines that say something, before what is no text."""
    try:
        text = begin.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = begin[: error.start].decode("utf-8-sig")
    # Lines end with a line feed only: a text in JSON may hold other marks that are line ends, too.
    return [line for line in text.partition("\0")[0].split("\n") if line.strip()]


def _by_text(source: Source, lines: list[str]) -> str | None:
    first = lines[0].strip()
    if first.startswith("{"):
        return _by_keys(source, first)
    for name, settings in SETTINGS.items():
        if settings.is_it(lines):
            return name
    if foxtelem.RAW_LINE.fullmatch(first):
        return "foxtelem"
    if foxtelem.VALUES_LINE.fullmatch(first):
        raise source.wrong(
            "values of FoxTelem without their frames, which cannot be interpreted again; its raw "
            "frames are in raw...frames.log"
        )
    if any(map(_PRINTED.fullmatch, (line.strip() for line in lines))):
        return "gr-satellites"
    said = next((line for line in lines if not line.lstrip().startswith("#")), "")
    return "hex" if _TIMED.match(said) or _HEX.fullmatch(said.partition("#")[0]) else None


def _by_keys(source: Source, text: str) -> str | None:
    def wrong(problem: str) -> ForeignFileError:
        return source.wrong(problem, 1, text)

    keys = json_lines.record_of(text, wrong)
    for name, needed in (
        ("json", json_lines.OURS),
        ("tinygs", json_lines.TINYGS),
        ("satnogs-json", json_lines.SATNOGS),
    ):
        if all(key in keys for key in needed):
            return name
    return None
