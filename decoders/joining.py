"""Packets that come in pieces: they begin in one transfer frame and end in another, or are sent as
segments.

Sources: CCSDS 132.0-B-3, section 4.1.4.2 (a packet may span frames of its virtual channel, whose
count tells that none is missing); CCSDS 133.0-B-2, section 4.1.3.4.2 (sequence flags and count).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias, TypeVar

from decoders.identify import Identified, Identifier
from decoders.known import Layers, is_segment
from decoders.layers import space_packet
from decoders.packets import SPACE_PACKET, Packet, further, is_carried, layers_of
from decoders.peeler import Peeler
from decoders.value import LayerHeader

#: Virtual channels, and packets in segments, that are waited for at once; the one that was silent
#: longest is given up.
MOST_WAITING = 256
_COUNTS = {"tm-frame": 1 << 8, "tm-frame-fecf": 1 << 8, "aos-frame": 1 << 24}
_SEQUENCE = 1 << 14

#: Satellite, spacecraft and virtual channel; for segments also the APID.
_Key: TypeAlias = tuple[object, ...]
_T = TypeVar("_T")


class Packets(NamedTuple):
    """``joined``: packets that a frame completes; ``further``: those behind its own."""

    joined: list[Packet]
    further: list[Packet]


@dataclass(slots=True)
class _Channel:
    """A virtual channel: its last frame, and the beginning of a packet that goes on."""

    count: int
    frame: bytes
    pending: bytes = b""
    tokens: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Series:
    """Segments of one packet: the header of the first, what came, and the last sequence count."""

    header: LayerHeader
    data: bytes
    count: int
    tokens: list[int]


class PacketJoiner:
    """Takes the frames of satellites in order and gives the packets that they complete.

    Holds one unfinished packet a virtual channel and one series of segments an APID, MOST_WAITING
    of each, none longer than a space packet may be. A frame that is missing ends what waits.
    """

    def __init__(self, identifier: Identifier):
        #: Packets that began and whose end did not come.
        self.cut_off = 0
        self._identifier = identifier
        self._channels: OrderedDict[_Key, _Channel] = OrderedDict()
        self._series: OrderedDict[_Key, _Series] = OrderedDict()

    def feed(
        self, frame: bytes, satellite: str, received_us: int | None = None, token: int = 0
    ) -> Packets:
        """The packets that a satellite's frame brings but for its own.

        ``token``: what :meth:`held` gives back while something of the frame is waited with.
        """
        peeler = Peeler(frame, received_us)
        own = self._identifier.identify(peeler, satellite)
        if own.known is None or own.inside is None or own.inside.error is not None:
            return Packets([], [])
        behind = further(self._identifier, peeler, own)
        above = _above(own)
        if is_carried(above) and not self._is_new(own, above, frame):
            return Packets([], _without_segments(behind))
        joined = [
            self._packet(data, peeler, own, above)
            for data in self._continued(peeler, own, above, token)
        ]
        for packet in (*joined, Packet(frame, own), *behind):
            data = self._segment(packet, token)
            if data is not None:
                joined.append(self._packet(data, peeler, own, above))
        return Packets(_without_segments(joined), _without_segments(behind))

    def held(self) -> list[int]:
        """Tokens of the frames of which something is kept, each once, ascending."""
        waiting: tuple[_Channel | _Series, ...] = (
            *self._channels.values(),
            *self._series.values(),
        )
        return sorted({token for each in waiting for token in each.tokens})

    @property
    def unfinished(self) -> int:
        """Packets that began and have not ended so far."""
        return sum(bool(each.pending) for each in self._channels.values()) + len(self._series)

    def forget(self, satellite: str) -> None:
        """Drop what is kept of a satellite."""
        for waiting in (self._channels, self._series):
            for key in [key for key in waiting if key[0] == satellite]:
                del waiting[key]

    def _is_new(self, own: Identified, above: Layers, frame: bytes) -> bool:
        """Whether a transfer frame is no copy of the last one; gaps end what its channel had."""
        header = _headers(own, above)[-1]
        key, count = _channel_key(own, header), int(header.fields["virtual_channel_count"] or 0)
        channel = self._channels.get(key)
        if channel is None:
            _keep(self._channels, key, _Channel(count, frame))
            return True
        if channel.count == count and channel.frame == frame:
            return False
        if count != (channel.count + 1) % _COUNTS[header.layer]:
            self.cut_off += bool(channel.pending)
            channel.pending, channel.tokens = b"", []
        channel.count, channel.frame = count, frame
        self._channels.move_to_end(key)
        return True

    def _continued(
        self, peeler: Peeler, own: Identified, above: Layers, token: int
    ) -> Iterator[bytes]:
        """The packet that ends in a transfer frame; then what begins in it and goes on is kept."""
        if not is_carried(above):
            return
        header = _headers(own, above)[-1]
        channel = self._channels[_channel_key(own, header)]
        continuation = header.fields.get("continuation")
        if channel.pending and isinstance(continuation, str):
            channel.pending += bytes.fromhex(continuation)
            channel.tokens.append(token)
            if space_packet.size_of(channel.pending) == len(channel.pending):
                if not space_packet.is_idle(channel.pending):
                    yield channel.pending
                channel.pending = b""
        fits = len(channel.pending) <= space_packet.LONGEST
        if channel.pending and fits and _goes_on(peeler, above):
            return
        self.cut_off += bool(channel.pending)
        channel.pending = _tail(peeler, above)
        channel.tokens = [token] if channel.pending else []

    def _segment(self, packet: Packet, token: int) -> bytes | None:
        """Take a packet if it is a segment; the whole packet if it was the last one."""
        inside = packet.found.inside
        if inside is None or not _is_piece(packet):
            return None
        header = next(h for h in inside.headers if h.layer == SPACE_PACKET)
        key = (*_channel_key(packet.found, inside.headers[0]), header.fields["apid"])
        data = packet.frame[_payload_start(header) : inside.end]
        count, flags = int(header.fields["sequence_count"] or 0), header.fields["sequence_flags"]
        series = self._series.pop(key, None)
        if flags == space_packet.FIRST:
            series = _Series(header, data, count, [token])
        elif series is not None and count == (series.count + 1) % _SEQUENCE:
            series.data += data
            series.count = count
            series.tokens.append(token)
        else:
            self.cut_off += 1
            return None
        if flags == space_packet.LAST:
            return _whole(series)
        if len(series.data) <= space_packet.LONGEST:
            _keep(self._series, key, series)
        return None

    def _packet(self, data: bytes, peeler: Peeler, own: Identified, above: Layers) -> Packet:
        """A packet that was joined; the headers above it are the last frame's."""
        elsewhere = tuple(replace(header, bits=(0, 0)) for header in _headers(own, above))
        at = Peeler(data, peeler.received_us).below(above, elsewhere)
        return Packet(data, self._identifier.below(at, own, (*above, SPACE_PACKET)))


