"""``satellites check --watch``: a definition's example frames decoded anew at each save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from decoders.check import agrees
from decoders.decode import Decoder
from decoders.definition.model import Example
from decoders.explain import Explanation, explain
from groundstation.cli.definition_check import Checked, check_file
from groundstation.history.value_text import value_text

if TYPE_CHECKING:
    from decoders.definition.model import Satellite
    from groundstation.catalog import SatelliteCatalog

_PAUSE_S = 0.25
_MOST_BYTES = 8
_STATES = {
    "nominal": ("●", "green"),
    "warning": ("▲", "yellow"),
    "critical": ("■", "red"),
    "invalid": ("◇", "cyan"),
    "unlimited": ("", ""),
}


def watch(path: Path, show: Callable[[Path], None], wait: Callable[[float], bool]) -> None:
    """Call ``show`` now and after each change of ``path``, until ``wait`` returns True.

    ``wait`` waits for so many seconds, as :meth:`threading.Event.wait` does.
    """
    seen: object = None
    while True:
        stamp = _stamp(path)
        if stamp != seen:
            seen = stamp
            show(path)
        if wait(_PAUSE_S):
            return


def _stamp(path: Path) -> object:
    """Changes with each save, also of editors that replace the file; missing is one, too."""
    try:
        about = path.stat()
    except OSError as error:
        return type(error).__name__
    return about.st_mtime_ns, about.st_size, about.st_ino


class Screen:
    """Shows a definition: what is wrong, and its example frames with values and states."""

    def __init__(self, catalog: SatelliteCatalog, now: Callable[[], str], width: int | None = None):
        self._catalog, self._now, self._width = catalog, now, width

    def show(self, path: Path) -> None:
        """The whole screen anew."""
        click.clear()
        checked = check_file(path, self._catalog)
        click.secho(f"{path}  {self._now()}", bold=True)
        self._verdict(checked)
        if checked.satellite is not None:
            self._examples(checked.satellite)
        click.secho("Waiting for the next save; end with Ctrl-C.", dim=True)

    def _verdict(self, checked: Checked) -> None:
        for problem in checked.problems:
            click.secho(f"✗ {problem}", fg="red")
        satellite = checked.satellite
        if satellite is not None and not checked.problems:
            rows = len(satellite.rows())
            frames = len(satellite.examples)
            told = f"✓ ok: {len(satellite.packets)} packets, {rows} rows, {frames} example frames"
            click.secho(told, fg="green")

    def _examples(self, satellite: Satellite) -> None:
        if not satellite.examples:
            click.echo(
                'No example frame yet: add [[examples]] with packet, hex, source and "expect".'
            )
        decoder = Decoder([satellite])
        for number, example in enumerate(satellite.examples, 1):
            decoded = decoder.decode(example.frame, satellite.id)
            click.secho(
                f"\nExample {number}: {decoded.packet or 'no packet'}, "
                f"{len(example.frame)} bytes, {example.source}",
                bold=True,
            )
            self._values(explain(satellite, decoded), example)

    def _values(self, found: tuple[Explanation, ...], example: Example) -> None:
        from rich.console import Console
        from rich.markup import escape

        from groundstation.cli.tables import whole_table

        if not found:
            return
        table = whole_table("parameter", "bytes", "raw", "value", "unit", "state", "expected")
        for explanation in found:
            value = explanation.value
            shape, colour = _STATES[value.state]
            table.add_row(
                escape(value.name),
                _bytes(explanation, example.frame),
                escape(value_text(value.raw)),
                escape(value_text(value.value)),
                escape(value.unit),
                f"[{colour}]{shape} {value.state}[/]" if shape else "",
                _expected(explanation, example),
            )
        Console(width=self._width).print(table)


def _bytes(found: Explanation, frame: bytes) -> str:
    """The bytes of the frame that hold the value."""
    if not found.bits:
        return ""
    first, last = min(found.bits) // 8, max(found.bits) // 8 + 1
    shown = frame[first : min(last, first + _MOST_BYTES)].hex(" ").upper()
    return f"{shown} …" if last - first > _MOST_BYTES else shown


def _expected(found: Explanation, example: Example) -> str:
    from rich.markup import escape

    value = found.value
    if value.name not in example.expect:
        return ""
    wanted = example.expect[value.name]
    return "✓" if agrees(value, wanted) else f"[red]✗ {escape(str(wanted))}[/]"
