"""Kaitai: every specification is compiled by the real compiler and gives equal values."""

import importlib.util
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from decoders.definition.calibration import Enumeration, Flags, Formula, Logarithm, TextNumber
from decoders.definition.interchange.ksy import kaitai_id, to_ksy
from decoders.definition.model import Derived, Parameter
from decoders.value import Value
from tests.interchange.built_in import WITH_PACKETS, catalog, close, golden
from tests.peers import need, need_folder


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModuleType]:
    """All satellites' specifications compiled to Python."""
    node, compiler = need("node"), need_folder("kaitai")
    folder = tmp_path_factory.mktemp("kaitai")
    (folder / "node_modules").symlink_to(compiler / "node_modules")
    shutil.copy(compiler / "compile.js", folder)
    files = []
    for id in WITH_PACKETS:
        path = folder / f"{id}.ksy"
        path.write_text(to_ksy(catalog().satellites[id]).text, "utf-8")
        files.append(path.name)
    compiled = subprocess.run(
        [node, "compile.js", ".", *files], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (compiled.returncode, compiled.stderr) == (0, "")
    return {id: load(folder, kaitai_id(id)) for id in WITH_PACKETS}


def load(folder: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"kaitai_{name}", folder / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def parsed(module: ModuleType, packet: bytes) -> Any:
    words = module.__name__.removeprefix("kaitai_").split("_")
    return getattr(module, "".join(word.capitalize() for word in words)).from_bytes(packet)


def found_in(part: Any, name: str) -> Any:
    """The value ``gyro_1`` or ``cells_1_volts`` in the objects that Kaitai makes; None: nowhere."""
    if hasattr(part, name):
        return getattr(part, name)
    for match in re.finditer(r"_(\d+)(?=_|$)", name):
        rows = getattr(part, name[: match.start()], None)
        if isinstance(rows, list) and int(match[1]) < len(rows):
            row, rest = rows[int(match[1])], name[match.end() + 1 :]
            return found_in(row, rest) if rest else getattr(row, "value", row)
    # Rows that stand under a condition without a name of their own.
    nested = (of for key, of in vars(part).items() if re.fullmatch(r"rows_\d+", key) and of)
    found = (found_in(of, name) for of in nested if not isinstance(of, list))
    return next((value for value in found if value is not None), None)


def agrees(value: Value, found: Any, satellite_words: object) -> bool:
    row = value.row
    if isinstance(row, Parameter):
        if row.kind == "time":
            then = datetime.fromisoformat(str(value.value)) - datetime.fromisoformat(row.epoch)
            return close(found, then.total_seconds()) or close(found, value.raw)
        if isinstance(row.calibration, Enumeration):
            return int(getattr(found, "value", found)) == value.raw
        if isinstance(row.calibration, Flags):
            return bool(found == value.raw)
        if isinstance(row.calibration, TextNumber) and isinstance(found, str):
            return str(value.raw).startswith(found)
        if isinstance(row.calibration, TextNumber) and isinstance(
            row.calibration.further, Enumeration | Flags
        ):
            text = str(value.raw).removesuffix(row.until.decode())
            return bool(found == int(text, row.calibration.base))
        if isinstance(row.calibration, Formula | Logarithm) and found == value.raw:
            return True
    return close(found, value.value)


@pytest.mark.parametrize("id", WITH_PACKETS)
def test_equal_values(id: str, modules: dict[str, ModuleType]) -> None:
    said = " ".join(to_ksy(catalog().satellites[id]).warnings)
    for frame in golden(id):
        document = parsed(modules[id], frame.packet)
        packets = frame.satellite.packets
        kind = packets[document.kind].name if document.kind >= 0 else None
        if kind != frame.decoded.packet:
            assert "match rules" in said
            continue
        for value in frame.decoded.values:
            found = found_in(document.packet, value.name)
            if found is None and value.value is not None:
                assert "left out" in said and (
                    isinstance(value.row, Derived)
                    or "lie over others" in said
                    or re.search(rf"all behind, are left out \([^)]*\b{kind} ", said)
                ), value
            elif value.value is not None:
                assert agrees(value, found, None), (value, found)


def test_flags_and_missing_values(modules: dict[str, ModuleType]) -> None:
    satellite = catalog().satellites["classroom-1"]
    (frame,) = golden("classroom-1")
    beacon = parsed(modules["classroom-1"], frame.packet).packet
    assert beacon.status_sunlight is True
    assert beacon.status_heater_on is False
    assert satellite.rows()["status"].label("ru") == "Состояние"


def test_what_is_lost_is_said_once_each() -> None:
    for id in WITH_PACKETS:
        said = to_ksy(catalog().satellites[id]).warnings
        assert len(said) == len(set(said))


def test_lists_that_end_by_their_last_entry_are_left_out() -> None:
    exported = to_ksy(catalog().satellites["3cat-1"])
    lost = [line for line in exported.warnings if "depend on the repetition before" in line]
    assert len(lost) == 1 and "temperatures temperature" in lost[0]
    assert "last_temperature_before_raw" in exported.text
    assert "temperatures_temperature" not in exported.text
