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
        words("standard input ended: the program before the pipe stopped"),
        words("nothing is piped into the station; start it so: rtl_fm ... | groundstation run"),
        words("there is no standard input; start the station from a pipe"),
        words("a sound card needs the library sounddevice: %(mend)s"),
        words("a sound card needs the library PortAudio: sudo apt install libportaudio2"),
        words("the sound card was unplugged or stopped: %(detail)s"),
        words("%(place)s does not say what it is; is it rtl_tcp?"),
        words("%(place)s is no rtl_tcp (it begins with %(start)s)"),
        words("another program listens on UDP port %(port)s already; close that one"),
        words("udp://%(place)s broke: %(detail)s"),
        words("listens for %(ways)s"),
        words("listens for nothing now: no pass of a satellite that the station follows is on"),
        words(
            "listens for nothing: name satellites in [[satellites]], or give this link one: %(how)s"
        ),
        words("%(name)s cannot be demodulated: %(detail)s"),
        words("most of what comes is no frame; are the speed (baud) and the framing right?"),
        words(
            "%(size)s MB of damaged pieces were counted and not kept: more than 8 MB came in an "
            "hour"
        ),
        words("space packet of %(n)s bytes: it needs 7 or more"),
        words("not a space packet: version %(n)s, must be 0"),
        words("space packet says %(said)s bytes but %(n)s are there"),
        words("not a PUS telemetry header: its first four bits are %(n)s, not 1 or 2"),
        words("PUS header of %(n)s bytes is shorter than %(least)s"),
        words("TM frame of %(n)s bytes is shorter than header and check value"),
        words("TM frame of %(n)s bytes is shorter than its 6-byte header"),
        words("not a TM frame: version %(n)s, must be 0"),
        words("TM frame is too short for what its header announces"),
        words("the first header pointer %(n)s is behind the frame's data"),
        words("AOS frame of %(n)s bytes is shorter than its 8-byte headers"),
        words("not an AOS frame: version %(n)s, must be 1"),
        words("an idle AOS frame (virtual channel 63): fill without content"),
        words("CSP packet of %(n)s bytes is shorter than its %(header)s-byte header"),
        words("CSP packet says it has a CRC-32C but is too short for one"),
        words("CSP packet says it has an HMAC but is too short for one"),
        words("not AX.25: the address field has no end"),
        words("AX.25 frame of %(n)s bytes ends before its control byte"),
        words("AX.25 %(kind)s frame ends inside its control field"),
        words("AX.25 %(kind)s frame ends before its PID byte"),
        words("not AX.25: byte %(n)s is no shifted callsign"),
        words("not AX.25: %(n)s bytes are too short for two addresses"),
        words("not AX.25: the address field ends after one address"),
        words("does not begin with an FX.25 tag"),
        words("not hex bytes: %(text)s"),
        words("mistake in the framing: %(detail)s"),
        words("more than %(n)s rows, gaps and repetitions in one packet"),
        words("more than %(n)s fields in one packet"),
        words("expression %(text)s has no number for %(name)s"),
        words("%(path)s cannot be read: %(detail)s"),
        words("the connection to %(place)s broke: %(detail)s"),
        words(
            "%(first)s is unplugged and %(device)s is now %(other)s; plug the first one in, "
            "or start the station again to use the other"
        ),
        words("%(reason)s It is tried again until the pass is over"),
        words("%(who)s answers now"),
        words("%(who)s did not answer %(command)s within %(seconds)s s"),
        words("%(who)s closed the connection (%(detail)s)"),
        words("%(who)s refused %(command)s: %(detail)s"),
        words("%(who)s answered %(command)s with %(answer)s"),
        words("%(who)s sent a line without an end"),
        words("%(who)s cannot be reached (%(detail)s); is the daemon running?"),
        words(
            "%(who)s receives %(ranges)s, the downlink is on %(mhz)s MHz; it is tried all the same"
        ),
        words("the antenna does not move: %(detail)s"),
        words("the antenna does not follow: %(detail)s"),
        words(
            "sent to azimuth %(azimuth)s, elevation %(elevation)s, it reports %(reported)s, "
            "%(height)s"
        ),
        words(
            "the disk of %(path)s is nearly full: values wait, so that frames can still be "
            "kept; free some space"
        ),
        words("%(url)s cannot be reached: %(detail)s; start it, or correct [storage] url"),
        words(
            "the environment variable %(name)s, which [storage] token_env names, is not set; "
            "put the InfluxDB token into it"
        ),
        words("%(url)s refuses: %(detail)s"),
        words("cannot write the journal %(path)s: %(detail)s"),
        words("cannot read the journal %(path)s: %(detail)s"),
        words("the journal %(path)s cannot be written: %(detail)s"),
        words("a block of compacted frames is damaged: %(detail)s"),
        words(
            "the telemetry store %(path)s cannot be used: %(detail)s; check the disk and the "
            "folder's rights (the journal keeps every frame; values follow by themselves)"
        ),
        words("%(path)s is not ready: the interpreter has not made or renewed it yet"),
        words("SGP4 cannot use the elements of %(name)s: %(detail)s"),
        words(
            "SGP4 cannot compute %(name)s at %(when)s UTC by its elements of %(day)s: %(detail)s"
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
        words("there is no board %(n)s; /boards lists all"),
        words("there is no note %(n)s"),
        words("there is no place %(name)s in the list"),
        words("name is %(name)s, it must be text of 1 to %(n)s characters"),
        words("name: there is a board %(name)s already"),
        words("there are %(n)s boards already: remove one first"),
        words("somebody else has changed this board meanwhile: load it again"),
        words("this is no board: it is not UTF-8 text"),
        words("this is no board: it is not JSON (%(detail)s)"),
        words("tiles must be a list of at most %(n)s"),
        words("values: %(n)s were chosen, it must be %(fewest)s to %(most)s"),
        words("value %(n)s: %(name)s is chosen twice"),
        words("text: a note has 1 to %(n)s characters"),
        words(
            "place is %(text)s, it must be degrees north (-90 to 90) and east (-180 to 180) such "
            "as 40.53,72.80"
        ),
    )


#: What stands for another reason inside of one.
_INNER = ("reason", "detail")


def reason_text(reason: str, language: str) -> str:
    """``reason`` in a language, or as it is where it is not known.

    The name of a link or a store may stand before it, ``tnc: …``; so do reasons of reasons. The
    same as ``reasonText`` in the dashboard's ``static/js/reasons.js``.
    """
    for pattern, translated in _known(language):
        if found := pattern.fullmatch(reason):
            values = found.groupdict()
            inner = {name: reason_text(values[name], language) for name in _INNER if name in values}
            return translated % {**values, **inner}
    name, sign, rest = reason.partition(": ")
    return f"{name}{sign}{reason_text(rest, language)}" if rest else reason


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
