from tests.torture.registry import hold


def test_crowd() -> None:
    hold("crowd")
