from tests.torture.registry import hold


def test_salvage() -> None:
    hold("salvage")
