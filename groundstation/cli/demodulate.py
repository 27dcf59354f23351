"""``groundstation demodulate``: sound or IQ to frames, or to soft symbols."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundstation.cli.definitions import OWN_DEFINITIONS
from groundstation.cli.progress import Progress
from groundstation.cli.sound_input import Listener, sound_options, voices_for
from groundstation.sound.recording import Told

if TYPE_CHECKING:
    from groundstation.catalog import SatelliteCatalog
    from groundstation.receive.arrival import Arrival
    from groundstation.sound.voices import Voice


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--satellite", metavar="ID", help="Who sends; without it what fits is found out.")
@click.option("--modulation", metavar="NAME", help="With --baud and --framing, in place of it.")
@click.option("--baud", type=float, help="Symbols a second.")
@click.option("--framing", metavar="NAME", help="As a definition names it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("json", "kiss", "soft")),
    default="json",
    show_default=True,
)
@sound_options
@OWN_DEFINITIONS
def demodulate(
    files: tuple[str, ...],
    satellite: str | None,
    modulation: str | None,
    baud: float | None,
    framing: str | None,
    form: str,
    told: Told,
    repaired: bool,
    data: Path | None,
) -> None:
    """Take the frames out of recordings: WAV, OGG, FLAC, or samples without a head (--rate).

    json: a line a frame: frame (hex), time (null where the recording's start is not known), file,
    way (modulation, baud and framing), supposed (the satellite, where only one sends so), eb_n0_db,
    offset_hz, repaired, corrected. kiss: frames, with times where they are known. soft: a signed
    byte a symbol, of one mode. Exit code 1: nothing was heard.
    """
    from groundstation.catalog import SatelliteCatalog

    catalog = SatelliteCatalog(data)
    voices = _voices(catalog, satellite, modulation, baud, framing)
    with Progress("Listening") as progress:
        progress.total = _work(files, told, catalog, voices)
        if form == "soft":
            heard = _soft(files, told, voices, progress)
        else:
            listener = Listener(catalog, voices, told, progress.advance, repaired=repaired)
            heard = _frames(files, listener, form)
    if not heard:
        sys.exit(1)


def _voices(
    catalog: SatelliteCatalog,
    satellite: str | None,
    modulation: str | None,
    baud: float | None,
    framing: str | None,
) -> list[Voice] | None:
    """What is listened for; None: that is to be found out."""
    from decoders.definition.model import Downlink
    from decoders.errors import DefinitionError
    from groundstation.sound.voices import voice_of

    if satellite is not None:
        found = voices_for(catalog, satellite)
        some = [each for each in found if baud in (None, each.mode.baud)]
        if not some:
            known = ", ".join(f"{each.mode.baud:g}" for each in found)
            raise click.UsageError(f"{satellite} does not send at {baud:g} baud, but at {known}")
        return some
    if modulation is None and framing is None and baud is None:
        return None
    if modulation is None or framing is None or baud is None:
        raise click.UsageError("give --modulation, --baud and --framing together, or --satellite")
    try:
        voice = voice_of("", Downlink("--modulation", None, modulation, baud, framing))
        return [replace(voice, satellites=())]
    except DefinitionError as error:
        raise click.UsageError(str(error)) from error


def _work(
    files: Sequence[str], told: Told, catalog: SatelliteCatalog, voices: list[Voice] | None
) -> float | None:
    """How many bytes will be listened to, if that is known."""
    from groundstation.cli.sound_input import listened_bytes

    sizes = [listened_bytes(Path(name), told, catalog, voices) for name in files]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def _frames(files: Sequence[str], listener: Listener, form: str) -> bool:
    heard = False
    for name in files:
        for arrival in listener.frames(Path(name)):
            heard = True
            if form == "kiss":
                _write_kiss(arrival)
            else:
                sys.stdout.write(_line(name, arrival))
                sys.stdout.flush()
    return heard


def _write_kiss(arrival: Arrival) -> None:
    from decoders.framing.kiss import kiss_encode, kiss_stamp

    time_us = arrival.item.time_us
    stamp = b"" if time_us is None else kiss_stamp(time_us)
    sys.stdout.buffer.write(stamp + kiss_encode(arrival.item.data))


def _line(name: str, arrival: Arrival) -> str:
    from groundstation.model import Signal, iso

    item, signal = arrival.item, arrival.signal or Signal()
    row = {
        "frame": item.data.hex(),
        "time": None if item.time_us is None else iso(item.time_us),
        "file": name,
        "way": arrival.way,
        "supposed": arrival.supposed,
        "eb_n0_db": signal.eb_n0_db,
        "offset_hz": signal.offset_hz,
        "repaired": signal.repaired,
        "corrected": dict(item.corrected),
    }
    return json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"


def _soft(files: Sequence[str], told: Told, voices: list[Voice] | None, progress: Progress) -> bool:
    from decoders.errors import DefinitionError
    from groundstation.errors import SoundError
    from groundstation.sound.heard_file import symbols_of

    modes = list(dict.fromkeys(each.mode for each in voices or ()))
    if len(modes) != 1:
        given = ", ".join(f"{mode.modulation} {mode.baud:g}" for mode in modes) or "none"
        raise click.UsageError(
            f"--format soft is of one mode: say which with --satellite or --baud (now: {given})"
        )
    count = 0
    for name in files:
        try:
            for symbols in symbols_of(Path(name), told, modes[0], progress.advance):
                count += len(symbols)
                sys.stdout.buffer.write(symbols.tobytes())
        except (SoundError, DefinitionError) as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            raise click.UsageError(f"cannot read {name}: {error.strerror}") from error
    return count > 0
