"""Names and constants that reading and writing XTCE 1.2 (OMG, 2018-02-04) share."""

from __future__ import annotations

NAMESPACE = "http://www.omg.org/spec/XTCE/20180204"
#: Name space of our aliases and ancillary data: what XTCE has no element for.
OURS = "groundstation"
#: The container that everything starts from, as other programs expect it.
ROOT = "CCSDSPacket"
#: The primary header of a space packet: XTCE parameter, our layer's field, bits.
HEADER = (
    ("VERSION", "version", 3),
    ("TYPE", "type", 1),
    ("SEC_HDR_FLG", "secondary_header", 1),
    ("PKT_APID", "apid", 11),
    ("SEQ_FLGS", "sequence_flags", 2),
    ("SRC_SEQ_CTR", "sequence_count", 14),
    ("PKT_LEN", "length", 16),
)
HEADER_BITS = 48
LITTLE, BIG = "leastSignificantByteFirst", "mostSignificantByteFirst"
#: ``encoding`` of a row, empty: a byte is a character -> name in XTCE.
TEXT_ENCODINGS = {
    "": "ISO-8859-1",
    "utf-8": "UTF-8",
    "utf-16-be": "UTF-16BE",
    "utf-16-le": "UTF-16LE",
    "cp1252": "Windows-1252",
}
