"""Why something is not as it should be, in the language of the page.

Decoders, links and answers say it in English, and the journal keeps it so. What is said often is
known here; the rest stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from decoders.words import ENGLISH, Words
from groundstation.words.language import in_language


def sentences(words: Words) -> tuple[str, ...]:
    """What is known, with ``%(name)s`` for what differs; in the same order in every language."""
    return (
        words("no definition knows this frame"),
        words("more than one satellite could have sent this: %(names)s"),
        words(
            "%(name)s could have sent this, but %(bits)s bits of evidence name nobody "
            "(%(enough)s do)"
        ),
        words("no packet of %(name)s matches %(n)s bytes that begin %(start)s"),
        words("the packets of %(name)s are not described"),
        words("packet of %(n)s bytes ends before %(name)s"),
        words("not interpreted yet; the station does it by itself"),
        words("the check sequence is wrong"),
        words("the trailing CRC is wrong"),
        words("the check value of the data is wrong"),
        words("the check value of the header is wrong"),
        words("the frame error control field is wrong"),
        words("more errors than Reed-Solomon can correct"),
        words("more errors than the BCH code can correct"),
        words("more errors than the repeat-accumulate code can correct"),
        words("the header cannot be corrected"),
        words("the length byte is not sure"),
        words("the length word cannot be corrected (Golay)"),
        words("the stream ends inside the frame"),
        words("bytes before the first KISS frame marker"),
        words("a segment of a longer space packet"),
        words("a packet that begins here goes on in a later frame"),
        words("a frame in which no packet begins: it continues an earlier one"),
        words("a frame that holds only idle data"),
        words("only idle space packets (APID 2047) begin in this frame"),
        words("an idle space packet (APID 2047): fill without content"),
        words("the CSP packet is encrypted (XTEA): it has no values"),
        words("%(device)s is not there; plug the device in, or name another one in station.toml"),
        words("%(device)s was unplugged or stopped; waiting"),
        words("%(device)s is in use by another program; close that one"),
        words("%(place)s does not answer any more"),
        words("%(place)s closed the connection; is the TNC program running?"),
        words("there is no computer of the name %(host)s; correct the link's url"),
        words("nothing listens on %(place)s; start the TNC program there, or correct the port"),
        words("%(place)s does not answer; is that computer on and in the same network?"),
        words("%(file)s was read to its end"),
        words("most of what comes is no frame; are the speed (baud) and the framing right?"),
        words(
            "%(size)s MB of damaged pieces were counted and not kept: more than 8 MB came in an "
            "hour"
        ),
        words("there is nothing at %(path)s"),
        words("the dashboard failed here; its log has the reason, please report it"),
        words("there is no frame %(seq)s"),
        words("there is no satellite %(name)s; /api/v1/satellites lists all"),
        words("this name and password do not belong together"),
        words("too many wrong passwords: try again in %(count)s seconds"),
        words("the page is older than this dashboard: load it again"),
        words("log in first, at the foot of any page: others may look only"),
        words("there is no flown pass %(name)s; /passes lists them"),
    )


def reason_text(reason: str, language: str) -> str:
    """``reason`` in a language, or as it is where it is not known."""
    for pattern, translated in _known(language):
        if found := pattern.fullmatch(reason):
            return translated % found.groupdict()
    return reason


def for_scripts(language: str) -> list[list[str]]:
    """[English, translated] of all, for ``static/js/reasons.js``; nothing for English."""
    pairs = zip(sentences(ENGLISH), sentences(in_language(language)), strict=True)
    return [[english, said] for english, said in pairs if english != said]


@lru_cache
def _known(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(english))), translated)
        for english, translated in for_scripts(language)
    )
