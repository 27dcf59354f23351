"""Limits laid over a definition: which rows they reach, and every mistake with its line."""

import pytest

from decoders.decode import Decoder
from decoders.definition.limits import Limits
from decoders.definition.model import Satellite
from decoders.definition.overlay import lay_over
from decoders.definition.parse import parse

DEFINITION = """\
[satellite]
name = "Test"
[[packets]]
name = "p"
match = { length = 6 }
parameters = [
  { name = "volt", type = "u8", divide = 10, unit = "V", limits = { warning = [3, 4] } },
  { name = "mode", type = "u8", enum = { 0 = "safe", 1 = "nominal" } },
  { name = "gyro", type = "u8", repeat = 2, unit = "°/s" },
  { name = "panel", parameters = [ { name = "temp", type = "i8", unit = "°C" } ] },
  { name = "free", type = "u8" },
]
derived = [ { name = "double", expression = "volt * 2", unit = "V" } ]
[[packets]]
name = "q"
match = { length = 1 }
parameters = [ { name = "volt", type = "u8", divide = 10, unit = "V" } ]
"""
LIMITS = """\
source = "the operator's handbook, table 4"
volt = { critical = [3.5, inf] }
mode = { warning = ["safe"] }
panel_temp = { warning = [0, 40] }

[gyro]
warning = [0, 9]

[double]
warning = [0, 7]
"""


@pytest.fixture
def sat() -> Satellite:
    return parse(DEFINITION, id="test")


def test_only_states_change(sat: Satellite) -> None:
    laid, mistakes = lay_over(sat, LIMITS, "test.limits.toml")
    assert mistakes == []
    frame = bytes([34, 0, 5, 10, 0xFF, 0])
    before, after = (Decoder([each]).decode(frame, "test") for each in (sat, laid))
    assert [v[:4] for v in before.values] == [v[:4] for v in after.values]
    assert {v.name: v.state for v in before.values} == {
        "volt": "nominal",
        **dict.fromkeys(("mode", "gyro_0", "gyro_1", "panel_temp", "free", "double"), "unlimited"),
    }
    assert {v.name: v.state for v in after.values} == {
        "volt": "critical",
        "mode": "warning",
        "gyro_0": "nominal",
        "gyro_1": "warning",
        "panel_temp": "warning",
        "free": "unlimited",
        "double": "nominal",
    }


def test_a_row_is_limited_in_every_packet(sat: Satellite) -> None:
    laid, _ = lay_over(sat, LIMITS, "test.limits.toml")
    assert [p.rows()["volt"].limits for p in laid.packets] == [
        Limits(critical=(3.5, float("inf")))
    ] * 2
    assert sat.packets[0].rows()["volt"].limits == Limits(warning=(3, 4))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\nvolts = { warning = [0, 1] }", "x:2: volts: test has no row 'volts'; did you mean"),
        ("gyro_0 = { warning = [0, 1] }", "x:1: gyro_0: test has no row 'gyro_0'; did you mean"),
        ("volt = { warning = [2, 1] }", "x:1: volt.warning: [2.0, 1.0] is not [low, high]"),
        ('volt = { warning = ["a"] }', "x:1: volt.warning: the values of this row are numbers"),
        ('mode = { critical = ["save"] }', "x:1: mode.critical: 'save' is none of the row's"),
        ("volt = { waring = [0, 1] }", "x:1: volt.waring: unknown key; did you mean 'warning'?"),
        ("volt = 3", "x:1: volt: 3 is not a table"),
        ("volt = {", "x:1: not valid TOML"),
    ],
)
def test_mistakes_name_file_line_and_row(sat: Satellite, text: str, message: str) -> None:
    laid, mistakes = lay_over(sat, text, "x")
    assert str(mistakes[0]).startswith(message)
    assert laid == sat


def test_the_sound_limits_beside_a_mistake_stay(sat: Satellite) -> None:
    laid, mistakes = lay_over(sat, "nothing = {}\nfree = { warning = [0, 1] }", "x")
    assert len(mistakes) == 1
    assert laid.rows()["free"].limits == Limits(warning=(0, 1))


def test_an_alarm_is_laid_over_too(sat: Satellite) -> None:
    text = """\
volt = { alarm = { count = 5, mend = "Charge it." } }
gyro = { warning = [0, 9], alarm = { sets = [{ when = "mode == 0", warning = [0, 90] }] } }
"""
    laid, mistakes = lay_over(sat, text, "test.limits.toml")
    assert mistakes == []
    volt, gyro = laid.rows()["volt"], laid.rows()["gyro"]
    assert volt.limits == Limits((3.0, 4.0))
    assert volt.alarm is not None
    assert (volt.alarm.count, volt.alarm.mend) == (5, {"en": "Charge it."})
    assert gyro.alarm is not None
    assert gyro.alarm.sets[0].limits == Limits((0.0, 90.0))


def test_an_alarm_that_nothing_raises_is_refused(sat: Satellite) -> None:
    laid, mistakes = lay_over(sat, "free = { alarm = { count = 2 } }", "test.limits.toml")
    assert [str(mistake) for mistake in mistakes] == [
        "test.limits.toml:1: free.alarm: the row has no 'limits', and no 'sets' stand here: "
        "nothing raises it"
    ]
    assert laid == sat
