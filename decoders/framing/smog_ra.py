"""SMOG-P and its sisters (BME): frames in a repeat-accumulate code.

Source: BME, SMOG-P documentation, as documented by D. Estévez.
"""

from __future__ import annotations

from decoders.coding.crc import crc
from decoders.coding.repeat_accumulate import repeat_accumulate
from decoders.errors import DefinitionError
from decoders.framing.block import Block, Need, bad
from decoders.framing.sync import SyncDeframer, search
from decoders.symbols import Symbols

#: More wrong bits than this part: what was decoded has nothing to do with what was received.
_MOST_WRONG = 0.25
_LEAST, _MOST = 34, 510


class RepeatAccumulateBlock:
    """A coded frame of ``size`` bytes. ``check``: CRC-16/ARC in its last two bytes (SMOG-1)."""

    def __init__(self, size: int, check: bool):
        if size % 2 or not _LEAST <= size <= _MOST:
            raise DefinitionError(f"size {size!r} is not an even number from {_LEAST} to {_MOST}")
        self._code, self._check = repeat_accumulate(size), check
        self.most_symbols = 8 * self._code.coded_bytes

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        used = self.most_symbols
        if len(symbols) < used:
            return Need(used)
        data, errors = self._code.decode(symbols[:used])
        if errors > _MOST_WRONG * used:
            return bad("more errors than the repeat-accumulate code can correct", used)
        corrected = {"ra": errors}
        if self._check:
            if crc("crc16-arc", data[:-2]) != int.from_bytes(data[-2:], "little"):
                return Block(None, used, "the check value crc16-arc is wrong", corrected)
            data = data[:-2]
        return Block(data, used, corrected=corrected)


def smog_ra(
    size: int = 128, sync: str = "2DD4", sync_errors: int = 0, check: bool = False
) -> SyncDeframer:
    """SMOG-P and ATL-1; SMOG-1 with ``size=126 sync=2DD463C53599 sync_errors=6 check=true``."""
    return search(sync, sync_errors, RepeatAccumulateBlock(size, check))
