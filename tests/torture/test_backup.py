from tests.torture.registry import hold


def test_backup() -> None:
    hold("backup")
