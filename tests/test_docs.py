"""The documents tell the truth: what they show is run, what they list is what the code knows."""

import re
from pathlib import Path

import pytest

from decoders.check import check_examples
from decoders.decode import Decoder
from decoders.definition import packets, parse, rows
from decoders.definition.calibration import Formula
from decoders.definition.expression import FUNCTIONS
from groundstation.cli import COMMANDS
from groundstation.config import load_config

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

OUTER_KEYS = {
    *(*parse.TOP_KEYS, *parse.SATELLITE_KEYS, *parse.DOWNLINK_KEYS),
    *(*packets.PACKET_KEYS, *packets.MATCH_KEYS, *packets.SPANS_KEYS, *parse.EXAMPLE_KEYS),
}


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", text(name), re.DOTALL)


def test_the_lesson_of_adding_a_satellite() -> None:
    first, limits, example = blocks("docs/add-a-satellite.md", "toml")
    satellite = parse.parse(first + example, id="my-sat")
    assert check_examples(satellite) == []
    shown = re.search(r"--hex ([0-9a-f]+)", text("docs/add-a-satellite.md"))
    assert shown
    decoded = Decoder([satellite]).decode(bytes.fromhex(shown[1]))
    assert [value.raw for value in decoded.values] == [4012, -7, 2]
    with_limits = re.sub(r'  \{ name = "battery_voltage".*\n', limits.splitlines()[0] + "\n", first)
    assert parse.parse(with_limits, id="my-sat").rows()["battery_voltage"].limits is not None
    broken = parse.mistakes(first.replace('"u16"', '"uint16"'), id="x", source="my-sat.toml")
    told = " ".join(text("docs/add-a-satellite.md").split())
    assert str(broken[0]).partition(": ")[2] in told


def test_the_frame_of_the_readme() -> None:
    from groundstation.catalog import SatelliteCatalog

    shown = re.search(r"--hex ([0-9a-f]+)", text("README.md"))
    assert shown
    decoded = SatelliteCatalog().decoder.decode(bytes.fromhex(shown[1]))
    assert decoded.satellite == "quetzal-1"
    assert decoded.named["bq1_bat_volt"].raw == 187
    assert round(decoded.named["bq1_bat_volt"].value) == 3982  # type: ignore[arg-type]


def test_settings_that_are_shown(tmp_path: Path) -> None:
    shown = tmp_path / "station.toml"
    shown.write_text(blocks("README.md", "toml")[0], "utf-8")
    assert load_config(shown).site.name == "School 5, Talas"
    full = load_config(ROOT / "examples" / "station.toml")
    assert [link.name for link in full.links] == ["tnc", "direwolf"]


@pytest.mark.parametrize(
    "key",
    sorted({*rows.PARAMETER_KEYS, *rows.GROUP_KEYS, *rows.DERIVED_KEYS, *OUTER_KEYS}),
)
def test_every_key_is_documented(key: str) -> None:
    assert re.search(rf"`[^`]*\b{key}\b[^`]*`", text("docs/definitions.md"))


def test_every_function_is_documented() -> None:
    for name in FUNCTIONS:
        assert re.search(rf"\b{name}\b", text("docs/definitions.md")), name
    assert Formula.__doc__


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_and_links_exist(path: Path) -> None:
    content = path.read_text("utf-8")
    for command in re.findall(r"(?:`|bin/|^)groundstation ([a-z]+)", content, re.MULTILINE):
        assert command in COMMANDS, command
    for target in re.findall(r"\]\(([^)#:]+)\)", content):
        assert (path.parent / target).exists(), target
    for target in re.findall(r"(?:`|^)make ([a-z-]+)", content, re.MULTILINE):
        assert re.search(rf"^{target}:", text("Makefile"), re.MULTILINE), target
