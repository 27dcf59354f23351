from tests.torture.registry import hold


def test_definition() -> None:
    hold("definition")
