"""``groundstation encode``: values to a frame."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from decoders.errors import EncodeError
from groundstation.cli.definitions import OWN_DEFINITIONS, known_satellite


@click.command()
@click.argument("satellite")
@click.argument("packet")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A value.")
@click.option("--kiss", is_flag=True, help="Write a KISS frame (bytes) instead of hex.")
@OWN_DEFINITIONS
def encode(
    satellite: str, packet: str, settings: tuple[str, ...], kiss: bool, data: Path | None
) -> None:
    """Encode PACKET of SATELLITE with the given engineering values; the rest is 0."""
    from decoders.encode import Encoder
    from decoders.framing.kiss import kiss_encode
    from groundstation.catalog import SatelliteCatalog

    known = known_satellite(satellite, SatelliteCatalog(data).satellites)
    values = dict(_setting(text) for text in settings)
    try:
        frame = Encoder(known).encode(packet, values)
    except EncodeError as error:
        raise click.UsageError(str(error)) from error
    if kiss:
        sys.stdout.buffer.write(kiss_encode(frame))
    else:
        click.echo(frame.hex())


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--set {text!r} is not NAME=VALUE")
    return name.strip(), _value(value.strip())


def _value(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return {"true": True, "false": False, "null": None}.get(text, text)
