"""What ``satellites check`` says of each broken definition, word for word."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from groundstation.cli.satellites import satellites

FOLDER = Path(__file__).parents[1] / "data" / "broken"
EXPECTED = (FOLDER / "expected.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_the_message(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    result = CliRunner().invoke(satellites, ["check", path.name])
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        line for line in EXPECTED if line.startswith(f"{path.name}:")
    ]


def test_every_definition_has_its_message() -> None:
    named = {line.partition(":")[0] for line in EXPECTED}
    assert named == {path.name for path in FOLDER.glob("*.toml")}
    assert len(named) >= 40
