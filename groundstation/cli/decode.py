"""``groundstation decode``: frames to values."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from decoders.frame import BadFrame
from decoders.reassembly import Reassembler
from decoders.value import Decoded, Value, plain
from groundstation.cli.definitions import OWN_DEFINITIONS, known_satellite
from groundstation.cli.frames_input import INPUTS, frames_from
from groundstation.cli.value_text import state_text, value_text

if TYPE_CHECKING:
    from groundstation.catalog import SatelliteCatalog

_CSV_HEADER = (
    *("frame", "satellite", "packet", "parameter", "raw", "value", "unit", "state"),
    *("simulated", "error"),
)


@click.command()
@click.argument("files", nargs=-1)
@click.option("--hex", "hexes", multiple=True, help="A frame as hex bytes.")
@click.option("--satellite", help="Whose frames these are; without it the sender is identified.")
@click.option("--input", "kind", type=click.Choice(INPUTS), help="What the files hold.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "csv", "influx")),
    default="table",
    show_default=True,
)
@click.option(
    "--explain",
    "names",
    multiple=True,
    metavar="NAME",
    help="How this value came about, bit by bit and step by step ('all': every value).",
)
@OWN_DEFINITIONS
def decode(
    files: tuple[str, ...],
    hexes: tuple[str, ...],
    satellite: str | None,
    kind: str | None,
    form: str,
    names: tuple[str, ...],
    data: Path | None,
) -> None:
    """Decode the frames of FILES (standard input when none is given).

    --satellite satnogs:NAME uses a decoder of the package satnogs-decoders, if you installed it.
    """
    from groundstation.catalog import SatelliteCatalog

    catalog = SatelliteCatalog(data)
    for problem in catalog.problems:
        click.echo(f"warning: {problem}", err=True)
    decode_frame = _decoder(catalog, satellite)
    reassembler = Reassembler(catalog.spanning())
    printer = _Explained(catalog, names) if names else _PRINTERS[form]()
    bad = False
    for number, frame in enumerate(frames_from(files, hexes, kind)):
        if isinstance(frame, BadFrame):
            decoded = Decoded(frame.data, None, None, error=frame.reason)
        else:
            decoded = decode_frame(frame.data)
        for item in (decoded, reassembler.feed(decoded)):
            if item is not None:
                bad = bad or item.error is not None
                printer.show(number, item, frame.time_us)
    if bad:
        sys.exit(1)


def _decoder(catalog: SatelliteCatalog, satellite: str | None) -> Callable[[bytes], Decoded]:
    """What decodes a frame of ``satellite``, or finds out whose it is."""
    from groundstation.errors import SatnogsError
    from groundstation.satnogs import PREFIX, SatnogsDecoder

    if satellite is not None and satellite.startswith(PREFIX):
        try:
            return SatnogsDecoder(satellite.removeprefix(PREFIX)).decode
        except SatnogsError as error:
            raise click.UsageError(str(error)) from error
    if satellite is not None:
        known_satellite(satellite, catalog.satellites)
    return lambda frame: catalog.decoder.decode(frame, satellite)


class _Printer(Protocol):
    def show(self, number: int, decoded: Decoded, time_us: int | None) -> None: ...


class _Json:
    def show(self, number: int, decoded: Decoded, time_us: int | None) -> None:
        click.echo(json.dumps(decoded.as_json(), allow_nan=False, ensure_ascii=False))


class _Csv:
    def __init__(self) -> None:
        self._writer = csv.writer(sys.stdout, lineterminator="\n")
        self._writer.writerow(_CSV_HEADER)

    def show(self, number: int, decoded: Decoded, time_us: int | None) -> None:
        about = (number, decoded.satellite or "", decoded.packet or "")
        end = (int(decoded.simulated), decoded.error or "")
        if not decoded.values:
            self._writer.writerow((*about, *[""] * 5, *end))
        for value in decoded.values:
            row = (
                value.name,
                value_text(value.raw),
                value_text(value.value),
                value.unit,
                value.state,
            )
            self._writer.writerow((*about, *row, *end))


class _Influx:
    """InfluxDB line protocol: a line a frame, with its time where the modem stamped one."""

    def show(self, number: int, decoded: Decoded, time_us: int | None) -> None:
        if decoded.error or decoded.satellite is None:
            click.echo(f"frame {number}: {decoded.error}", err=True)
            return
        fields = [
            f"{value.name}={_influx(value)}" for value in decoded.values if value.value is not None
        ]
        tags = f"packet={decoded.packet}" + (",simulated=true" if decoded.simulated else "")
        stamp = "" if time_us is None else f" {time_us * 1000}"
        click.echo(f"{decoded.satellite},{tags} {','.join(fields)}{stamp}")


class _Table:
    def show(self, number: int, decoded: Decoded, time_us: int | None) -> None:
        from rich.console import Console
        from rich.markup import escape
        from rich.table import Table

        console = Console(soft_wrap=False)
        mark = " SIMULATED" if decoded.simulated else ""
        title = f"Frame {number}: {decoded.satellite or 'unknown'} {decoded.packet or ''}{mark}"
        if decoded.values:
            table = Table("parameter", "raw", "value", "unit", "state", title=escape(title))
            for value in decoded.values:
                cells = (
                    value.name,
                    value_text(value.raw),
                    value_text(value.value),
                    value.unit,
                    state_text(value.state),
                )
                table.add_row(*map(escape, cells))
            console.print(table)
        else:
            console.print(escape(f"{title}, {len(decoded.frame)} bytes: {decoded.frame.hex()}"))
        if decoded.error:
            click.echo(f"frame {number}: {decoded.error}", err=True)


class _Explained:
    """The values asked for, step by step."""

    def __init__(self, catalog: SatelliteCatalog, names: tuple[str, ...]):
        self._satellites, self._names = catalog.satellites, names

    def show(self, number: int, decoded: Decoded, time_us: int | None) -> None:
        from groundstation.cli.explained import explained

        satellite = self._satellites.get(decoded.satellite or "")
        click.echo(explained(satellite, decoded, self._names))
        if decoded.error:
            click.echo(f"frame {number}: {decoded.error}", err=True)


_PRINTERS: dict[str, Callable[[], _Printer]] = {
    "json": _Json,
    "csv": _Csv,
    "influx": _Influx,
    "table": _Table,
}


def _influx(value: Value) -> str:
    shown = plain(value.value)
    if isinstance(shown, bool):
        return "true" if shown else "false"
    if isinstance(shown, int | float):
        return repr(float(shown))
    text = ", ".join(shown) if isinstance(shown, list) else str(shown)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
