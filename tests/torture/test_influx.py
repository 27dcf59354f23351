from tests.torture.registry import hold


def test_influx() -> None:
    hold("influx")
