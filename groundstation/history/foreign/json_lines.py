"""Frames in JSON: our own export, TinyGS, and files of SatNOGS stations.

* ``groundstation export --format json``: a line a packet with all that the journal keeps of its
  reception in front; lines of one ``seq`` are one reception.
* TinyGS stations send for each frame an object with ``data`` (base64), ``usec_time`` (microseconds
  since 1970) and ``unix_GS_time`` (seconds), ``NORAD``, ``satellite``, ``crc_error`` and what the
  radio was set to; one a line.
* Stations of SatNOGS with gr-satellites leave an object with ``pdu`` (base64) and ``decoder_name``
  in a file whose name has the time, ``data_1234567_2026-05-01T12-00-00_g0``.

Sources: TinyGS, ``tinyGS/src/Mqtt/MQTT_Client.cpp`` (sendRx); satnogs-client-docker,
``addons/scripts/grsat.py``.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from groundstation.errors import ForeignFileError
from groundstation.history.foreign.source import Source, iso_us
from groundstation.model import Reception, Signal

#: Keys by which each kind is told.
OURS = ("seq", "received", "link", "frame")
TINYGS = ("data", "unix_GS_time")
SATNOGS = ("pdu",)


def read_ours(source: Source) -> Iterator[Reception]:
    """Receptions as they were in the other journal, in its order. Raises ForeignFileError."""
    last: object = None
    for line, record in _records(source):
        if record.seq() != last:
            last = record.seq()
            yield record.reception(source, line)


def read_tinygs(source: Source) -> Iterator[Reception]:
    """One a line; one whose CRC was wrong is damaged. Raises ForeignFileError."""
    for line, record in _records(source):
        yield _tinygs(source, line, record)


def read_satnogs(source: Source) -> Iterator[Reception]:
    """The frame of a file. Raises ForeignFileError."""
    for line, record in _records(source):
        raw = record.base64("pdu")
        yield source.reception(record.time_or_none("timestamp"), "satnogs", raw, line)


def _tinygs(source: Source, line: int, record: _Record) -> Reception:
    time_us = record.number_or_none("usec_time")
    if time_us is None:
        time_us = record.number("unix_GS_time") * 1_000_000
    number = record.number_or_none("NORAD")
    bad = record.flag("crc_error")
    return source.reception(
        *(time_us, "tinygs", record.base64("data"), line),
        supposed=None if number is None or bad else source.by_norad(number),
        damaged=bad,
        error="the CRC is wrong" if bad else None,
    )


class _Record:
    """One object; what is missing or of another kind raises ForeignFileError."""

    def __init__(self, content: dict[str, Any], wrong: Callable[[str], ForeignFileError]):
        self._content, self._wrong = content, wrong

    def seq(self) -> int:
        return self.number("seq")

    def number(self, key: str) -> int:
        found = self.number_or_none(key)
        if found is None:
            raise self._wrong(f"no {key!r}")
        return found

    def number_or_none(self, key: str) -> int | None:
        value = self._content.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 63:
            raise self._wrong(f"{key!r} is no whole number of 64 bits")
        return value

    def flag(self, key: str) -> bool:
        value = self._content.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(f"{key!r} is neither true nor false")
        return value

    def text_or_none(self, key: str) -> str | None:
        value = self._content.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong(f"{key!r} is no text")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self._wrong(f"{key!r} has half a character") from None
        return value

    def text(self, key: str) -> str:
        found = self.text_or_none(key)
        if found is None:
            raise self._wrong(f"no {key!r}")
        return found

    def time_or_none(self, key: str) -> int | None:
        text = self.text_or_none(key)
        try:
            return None if text is None else iso_us(text)
        except ValueError:
            raise self._wrong(f"{key!r} is no time in ISO 8601") from None

    def base64(self, key: str) -> bytes:
        try:
            return b64decode(self.text(key), validate=True)
        except ValueError:
            raise self._wrong(f"{key!r} is no base64") from None

    def hex(self, key: str) -> bytes:
        try:
            return bytes.fromhex(self.text(key))
        except ValueError:
            raise self._wrong(f"{key!r} is no hex") from None

    def _first(self, key: str, other: str) -> str:
        """The key that is there."""
        return key if key in self._content else other

    def reception(self, source: Source, line: int) -> Reception:
        """Of our own export."""
        return source.reception(
            self.time_or_none("received"),
            self.text("link"),
            self.hex(self._first("raw", "frame")),
            line,
            satellite=self.text_or_none("link_satellite"),
            supposed=self.text_or_none("supposed"),
            error=self.text_or_none("reason"),
            damaged=self.flag("damaged"),
            simulated=self.flag(self._first("link_simulated", "simulated")),
            unsynchronised=self.flag("unsynchronised"),
            clock_us=self.time_or_none("clock"),
            signal=self.signal(),
        )

    def signal(self) -> Signal | None:
        """How it was heard, where our export says that."""
        if "repaired" not in self._content:
            return None
        repaired = self._content["repaired"]
        if not isinstance(repaired, int) or isinstance(repaired, bool) or not 0 <= repaired < 1000:
            raise self._wrong("'repaired' is no number of symbols")
        return Signal(
            self.measured_or_none("eb_n0_db"), self.measured_or_none("offset_hz"), repaired
        )

    def measured_or_none(self, key: str) -> float | None:
        value = self._content.get(key)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > 1e12:
            raise self._wrong(f"{key!r} is no number")
        return float(value)


def _records(source: Source) -> Iterator[tuple[int, _Record]]:
    for number, text in source.lines():
        if text.strip():

            def wrong(problem: str, number: int = number, text: str = text) -> ForeignFileError:
                return source.wrong(problem, number, text)

            yield number, _Record(record_of(text, wrong), wrong)


def record_of(text: str, wrong: Callable[[str], ForeignFileError]) -> dict[str, Any]:
    """A JSON object. Raises what ``wrong`` makes of a problem."""

    def no_number(word: str) -> NoReturn:
        raise ValueError(f"{word} is no number")

    try:
        found = json.loads(text, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise wrong(f"no JSON ({error})") from None
    if not isinstance(found, dict):
        raise wrong("no JSON object")
    return found
