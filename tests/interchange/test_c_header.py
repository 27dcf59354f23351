"""The C header: compiled without a warning, and its bytes are those of our own encoder."""

import random
import subprocess
from pathlib import Path

import pytest

from decoders.bits import Field, read, write
from decoders.convert import raw_range
from decoders.definition.interchange.c_header import c_name, member_name, to_c_header
from decoders.definition.interchange.conversion import Losses
from decoders.definition.interchange.fixed import fixed_part
from decoders.definition.model import PacketLayout, Satellite
from decoders.definition.parse import parse
from decoders.layout import is_static
from decoders.plan import Plan
from decoders.value import Raw
from tests.interchange.built_in import WITH_PACKETS, catalog
from tests.peers import need

STRICT = ("-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror")
EVERYTHING = """
[satellite]
name = "Everything */ C"
[[packets]]
name = "big"
match = { prefix = "A5 01" }
parameters = [
  { name = "odd", type = "u3" },
  { name = "signed", type = "i13", scale = 0.5, offset = -3 },
  { name = "half", type = "f16" },
  { name = "single", type = "f32", endian = "little" },
  { name = "double", type = "f64" },
  { name = "three", type = "u24", endian = "little" },
  { name = "huge", type = "u64" },
  { name = "low", type = "i64" },
  { name = "fixed", type = "u16", const = 0xBEEF },
  { name = "name", type = "ascii", size = 4 },
  { name = "data", type = "bytes", size = 3 },
  { name = "digits", type = "bcd", digits = 4 },
  { name = "mode", type = "u8", enum = { 0 = "safe", 1 = "2nd mode" } },
  { name = "lamps", type = "u8", flags = { 0 = "red", 7 = "blue" } },
  { name = "check", type = "u16", crc = "crc16-ccitt" },
]
[[packets]]
name = "small"
bit_order = "lsb"
parameters = [
  { name = "a", type = "u12" }, { name = "b", type = "i12" }, { name = "c", type = "u16" },
  { name = "d", type = "u32", endian = "big" },
  { name = "check", type = "u32", crc = "crc32c", endian = "little" },
]
"""


def test_every_definition_compiles(tmp_path: Path) -> None:
    gcc = need("gcc")
    lines = []
    for id in WITH_PACKETS:
        (tmp_path / f"{id}.h").write_text(to_c_header(catalog().satellites[id]).text, "utf-8")
        lines.append(f'#include "{id}.h"\n')
    run_c(gcc, tmp_path, "".join(lines) + "int main(void) { return 0; }\n")


