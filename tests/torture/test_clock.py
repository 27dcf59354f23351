from tests.torture.registry import hold


def test_clock() -> None:
    hold("clock")
