from tests.torture.registry import hold


def test_two_at_once() -> None:
    hold("two_at_once")
