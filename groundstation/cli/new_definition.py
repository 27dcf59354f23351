"""A definition to begin with: packets with two rows each, and a golden frame for every one."""

from __future__ import annotations

from importlib.resources import files

from decoders.definition.interchange.csv_table import to_csv
from decoders.definition.interchange.toml_writer import literal
from decoders.definition.parse import parse
from decoders.encode import Encoder
from decoders.value import Engineering

_VALUES: dict[str, Engineering] = {"battery_voltage": 4.0, "mode": "nominal"}
#: The first byte of the first packet; the others count on.
_FIRST_MARK = 0xA1


def new_definition(id: str, name: str, callsign: str, packets: tuple[str, ...]) -> str:
    """TOML text that ``satellites check`` finds right."""
    parts = files("groundstation.cli").joinpath("new_satellite.toml").read_text("utf-8")
    head, _, packet = parts.partition("[[packets]]")
    about = {"ID": id, '"NAME"': literal(name), '"CALLSIGN"': literal(callsign)}
    for word, text in about.items():
        head = head.replace(word, text)
    text = head
    for number, title in enumerate(packets):
        own = packet.replace("PACKET", title).replace("MARK", f"{_FIRST_MARK + number:02X}")
        text += "[[packets]]" + own.rstrip() + "\n\n"
    encoder = Encoder(parse(text, id=id))
    for title in packets:
        frame = encoder.encode(title, _VALUES)
        text += (
            f'[[examples]]\npacket = "{title}"\nhex = "{frame.hex(" ").upper()}"\n'
            'expect = { battery_voltage = 4.0, mode = "nominal" }\nsource = "made by hand"\n\n'
        )
    return text.rstrip() + "\n"


def as_table(text: str, *, decimal_comma: bool) -> str:
    """The same as a spreadsheet."""
    import tomllib

    return to_csv(tomllib.loads(text), decimal_comma=decimal_comma).text
