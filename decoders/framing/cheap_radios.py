"""Radios on a chip: sync word, whitening, length, check. One description serves them all.

Sources: Texas Instruments CC1101 and CC1125 data sheets (DN509 whitening); Semtech SX1261 data
sheet section 6.2; Silicon Labs Si4463 data sheet and AN626; satellites as documented by their
operators and D. Estévez.
"""

from __future__ import annotations

from decoders.coding.crc import crc, crc_parameters
from decoders.coding.erasing import decode_soft
from decoders.coding.reed_solomon import ReedSolomon, plain
from decoders.coding.sequences import sequence, whiten
from decoders.errors import DefinitionError
from decoders.framing.block import Block, Need, bad
from decoders.framing.sync import SyncDeframer, search
from decoders.symbols import Symbols, sureness, to_bytes

_MOST_BYTES = 4096


class PacketBlock:
    """What a radio chip sends after its sync word.

    ``whitening``: a sequence of :mod:`decoders.coding.sequences` over everything, or empty.
    ``length_bytes``: size of the length field, 0 for frames of ``size`` data bytes.
    ``length_adds``: bytes between length field and CRC that it does not count (negative: that it
    counts too much). ``crc``: name, or empty; it covers the length field and the data.
    ``crc_endian``: its byte order. ``code``: RS code over ``size`` + parity bytes.
    """

    def __init__(
        self,
        *,
        whitening: str = "",
        length_bytes: int = 0,
        length_adds: int = 0,
        size: int = 0,
        crc: str = "",
        crc_endian: str = "big",
        code: ReedSolomon | None = None,
    ):
        if not length_bytes and not 0 < size <= _MOST_BYTES:
            raise DefinitionError(f"frames without a length need a size of 1..{_MOST_BYTES} bytes")
        if length_bytes not in (0, 1, 2):
            raise DefinitionError(f"length_bytes {length_bytes!r} is not 0, 1 or 2")
        if crc_endian not in ("big", "little"):
            raise DefinitionError(f"crc_endian {crc_endian!r} is not 'big' or 'little'")
        if whitening:
            sequence(whitening, 1)
        self._crc_bytes = crc_parameters(crc).width // 8 if crc else 0
        self._whitening, self._length_bytes, self._adds = whitening, length_bytes, length_adds
        self._size, self._crc, self._endian, self._code = size, crc, crc_endian, code
        longest = min(256**length_bytes - 1 + length_adds, _MOST_BYTES) if length_bytes else size
        parity = code.parity if code else 0
        self.most_symbols = 8 * (length_bytes + longest + self._crc_bytes + parity)

    def _plain(self, symbols: Symbols) -> bytes:
        data = to_bytes(symbols)
        return whiten(self._whitening, data) if self._whitening else data

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        head = 8 * self._length_bytes
        if len(symbols) < head:
            return Need(head)
        size = self._size
        if self._length_bytes:
            size = int.from_bytes(self._plain(symbols[:head])) + self._adds
            if not 0 < size <= _MOST_BYTES:
                return bad(f"the length field says {size - self._adds}", head)
        parity = self._code.parity if self._code else 0
        used = head + 8 * (size + self._crc_bytes + parity)
        if len(symbols) < used:
            return Need(used)
        return self._checked(symbols[:used])

    def _checked(self, symbols: Symbols) -> Block:
        content, used = self._plain(symbols), len(symbols)
        corrected: dict[str, int] = {}
        if self._code is not None:
            sure = sureness(symbols)
            fixed = decode_soft(self._code, content, sure, checked=bool(self._crc))
            if fixed is None:
                return bad("more errors than Reed-Solomon can correct", used)
            content, corrected["rs"] = fixed
        if self._crc:
            body, check = content[: -self._crc_bytes], content[-self._crc_bytes :]
            if crc(self._crc, body) != int.from_bytes(check, self._endian):  # type: ignore[arg-type]
                return Block(None, used, f"the check value {self._crc} is wrong", corrected)
            content = body
        return Block(content[self._length_bytes :], used, corrected=corrected)


