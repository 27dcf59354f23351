"""Limits in the station's folder: laid over definitions, noticed when they change, checked."""

from pathlib import Path

import pytest

from groundstation.catalog import SatelliteCatalog
from tests.cli.test_decode import run
from tests.station.frames import SATELLITE, beacon

FRAME = beacon(77)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "satellites").mkdir()
    return tmp_path / "satellites"


def limits(folder: Path, text: str, id: str = SATELLITE) -> Path:
    path = folder / f"{id}.limits.toml"
    path.write_text(text, "utf-8")
    return path


def state(catalog: SatelliteCatalog) -> str:
    return catalog.decoder.decode(FRAME, SATELLITE).named["uptime"].state


def test_limits_are_laid_over_a_definition_of_the_program(folder: Path) -> None:
    limits(folder, "uptime = { warning = [100, inf] }")
    catalog = SatelliteCatalog(folder.parent)
    assert catalog.problems == []
    assert state(catalog) == "warning"
    assert f"{SATELLITE}.limits" not in catalog.ids()


def test_changed_limits_change_states_but_no_definition(folder: Path) -> None:
    catalog = SatelliteCatalog(folder.parent)
    digests = catalog.digests()
    assert state(catalog) == "unlimited"
    path = limits(folder, "uptime = { critical = [100, inf] }")
    assert catalog.refresh() is False
    assert state(catalog) == "critical"
    limits(folder, "uptime = { critical = [50, inf] }  # changed")
    assert catalog.refresh() is False
    assert state(catalog) == "nominal"
    path.unlink()
    assert catalog.refresh() is False
    assert state(catalog) == "unlimited"
    assert catalog.digests() == digests


def test_mistakes_are_problems_of_the_catalog(folder: Path) -> None:
    path = limits(folder, "\nuptine = { warning = [1, 2] }")
    other = limits(folder, "", "clasroom-1")
    assert SatelliteCatalog(folder.parent).problems == [
        f"{other}: there is no satellite 'clasroom-1'; did you mean 'classroom-1'?",
        f"{path}:2: uptine: classroom-1 has no row 'uptine'; did you mean 'uptime'?",
    ]


def test_satellites_check_names_file_line_and_row(folder: Path) -> None:
    limits(folder, "uptime = { warning = [1, 2] }")
    run("satellites", "check", "--data", str(folder.parent))
    path = limits(folder, "uptime = { warning = [2, 1] }")
    for arguments in (["--data", str(folder.parent)], [str(path)], [str(folder)]):
        out, _ = run("satellites", "check", *arguments, code=1)
        assert out.startswith(f"{path}:1: uptime.warning: [2.0, 1.0] is not [low, high]")
