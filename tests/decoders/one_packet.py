"""Definitions of one packet that the tests of the language and of encoding share."""

from decoders.definition.model import Satellite
from decoders.definition.parse import parse

TEN_KINDS = """
{ name = "a", type = "u16", divide = 7, offset = 0.1, limits = { warning = [10, 5000] } },
{ name = "b", type = "i12", scale = 0.37, offset = -1.5 },
{ name = "c", type = "u4", flags = { 0 = "x", 2 = "y" } },
{ name = "d", type = "u24", endian = "little", polynomial = [1.5, -0.001, 1e-9] },
{ name = "e", type = "f32" },
{ name = "f", type = "u8", table = [[0, -40.3], [100, 0.7], [200, 81.1]] },
{ name = "g", type = "u8", enum = { 0 = "off", 1 = "on" }, limits = { critical = ["off"] } },
{ name = "h", type = "u10", bit_order = "lsb" },
{ name = "i", type = "u6", bit_order = "lsb", sentinel = [0, 63] },
{ name = "j", type = "i64" },
{ name = "k", type = "u8", log = { scale = 3.3, gain = 0.7, offset = -2 } },
{ name = "l", type = "ascii", size = 3 },
"""


def satellite(rows: str, *, derived: str = "", packet: str = "") -> Satellite:
    text = f"""
[satellite]
name = "Test"
[[packets]]
name = "p"
{packet}
parameters = [
{rows}
]
derived = [{derived}]
"""
    return parse(text, id="test")
