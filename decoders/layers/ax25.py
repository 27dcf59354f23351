"""AX.25 version 2.2 link layer, without flags and FCS (a TNC has removed them).

Source: TAPR, "AX.25 Link Access Protocol for Amateur Packet Radio", version 2.2, sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping

from decoders.errors import DecodeError, EncodeError
from decoders.layers.peeled import Peeled

_ADDRESS = 7
_MOST_ADDRESSES = 10  # destination, source, eight digipeaters
_UI = 0x03
_S_TYPES = {0: "RR", 1: "RNR", 2: "REJ", 3: "SREJ"}
_U_TYPES = {
    0x03: "UI",
    0x0F: "DM",
    0x2F: "SABM",
    0x43: "DISC",
    0x63: "UA",
    0x6F: "SABME",
    0x87: "FRMR",
    0xAF: "XID",
    0xE3: "TEST",
}
_POLL_FINAL = 0x10
_NO_LAYER_3 = 0xF0
_COMMAND, _RESERVED, _END = 0x80, 0x60, 0x01
_REPEATED = 0x80
#: The reserved bits of the source in frames of connections that count to 128, as Linux sends them
#: (include/net/ax25.h: AX25_ESSID_SPARE).
_EXTENDED = 0x20


def peel(data: bytes) -> Peeled:
    """Addresses, control and PID of an AX.25 frame.

    Fields: ``destination, destination_ssid, source, source_ssid, digipeaters`` (text such as
    ``"RS0ISS-4*,CQ"``, a star: has repeated it), ``control, frame_type`` (UI, I, RR, ...), ``pid``
    (None for frames that carry none), ``ssid_bytes`` (hex, the last byte of each address: C or H
    bit, two reserved bits, SSID, end bit), ``end_bit`` (False when the sender forgot to mark the
    last address, as ITASAT-1 does). ``modulo`` only where it is 128: then ``control`` is two bytes,
    the first one low. ``zero_filled`` only where there are such: numbers of the
    addresses (``"1"``: the source) whose callsign is filled up with zeros instead of spaces, as
    RTU MIREA1's. Raises DecodeError.
    """
    count, end_bit = _count_addresses(data)
    control_at = count * _ADDRESS
    if len(data) <= control_at:
        raise DecodeError(f"AX.25 frame of {len(data)} bytes ends before its control byte")
    control = data[control_at]
    frame_type = _frame_type(control)
    start, pid = control_at + 1, None
    extended = _counts_to_128(data[2 * _ADDRESS - 1], frame_type)
    if extended:
        if len(data) <= start:
            raise DecodeError(f"AX.25 {frame_type} frame ends inside its control field")
        control |= data[start] << 8
        start += 1
    if frame_type in ("UI", "I"):
        if len(data) <= start:
            raise DecodeError(f"AX.25 {frame_type} frame ends before its PID byte")
        pid = data[start]
        start += 1
    letters = [_letters(data, index) for index in range(count)]
    fields: dict[str, int | str | bool | None] = {
        "destination": _callsign(letters[0]),
        "destination_ssid": _ssid(data, 0),
        "source": _callsign(letters[1]),
        "source_ssid": _ssid(data, 1),
        "digipeaters": ",".join(
            _digipeater(data, letters[index], index) for index in range(2, count)
        ),
        "control": control,
        "frame_type": frame_type,
        "pid": pid,
        "ssid_bytes": data[_ADDRESS - 1 : count * _ADDRESS : _ADDRESS].hex(),
        "end_bit": end_bit,
    }
    if extended:
        fields["modulo"] = 128
    zero_filled = [str(index) for index, text in enumerate(letters) if _is_zero_filled(text)]
    if zero_filled:
        fields["zero_filled"] = ",".join(zero_filled)
    return Peeled(fields, start, len(data))


def _count_addresses(data: bytes) -> tuple[int, bool]:
    for index in range(_MOST_ADDRESSES):
        address = data[index * _ADDRESS : (index + 1) * _ADDRESS]
        if len(address) < _ADDRESS or any(byte & 1 for byte in address[:6]):
            # Not an address. Some satellites never set the end bit: two good addresses are enough.
            if index >= 2:
                return index, False
            if len(data) < 2 * _ADDRESS:
                raise DecodeError(f"not AX.25: {len(data)} bytes are too short for two addresses")
            raise DecodeError(f"not AX.25: byte {index * _ADDRESS} is no shifted callsign")
        if address[6] & 1:
            if index == 0:
                raise DecodeError("not AX.25: the address field ends after one address")
            return index + 1, True
    raise DecodeError("not AX.25: the address field has no end")


def _counts_to_128(source: int, frame_type: str) -> bool:
    """Whether the control field has two bytes (AX.25 2.2, section 4.2.1): the frame says so by the
    reserved bits of its ``source`` byte, and it is one that is counted."""
    return source & _RESERVED == _EXTENDED and frame_type in ("I", *_S_TYPES.values())


def _frame_type(control: int) -> str:
    if control & 1 == 0:
        return "I"
    if control & 3 == 1:
        return _S_TYPES[control >> 2 & 3]
    return _U_TYPES.get(control & ~_POLL_FINAL, "U")


def _letters(data: bytes, index: int) -> str:
    shifted = data[index * _ADDRESS : index * _ADDRESS + 6]
    return bytes(byte >> 1 for byte in shifted).decode("ascii")


def _is_zero_filled(letters: str) -> bool:
    return letters.endswith("\0") and not letters.rstrip("\0").endswith(" ")


def is_callsign(text: str) -> bool:
    """Whether an address as :func:`peel` gives it is made of capital letters and digits."""
    return text.isascii() and text.isalnum() and text == text.upper()


def _callsign(letters: str) -> str:
    return letters.rstrip("\0") if _is_zero_filled(letters) else letters.rstrip()


def _ssid(data: bytes, index: int) -> int:
    return data[index * _ADDRESS + 6] >> 1 & 0x0F


def _digipeater(data: bytes, letters: str, index: int) -> str:
    ssid = _ssid(data, index)
    name = _callsign(letters) + (f"-{ssid}" if ssid else "")
    return name + ("*" if data[index * _ADDRESS + 6] & 0x80 else "")


def wrap(payload: bytes, fields: Mapping[str, int | str | bool | None]) -> bytes:
    """An AX.25 frame around ``payload``, the inverse of :func:`peel`.

    Missing fields: a UI frame with PID F0 from N0CALL to CQ, SSIDs 0, the command bit set on the
    destination. ``ssid_bytes`` goes before the SSIDs. Raises EncodeError.
    """
    given = fields.get("control")
    control = _UI if given is None else int(given)
    content = control.to_bytes(2 if fields.get("modulo") == 128 else 1, "little")
    if _frame_type(control & 0xFF) in ("UI", "I"):
        pid = fields.get("pid")
        content += bytes([_NO_LAYER_3 if pid is None else int(pid)])
    return _addresses(fields) + content + payload


def _addresses(fields: Mapping[str, int | str | bool | None]) -> bytes:
    names = [_split(fields, "destination", "CQ"), _split(fields, "source", "N0CALL")]
    flags = [_COMMAND | _RESERVED, _RESERVED]
    for digipeater in str(fields.get("digipeaters") or "").split(","):
        if digipeater:
            call, _, ssid = digipeater.rstrip("*").partition("-")
            names.append((call, int(ssid or 0)))
            flags.append(_RESERVED | (_REPEATED if digipeater.endswith("*") else 0))
    flags[-1] |= _END
    last_bytes = [flag | ssid << 1 for flag, (_, ssid) in zip(flags, names, strict=True)]
    if fields.get("ssid_bytes"):
        last_bytes = list(bytes.fromhex(str(fields["ssid_bytes"])))
        if len(last_bytes) != len(names):
            raise EncodeError(f"{len(names)} AX.25 addresses need as many bytes in ssid_bytes")
    zero_filled = str(fields.get("zero_filled") or "").split(",")
    fills = ["\0" if str(index) in zero_filled else " " for index in range(len(names))]
    return b"".join(
        _address(name.ljust(6, fill), ssid, last)
        for (name, ssid), fill, last in zip(names, fills, last_bytes, strict=True)
    )


def _split(
    fields: Mapping[str, int | str | bool | None], name: str, default: str
) -> tuple[str, int]:
    value = fields.get(name)
    return default if value is None else str(value), int(fields.get(f"{name}_ssid") or 0)


def _address(callsign: str, ssid: int, last_byte: int) -> bytes:
    if len(callsign) > 6 or not callsign.isascii() or not 0 <= ssid <= 15:
        told = f"{callsign.rstrip()!r}-{ssid} is no AX.25 address"
        raise EncodeError(f"{told}: 6 characters, SSID 0..15")
    return bytes(byte << 1 for byte in callsign.encode("ascii")) + bytes([last_byte])
