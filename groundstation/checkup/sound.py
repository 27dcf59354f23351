"""Links of sound: what they listen for, and whether what comes is fit for that."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from decoders.words import Words
from groundstation.catalog import SatelliteCatalog
from groundstation.checkup.finding import Finding, well
from groundstation.errors import LinkError
from groundstation.links.link import LinkEnded
from groundstation.links.registry import SoundPort, sound_opener
from groundstation.settings import Config, LinkConfig
from groundstation.sound.addresses import StdinAddress, sound_address
from groundstation.sound.level import Level, level_of
from groundstation.sound.samples import SampleReader, Samples
from groundstation.sound.stream import Sound
from groundstation.sound.voices import voices, why_none
from groundstation.words.reasons import reason_text

#: So much is listened to, and at most so long, seconds.
_LISTEN_S, _WAIT_S = 4.0, 6.0
#: Parts of full scale: less is silence, or too little of what the numbers can hold.
_SILENT, _QUIET = 1e-4, 3e-3
#: More samples than this part at full scale cost frames.
_CLIPPED = 1e-3
#: A mean of more than this part of full scale: the receiver is beside the signal.
_BESIDE = 0.1
#: A high-pass below this costs nothing that can be measured.
_LOW_HZ = 5.0


def listening(link: LinkConfig, config: Config, catalog: SatelliteCatalog, words: Words) -> Finding:
    """Whether there is anything that it can listen for."""
    name = words("listening of %(name)s", name=link.name)
    ids = link.listened or tuple(item.id for item in config.satellites)
    if not ids:
        said = words("it listens for nothing: no satellite is named")
        mend = words('give the link one: satellite = "...", or name some in [[satellites]]')
        return Finding(name, "bad", said, mend)
    known = [catalog.index[id] for id in ids if id in catalog.index]
    heard = [each for each in known if voices([each])]
    if not heard:
        reasons = [reason_text(why_none(each), words.language) for each in known] or [
            words("there is no definition of %(names)s", names=", ".join(ids))
        ]
        return Finding(name, "bad", "; ".join(reasons))
    who = ", ".join(each.id for each in heard)
    if link.listened:
        return well(name, words("it always listens for %(names)s", names=who))
    return well(name, words("it listens while a pass is on, for %(names)s", names=who))


def sound(link: LinkConfig, words: Words) -> Iterator[Finding]:
    """How the first seconds of a link's sound are; of a link that can be opened."""
    name, address = words("sound of %(name)s", name=link.name), sound_address(link.url)
    if isinstance(address, StdinAddress):
        return  # what is piped into the station does not come here
    try:
        port = sound_opener(address, lambda: None)()
    except LinkError as error:
        yield Finding(name, "bad", reason_text(str(error), words.language))
        return
    with contextlib.closing(port):
        samples, why = _samples(port)
        kind = port.sound
    if not len(samples):
        said = (
            reason_text(why, words.language)
            if why
            else words("nothing came in %(n)s s", n=f"{_WAIT_S:g}")
        )
        mend = words("start the program that sends it, and see that it sends to this address")
        yield Finding(name, "doubtful", said, mend)
        return
    yield from level_findings(name, level_of(samples, kind.rate_hz), words, kind)


def _samples(port: SoundPort) -> tuple[Samples, str]:
    """The first seconds, or why there are none."""
    reader, count = SampleReader(port.sound), 0
    pieces: list[Samples] = []
    until_s = time.monotonic() + _WAIT_S
    why = ""
    while count < _LISTEN_S * port.sound.rate_hz and time.monotonic() < until_s:
        try:
            piece = reader.feed(port.read())
        except (LinkEnded, LinkError) as error:
            why = str(error)
            break
        pieces.append(piece)
        count += len(piece)
    if not pieces:
        return np.zeros(0, np.float32), why
    whole: Any = np.concatenate(pieces)  # all are of one kind
    return whole, why


def level_findings(name: str, level: Level, words: Words, kind: Sound) -> Iterator[Finding]:
    """What its level and spectrum say; one line where all is well."""
    iq = kind.iq
    faults = [
        fault
        for fault in (
            _size(name, level, words, iq=iq),
            _middle(name, level, words, iq=iq),
            None if kind.highpass_hz else _lows(name, level, words),
        )
        if fault is not None
    ]
    if faults:
        yield from faults
    else:
        yield well(name, words("its level is right: %(n)s %% of full scale", n=_part(level.rms)))


def _size(name: str, level: Level, words: Words, *, iq: bool) -> Finding | None:
    if level.clipped > _CLIPPED:
        said = words("too loud: %(n)s %% of the samples are cut off", n=_part(level.clipped))
        mend = (
            words("less gain: give the link gain=30 or less, in dB")
            if iq
            else words("turn the receiver's sound or the input of the sound card down")
        )
        return Finding(name, "doubtful", said, mend)
    if level.rms < _SILENT:
        mend = words("is it the right input? Switch the squelch off and turn the sound up")
        return Finding(name, "doubtful", words("it is silent"), mend)
    if level.rms < _QUIET:
        said = words("too quiet: %(n)s %% of full scale", n=_part(level.rms))
        mend = (
            words("more gain: give the link gain=40, in dB")
            if iq
            else words("turn the receiver's sound or the input of the sound card up")
        )
        return Finding(name, "doubtful", said, mend)
    return None


def _middle(name: str, level: Level, words: Words, *, iq: bool) -> Finding | None:
    if iq or abs(level.mean) <= _BESIDE:
        return None  # a tuner hears itself in the middle of its band
    said = words("its middle is %(n)s %% of full scale beside zero", n=_part(level.mean))
    mend = words("tune the receiver to the satellite: its sound is beside zero when it is not")
    return Finding(name, "doubtful", said, mend)


def _lows(name: str, level: Level, words: Words) -> Finding | None:
    if level.highpass_hz is None or level.highpass_hz < _LOW_HZ:
        return None
    corner = f"{level.highpass_hz:.0f}"
    said = words("a filter takes away what is below %(n)s Hz; 4800 baud and more need it", n=corner)
    mend = words(
        "take the sound before the loudspeaker's filters (data jack), or say it in the address of "
        "the link: highpass=%(n)s",
        n=corner,
    )
    return Finding(name, "doubtful", said, mend)


def _part(part: float) -> str:
    return f"{100 * part:.2g}"
