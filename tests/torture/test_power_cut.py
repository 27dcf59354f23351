from tests.torture.registry import hold


def test_power_cut() -> None:
    hold("power_cut")
