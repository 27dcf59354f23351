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


class Encoder:
    """Encodes frames of one satellite; its packets are compiled once."""

    def __init__(self, satellite: Satellite):
        self._satellite = satellite
        self._plans = {layout.name: Plan(layout) for layout in satellite.packets}

    def encode(
        self,
        packet: str,
        values: Mapping[str, Engineering],
        *,
        raw: Mapping[str, Raw] | None = None,
        headers: Mapping[str, _Header] | None = None,
        length: int = 0,
    ) -> bytes:
        """A frame: the packet with ``values``, inside its layers.

        ``raw`` values go before engineering ones; what is not given is 0. ``headers``: fields by
        layer name; missing ones come from the packet's match rules and the satellite's first
        callsign. ``length``: bytes to fill the packet up to. Raises EncodeError naming the
        packet or parameter.
        """
        if packet not in self._plans:
            hint = nearest(packet, self._plans)
            raise EncodeError(f"{self._satellite.id} has no packet {packet!r}; {hint}")
        plan = self._plans[packet]
        content = plan.encode(values, raw, length)
        for name in reversed(_layers(self._satellite, plan.layout)):
            fields = _default_header(self._satellite, plan.layout, name)
            content = LAYERS[name].wrap(content, {**fields, **(headers or {}).get(name, {})})
        return content

    def again(self, decoded: Decoded) -> bytes:
        """The frame from its raw values and headers: the proof that nothing was lost.

        Raises EncodeError where a frame without a known packet cannot be encoded.
        """
        if decoded.packet is None or decoded.payload is None:
            raise EncodeError("a frame without a known packet cannot be encoded")
        return self.encode(
            decoded.packet,
            {},
            raw={v.name: v.raw for v in decoded.values if v.raw is not None},
            headers={header.layer: header.fields for header in decoded.layers},
            length=decoded.payload[1] // 8,
        )


def _layers(satellite: Satellite, layout: PacketLayout) -> tuple[str, ...]:
    """The layers around the packet: its own, else those of the first downlink."""
    if layout.layers is not None:
        return layout.layers
    return satellite.downlinks[0].layers if satellite.downlinks else ()


def _default_header(satellite: Satellite, layout: PacketLayout, layer: str) -> _Header:
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
