"""The documents tell the truth: what they show is run, what they list is what the code knows."""

import inspect
import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from decoders.check import check_examples
from decoders.decode import Decoder
from decoders.definition import packets, parse, rows
from decoders.definition.calibration import Formula
from decoders.definition.expression import FUNCTIONS
from decoders.definition.interchange.formats import EXPORTS, IMPORTS
from decoders.framing.registry import FRAMINGS, deframer
from groundstation.cli import COMMANDS, groundstation
from groundstation.config import load_config
from tests.dashboard.screenshots import file_name
from tests.dashboard.web.whole_station import PAGES

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


LESSON = "docs/add-a-satellite.md"


def lesson_definition() -> tuple[str, str, str]:
    """The lesson's file after its chapters 4, 5 and 8."""
    head, example, first, rows, limits = blocks(LESSON, "toml")
    began = first.partition("parameters")[0]
    whole = f"{head}\n{began}{rows}\n{example}"
    limited = re.sub(r'  \{ name = "battery_voltage".*\n', lambda _: limits, whole)
    return f"{head}\n{first}\n{example}", whole, limited


def test_the_lesson_of_adding_a_satellite() -> None:
    first, whole, limited = lesson_definition()
    satellite = parse.parse(whole, id="kuns")
    assert check_examples(satellite) == []
    real = json.loads((ROOT / "tests/data/frames/1kuns_pf.json").read_text("utf-8"))["frames"][0]
    assert satellite.examples[0].frame.hex() == real["hex"]
    begun = {problem.problem for problem in check_examples(parse.parse(first, id="kuns"))}
    assert any("battery_voltage" in problem for problem in begun)
    assert any("encoding it again changes" in problem for problem in begun)
    assert parse.parse(limited, id="kuns").rows()["battery_voltage"].limits is not None
    broken = parse.mistakes(first.replace('"u16"', '"uint16"'), id="x", source="kuns.toml")
    told = " ".join(text(LESSON).split())
    assert str(broken[0]).partition(": ")[2] in told


def test_values_of_the_lesson_are_those_of_another_program() -> None:
    satellite = parse.parse(lesson_definition()[1], id="kuns")
    real = json.loads((ROOT / "tests/data/frames/1kuns_pf.json").read_text("utf-8"))["frames"][0]
    decoded = Decoder([satellite]).decode(bytes.fromhex(real["hex"]), "kuns")
    theirs = [
        number
        for name, number in real["gr_satellites"].items()
        if not name.startswith("csp_header") and isinstance(number, int | float)
    ]
    assert [value.value for value in decoded.values][: len(theirs) - 1] == theirs[:-1]


def test_commands_of_the_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is run as it stands, in order, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    outputs = []
    for block in blocks(LESSON, "sh"):
        for command in block.replace("\\\n", " ").strip().splitlines():
            words = shlex.split(command)
            assert words[0] == "groundstation"
            if "--watch" in words:
                lesson = tmp_path / "data/satellites/kuns.toml"
                assert lesson.exists()
                lesson.write_text(lesson_definition()[1], "utf-8")
                continue
            result = CliRunner().invoke(groundstation, words[1:])
            assert result.exit_code == 0, (command, result.output)
            outputs.append(result.output)
    (explained,) = [output for output in outputs if output.startswith("battery_voltage")]
    assert blocks(LESSON, "text") == [explained]
    assert tomllib.loads(Path("kuns.toml").read_text("utf-8")) == tomllib.loads(
        lesson_definition()[1]
    )
    assert Path("kuns.html").read_text("utf-8").startswith("<!doctype html>")


def test_commands_of_interchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (ROOT / "tests/data/interchange").glob("*.csv"):
        name = path.name.replace("cubesatsim", "CubeSatSim")
        (tmp_path / name).write_text(path.read_text("utf-8"), "utf-8")
    for block in blocks("docs/interchange.md", "sh")[1:]:
        for command in block.strip().splitlines():
            result = CliRunner().invoke(groundstation, shlex.split(command)[1:])
            assert result.exit_code == 0, (command, result.output)


def test_every_format_is_documented() -> None:
    for name in {*EXPORTS, *IMPORTS}:
        row = re.search(
            rf"^\| `{name}` \|.*\| (yes|no) \| (yes|no) \|", text("docs/interchange.md"), re.M
        )
        assert row, name
        assert (row[1] == "yes", row[2] == "yes") == (name in IMPORTS, name in EXPORTS)


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


def test_every_framing_and_option_is_documented() -> None:
    content = text("docs/framings.md")
    for name, make in FRAMINGS.items():
        assert f"`{name}`" in content, name
        for option in inspect.signature(make).parameters:
            assert f"`{option}`" in content, (name, option)
    shown = tomllib.loads(blocks("docs/framings.md", "toml")[0])["downlinks"][0]
    deframer(shown["framing"], shown["options"])


def test_every_page_has_its_picture() -> None:
    """One file a page, shown among all pages; together they are quickly fetched."""
    files = {path.name for path in (ROOT / "docs" / "img").iterdir()}
    assert files == {file_name(page) for page in PAGES}
    assert set(re.findall(r"\]\(img/([^)]+)\)", text("docs/screens.md"))) == files
    assert sum((ROOT / "docs" / "img" / name).stat().st_size for name in files) < 3_000_000
