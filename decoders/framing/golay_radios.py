"""GomSpace AX100 and U482C radios: a Golay-coded length, the CCSDS randomiser, Reed-Solomon.

Source: GomSpace NanoCom AX100 and U482C manuals, as documented by D. Estévez ("GOMX-3", "AX100").
"""

from __future__ import annotations

from decoders.coding import convolutional, golay
from decoders.coding.convolutional import Decoded
from decoders.coding.erasing import decode_soft
from decoders.coding.line_code import G3ruh
from decoders.coding.reed_solomon import ccsds
from decoders.coding.sequences import whiten
from decoders.framing.block import Block, Need, ViterbiBlock, bad
from decoders.framing.sync import Pattern, SyncDeframer, SyncWord, search
from decoders.symbols import Symbols, from_bits, sureness, to_bytes

AX100_SYNC, U482C_SYNC = "930B51DE", "C3AA6655"
_LENGTH_BITS = 24
_PARITY = 32
#: Bytes of the header of a CSP packet. Where no code vouches for the frame, noise behind a sync
#: word is taken for less now and then.
_HEADER = 4
_VITERBI, _SCRAMBLER, _RS = 0x100, 0x200, 0x400


class GolayBlock(ViterbiBlock):
    """A 24-bit Golay word with the length, then that many coded bytes.

    ``flags_rule``: the word's flags say which codes are used (U482C); otherwise the randomiser and
    RS(255,223) always are (AX100).
    """

    most_symbols = _LENGTH_BITS + 8 * 255

    def __init__(self, flags_rule: bool):
        self._flags_rule = flags_rule
        self.code = convolutional.code("133,171")

    def coded(self, symbols: Symbols) -> Need | Block | Symbols:
        """See the class above."""
        if len(symbols) < _LENGTH_BITS:
            return Need(_LENGTH_BITS)
        found = _length_word(symbols)
        if found is None:
            return bad("the length word cannot be corrected (Golay)", _LENGTH_BITS)
        word, errors = found
        used = _LENGTH_BITS + 8 * (word & 0xFF)
        if len(symbols) < used:
            return Need(used)
        flags = word if self._flags_rule else _SCRAMBLER | _RS
        content = symbols[_LENGTH_BITS:used]
        if flags & _VITERBI:
            return content
        return _content(content, flags, used, {"golay": errors})

    def finish(self, symbols: Symbols, coded: Symbols, decoded: Decoded) -> Block:
        """See the class above."""
        flags, errors = _length_word(symbols) or (0, 0)
        # Terminated by six zero bits and two of fill; data bytes are what is left.
        content = from_bits(decoded.bits[: len(decoded.bits) - 8])
        corrected = {"golay": errors, "viterbi": decoded.errors}
        return _content(content, flags, _LENGTH_BITS + len(coded), corrected)


def _length_word(symbols: Symbols) -> tuple[int, int] | None:
    """Flags and length in 12 bits, and how many of the word were wrong."""
    return golay.decode(int.from_bytes(to_bytes(symbols[:_LENGTH_BITS])))


def _content(symbols: Symbols, flags: int, used: int, corrected: dict[str, int]) -> Block:
    data = to_bytes(symbols)
    if flags & _SCRAMBLER:
        data = whiten("ccsds", data)
    if flags & _RS:
        fixed = decode_soft(ccsds(dual=False), data, sureness(symbols))
        if fixed is None:
            return Block(None, used, "more errors than Reed-Solomon can correct", corrected)
        data, corrected["rs"] = fixed
    elif len(data) < _HEADER:
        return Block(None, used, f"{len(data)} bytes are no CSP packet", corrected)
    return Block(data, used, corrected=corrected)


class LengthRsBlock:
    """AX100 mode 6: one length byte (it counts itself), data, 32 parity bytes."""

    most_symbols = 8 * 256

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        if len(symbols) < 8:
            return Need(8)
        length = to_bytes(symbols[:8])[0]
        if length <= 1 + _PARITY:
            return bad(f"the length byte {length} leaves no data beside the parity", 8)
        if len(symbols) < 8 * length:
            return Need(8 * length)
        word = symbols[8 : 8 * length]
        fixed = decode_soft(ccsds(dual=False), to_bytes(word), sureness(word))
        if fixed is None:
            return bad("more errors than Reed-Solomon can correct", 8 * length)
        return Block(fixed.data, 8 * length, corrected={"rs": fixed.errors})


def ax100_golay(sync: str = AX100_SYNC, sync_errors: int = 4) -> SyncDeframer:
    """AX100 mode 5, "ASM+Golay"."""
    return search(sync, sync_errors, GolayBlock(flags_rule=False))


def u482c(sync: str = U482C_SYNC, sync_errors: int = 4) -> SyncDeframer:
    """NanoCom U482C: flags in the length word say which codes are used."""
    return search(sync, sync_errors, GolayBlock(flags_rule=True))


def ax100_rs(sync: str = AX100_SYNC, sync_errors: int = 4) -> SyncDeframer:
    """AX100 mode 6, Reed-Solomon, everything scrambled with G3RUH before the sync search."""
    pattern = Pattern(SyncWord.of(sync, sync_errors), LengthRsBlock())
    return SyncDeframer(pattern, line=lambda: [G3ruh()])
