"""Labels in three languages out of known words; unknown words stay English."""

import pytest

from decoders.definition.parse import parse
from decoders.definition.translate import translation
from decoders.definition.vocabulary import PHRASES, QUANTITIES, THINGS


@pytest.mark.parametrize(
    ("label", "russian", "kyrgyz"),
    [
        ("Battery voltage", "Напряжение батареи", "Батареянын чыңалуусу"),
        ("Solar panel 3 voltage", "Напряжение солнечной панели 3", "Күн панелинин чыңалуусу 3"),
        ("Gyroscope x", "Гироскоп x", "Гироскоп x"),
        ("Panel +X temperature", "Температура панели +X", "Панелдин температурасы +X"),
        (
            "Solar panel +X-Z voltage",
            "Напряжение солнечной панели +X-Z",
            "Күн панелинин чыңалуусу +X-Z",
        ),
        ("3.3 V current", "Ток: 3,3 В", "3,3 В: ток"),
        ("Receiver resets", "Перезагрузки: приёмник", "Кабылдагыч: кайра жүктөөлөр"),
        (
            "Charger 1 current in",
            "Входящий ток: зарядное устройство 1",
            "Заряддагыч 1: кирүүчү ток",
        ),
        ("Sun sensor, raw", "Датчик Солнца, сырое", "Күн датчиги, чийки"),
        (
            "Battery current, maximum, raw",
            "Ток батареи, наибольшее, сырое",
            "Батареянын тогу, эң көбү, чийки",
        ),
    ],
)
def test_known_words(label: str, russian: str, kyrgyz: str) -> None:
    assert translation(label) == (russian, kyrgyz)


@pytest.mark.parametrize("label", ["", "Flux capacitor", "Battery 1 temperature 2", "Voltage, hot"])
def test_what_is_not_known_stays_english(label: str) -> None:
    assert translation(label) is None


def test_own_words_win() -> None:
    satellite = parse(
        """
[satellite]
name = "Test"
[[packets]]
name = "p"
label = "Beacon"
parameters = [
  { name = "a", type = "u8", label = "Battery voltage", label_ru = "Моё" },
  { name = "b", type = "u8", label = "Flux capacitor" },
]
""",
        id="test",
    )
    rows = satellite.rows()
    assert rows["a"].label("ru") == "Моё"
    assert rows["a"].label("ky") == "Батареянын чыңалуусу"
    assert rows["b"].label("ru") == "Flux capacitor"
    assert satellite.packets[0].label("ky") == "Маяк"


@pytest.mark.parametrize("words", [QUANTITIES, THINGS, PHRASES])
def test_every_word_is_in_both_languages(words: dict[str, tuple[str, str]]) -> None:
    for english, (russian, kyrgyz) in words.items():
        assert english == english.lower()
        assert russian.strip() == russian != ""
        assert kyrgyz.strip() == kyrgyz != ""
