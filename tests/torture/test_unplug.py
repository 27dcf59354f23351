from tests.torture.registry import hold


def test_unplug() -> None:
    hold("unplug")
