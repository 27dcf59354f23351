"""Definitions are read when they are needed, and never stale."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from decoders.definition.parse import parse
from decoders.encode import Encoder
from decoders.sketch import from_json, sketch
from groundstation import catalog as module
from groundstation.catalog import SatelliteCatalog
from groundstation.sketch_cache import SketchCache

MINE = """
[satellite]
name = "Mine"
norad = 99999
[[packets]]
name = "beacon"
match = { prefix = "C0 FF EE" }
parameters = [ { name = "volts", type = "u8", divide = 10, unit = "V" } ]
"""
PART = 'extends = "mine"\n' + MINE.replace("Mine", "Part").replace("99999", "99998")
PART = PART[: PART.index("[[packets]]")]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the definitions that were read."""
    found: list[str] = []
    before = module._parse
    monkeypatch.setattr(module, "_parse", lambda id, text: found.append(id) or before(id, text))
    return found


def folder(data: Path, **texts: str) -> Path:
    (data / "satellites").mkdir(exist_ok=True)
    for id, text in texts.items():
        write(data / "satellites" / f"{id}.toml", text)
    return data


def write(path: Path, text: str) -> None:
    """Another file under the same name, as editors write it."""
    new = path.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(path)


def make(data: Path) -> SatelliteCatalog:
    return SatelliteCatalog(data, SketchCache(data / "cache"))


def kept(data: Path) -> Path:
    """The file of the cache."""
    (found,) = (data / "cache").iterdir()
    return found


def test_few_versions_of_the_program_keep_their_sketches(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    for number in range(20):
        (folder / f"definitions-{number}.json").write_text("{}")
        os.utime(folder / f"definitions-{number}.json", (number, number))
    make(tmp_path)
    assert len(list(folder.iterdir())) == 8
    assert (folder / "definitions-19.json").exists()


@pytest.mark.parametrize("id", SatelliteCatalog().ids())
def test_a_sketch_goes_to_json_and_back(id: str) -> None:
    made = sketch(SatelliteCatalog().satellites[id])
    assert from_json(json.loads(json.dumps(made.as_json()))) == made


def test_the_second_time_nothing_is_read_until_it_is_needed(
    tmp_path: Path, read: list[str]
) -> None:
    folder(tmp_path, mine=MINE)
    first = make(tmp_path)
    assert sorted(read) == first.ids()
    read.clear()
    again = make(tmp_path)
    assert (again.ids(), again.digests(), dict(again.index)) == (
        first.ids(),
        first.digests(),
        dict(first.index),
    )
    assert "mine" in again.satellites
    assert read == []
    frame = bytes.fromhex("C0FFEE 29")
    assert again.decoder.decode(frame).named["volts"].value == 4.1
    assert again.decoder.decode(frame).named["volts"].value == 4.1
    assert read == ["mine"]
    assert again.satellite("nobody") is None


def test_values_are_those_of_definitions_read_at_once(tmp_path: Path) -> None:
    make(tmp_path)
    lazy, eager = make(tmp_path), SatelliteCatalog()
    for id, satellite in eager.satellites.items():
        assert lazy.satellite(id) == satellite
        for example in satellite.examples[:2]:
            assert lazy.decoder.decode(example.frame) == eager.decoder.decode(example.frame)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"program": 1}', '{"program": "x", "sketches": []}']
)
def test_a_broken_cache_costs_only_time(tmp_path: Path, content: str, read: list[str]) -> None:
    make(tmp_path)
    kept(tmp_path).write_text(content)
    read.clear()
    assert "quetzal-1" in make(tmp_path).satellites
    assert read
    read.clear()
    make(tmp_path)
    assert read == []


def test_a_cache_of_another_program_or_with_nonsense_is_not_taken(
    tmp_path: Path, read: list[str]
) -> None:
    make(tmp_path)
    path = kept(tmp_path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "program": "another"}))
    read.clear()
    make(tmp_path)
    assert len(read) > 100
    digest = make(tmp_path).digests()["quetzal-1"]
    content["sketches"][digest]["packets"] = [{}]
    path.write_text(json.dumps(content))
    read.clear()
    make(tmp_path)
    assert read == ["quetzal-1"]


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder ought to be")
    assert "quetzal-1" in make(tmp_path).satellites


