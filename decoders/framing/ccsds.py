"""CCSDS telemetry frames: uncoded, Reed-Solomon, and concatenated with a convolutional code.

Source: CCSDS 131.0-B-5, "TM Synchronization and Channel Coding", sections 3, 4, 9 and 10.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from decoders.coding import convolutional
from decoders.coding.crc import crc
from decoders.coding.erasing import decode_soft
from decoders.coding.reed_solomon import Corrected, ReedSolomon
from decoders.coding.reed_solomon import ccsds as ccsds_code
from decoders.coding.sequences import sequence, whiten
from decoders.errors import DefinitionError
from decoders.framing.block import Block, Need, bad
from decoders.framing.concatenated import ConcatenatedDeframer
from decoders.framing.sync import SyncDeframer, SyncWord, search
from decoders.symbols import Symbols, sureness, to_bytes

SYNC = "1ACFFC1D"
_DATA, _PARITY = 223, 32
_MOST_BYTES = 8192
_BASES = {"": (True, False), "dual": (True,), "conventional": (False,)}


class UncodedBlock:
    """A transfer frame of ``size`` bytes. ``fecf``: its last two bytes are a check value."""

    def __init__(self, size: int, scrambler: str, fecf: bool):
        self._size, self._fecf = _checked_size(size), fecf
        self._scrambler = _checked_scrambler(scrambler)
        self.most_symbols = 8 * size

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        if len(symbols) < self.most_symbols:
            return Need(self.most_symbols)
        data = to_bytes(symbols[: self.most_symbols])
        if self._scrambler:
            data = whiten(self._scrambler, data)
        if self._fecf and crc("crc16-ccitt", data[:-2]) != int.from_bytes(data[-2:]):
            return bad("the frame error control field is wrong", self.most_symbols)
        return Block(data, self.most_symbols)


class ReedSolomonBlock:
    """``interleave`` codewords of RS(255,223), shortened to ``size`` data bytes in all.

    ``basis``: dual, conventional, or empty for whichever decodes. The ``scrambler`` must be told:
    the CCSDS randomiser takes codewords of full length to other codewords.
    """

    def __init__(self, size: int, interleave: int, basis: str, scrambler: str):
        if basis not in _BASES:
            raise DefinitionError(f"basis {basis!r} is not 'dual' or 'conventional'")
        if not 1 <= interleave <= 16:
            raise DefinitionError(f"interleave {interleave!r} is not 1..16")
        size = _checked_size(size or _DATA * interleave)
        if size % interleave or size > _DATA * interleave:
            raise DefinitionError(
                f"size {size} is not a multiple of interleave {interleave}, "
                f"or more than {_DATA * interleave}"
            )
        self._interleave = interleave
        self._codes = [ccsds_code(dual) for dual in _BASES[basis]]
        self._scrambler = _checked_scrambler(scrambler)
        self.most_symbols = 8 * (size + _PARITY * interleave)

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        if len(symbols) < self.most_symbols:
            return Need(self.most_symbols)
        data = to_bytes(symbols[: self.most_symbols])
        sure = sureness(symbols[: self.most_symbols])
        if self._scrambler:
            data = whiten(self._scrambler, data)
        # Without erasures in either basis first: with them it costs more, and says less.
        tries = [np.zeros_like(sure), *[sure] * bool(sure.min() < sure.max())]
        for how_sure, code in product(tries, self._codes):
            words = self._corrected(code, data, how_sure)
            if words:
                content = bytearray(sum(len(word.data) for word in words))
                for k, word in enumerate(words):
                    content[k :: self._interleave] = word.data
                errors = sum(word.errors for word in words)
                return Block(bytes(content), self.most_symbols, corrected={"rs": errors})
        return bad("more errors than Reed-Solomon can correct", self.most_symbols)

    def _corrected(
        self, code: ReedSolomon, data: bytes, sure: NDArray[np.int16]
    ) -> list[Corrected]:
        """All the interleaved words, or none when one cannot be corrected."""
        found: list[Corrected] = []
        for k in range(self._interleave):
            every = slice(k, None, self._interleave)
            word = decode_soft(code, data[every], sure[every])
            if word is None:
                return []
            found.append(word)
        return found


def _checked_size(size: int) -> int:
    if not 4 <= size <= _MOST_BYTES:
        raise DefinitionError(f"size {size!r} is not 4..{_MOST_BYTES} bytes")
    return size


def _checked_scrambler(name: str) -> str:
    """``name`` as a sequence; empty for ``none``."""
    if name == "none":
        return ""
    sequence(name, 1)
    return name


def ccsds(
    size: int = 223,
    sync: str = SYNC,
    sync_errors: int = 4,
    scrambler: str = "ccsds",
    fecf: bool = False,
) -> SyncDeframer:
    """Uncoded TM or AOS frames of ``size`` bytes (``scrambler`` ``none``: not randomised)."""
    return search(sync, sync_errors, UncodedBlock(size, scrambler, fecf))


def ccsds_rs(
    size: int = 0,
    interleave: int = 1,
    basis: str = "",
    sync: str = SYNC,
    sync_errors: int = 4,
    scrambler: str = "ccsds",
) -> SyncDeframer:
    """Reed-Solomon coded frames of ``size`` data bytes (default 223 for each interleaved word)."""
    return search(sync, sync_errors, ReedSolomonBlock(size, interleave, basis, scrambler))


def ccsds_concatenated(
    size: int = 0,
    interleave: int = 1,
    basis: str = "",
    convolutional: str = "",
    sync: str = SYNC,
    sync_errors: int = 4,
    scrambler: str = "ccsds",
    precoding: str = "",
) -> ConcatenatedDeframer:
    """Reed-Solomon inside a convolutional code of rate 1/2, whose phase is found by trial.

    ``convolutional``: such as ``171,/133``; empty: the CCSDS or the NASA order, whichever decodes.
    ``precoding``: ``none``, ``differential``, or empty for whichever decodes.
    """
    notations = [convolutional] if convolutional else [_CCSDS, _NASA]
    choices = {"": (False, True), "none": (False,), "differential": (True,)}
    if precoding not in choices:
        raise DefinitionError(f"precoding {precoding!r} is not 'none' or 'differential'")
    return ConcatenatedDeframer(
        [_code(notation) for notation in notations],
        choices[precoding],
        SyncWord.of(sync, sync_errors),
        ReedSolomonBlock(size, interleave, basis, scrambler),
    )


_code, _CCSDS, _NASA = convolutional.code, convolutional.CCSDS, convolutional.NASA
