"""Every exception that ``decoders`` raises.

::

    DecodersError
    ├── DefinitionError  a definition file is wrong; names file, line, key, value, allowed values
    ├── DecodeError      a frame does not follow its definition or layer; the text is the reason
    │   └── NoPacketError    a sound layer in which no packet begins: idle, or it goes on with one
    └── EncodeError      values cannot be written into a frame; names the parameter and range

Deframers never raise for bad bytes: they yield :class:`decoders.frame.BadFrame`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decoders.layers.peeled import Peeled


class DecodersError(Exception):
    """Base of all errors of this package."""


class DecodeError(DecodersError):
    """A frame that cannot be decoded; ``str(error)`` is the reason, one sentence."""


class NoPacketError(DecodeError):
    """Nothing is wrong, but no packet is here.

    ``peeled``: the header with an empty payload, None where there is no header either.
    """

    def __init__(self, reason: str, peeled: Peeled | None = None):
        self.peeled = peeled
        super().__init__(reason)


class EncodeError(DecodersError):
    """A value that cannot be encoded; ``str(error)`` names the parameter and the allowed range."""


class DefinitionError(DecodersError):
    """A mistake in a definition file.

    ``source`` is the file name, ``line`` the 1-based line or None, ``key`` the dotted key.
    """

    def __init__(self, problem: str, *, source: str = "", line: int | None = None, key: str = ""):
        self.problem = problem
        self.source = source
        self.line = line
        self.key = key
        super().__init__(self._text())

    def _text(self) -> str:
        place = self.source
        if self.line is not None:
            place += f":{self.line}"
        parts = [part for part in (place, self.key, self.problem) if part]
        return ": ".join(parts)
