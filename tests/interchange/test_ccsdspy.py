"""ccsdspy's tables: that package reads ours with equal numbers, and we read its own."""

import io
from pathlib import Path

import ccsdspy
import numpy as np
import pytest

from decoders.decode import Decoder
from decoders.definition.interchange.ccsdspy_csv import from_ccsdspy, to_ccsdspy
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.model import Parameter
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


HEADED = "name, data_type, bit_length, bit_offset\n"
PLAIN = "name,data_type,bit_length\n"


def packet(body: str) -> bytes:
    """A space packet of APID 251 with ``body`` in hex."""
    content = bytes.fromhex(body)
    return bytes.fromhex("08FB D7A0") + (len(content) - 1).to_bytes(2) + content


#: Table, hex behind the header. Those with offsets are of fixed length, the others may vary.
TABLES = {
    "offsets that go back": (
        # In the manner of a public question about such a table of APID 251.
        HEADED + "secs,uint,32,48\nusecs,uint,32,80\nword,uint,32,112\nfld1,uint,6,112\n"
        "fld2,uint,7,118\nfld3,uint,6,125\nfld4,uint,7,131\nfld5,uint,6,138\nflt,float,32,144\n"
        "dbl,float,64,176\nhello,str,64,240\n",
        "EBFC8000 000493E0 695A8147 563D886E 41AED7D4C7283BF5 576F726C64000000",
    ),
    "a first offset other than 48": (HEADED + "A,uint,16,64\nB,uint,8,80\n", "FFFF 0102 07"),
    "offsets inside the header": (
        HEADED + "H,uint,16,0\nA,uint(2),16,48\nB,int,8,80\n",
        "0001 0002 FE",
    ),
    "gaps and odd lengths": (
        HEADED + "A,int,5,48\nB,uint,11,53\nC,int,24,72\nD,uint,64,96\n",
        "F801 00 FFFFFE 0123456789ABCDEF",
    ),
    "no offsets": (
        PLAIN + "A,uint,3\nB,int,1\nC,uint,12\nD,int,24\nE,float,32\nF,fill,8\nG,str,16\n"
        'H,"uint(2, 2)",8\n',
        "B001 FFFFFE 3FC00000 00 6162 01020304",
    ),
    "an expanding field at the end": (PLAIN + "A,uint,8\nN,uint(expand),16\n", "05 0001 0002"),
    "an expanding field and more behind it": (
        PLAIN + "A,uint,8\nN,uint(expand),16\nB,uint,16\nC,uint,8\n",
        "05 0001 0002 0003 1234 A5",
    ),
    "expanding bytes and a check value": (
        PLAIN + "N,uint(expand),8\nCRC,uint,16\n",
        "AABBCC 1234",
    ),
    "an array as long as another field says": (
        PLAIN + "L,uint,8\nN,uint(L),16\nB,uint,8\n",
        "02 FFFF 0002 07",
    ),
    "an array of such length and an expanding one": (
        PLAIN + "L,uint,8\nN,uint(L),8\nM,uint(expand),8\nB,uint,8\n",
        "02 0102 AABB 07",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_its_tables_give_its_values(name: str, tmp_path: Path) -> None:
    text, body = TABLES[name]
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8")
    varies = "expand" in text or "(L)" in text
    reader = ccsdspy.VariableLength if varies else ccsdspy.FixedLength
    theirs = reader.from_file(str(path)).load(io.BytesIO(packet(body)))
    imported = from_ccsdspy(text, name="t")
    satellite = parse(to_toml(imported.data), id="t")
    found = Decoder([satellite]).decode(packet(body), "t")
    assert (found.error, imported.warnings) == (None, ())
    ours: dict[str, list[object]] = {}
    for value in found.values:
        assert isinstance(value.row, Parameter)
        name = value.name if value.row.name else value.name.rpartition("_")[0]
        ours.setdefault(name, []).extend(plain(value.value, as_numbers="expand" in text))
    wanted = {
        key.lower(): np.ravel(np.asarray(column[0])).tolist() for key, column in theirs.items()
    }
    wanted.pop("f", None)
    assert ours == wanted


def plain(value: object, *, as_numbers: bool) -> list[object]:
    """As the package gives it: bytes of its texts without zeros at the end."""
    if isinstance(value, bytes):
        return list(value) if as_numbers else [value.rstrip(b"\0")]
    return [value]


def test_what_cannot_be_said_is_told_by_line() -> None:
    text = PLAIN + "A,uint,8\nX,uunt,16\nB,uint,72\nC,uint,8\nN,uint(expand),20\nD,uint,4\n"
    imported = from_ccsdspy(text, name="t", source="t.csv")
    assert imported.warnings == (
        "t.csv:3: X: 'uunt' is not a type; allowed: uint, int, float, str, fill; its 16 bits are "
        "passed over",
        "t.csv:4: B: a uint of 72 bits is not possible; its 72 bits are passed over",
        "t.csv:6: N: values of 20 bits do not fill bytes, so ccsdspy reads no such array; it and "
        "all that follows are left out",
    )
    satellite = parse(to_toml(imported.data), id="t")
    found = Decoder([satellite]).decode(packet("01 FFFF" + "FF" * 9 + "07"), "t")
    assert {value.name: value.value for value in found.values} == {"a": 1, "c": 7}


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
    with pytest.raises(DefinitionError, match=r"t.csv:2: 'eight' is not a whole number"):
        from_ccsdspy("name,data_type,bit_length\nA,uint,eight\n", name="x", source="t.csv")
    with pytest.raises(DefinitionError, match="choose one packet: power, heat"):
        text = OURS + '[[packets]]\nname = "heat"\nparameters = []\n'
        to_ccsdspy(parse(text, id="x"))
