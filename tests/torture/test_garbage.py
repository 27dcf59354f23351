from tests.torture.registry import hold


def test_garbage() -> None:
    hold("garbage")
