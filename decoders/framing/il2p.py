"""IL2P: AX.25 with a compressed header, scrambling and Reed-Solomon in small blocks.

Source: N. Koenig KK7NQN, "Improved Layer 2 Protocol", draft 0.6, and draft 0.4 as Direwolf sends
it.
"""

from __future__ import annotations

from decoders.coding.crc import crc
from decoders.coding.erasing import decode_soft
from decoders.coding.reed_solomon import plain
from decoders.framing.block import Block, Need, bad
from decoders.framing.il2p_header import Header, read_header
from decoders.framing.sync import Pattern, SyncDeframer, SyncWord
from decoders.symbols import Symbols, sureness, to_bytes

SYNC = "F15E48"
_HEADER, _HEADER_PARITY = 13, 2
_STRONG_PARITY, _STRONG_BLOCK, _WEAK_BLOCK = 16, 239, 247
_CRC = 4
#: Codewords of the Hamming code (7,4) for the nibbles 0 to 15, in which the trailing CRC is sent.
_HAMMING = bytes.fromhex("007162135425364738495A2B6C1D0E7F")


class Il2pBlock:
    """Header with its parity, then the payload in blocks, each scrambled and then coded.

    ``max_fec``: always 16 parity bytes (draft 0.6); None: as the header says, else 16.
    ``trailing_crc``: the frame ends with a CRC (draft 0.6, optional); None: if one fits, it counts.
    """

    def __init__(self, max_fec: bool | None, trailing_crc: bool | None):
        self._max_fec, self._trailing = max_fec, trailing_crc
        self.most_symbols = 8 * (_HEADER + _HEADER_PARITY + 1023 + 5 * _STRONG_PARITY + _CRC)

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        head = 8 * (_HEADER + _HEADER_PARITY)
        if len(symbols) < head:
            return Need(head)
        fixed = plain(_HEADER_PARITY, 0).decode(to_bytes(symbols[:head]))
        header = read_header(_descramble(fixed.data)) if fixed else None
        if fixed is None or header is None:
            return bad("the header cannot be corrected", head)
        strong = header.max_fec if self._max_fec is None else self._max_fec
        results = []
        # Draft 0.6 codes strongly without saying so.
        also_strong = self._max_fec is None and not strong and header.payload_bytes
        for how in (strong, True)[: 2 if also_strong else 1]:
            result = self._payload(symbols, head, header, how)
            if isinstance(result, Block) and result.data is not None:
                total = fixed.errors + result.corrected["rs"]
                return Block(result.data, result.used, corrected={"rs": total})
            results.append(result)
        needs = [result for result in results if isinstance(result, Need)]
        return needs[0] if needs else results[0]

    def _payload(self, symbols: Symbols, head: int, header: Header, strong: bool) -> Need | Block:
        sizes, parity = _blocks(header.payload_bytes, strong)
        used = head + 8 * sum(size + parity for size in sizes)
        if len(symbols) < used:
            return Need(used)
        content, errors, at = b"", 0, head
        for size in sizes:
            word = symbols[at : at + 8 * (size + parity)]
            fixed = decode_soft(plain(parity, 0), to_bytes(word), sureness(word))
            if fixed is None:
                return bad("more errors than Reed-Solomon can correct", used)
            content += _descramble(fixed.data)
            errors += fixed.errors
            at += 8 * (size + parity)
        frame = header.frame(content)
        if frame is None:
            return bad("the header means no frame", used)
        return self._checked(frame, errors, symbols, used)

    def _checked(self, frame: bytes, errors: int, symbols: Symbols, used: int) -> Need | Block:
        if self._trailing is False:
            return Block(frame, used, corrected={"rs": errors})
        end = used + 8 * _CRC
        if len(symbols) < end:
            if self._trailing:
                return Need(end)
            return Block(frame, used, corrected={"rs": errors})
        found = _trailing_crc(to_bytes(symbols[used:end]))
        if found == crc("crc16-x25", frame):
            return Block(frame, end, corrected={"rs": errors})
        if self._trailing:
            return bad("the trailing CRC is wrong", end)
        return Block(frame, used, corrected={"rs": errors})


def _blocks(count: int, strong: bool) -> tuple[list[int], int]:
    """Data bytes of each block, the larger ones first, and parity bytes of each."""
    if count == 0:
        return [], 0
    most = _STRONG_BLOCK if strong else _WEAK_BLOCK
    blocks = -(-count // most)
    small, larger = divmod(count, blocks)
    sizes = [small + 1] * larger + [small] * (blocks - larger)
    if strong:
        return sizes, _STRONG_PARITY
    return sizes, next(p for p, bound in ((2, 61), (4, 123), (6, 185), (8, 247)) if small <= bound)


def _descramble(data: bytes) -> bytes:
    """x^9 + x^4 + 1, self-synchronising, begun anew for each block."""
    register, found = 0x1F0, 0
    for position in range(8 * len(data) - 1, -1, -1):
        bit = int.from_bytes(data) >> position & 1
        found = found << 1 | (bit ^ register & 1)
        register = register >> 1 ^ bit << 8 ^ bit << 3
    return found.to_bytes(len(data))


def _trailing_crc(data: bytes) -> int:
    """Four Hamming codewords, each nearest nibble; the high nibble first."""
    value = 0
    for byte in data:
        nibble = min(range(16), key=lambda n: (_HAMMING[n] ^ byte & 0x7F).bit_count())
        value = value << 4 | nibble
    return value


def il2p(
    sync_errors: int = 1, max_fec: bool | None = None, trailing_crc: bool | None = None
) -> SyncDeframer:
    """IL2P frames as AX.25 without check sequence, in either polarity."""
    word, block = SyncWord.of(SYNC, sync_errors), Il2pBlock(max_fec, trailing_crc)
    return SyncDeframer(Pattern(word, block), Pattern(word, block, inverted=True))
