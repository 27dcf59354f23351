"""Layers by name: how a header is peeled off a frame, and put back on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from decoders.errors import DefinitionError
from decoders.layers import ax25, csp, space_packet, transfer_frame
from decoders.layers.header_fields import Layout
from decoders.layers.peeled import Peeled
from decoders.suggest import nearest
from decoders.words import Words

HeaderFields: TypeAlias = Mapping[str, int | str | bool | None]


@dataclass(frozen=True, slots=True)
class Layer:
    """``peel`` raises DecodeError for what is not this layer; ``wrap`` is its inverse.

    ``header``: fields of whole bytes that each header begins with, at most 64 bits; ``swapped``:
    their last byte comes first. ``title``: its name as people write it, in their words.
    """

    title: Callable[[Words], str]
    peel: Callable[[bytes], Peeled]
    wrap: Callable[[bytes, HeaderFields], bytes]
    header: Layout = ()
    swapped: bool = False

    @property
    def header_bytes(self) -> int:
        """Bytes that ``header`` takes."""
        return sum(bits for _, bits in self.header) // 8


LAYERS: dict[str, Layer] = {
    "ax25": Layer(lambda _: "AX.25", ax25.peel, ax25.wrap),
    "csp": Layer(lambda _: "CSP", csp.peel, csp.wrap, csp.VERSION_1),
    "csp-swapped": Layer(
        lambda words: words("CSP (swapped)"),
        csp.peel_swapped,
        csp.wrap_swapped,
        csp.VERSION_1,
        swapped=True,
    ),
    "csp2": Layer(lambda _: "CSP 2", csp.peel_v2, csp.wrap_v2, csp.VERSION_2),
    "space-packet": Layer(
        lambda words: words("space packet"),
        space_packet.peel,
        space_packet.wrap,
        space_packet.PRIMARY,
    ),
    "pus": Layer(lambda _: "PUS", space_packet.peel_pus, space_packet.wrap_pus),
    "tm-frame": Layer(
        lambda words: words("TM frame"),
        transfer_frame.peel_tm,
        transfer_frame.wrap_tm,
        transfer_frame.TM,
    ),
    "tm-frame-fecf": Layer(
        lambda words: words("TM frame with FECF"),
        transfer_frame.peel_tm_fecf,
        transfer_frame.wrap_tm_fecf,
        transfer_frame.TM,
    ),
    "aos-frame": Layer(
        lambda words: words("AOS frame"),
        transfer_frame.peel_aos,
        transfer_frame.wrap_aos,
        transfer_frame.AOS,
    ),
}


def layer(name: str) -> Layer:
    """The layer ``name``; raises DefinitionError when there is none."""
    if name not in LAYERS:
        raise DefinitionError(f"there is no layer {name!r}; {nearest(name, LAYERS)}")
    return LAYERS[name]


def layer_title(name: str, words: Words) -> str:
    """The layer ``name`` as people write it; the name itself where there is no such layer."""
    return LAYERS[name].title(words) if name in LAYERS else name
