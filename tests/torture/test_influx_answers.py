from tests.torture.registry import hold


def test_influx_answers() -> None:
    hold("influx_answers")
