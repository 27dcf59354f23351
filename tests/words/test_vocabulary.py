"""Labels, words and units in three languages out of known words; unknown words stay English."""

from __future__ import annotations

from collections import Counter

import pytest

from decoders.definition.parse import parse
from decoders.definition.translate import GENDERS, KINDS, agreeing
from decoders.errors import DefinitionError
from decoders.quantities import DIMENSIONS
from groundstation.words.language import in_language
from groundstation.words.values import translated, worded
from groundstation.words.vocabulary import entries, vocabulary


@pytest.mark.parametrize(
    ("label", "russian", "kyrgyz"),
    [
        ("Battery voltage", "Напряжение батареи", "Батареянын чыңалуусу"),
        ("Solar panel 3 voltage", "Напряжение солнечной панели 3", "Күн панелинин чыңалуусу 3"),
        ("Gyroscope x", "Гироскоп x", "Гироскоп x"),
        ("Panel +X temperature", "Температура панели +X", "Панелдин температурасы +X"),
        ("Panel -X temperature", "Температура панели −X", "Панелдин температурасы −X"),
        ("3.3 V current", "Ток: 3,3 В", "3,3 В: ток"),
        ("5 V bus voltage", "Напряжение: шина питания 5 В", "5 В азыктандыруу шинасы: чыңалуу"),
        ("Receiver resets", "Перезагрузки: приёмник", "Кабылдагыч: кайра жүктөөлөр"),
        (
            "Charger 1 current in",
            "Входящий ток: зарядное устройство 1",
            "Заряддагыч 1: кирүүчү ток",
        ),
        ("Battery 1 temperature 2", "Температура 2: батарея 1", "Батарея 1: температура 2"),
        ("Sun sensor, raw", "Датчик Солнца, сырое", "Күн датчиги, чийки"),
        (
            *("Attitude system star tracker temperature",),
            *("Температура: система ориентации, звёздный датчик",),
            *("Багыттоо системасы, жылдыз датчиги: температура",),
        ),
        ("Main camera current", "Ток: основная камера", "Негизги камера: ток"),
        ("Wanted wheel speed", "Заданная скорость: маховик", "Маховик: берилген ылдамдык"),
        ("Time of the last reset", "Время: последняя перезагрузка", "Акыркы кайра жүктөө: убакыт"),
        (
            *("Charge controller 1: 3.3 V backup",),
            *("Контроллер заряда 1: резерв (3,3 В)", "Заряд контроллери 1: камдык (3,3 В)"),
        ),
        ("PDU X2 temperature", "Температура: PDU X2", "PDU X2: температура"),
        (
            *("Battery temperature valid", "Температура батареи, достоверно"),
            *("Батареянын температурасы, жарактуу",),
        ),
        (
            *("Battery current, maximum, raw", "Ток батареи, наибольшее, сырое"),
            *("Батареянын тогу, эң көбү, чийки",),
        ),
    ],
)
def test_known_words(label: str, russian: str, kyrgyz: str) -> None:
    assert vocabulary().label(label) == (russian, kyrgyz)


@pytest.mark.parametrize(
    "label",
    [
        *("", "Flux capacitor", "Voltage, hot", "Battery flux voltage"),
        # The current state is no electric current, and SUN is a name.
        *("Satellite current operating mode", "Last voltage valid temperature"),
    ],
)
def test_what_is_not_known_stays_english(label: str) -> None:
    assert vocabulary().label(label) is None


def test_a_name_in_capitals_is_no_word() -> None:
    assert vocabulary().label("SUN voltage") == ("Напряжение: SUN", "SUN: чыңалуу")
    assert vocabulary().label("Sun angle") == ("Угол на Солнце", "Күнгө карай бурч")


