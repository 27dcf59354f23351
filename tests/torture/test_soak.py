from tests.torture.registry import hold


def test_soak() -> None:
    hold("soak")
