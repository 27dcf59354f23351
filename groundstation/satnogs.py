"""The decoders of the optional package satnogs-decoders, when a user has installed it.

It is licensed under the AGPL and never part of this program: it is looked for only when asked, as
``satnogs:NAME``, and its values come as they are, without units, bits or limits.
"""

from __future__ import annotations

import enum
import importlib
import importlib.util
import pkgutil

from decoders.definition.model import Parameter
from decoders.suggest import nearest
from decoders.value import Decoded, Engineering, Raw, Value
from groundstation.errors import SatnogsError

PREFIX = "satnogs:"
_PACKAGE = "satnogsdecoders"


def satnogs_names() -> list[str]:
    """Names of its decoders, sorted; empty when it is not installed."""
    if importlib.util.find_spec(_PACKAGE) is None:
        return []
    spec = importlib.util.find_spec(f"{_PACKAGE}.decoder")
    places = spec.submodule_search_locations if spec is not None else None
    return sorted(module.name for module in pkgutil.iter_modules(places or []))


class SatnogsDecoder:
    """One of its decoders, read-only. Raises SatnogsError when there is none of that name."""

    def __init__(self, name: str):
        names = satnogs_names()
        if not names:
            raise SatnogsError("satnogs-decoders is not installed: pip install satnogs-decoders")
        if name not in names:
            raise SatnogsError(f"satnogs-decoders has no {name!r}; {nearest(name, names)}")
        self.name = name
        self._fields = importlib.import_module(f"{_PACKAGE}.decode_frame").decode_frame_to_fields

    def decode(self, frame: bytes) -> Decoded:
        """The frame's values; ``error`` where its decoder fails."""
        satellite = f"{PREFIX}{self.name}"
        try:
            fields = self._fields(self.name, frame)
        except Exception as error:  # other people's code may raise anything
            reason = f"{satellite} cannot decode this: {type(error).__name__}: {error}"
            return Decoded(frame, satellite, None, error=reason)
        values = tuple(_value(name, content) for name, content in fields.items())
        return Decoded(frame, satellite, self.name, values=values)


def _value(name: str, content: object) -> Value:
    plain: Engineering
    if isinstance(content, enum.Enum):
        plain = content.name
    elif isinstance(content, bool | int | float | str | bytes):
        plain = content
    else:
        plain = None if content is None else str(content)
    raw: Raw | None = None if plain is None or isinstance(plain, tuple) else plain
    state = "invalid" if plain is None else "unlimited"
    return Value(name, raw, plain, "", state, None, Parameter(name, "bytes", 0))
