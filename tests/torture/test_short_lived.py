from tests.torture.registry import hold


def test_short_lived() -> None:
    hold("short_lived")
