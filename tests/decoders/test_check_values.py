"""Check values of frames, held to long division, bit by bit."""

from __future__ import annotations

from decoders.check_values import CheckValue, check_values
from decoders.decode import Decoder
from decoders.definition.parse import parse
from decoders.layers.csp import wrap
from decoders.layers.transfer_frame import wrap_tm_fecf

DEFINITION = """
[satellite]
name = "Checked"
[[downlinks]]
name = "d"
framing = "{framing}"
layers = [{layers}]
[[packets]]
name = "p"
match = {{ prefix = "A5 5A A5 5A" }}
parameters = [ {{ name = "a", type = "u16" }}{more} ]
"""
PACKET = bytes.fromhex("A55AA55A 1234")


def division(data: bytes, polynomial: int, width: int, start: int) -> int:
    """The remainder of a CRC that is not reflected, one bit after the other."""
    register = start
    for byte in data:
        for bit in range(7, -1, -1):
            top = register >> (width - 1) & 1
            register = register << 1 & (1 << width) - 1
            if top ^ (byte >> bit & 1):
                register ^= polynomial
    return register


def mirrored(value: int, width: int) -> int:
    return int(f"{value:0{width}b}"[::-1], 2)


def reflected(data: bytes, polynomial: int, width: int) -> int:
    """A CRC whose bits go the other way, which begins with ones and ends inverted."""
    ones = (1 << width) - 1
    turned = bytes(mirrored(byte, 8) for byte in data)
    return mirrored(division(turned, polynomial, width, ones), width) ^ ones


def checked(
    frame: bytes,
    changed: bytes | None = None,
    framing: str = "kiss",
    layers: str = "",
    more: str = "",
) -> tuple[CheckValue, ...]:
    text = DEFINITION.format(framing=framing, layers=layers, more=more)
    satellite = parse(text, id="c")
    decoder = Decoder([satellite])
    received = decoder.decode(frame, "c")
    decoded = received if changed is None else decoder.decode(changed, "c")
    return check_values(satellite, decoded, received)


def test_the_fcs_that_a_receiver_took_off() -> None:
    fcs = reflected(PACKET, 0x1021, 16).to_bytes(2, "little")
    (found,) = checked(PACKET, framing="hdlc-g3ruh")
    assert found == CheckValue("fcs", "crc16-x25", None, fcs, fcs)
    changed = PACKET[:-1] + b"\x35"
    (found,) = checked(PACKET, changed, framing="hdlc")
    assert (found.held, found.ok) == (fcs, False)
    assert found.computed == reflected(changed, 0x1021, 16).to_bytes(2, "little")


def test_the_crc_of_csp() -> None:
    frame = wrap(PACKET, {"crc": 1, "source": 1, "destination": 10})
    value = reflected(PACKET, 0x1EDC6F41, 32).to_bytes(4)
    (found,) = checked(frame, layers='"csp"')
    assert found == CheckValue("csp", "crc32c", (80, 32), value, value)
    changed = frame[:8] + b"\x13" + frame[9:]
    (found,) = checked(frame, changed, layers='"csp"')
    assert (found.held, found.ok) == (value, False)
    assert found.computed == reflected(changed[4:-4], 0x1EDC6F41, 32).to_bytes(4)


def test_the_crc_of_csp_over_the_whole_packet() -> None:
    frame = wrap(PACKET, {"crc": 1, "crc_covers": "packet"})
    (found,) = checked(frame, layers='"csp"')
    assert found.ok
    assert found.computed == reflected(frame[:-4], 0x1EDC6F41, 32).to_bytes(4)


def test_the_check_value_of_a_transfer_frame() -> None:
    frame = wrap_tm_fecf(PACKET, {"spacecraft_id": 5})
    (found,) = checked(frame, layers='"tm-frame-fecf"')
    assert found.ok
    assert found.bits == (8 * (len(frame) - 2), 16)
    assert found.computed == division(frame[:-2], 0x1021, 16, 0xFFFF).to_bytes(2)


def test_a_row_that_checks_those_before_it() -> None:
    more = ', { name = "sum", type = "u16", crc = "crc16-xmodem" }'
    value = division(PACKET, 0x1021, 16, 0).to_bytes(2)
    (found,) = checked(PACKET + value, more=more)
    assert found == CheckValue("sum", "crc16-xmodem", (48, 16), value, value)
    (found,) = checked(PACKET + b"\0\0", more=more)
    assert (found.held, found.computed, found.ok) == (b"\0\0", value, False)


def test_none_is_known() -> None:
    assert checked(PACKET) == ()
