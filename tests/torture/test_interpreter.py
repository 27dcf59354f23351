from tests.torture.registry import hold


def test_interpreter() -> None:
    hold("interpreter")
