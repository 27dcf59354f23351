"""CCSDS transfer frames of telemetry links: TM and AOS.

Sources: CCSDS 132.0-B-3, TM Space Data Link Protocol, section 4.1 (header, first header pointer,
operational control field, frame error control field); CCSDS 232.0-B-4, section 4.2 (CLCW);
CCSDS 732.0-B-4, AOS Space Data Link Protocol, sections 4.1.2 and 4.1.4.2 (header, M_PDU).

What a mission fixes for all its frames (whether there is a frame error control field) cannot be
seen in a frame: that is the choice of the layer's name.
"""

from __future__ import annotations

from decoders.coding.crc import crc
from decoders.errors import DecodeError, NoPacketError
from decoders.layers.header_fields import Fields, Layout, pack, rest, unpack
from decoders.layers.peeled import Peeled

TM: Layout = (
    *(("version", 2), ("spacecraft_id", 10), ("virtual_channel_id", 3), ("ocf_flag", 1)),
    *(("master_channel_count", 8), ("virtual_channel_count", 8)),
    *(("secondary_header_flag", 1), ("synchronisation_flag", 1), ("packet_order_flag", 1)),
    *(("segment_length_id", 2), ("first_header_pointer", 11)),
)
AOS: Layout = (
    *(("version", 2), ("spacecraft_id", 8), ("virtual_channel_id", 6)),
    *(("virtual_channel_count", 24), ("replay_flag", 1), ("count_usage", 1), ("reserved", 2)),
    *(("count_cycle", 4), ("spare", 5), ("first_header_pointer", 11)),
)
_CLCW: Layout = (
    *(("clcw_type", 1), ("clcw_version", 2), ("clcw_status", 3), ("clcw_cop", 2)),
    *(("clcw_virtual_channel", 6), ("clcw_spare", 2), ("clcw_no_rf", 1), ("clcw_no_bit_lock", 1)),
    *(("clcw_lockout", 1), ("clcw_wait", 1), ("clcw_retransmit", 1), ("clcw_farm_b", 2)),
    *(("clcw_spare_2", 1), ("clcw_report", 8)),
)
#: Names of the layers that are defined here.
TRANSFER_FRAMES = frozenset(("tm-frame", "tm-frame-fecf", "aos-frame"))
_NO_PACKET, _IDLE = 0x7FF, 0x7FE
_TM_HEADER, _AOS_HEADER = 6, 8
_FECF, _OCF = 2, 4
_FECF_CRC = "crc16-ccitt"


def peel_tm(data: bytes) -> Peeled:
    """A TM frame without frame error control field.

    The payload begins at the first header pointer and goes to the end of the data field; bytes
    before it, the end of a packet of an earlier frame, stand in ``continuation`` as hex. With the
    synchronisation flag the data are no packets and all are payload. ``secondary_header``: hex,
    with its length byte. The operational control field is given as ``clcw_...`` fields when its
    type says that it is a CLCW, else as ``ocf`` in hex. Raises DecodeError for another version and
    short frames, NoPacketError for idle frames and those in which no packet begins.
    """
    return _begun(_peel_tm(data, len(data)))


def peel_tm_fecf(data: bytes) -> Peeled:
    """As :func:`peel_tm`, with a CRC-16 at the end, ``fecf``: ``crc_ok`` says if it is right."""
    end = len(data) - _FECF
    if end < _TM_HEADER:
        raise DecodeError(f"TM frame of {len(data)} bytes is shorter than header and check value")
    peeled = _peel_tm(data, end)
    fecf = int.from_bytes(data[end:])
    fields = {**peeled.fields, "fecf": fecf, "crc_ok": crc(_FECF_CRC, data[:end]) == fecf}
    return _begun(Peeled(fields, peeled.start, peeled.end))


