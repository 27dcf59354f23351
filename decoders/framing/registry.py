"""Framings by name, as a definition, ``station.toml`` and ``groundstation deframe`` call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from decoders.errors import DefinitionError
from decoders.frame import Deframer
from decoders.framing.kiss import KissDeframer
from decoders.suggest import nearest

#: Name -> class or function whose keyword arguments are the framing's options.
FRAMINGS: dict[str, Callable[..., Deframer]] = {
    "kiss": KissDeframer,
}


def deframer(name: str, options: Mapping[str, Any] | None = None) -> Deframer:
    """A new deframer; raises DefinitionError for an unknown name or option."""
    if name not in FRAMINGS:
        raise DefinitionError(f"there is no framing {name!r}; {nearest(name, FRAMINGS)}")
    try:
        return FRAMINGS[name](**(options or {}))
    except TypeError as error:
        raise DefinitionError(f"framing {name!r} does not take these options: {error}") from error
