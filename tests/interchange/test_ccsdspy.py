"""ccsdspy's tables: that package reads ours with equal numbers, and we read its own."""

import io
from pathlib import Path

import ccsdspy
import pytest

from decoders.decode import Decoder
from decoders.definition.interchange.ccsdspy_csv import from_ccsdspy, to_ccsdspy
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.parse import parse
from decoders.encode import Encoder
from decoders.errors import DefinitionError

OURS = """
[satellite]
name = "Space packets"
[[downlinks]]
name = "S band"
layers = ["space-packet"]
[[packets]]
name = "power"
parameters = [
  { name = "volts", type = "u12" }, { skip = 3 }, { name = "on", type = "bool" },
  { name = "amps", type = "i16" }, { name = "ratio", type = "f32" },
  { name = "gyro", type = "i8", repeat = 2 },
]
"""
# As its documentation shows tables with offsets and arrays.
THEIRS = """name, data_type, bit_length, bit_offset
SHCOARSE, uint(4), 32, 0
SHFINE, uint, 20, 128
OPMODE, uint, 3, 148
SPACER, fill, 1, 151
VOLTAGE, int, 8, 152
"""


def test_the_package_reads_our_table(tmp_path: Path) -> None:
    satellite = parse(OURS, id="power")
    path = tmp_path / "power.csv"
    path.write_text(to_ccsdspy(satellite).text, "utf-8")
    encoder = Encoder(satellite)
    raws = [{"volts": n, "on": n % 2, "amps": -n, "gyro_1": n - 5} for n in range(9)]
    stream = b"".join(
        encoder.encode("power", {"ratio": n / 2}, raw=raw) for n, raw in enumerate(raws)
    )
    found = ccsdspy.FixedLength.from_file(str(path)).load(io.BytesIO(stream))
    for name in ("volts", "on", "amps", "gyro_1"):
        assert found[name].tolist() == [raw[name] for raw in raws]
    assert found["ratio"].tolist() == [n / 2 for n in range(9)]


def test_we_read_its_table() -> None:
    satellite = parse(to_toml(from_ccsdspy(THEIRS, name="Simple").data), id="simple")
    packet = bytes(range(16)) + bytes.fromhex("ABCDE B FE".replace(" ", ""))
    frame = Encoder(satellite).encode(
        "simple", {}, raw={"voltage": -2, "opmode": 5, "shfine": 0xABCDE}
    )
    found = Decoder([satellite]).decode(frame[:6] + packet, "simple")
    assert found.error is None
    assert [found.named[n].raw for n in ("shfine", "opmode", "voltage")] == [0xABCDE, 5, -2]
    assert found.named["shcoarse_1"].raw == 0x04050607


def test_lengths_that_vary() -> None:
    text = "name,data_type,bit_length\ncount,uint,8\nitems,uint(count),16\nrest,uint(expand),8\n"
    satellite = parse(to_toml(from_ccsdspy(text, name="v").data), id="v")
    raw = {"count": 2, "items_0": 7, "items_1": 9, "rest": b"ab"}
    frame = Encoder(satellite).encode("v", {}, raw=raw)
    found = {value.name: value.raw for value in Decoder([satellite]).decode(frame, "v").values}
    assert found == raw


def test_mistakes_are_told() -> None:
    with pytest.raises(DefinitionError, match="needs the columns name, data_type, bit_length"):
        from_ccsdspy("a,b\n", name="x")
    with pytest.raises(DefinitionError, match=r"t.csv:2: A: 'uunt' is not a type"):
        from_ccsdspy("name,data_type,bit_length\nA,uunt,8\n", name="x", source="t.csv")
    with pytest.raises(DefinitionError, match="choose one packet: power, heat"):
        text = OURS + '[[packets]]\nname = "heat"\nparameters = []\n'
        to_ccsdspy(parse(text, id="x"))