def test_changes_are_noticed(tmp_path: Path, read: list[str]) -> None:
    folder(tmp_path, mine=MINE)
    catalog = make(tmp_path)
    decoder, digest = catalog.decoder, catalog.digests()["mine"]
    read.clear()
    assert not catalog.refresh()
    assert catalog.decoder is decoder
    folder(tmp_path, mine=MINE.replace('"volts"', '"battery"'), part=PART)
    assert catalog.refresh()
    assert sorted(read) == ["mine", "part"]
    assert catalog.digests()["mine"] != digest
    names = catalog.decoder.decode(bytes.fromhex("C0FFEE 29"), "mine").named
    assert list(names) == ["battery"]
    assert list(catalog.satellites["part"].rows()) == ["battery"]
    (tmp_path / "satellites" / "mine.toml").unlink()
    (tmp_path / "satellites" / "part.toml").unlink()
    assert catalog.refresh()
    assert "mine" not in catalog.ids()


def test_a_decoder_keeps_the_definitions_that_it_was_made_of(tmp_path: Path) -> None:
    folder(tmp_path, mine=MINE, part=PART)
    catalog = make(tmp_path)
    decoder = catalog.decoder  # no definition is read yet
    folder(tmp_path, mine=MINE.replace('"volts"', '"battery"'))
    (tmp_path / "satellites" / "part.toml").unlink()
    assert catalog.refresh()
    frame = bytes.fromhex("C0FFEE 29")
    assert list(decoder.decode(frame, "mine").named) == ["volts"]
    assert list(decoder.decode(frame, "part").named) == ["volts"]
    assert list(catalog.decoder.decode(frame, "mine").named) == ["battery"]


def test_what_extends_another_changes_with_it(tmp_path: Path) -> None:
    folder(tmp_path, mine=MINE, part=PART)
    catalog = make(tmp_path)
    digest = catalog.digests()["part"]
    assert list(catalog.satellites["part"].rows()) == ["volts"]
    folder(tmp_path, mine=MINE.replace('"volts"', '"battery"'))
    assert catalog.refresh()
    assert catalog.digests()["part"] != digest
    assert list(catalog.satellites["part"].rows()) == ["battery"]


def test_a_file_that_became_broken_keeps_its_last_version(tmp_path: Path) -> None:
    folder(tmp_path, mine=MINE)
    catalog = make(tmp_path)
    folder(tmp_path, mine=MINE.replace("u8", "u99"))
    assert not catalog.refresh()
    (problem,) = catalog.problems
    assert "mine.toml" in problem
    assert list(catalog.satellites["mine"].rows()) == ["volts"]
    assert catalog.text("mine") == MINE
    folder(tmp_path, mine=MINE.replace("u8", "u16"))
    assert catalog.refresh()
    assert catalog.problems == []
    assert Encoder(catalog.satellites["mine"]).encode("beacon", {"volts": 1}).hex() == "c0ffee000a"


def test_a_broken_file_is_named_and_left_out(tmp_path: Path) -> None:
    folder(tmp_path, mine="[satellite", **{"quetzal-1": "name = 1"})
    (tmp_path / "satellites" / "bytes.toml").write_bytes(b"\xff\xfe")
    catalog = make(tmp_path)
    assert {"mine", "bytes", "quetzal-1"}.isdisjoint(catalog.ids())
    assert len(catalog.problems) == 3


def test_a_users_definition_wins(tmp_path: Path) -> None:
    folder(tmp_path, **{"quetzal-1": MINE})
    assert make(tmp_path).satellites["quetzal-1"] == parse(
        MINE, id="quetzal-1", source=str(tmp_path / "satellites" / "quetzal-1.toml")
    )


def test_limits_beside_a_definition_are_none(tmp_path: Path) -> None:
    folder(tmp_path, **{"quetzal-1.limits": ""})
    assert make(tmp_path).problems == []


def test_the_list_of_satellites_reads_no_rows(tmp_path: Path) -> None:
    """The whole command: only sketches, once they are kept."""
    code = (
        "import groundstation.catalog as c, sys\n"
        "from groundstation.cli import main\n"
        "c._parse = lambda *a: sys.exit(3)\n"
        "sys.argv = ['groundstation', 'satellites', 'list', '--format', 'json']\n"
        "main()\n"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(Path.cwd())}
    listed = ["-m", "groundstation", "satellites", "list", "--format", "json"]
    first = subprocess.run(
        [sys.executable, *listed], env=environment, capture_output=True, check=True
    )
    again = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True
    )
    assert first.stdout == again.stdout
    assert len(first.stdout.splitlines()) > 150