@pytest.mark.parametrize(
    ("adjective", "forms"),
    [
        ("последний", ("последний", "последняя", "последнее", "последние")),
        ("основной", ("основной", "основная", "основное", "основные")),
        ("заданный", ("заданный", "заданная", "заданное", "заданные")),
        ("статический", ("статический", "статическая", "статическое", "статические")),
        ("общий", ("общий", "общая", "общее", "общие")),
        ("самый длинный", ("самый длинный", "самая длинная", "самое длинное", "самые длинные")),
    ],
)
def test_adjectives_agree(adjective: str, forms: tuple[str, ...]) -> None:
    assert tuple(agreeing(adjective, gender) for gender in GENDERS) == forms


DEFINITION = """
[satellite]
name = "Test"
[words]
science = { ru = "наука", ky = "илим" }
[[packets]]
name = "p"
label = "Beacon"
parameters = [
  { name = "a", type = "u8", label = "Battery voltage", label_ru = "Моё" },
  { name = "b", type = "u8", label = "Flux capacitor" },
  { name = "mode", type = "u8", enum = { 0 = "safe", 1 = "science", 2 = "warp" } },
  { name = "bits", type = "u8", flags = { 0 = "heater", 1 = "antenna_deployed" } },
  { name = "text", type = "ascii", size = 4 },
]
"""


def test_own_words_win() -> None:
    satellite = parse(DEFINITION, id="test", vocabulary=vocabulary())
    rows = satellite.rows()
    assert rows["a"].label("ru") == "Моё"
    assert rows["a"].label("ky") == "Батареянын чыңалуусу"
    assert rows["b"].label("ru") == "Flux capacitor"
    assert satellite.packets[0].label("ky") == "Маяк"


def test_words_of_enums_and_flags() -> None:
    rows = parse(DEFINITION, id="test", vocabulary=vocabulary()).rows()
    russian, kyrgyz, english = (in_language(code) for code in ("ru", "ky", "en"))
    assert worded("safe", rows["mode"], russian) == "безопасный"
    assert worded("science", rows["mode"], kyrgyz) == "илим"
    assert worded("warp", rows["mode"], russian) == "warp"
    assert worded("unknown (7)", rows["mode"], russian) == "неизвестно (7)"
    assert worded(("heater", "bit 5"), rows["bits"], kyrgyz) == "жылыткыч, 5-бит"
    assert worded(("antenna_deployed",), rows["bits"], russian) == "антенна раскрыта"
    assert worded((), rows["bits"], russian) == "—"
    assert worded("safe", rows["mode"], english) == "safe"
    # A text that came down is no word of ours.
    assert worded("safe", rows["text"], russian) == "safe"
    assert translated(rows["mode"], russian) == {"safe": "безопасный", "science": "наука"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("sience = { ru = 'наука' }", "words.sience: no row has this word"),
        ("science = { de = 'Forschung' }", "words.science.de: unknown key"),
        ("science = 'наука'", "words.science: 'наука' is not a table"),
        ("science = { ru = 7 }", "words.science.ru: 7 is not a text in quotes"),
    ],
)
def test_wrong_words_are_told_with_their_line(words: str, told: str) -> None:
    text = DEFINITION.replace('science = { ru = "наука", ky = "илим" }', words)
    with pytest.raises(DefinitionError) as error:
        parse(text, id="test")
    assert str(error.value).startswith("test.toml:5: ")
    assert told in str(error.value)


def test_every_line_is_whole() -> None:
    found = entries()
    assert [entry for entry in found if entry.kind not in KINDS] == []
    assert [entry for entry in found if entry.gender not in ("", *GENDERS)] == []
    for entry in found:
        for text in entry[1:4]:
            assert text == " ".join(text.split()) != "", entry
    keys = Counter(
        (entry.kind, entry.english if entry.kind == "unit" else entry.english.lower())
        for entry in found
    )
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_unit_is_said_in_each_language(dimension: str) -> None:
    assert {unit for unit in DIMENSIONS[dimension] if unit} <= set(vocabulary().units)


def test_units() -> None:
    assert in_language("ru").unit("mA") == "мА"
    assert in_language("ky").unit("min") == "мүн"
    assert in_language("en").unit("mA") == "mA"
    assert in_language("ru").unit("parsec") == "parsec"
