"""Some kills of the interpreter at random moments; ``make torture-interpreter`` does five
hundred."""

from pathlib import Path

from tests.interpret.kill import torture


def test_killed_at_random_moments(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    assert torture(folder, kills=12, seed=20265, every=4) > 0