def syncword(
    sync: str,
    sync_errors: int = 0,
    whitening: str = "",
    length_bytes: int = 1,
    length_adds: int = 0,
    size: int = 0,
    crc: str = "",
    crc_endian: str = "big",
) -> SyncDeframer:
    """Any radio of this family, described by parameters alone (see :class:`PacketBlock`)."""
    block = PacketBlock(
        whitening=whitening,
        length_bytes=0 if size else length_bytes,
        length_adds=length_adds,
        size=size,
        crc=crc,
        crc_endian=crc_endian,
    )
    return search(sync, sync_errors, block)


def reaktor(sync: str = "352E352E", sync_errors: int = 4) -> SyncDeframer:
    """Reaktor Hello World; Light-1 and BlueWalker-3 with sync word 930B51DE (CC1125)."""
    block = PacketBlock(whitening="cc11xx", length_bytes=1, crc="crc16-cc1101")
    return search(sync, sync_errors, block)


def cc1101(sync: str = "D391D391", sync_errors: int = 4, size: int = 223) -> SyncDeframer:
    """CC1101 as 3CAT-1 uses it: fixed frames, PN9, RS(255,223) over the field 0x11D."""
    block = PacketBlock(whitening="cc11xx", size=size, code=plain(32, 1))
    return search(sync, sync_errors, block)


def sx126x(sync: str = "55551212", sync_errors: int = 0) -> SyncDeframer:
    """Semtech SX126x in FSK mode, as FOSSASAT uses it."""
    block = PacketBlock(whitening="sx126x", length_bytes=1, crc="crc16-sx126x")
    return search(sync, sync_errors, block)


def si446x(sync: str = "2DD4", sync_errors: int = 1, size: int = 35) -> SyncDeframer:
    """Silicon Labs Si446x with fixed frames, as Lucky-7 uses it."""
    block = PacketBlock(whitening="si446x", size=size, crc="crc16-cc1101")
    return search(sync, sync_errors, block)


def geoscan(sync: str = "930B51DE", sync_errors: int = 4, size: int = 64) -> SyncDeframer:
    """GEOSCAN: fixed frames of 64 (later satellites 72) data bytes, PN9, CRC."""
    block = PacketBlock(whitening="cc11xx", size=size, crc="crc16-cc1101")
    return search(sync, sync_errors, block)


def tt64(sync: str = "2DD4", sync_errors: int = 1) -> SyncDeframer:
    """TT-64 (QB50): 46 data bytes, CRC-16, RS(64,48) over the field 0x11D."""
    block = PacketBlock(size=46, crc="crc16-arc", crc_endian="little", code=plain(16, 1))
    return search(sync, sync_errors, block)


def smog_signalling(sync: str = "2DD497FDD37B0F1F", sync_errors: int = 8) -> SyncDeframer:
    """The 64 bytes that SMOG-P sends to mark the kind of what follows; no check value."""
    return search(sync, sync_errors, PacketBlock(size=64))


class SanosatBlock:
    """SanoSat-1 (RFM69): length n, two bytes of another CRC, FF FF 00 00, payload, CRC-16."""

    _DELIMITER = bytes.fromhex("FFFF0000")
    most_symbols = 8 * (255 + 5)

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        if len(symbols) < 8:
            return Need(8)
        length = to_bytes(symbols[:8])[0]
        used = 8 * (length + 5)
        if len(symbols) < used:
            return Need(used)
        content = to_bytes(symbols[:used])
        if content[3:7] != self._DELIMITER or length + 5 < 10:
            return bad("no delimiter FF FF 00 00 after the length", used)
        body, check = content[:1] + content[3:-2], content[-2:]
        if crc("crc16-ccitt", body) != int.from_bytes(check, "little"):
            return bad("the check value crc16-ccitt is wrong", used)
        return Block(content[7:-2], used)


def sanosat(sync: str = "B42B", sync_errors: int = 0) -> SyncDeframer:
    """SanoSat-1."""
    return search(sync, sync_errors, SanosatBlock())
