"""What a terminal cannot show is shown as an escape, and never ends a command."""

from __future__ import annotations

import codecs
import io
import sys

_ESCAPES = "groundstation.escapes"


def prepare_output() -> None:
    """Let standard output and error take every text, whatever their encoding.

    A letter that is not in it (Kyrgyz in cp1251, all but English in ASCII) is written as
    ``\\u04a3``: seen by people, and still right in JSON.
    """
    codecs.register_error(_ESCAPES, _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ESCAPES)


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    return "".join(f"\\u{pair}" for pair in pairs), error.end


def write_document(text: str) -> None:
    """``text`` on standard output; into a file or pipe in UTF-8, as documents say of themselves."""
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()
