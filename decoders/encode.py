"""From values to a frame: the simulator, ``groundstation encode`` and round-trip tests."""

from __future__ import annotations

from collections.abc import Mapping

from decoders.definition.model import PacketLayout, Satellite
from decoders.errors import EncodeError
from decoders.layers.registry import LAYERS
from decoders.plan import Plan
from decoders.suggest import nearest
from decoders.value import Decoded, Engineering, Raw

_Header = Mapping[str, int | str | bool | None]


def encode(
    satellite: Satellite,
    packet: str,
    values: Mapping[str, Engineering],
    *,
    raw: Mapping[str, Raw] | None = None,
    headers: Mapping[str, _Header] | None = None,
    length: int = 0,
) -> bytes:
    """A frame of ``satellite``: the packet with ``values`` inside the first downlink's layers.

    ``raw`` values go before engineering ones; what is not given is 0. ``headers``: fields by layer
    name; missing ones come from the packet's match rules and the satellite's first callsign.
    ``length``: bytes to fill the packet up to. Raises EncodeError naming the parameter.
    """
    layout = layout_of(satellite, packet)
    content = Plan(layout).encode(values, raw, length)
    for name in reversed(layers_of(satellite, layout)):
        fields = {**default_header(satellite, layout, name), **(headers or {}).get(name, {})}
        content = LAYERS[name].wrap(content, fields)
    return content


def encode_decoded(satellite: Satellite, decoded: Decoded) -> bytes:
    """The frame again from its raw values and headers: the proof that nothing was lost."""
    if decoded.packet is None or decoded.payload is None:
        raise EncodeError("a frame without a known packet cannot be encoded")
    return encode(
        satellite,
        decoded.packet,
        {},
        raw={v.name: v.raw for v in decoded.values if v.raw is not None},
        headers={header.layer: header.fields for header in decoded.layers},
        length=decoded.payload[1] // 8,
    )


def layout_of(satellite: Satellite, packet: str) -> PacketLayout:
    """The packet's layout by name; raises EncodeError with the nearest right name."""
    for layout in satellite.packets:
        if layout.name == packet:
            return layout
    names = [layout.name for layout in satellite.packets]
    raise EncodeError(f"{satellite.id} has no packet {packet!r}; {nearest(packet, names)}")


def layers_of(satellite: Satellite, layout: PacketLayout) -> tuple[str, ...]:
    """The layers around the packet: its own, else those of the first downlink."""
    if layout.layers is not None:
        return layout.layers
    return satellite.downlinks[0].layers if satellite.downlinks else ()


def default_header(satellite: Satellite, layout: PacketLayout, layer: str) -> _Header:
    """Header fields that the definition fixes for one layer."""
    fields: dict[str, int | str | bool | None] = {
        name.partition(".")[2]: value
        for name, value in layout.match.fields.items()
        if name.partition(".")[0] == layer
    }
    if layer == "ax25" and satellite.callsigns:
        call, _, ssid = satellite.callsigns[0].partition("-")
        fields = {"source": call, "source_ssid": int(ssid or 0), **fields}
    return fields
