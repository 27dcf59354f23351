"""Layers by name: how a header is peeled off a frame, and put back on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from decoders.errors import DefinitionError
from decoders.layers import ax25, csp
from decoders.layers.peeled import Peeled
from decoders.suggest import nearest

HeaderFields: TypeAlias = Mapping[str, int | str | bool | None]


@dataclass(frozen=True, slots=True)
class Layer:
    """``peel`` raises DecodeError for what is not this layer; ``wrap`` is its inverse."""

    peel: Callable[[bytes], Peeled]
    wrap: Callable[[bytes, HeaderFields], bytes]


LAYERS: dict[str, Layer] = {
    "ax25": Layer(ax25.peel, ax25.wrap),
    "csp": Layer(csp.peel, csp.wrap),
}


def layer(name: str) -> Layer:
    """The layer ``name``; raises DefinitionError when there is none."""
    if name not in LAYERS:
        raise DefinitionError(f"there is no layer {name!r}; {nearest(name, LAYERS)}")
    return LAYERS[name]
