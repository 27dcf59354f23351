"""What the commands share that take sound: its options, whose it is, and what is heard in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from groundstation.naming import near_ids
from groundstation.sound.recording import Told

if TYPE_CHECKING:
    from groundstation.catalog import SatelliteCatalog
    from groundstation.receive.arrival import Arrival
    from groundstation.sound.voices import Voice

_C = TypeVar("_C", bound=Callable[..., Any])


def sound_options(command: _C) -> _C:
    """``--rate``, ``--samples``, ``--iq``, ``--start`` and ``--repaired``.

    The command gets ``told`` and ``repaired``.
    """

    @click.option("--rate", type=float, metavar="HZ", help="The files are samples without a head.")
    @click.option("--samples", metavar="FORMAT", help="With --rate: s16le (the usual one), u8, ...")
    @click.option("--iq", is_flag=True, help="Two channels that are I and Q.")
    @click.option("--start", metavar="TIME", help="When the recording began, ISO 8601.")
    @click.option("--repaired", is_flag=True, help="Also frames repaired until their check passed.")
    @wraps(command)
    def with_sound(
        *args: Any,
        rate: float | None,
        samples: str | None,
        iq: bool,
        start: str | None,
        **more: Any,
    ) -> Any:
        return command(*args, told=_told(rate, samples, iq, start), **more)

    return with_sound  # type: ignore[return-value]  # the same command with other options


def _told(rate: float | None, samples: str | None, iq: bool, start: str | None) -> Told:
    from groundstation.errors import SoundError
    from groundstation.history.foreign.source import iso_us
    from groundstation.sound.stream import Sound

    if samples is not None and rate is None:
        raise click.UsageError("--samples needs --rate: how many samples a second")
    try:
        raw = None if rate is None else Sound(rate, samples or "s16le", 2 if iq else 1, iq)
    except SoundError as error:
        raise click.UsageError(str(error)) from error
    try:
        return Told(raw, iq or None, None if start is None else iso_us(start))
    except ValueError:
        told = f"{start!r} is no time such as 2026-05-01T12:00:00Z"
        raise click.BadParameter(told, param_hint="--start") from None


def voices_for(catalog: SatelliteCatalog, satellite: str) -> list[Voice]:
    """How a satellite sends. Raises UsageError where that cannot be demodulated."""
    from groundstation.sound.voices import voices, why_none

    if satellite not in catalog.index:
        raise click.UsageError(
            f"there is no satellite {satellite!r}{near_ids(satellite, catalog.index)}"
        )
    sketch = catalog.index[satellite]
    found = voices([sketch])
    if not found:
        raise click.UsageError(why_none(sketch))
    return found


def candidates(catalog: SatelliteCatalog) -> list[Voice]:
    """What is tried where nobody says who sends."""
    from groundstation.sound.voices import usual_voices, voices

    return voices(catalog.index.values(), usual_voices())


def listened_bytes(
    path: Path, told: Told, catalog: SatelliteCatalog, voices: Sequence[Voice] | None
) -> int | None:
    """How many bytes of samples a :class:`Listener` listens to, trials too; None: not known."""
    from groundstation.errors import SoundError
    from groundstation.sound.heard_file import size_of, trials

    try:
        size = size_of(path, told)
    except (OSError, SoundError):
        return None
    tried = len(trials(candidates(catalog))) if voices is None else 0
    return None if size is None else size * (tried + 1)


class Listener:
    """Hears files. ``voices`` None: of each file what fits is found out, and said."""

    def __init__(
        self,
        catalog: SatelliteCatalog,
        voices: Sequence[Voice] | None,
        told: Told,
        advance: Callable[[float], None],
        *,
        repaired: bool,
    ):
        self._catalog, self._voices, self._told = catalog, voices, told
        self._advance, self._repaired = advance, repaired
        self._left_out = self._damaged = 0

    def frames(self, path: Path) -> Iterator[Arrival]:
        """The frames of a file, in order. Raises UsageError where it cannot be read or heard."""
        from decoders.frame import BadFrame
        from groundstation.errors import SoundError
        from groundstation.sound.heard_file import frames_of

        self._left_out = self._damaged = 0
        try:
            voices = self._fitting(path) if self._voices is None else self._voices
            for arrival in frames_of(path, self._told, voices, self._advance, _warn):
                repaired = arrival.signal is not None and arrival.signal.repaired
                if isinstance(arrival.item, BadFrame):
                    self._damaged += 1
                elif repaired and not self._repaired:
                    self._left_out += 1
                else:
                    yield arrival
        except SoundError as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            raise click.UsageError(f"cannot read {path}: {error.strerror}") from error
        self._tell(path)

    def _fitting(self, path: Path) -> list[Voice]:
        from groundstation.sound.heard_file import fitting

        tried = candidates(self._catalog)
        found = fitting(path, self._told, tried, self._advance)
        for voice in found:
            who = ", ".join(voice.satellites[:5]) + (", ..." if len(voice.satellites) > 5 else "")
            _warn(f"{path}: {voice}{f' ({who})' if who else ''}")
        if not found:
            _warn(f"{path}: nothing is heard in it ({len(tried)} ways of sending were tried)")
        return found

    def _tell(self, path: Path) -> None:
        if self._left_out:
            _warn(
                f"{path}: {self._left_out} frames were repaired until their check passed, and are "
                "left out: --repaired brings them"
            )
        if self._damaged:
            _warn(f"{path}: {self._damaged} frames were too damaged")


def _warn(text: str) -> None:
    click.echo(text, err=True)