def _above(own: Identified) -> Layers:
    """The layers above the space packets of a frame, also where none begins in it."""
    layers = layers_of(own.inside)
    return layers[: layers.index(SPACE_PACKET)] if SPACE_PACKET in layers else layers


def _is_piece(packet: Packet) -> bool:
    """Whether it is a segment that no rule takes for a packet of its own."""
    found = packet.found
    if found.inside is None or found.fit is not None or found.error is not None:
        return False
    return is_segment(found.inside.headers)


def _without_segments(packets: list[Packet]) -> list[Packet]:
    return [packet for packet in packets if not _is_piece(packet)]


def _headers(own: Identified, above: Layers) -> tuple[LayerHeader, ...]:
    return own.inside.headers[: len(above)] if own.inside else ()


def _channel_key(own: Identified, header: LayerHeader) -> _Key:
    fields = header.fields
    satellite = own.known.sketch.id if own.known else ""
    return satellite, fields.get("spacecraft_id"), fields.get("virtual_channel_id")


def _goes_on(peeler: Peeler, above: Layers) -> bool:
    """Whether the packet before fills the whole frame and goes on."""
    empty = peeler.empty(above)
    return empty is not None and "continuation" in empty.headers[-1].fields


def _tail(peeler: Peeler, above: Layers) -> bytes:
    """The beginning of a packet at the end of a transfer frame."""
    zone = peeler.inside_or_none(above)
    if zone is None:
        return b""
    data = peeler.frame[zone.start : zone.end]
    last = next((place for place in space_packet.places(data) if place.end is None), None)
    return data[last.start :] if last else b""


def _payload_start(header: LayerHeader) -> int:
    return (header.bits[0] + header.bits[1]) // 8


def _whole(series: _Series) -> bytes | None:
    """The packet that segments make; None for one longer than a space packet may be."""
    if len(series.data) > space_packet.LONGEST_DATA:
        return None
    fields = {**series.header.fields, "sequence_flags": space_packet.UNSEGMENTED, "trailing": ""}
    return space_packet.wrap(series.data, fields)


def _keep(waiting: OrderedDict[_Key, _T], key: _Key, value: _T) -> None:
    waiting[key] = value
    waiting.move_to_end(key)
    if len(waiting) > MOST_WAITING:
        waiting.popitem(last=False)