def _peel_tm(data: bytes, end: int) -> Peeled:
    if end < _TM_HEADER:
        raise DecodeError(f"TM frame of {end} bytes is shorter than its 6-byte header")
    fields = unpack(data[:_TM_HEADER], TM)
    if fields["version"]:
        raise DecodeError(f"not a TM frame: version {fields['version']}, must be 0")
    start = _TM_HEADER
    if fields["secondary_header_flag"]:
        start += 1 + (data[start] & 0x3F if end > start else 0)
        fields["secondary_header"] = data[_TM_HEADER:start].hex()
    if fields["ocf_flag"]:
        end -= _OCF
        fields.update(_control_field(data[end : end + _OCF]))
    if start > end:
        raise DecodeError("TM frame is too short for what its header announces")
    if not fields["synchronisation_flag"]:
        start = _first_packet(data, start, end, fields)
    return Peeled(fields, start, end)


def _control_field(field: bytes) -> dict[str, int | str | bool | None]:
    if len(field) == _OCF and not field[0] & 0x80:
        return unpack(field, _CLCW)
    return {"ocf": field.hex()}


def _first_packet(
    data: bytes, start: int, end: int, fields: dict[str, int | str | bool | None]
) -> int:
    """Where the first packet begins, the end of the data where none does."""
    pointer = int(fields["first_header_pointer"] or 0)
    if pointer == _IDLE:
        return end
    first = end if pointer == _NO_PACKET else start + pointer
    if pointer != _NO_PACKET and first >= end:
        raise DecodeError(f"the first header pointer {pointer} is behind the frame's data")
    fields["continuation"] = data[start:first].hex()
    return first


def _begun(peeled: Peeled) -> Peeled:
    """The same; raises NoPacketError where no packet begins."""
    if not peeled.fields.get("synchronisation_flag"):
        pointer = peeled.fields["first_header_pointer"]
        if pointer == _IDLE:
            raise NoPacketError("a frame that holds only idle data", peeled)
        if pointer == _NO_PACKET:
            raise NoPacketError(
                "a frame in which no packet begins: it continues an earlier one", peeled
            )
    return peeled


def wrap_tm(payload: bytes, fields: Fields) -> bytes:
    """A TM frame around ``payload``, the inverse of :func:`peel_tm`. Raises EncodeError."""
    frame = pack(_counted(fields), TM, "TM frame") + rest(fields, "secondary_header")
    frame += rest(fields, "continuation") + payload
    if fields.get("ocf_flag"):
        frame += rest(fields, "ocf") or pack(fields, _CLCW, "CLCW")
    return frame


def wrap_tm_fecf(payload: bytes, fields: Fields) -> bytes:
    """As :func:`wrap_tm`, with its check value."""
    frame = wrap_tm(payload, fields)
    return frame + crc(_FECF_CRC, frame).to_bytes(_FECF)


def _counted(fields: Fields) -> Fields:
    """With the pointer that ``continuation`` needs, and segment length 3 where nothing is said."""
    found: dict[str, int | str | bool | None] = {"segment_length_id": 3, **fields}
    if "continuation" in fields and fields.get("first_header_pointer") != _NO_PACKET:
        found["first_header_pointer"] = len(rest(fields, "continuation"))
    return found


def peel_aos(data: bytes) -> Peeled:
    """An AOS frame with packets (M_PDU), without insert zone, control and error control fields.

    The payload begins at the first header pointer; ``continuation`` as in :func:`peel_tm`.
    Raises DecodeError for another version and short frames, NoPacketError for idle frames and those
    in which no packet begins.
    """
    if len(data) < _AOS_HEADER:
        raise DecodeError(f"AOS frame of {len(data)} bytes is shorter than its 8-byte headers")
    fields = unpack(data[:_AOS_HEADER], AOS)
    if fields["version"] != 1:
        raise DecodeError(f"not an AOS frame: version {fields['version']}, must be 1")
    if fields["virtual_channel_id"] == 63:
        peeled = Peeled(fields, len(data), len(data))
        raise NoPacketError("an idle AOS frame (virtual channel 63): fill without content", peeled)
    start = _first_packet(data, _AOS_HEADER, len(data), fields)
    return _begun(Peeled(fields, start, len(data)))


def wrap_aos(payload: bytes, fields: Fields) -> bytes:
    """An AOS frame around ``payload``, the inverse of :func:`peel_aos`. Raises EncodeError."""
    header = pack({**_counted(fields), "version": 1}, AOS, "AOS frame")
    return header + rest(fields, "continuation") + payload
