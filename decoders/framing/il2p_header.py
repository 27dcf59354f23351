"""The 13-byte header of IL2P, and the AX.25 frame that it stands for.

Source: N. Koenig KK7NQN, "Improved Layer 2 Protocol", draft 0.6, sections on the header types.
"""

from __future__ import annotations

from typing import NamedTuple

_PIDS = {
    0x2: 0x20,
    0x3: 0x01,
    0x4: 0x06,
    0x5: 0x07,
    0x6: 0x08,
    0xB: 0xCC,
    0xC: 0xCD,
    0xD: 0xCE,
    0xE: 0xCF,
    0xF: 0xF0,
}
_SUPERVISORY, _UNNUMBERED = 0, 1
#: Unnumbered frames by opcode: SABM, DISC, DM, UA, FRMR, UI, XID, TEST.
_OPCODES = (0x2F, 0x43, 0x0F, 0x63, 0x87, 0x03, 0xAF, 0xE3)
_UI_OPCODE = 5
_COMMAND, _RESERVED, _END = 0x80, 0x60, 0x01


class Header(NamedTuple):
    """``max_fec``: the strong code. ``compressed``: header type 1."""

    max_fec: bool
    compressed: bool
    payload_bytes: int
    addresses: tuple[bytes, bytes]
    ssids: tuple[int, int]
    is_ui: bool
    pid: int
    control: int

    def frame(self, payload: bytes) -> bytes | None:
        """The AX.25 frame; None for a header that means none."""
        if not self.compressed:
            return payload or None
        found = self._control_and_pid()
        if found is None:
            return None
        control, pid, command = found
        return self._header(command) + bytes([control]) + pid + payload

    def _header(self, command: bool) -> bytes:
        flags = (_COMMAND, _END) if command else (0, _COMMAND | _END)
        return b"".join(
            address + bytes([_RESERVED | ssid << 1 | flag])
            for address, ssid, flag in zip(self.addresses, self.ssids, flags, strict=True)
        )

    def _control_and_pid(self) -> tuple[int, bytes, bool] | None:
        """Control byte, PID byte or none, and whether it is a command."""
        poll = (self.control >> 6 & 1) << 4
        if self.pid == _SUPERVISORY:
            received, kind = self.control >> 3 & 7, self.control & 3
            return received << 5 | poll | kind << 2 | 1, b"", bool(self.control >> 2 & 1)
        if self.is_ui or self.pid == _UNNUMBERED:
            opcode = self.control >> 3 & 7
            pid = bytes([_PIDS[self.pid]]) if self.pid in _PIDS else b""
            if opcode == _UI_OPCODE and not pid:
                return None
            pid = pid if opcode == _UI_OPCODE else b""
            return _OPCODES[opcode] | poll, pid, bool(self.control >> 2 & 1)
        if self.pid not in _PIDS:
            return None
        received, sent = self.control >> 3 & 7, self.control & 7
        return received << 5 | poll | sent << 1, bytes([_PIDS[self.pid]]), True


def read_header(data: bytes) -> Header | None:
    """The fields of 13 descrambled bytes."""

    def spread(bit: int, first: int, count: int) -> int:
        """``count`` bits, one from each byte from ``first`` on, most significant first."""
        value = 0
        for byte in data[first : first + count]:
            value = value << 1 | byte >> bit & 1
        return value

    addresses = tuple(
        bytes((byte & 0x3F) + 0x20 << 1 for byte in data[start : start + 6]) for start in (0, 6)
    )
    return Header(
        max_fec=bool(data[0] >> 7),
        compressed=bool(data[1] >> 7),
        payload_bytes=spread(7, 2, 10),
        addresses=(addresses[0], addresses[1]),
        ssids=(data[12] >> 4, data[12] & 0xF),
        is_ui=bool(spread(6, 0, 1)),
        pid=spread(6, 1, 4),
        control=spread(6, 5, 7),
    )