def run_c(gcc: str, folder: Path, text: str) -> list[str]:
    source, program = folder / "program.c", folder / "program"
    source.write_text(text, "utf-8")
    built = subprocess.run(
        [gcc, *STRICT, "-Wno-unused-function", str(source), "-o", str(program), "-lm"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stderr) == (0, "")
    return subprocess.run(
        [str(program)], capture_output=True, text=True, check=True
    ).stdout.splitlines()


def random_raw(field: Field, chance: random.Random) -> int | float | str | bytes:
    row, bits = field.row, field.bits
    if row.kind == "f":
        return chance.choice([0.0, -0.5, 1.5, 1024.0, 0.000061035, 3.0])
    if row.kind == "ascii":
        return "".join(chance.choice("abcXYZ09") for _ in range(bits // 8))
    if row.kind == "bytes":
        return chance.randbytes(bits // 8)
    low, high = raw_range(row, bits)
    return chance.choice([low, high, chance.randint(low, high)])


def demanded(layout: PacketLayout, fields: list[Field], raw: dict[str, Raw]) -> dict[str, Raw]:
    """``raw`` with the bits that the packet's match wants: others would be refused."""
    match = layout.match
    packet = bytearray(max(field.end_byte for field in fields))
    for field in fields:
        write(packet, field, raw[field.name])
    packet[: len(match.prefix)] = match.prefix
    for offset, mask, value in match.masked:
        packet[offset] = packet[offset] & ~mask & 0xFF | value
    return {field.name: read(bytes(packet), field) for field in fields}


def c_value(field: Field, raw: int | float | str | bytes) -> str:
    member = f"p.{member_name(field.name)}"
    if isinstance(raw, str | bytes):
        data = raw.encode("latin-1") if isinstance(raw, str) else raw
        text = "".join(f"\\x{byte:02x}" for byte in data)
        return f'memcpy({member}, "{text}", {len(data)});'
    if field.row.kind == "f":
        return f"{member} = ({'double' if field.bits == 64 else 'float'}){raw!r};"
    if raw == -(1 << 63):
        return f"{member} = INT64_MIN;"
    return f"{member} = {raw}{'ull' if isinstance(raw, int) and raw > 0x7FFFFFFF else ''};"


def cases(
    satellite: Satellite, layout: PacketLayout, chance: random.Random, times: int
) -> tuple[str, list[str]]:
    """C text that prints encoded packets in hex, and what our encoder makes of the same values."""
    name = f"{c_name(satellite.id)}_{layout.name}"
    plan = Plan(layout)
    fields = fixed_part(layout, Losses("test"), in_order=False).fields
    free = [f for f in fields if not f.row.crc and f.row.const is None]
    parts, expected = [], []
    for _ in range(times):
        raw = demanded(layout, free, {field.name: random_raw(field, chance) for field in free})
        sets = "".join(c_value(field, raw[field.name]) for field in free)
        size = f"{name.upper()}_SIZE"
        parts.append(
            f"{{ {name}_t p; memset(&p, 0, sizeof p); {sets} uint8_t out[{size}]; "
            f"{name}_encode(&p, out); "
            f'for (unsigned i = 0; i < {size}; i++) printf("%02x", out[i]); puts(""); }}\n'
        )
        expected.append(plan.encode({}, raw).hex())
    return "".join(parts), expected


def compare(gcc: str, folder: Path, satellite: Satellite, times: int) -> int:
    (folder / "sat.h").write_text(to_c_header(satellite).text, "utf-8")
    chance = random.Random(satellite.id)
    body, expected = "", []
    for layout in satellite.packets:
        if is_static(layout.items):
            text, wanted = cases(satellite, layout, chance, times)
            body, expected = body + text, expected + wanted
    program = f'#include <stdio.h>\n#include "sat.h"\nint main(void) {{\n{body}return 0; }}\n'
    assert run_c(gcc, folder, program) == expected
    return len(expected)


def test_every_kind_of_row(tmp_path: Path) -> None:
    assert compare(need("gcc"), tmp_path, parse(EVERYTHING, id="every-thing"), 50) == 100


@pytest.mark.parametrize("id", ["classroom-1", "quetzal-1", "siriussat-1", "entrysat", "aausat-4"])
def test_bytes_equal_our_encoder(id: str, tmp_path: Path) -> None:
    assert compare(need("gcc"), tmp_path, catalog().satellites[id], 3) > 0


def test_values_of_engineering_units(tmp_path: Path) -> None:
    (tmp_path / "sat.h").write_text(to_c_header(parse(EVERYTHING, id="s")).text, "utf-8")
    calls = ("s_big_signed_from(-3.0)", "s_big_signed_from(4.6)", "s_big_signed_from(1e9)")
    words = ("S_BIG_MODE_2ND_MODE", "(int)S_BIG_LAMPS_BLUE")
    printed = "".join(f'printf("%d\\n", {text});' for text in (*calls, *words))
    program = f'#include <stdio.h>\n#include "sat.h"\nint main(void) {{ {printed} return 0; }}\n'
    assert run_c(need("gcc"), tmp_path, program) == ["0", "15", "4095", "1", "128"]


@pytest.mark.parametrize(
    ("calibration", "unit"),
    [
        ("scale = 2", "raw of V"),
        ("polynomial = [0, 1, 2]", "raw of V"),
        ("table = [[0, 1], [9, 2]]", "raw of V"),
        ('formula = "raw * raw"', "raw of V"),
        ('enum = { 0 = "off" }', "V"),
    ],
)
def test_a_member_that_is_calibrated_says_that_it_is_raw(calibration: str, unit: str) -> None:
    row = f'{{ name = "x", type = "u8", unit = "V", label = "Volts", {calibration} }}'
    text = f'[satellite]\nname = "T"\n[[packets]]\nname = "p"\nparameters = [ {row} ]\n'
    assert f"Volts, {unit} */" in to_c_header(parse(text, id="t")).text
