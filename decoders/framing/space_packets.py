"""Space packets one behind the other, as files of telemetry hold them: the header tells the length.

Source: CCSDS 133.0-B-2, Space Packet Protocol, section 4.1.
"""

from __future__ import annotations

from decoders.frame import BadFrame, Deframed, Frame
from decoders.layers import space_packet

_HEADER = 6
_LOST = "not a space packet (its version is not 0): what follows is not read"


class SpacePacketDeframer:
    """A stream of bytes that begins with a packet, to packets with their headers.

    Idle packets (APID 2047) are passed over. Bytes that are no packet end the stream: where the
    next one begins cannot be known any more; they come as BadFrames of ``max_frame`` bytes at most.
    """

    def __init__(self, max_frame: int = space_packet.LONGEST):
        self.max_frame = max_frame
        self._pending = bytearray()
        self._reason = ""

    def feed(self, data: bytes) -> list[Deframed]:
        """Take the next bytes; return the packets that they complete, in order."""
        found: list[Deframed] = []
        self._pending += data
        at = 0
        while not self._reason and at < len(self._pending):
            size = space_packet.size_of(self._pending[at : at + _HEADER])
            if not space_packet.is_version_1(self._pending[at]):
                self._reason = _LOST
            elif size is not None and size > self.max_frame:
                self._reason = f"a packet of {size} bytes is longer than {self.max_frame}"
            elif size is None or len(self._pending) - at < size:
                break
            else:
                packet = bytes(self._pending[at : at + size])
                at += size
                if not space_packet.is_idle(packet):
                    found.append(Frame(packet))
        del self._pending[:at]
        if self._reason:
            self._give_lost(found, whole_pieces=True)
        return found

    def _give_lost(self, found: list[Deframed], whole_pieces: bool) -> None:
        """In pieces of ``max_frame``, so that any chunking gives the same."""
        while len(self._pending) >= (self.max_frame if whole_pieces else 1):
            found.append(BadFrame(bytes(self._pending[: self.max_frame]), self._reason))
            del self._pending[: self.max_frame]

    def flush(self) -> list[Deframed]:
        """The stream ended: what trails behind the last packet is a BadFrame."""
        found: list[Deframed] = []
        if self._pending and not self._reason:
            size = space_packet.size_of(self._pending)
            whole = "its header" if size is None else f"the {size} bytes that it says it has"
            self._reason = f"the stream ends inside a space packet, before {whole}"
        self._give_lost(found, whole_pieces=False)
        self._pending.clear()
        self._reason = ""
        return found

    def decode_block(self, data: bytes) -> list[Deframed]:
        """The packets of one piece of the stream."""
        return [*self.feed(data), *self.flush()]
