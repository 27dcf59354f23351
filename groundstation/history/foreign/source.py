"""A file to be imported, and what every reader of one keeps to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groundstation.errors import ForeignFileError
from groundstation.model import Reception, iso, to_us

#: A longer line is none of any format here, bytes.
MOST_LINE = 1 << 20
#: A longer frame is none, bytes: no link layer of a small satellite has longer ones.
MOST_FRAME = 1 << 16
#: Receptions have times from here (a clock that was never set begins there) to before there.
EARLIEST_US = 0
LATEST_US = to_us(datetime(2100, 1, 1, tzinfo=UTC))
_SHOWN = 60
_NAMED = re.compile(
    r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)[T_ -](\d\d)[-:_.]?(\d\d)[-:_.]?(\d\d)(?!\d)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Source:
    """``time_us``: of frames that bring none (microseconds since 1970 UTC), or None: they are
    refused. ``by_norad``: the definition of a catalogue number, or None."""

    path: Path
    time_us: int | None = None
    by_norad: Callable[[int], str | None] = lambda number: None

    def wrong(self, problem: str, line: int | None = None, quote: str = "") -> ForeignFileError:
        """The error that this file, or a line of it, is."""
        place = str(self.path) if line is None else f"{self.path}:{line}"
        shown = f": {quote[:_SHOWN]!r}" if quote else ""
        return ForeignFileError(f"{place}: {problem}{shown}")

    def reception(
        self,
        time_us: int | None,
        link: str,
        raw: bytes,
        line: int | None = None,
        **more: Any,
    ) -> Reception:
        """One frame. Raises ForeignFileError where it, or its time, cannot be."""
        when = self.time_us if time_us is None else time_us
        if when is None:
            raise self.wrong(
                "a frame without a time: give it with --time, or in the file's name as "
                "2026-05-01T12-00-00",
                line,
            )
        if not EARLIEST_US <= when < LATEST_US:
            raise self.wrong("a time of reception outside of 1970 to 2100", line)
        if not raw and not more.get("damaged"):
            raise self.wrong("a frame without bytes", line)
        if len(raw) > MOST_FRAME:
            raise self.wrong(f"a frame of {len(raw)} bytes; {MOST_FRAME} are the most", line)
        return Reception(0, when, link, raw, imported=True, **more)

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines of a text file in UTF-8 with their numbers, without their ends."""
        with self.path.open("rb") as file:
            number = 0
            while line := file.readline(MOST_LINE + 1):
                number += 1
                if len(line) > MOST_LINE:
                    raise self.wrong(f"a line of more than {MOST_LINE} bytes", number)
                if b"\0" in line:
                    raise self.wrong("a NUL byte: this is no text in UTF-8", number)
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError:
                    raise self.wrong("no text in UTF-8", number) from None
                yield number, text.rstrip("\r\n")


def named_time_us(path: Path) -> int | None:
    """The time in a file's name, such as ``data_1_2026-05-01T12-00-00``, UTC."""
    found = _NAMED.search(path.name)
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = map(int, found.groups())
        return to_us(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    except ValueError:
        return None


def iso_us(text: str) -> int:
    """ISO 8601, UTC where it does not say, as microseconds since 1970. Raises ValueError."""
    try:
        when = datetime.fromisoformat(text)
        return to_us(when.replace(tzinfo=UTC) if when.tzinfo is None else when)
    except OverflowError as error:
        raise ValueError(text) from error


def told(time_us: int) -> str:
    """A time for a message."""
    return iso(time_us)
