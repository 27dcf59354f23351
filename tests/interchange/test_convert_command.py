"""``groundstation convert``: from file to file, and how its mistakes are told."""

from pathlib import Path

import pytest

from tests.cli.test_decode import run

DATA = Path(__file__).parents[1] / "data" / "interchange"


def test_a_spreadsheet_and_back(tmp_path: Path) -> None:
    table, again = tmp_path / "sat.csv", tmp_path / "sat.toml"
    run("convert", "classroom-1", "-o", str(table), "--decimal-comma")
    assert table.read_text("utf-8").startswith("\ufeffrow;name;")
    run("convert", str(table), "-o", str(again))
    run("satellites", "check", str(again))


@pytest.mark.parametrize(
    ("target", "begins"),
    [("xtce", "<?xml"), ("ksy", "meta:"), ("c", "/* Telemetry of Quetzal-1"), ("ccsdspy", "name,")],
)
def test_every_export(target: str, begins: str) -> None:
    out, errors = run("convert", "quetzal-1", "--to", target)
    assert out.startswith(begins)
    assert errors.startswith("warning: ")


def test_every_import(tmp_path: Path) -> None:
    kit = [str(DATA / f"cubesatsim_{name}.csv") for name in ("rttelemetry", "conversion_curves")]
    files = (kit, [str(DATA / "another_author.xml")], [str(DATA / "space_packets.toml")])
    for number, given in enumerate(files):
        out = tmp_path / f"x{number}.toml"
        run("convert", *given, "-o", str(out))
        run("satellites", "check", str(out))


def test_mistakes_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "x.toml"
    broken.write_text("[satellite]\nname = 5\n", "utf-8")
    assert (
        "x.toml:2: satellite.name: 5 is not a text"
        in run("convert", str(broken), "--to", "c", code=1)[1]
    )
    assert "say which format you want" in run("convert", str(broken), code=2)[1]
    assert "cannot read nothing.csv" in run("convert", "nothing.csv", "--to", "c", code=2)[1]
    assert "choose one packet: " in run("convert", "picsat", "--to", "ccsdspy", code=1)[1]
    (tmp_path / "y.txt").write_text("?", "utf-8")
    assert "say which format" in run("convert", str(tmp_path / "y.txt"), "--to", "c", code=2)[1]
