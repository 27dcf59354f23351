"""``decode --explain``: a value from its bits to its limits, in text."""

from tests.cli.test_decode import QUETZAL, run


def test_a_value_step_by_step() -> None:
    out, _ = run("decode", "--hex", QUETZAL, "--explain", "bq1_bat_volt")
    lines = [line.split(None, 1) for line in out.splitlines()]
    assert lines[0] == ["bq1_bat_volt", "(Battery voltage)"]
    assert lines[1] == ["type", "unsigned whole number of 8 bits"]
    assert lines[2][0] == "bits"
    assert lines[2][1].endswith(": 1011 1011")
    assert lines[3:] == [
        ["bytes", "BB"],
        ["places", "128 + 32 + 16 + 8 + 2 + 1 = 187"],
        ["raw", "187"],
        ["calibration", "187 × 7.9681 = 1490.0347"],
        ["calibration", "1490.0347 + 2492.0319 = 3982.0666"],
        ["value", "3982.0666 mV"],
        ["state", "unlimited (it has no limits)"],
    ]


def test_all_values_and_wrong_names() -> None:
    out, _ = run("decode", "--hex", QUETZAL, "--explain", "all")
    assert out.count("  state ") == 85
    out, _ = run("decode", "--hex", QUETZAL, "--explain", "bq1_bat_vold")
    assert "did you mean 'bq1_bat_volt'?" in out
    out, _ = run("decode", "--hex", "00", "--explain", "all", code=1)
    assert out == "nothing can be explained: no definition knows this frame\n"
