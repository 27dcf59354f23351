from tests.torture.registry import hold


def test_kill() -> None:
    hold("kill")
