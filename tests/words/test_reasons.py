"""What decoders say of a frame, in the language of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from decoders.words import ENGLISH
from groundstation.words import reasons
from groundstation.words.reasons import for_scripts, reason_text, sentences

FILES = [
    path
    for package in ("decoders", "groundstation", "dashboard")
    for path in (Path(__file__).parents[2] / package).rglob("*.py")
    if path != Path(reasons.__file__)
]
#: Everything that is said, with the texts of two lines joined.
SAID = re.sub(r'"\s+f?"', "", "\n".join(path.read_text("utf-8") for path in FILES))


@pytest.mark.parametrize("sentence", sentences(ENGLISH))
def test_each_is_said_somewhere(sentence: str) -> None:
    """A sentence that was written anew would come in English, and nobody would see it."""
    assert [part for part in re.split(r"%\(\w+\)s", sentence) if part not in SAID] == []


@pytest.mark.parametrize(
    ("reason", "language", "told"),
    [
        ("the check sequence is wrong", "ru", "контрольная сумма неверна"),
        ("the check sequence is wrong", "en", "the check sequence is wrong"),
        (
            "more than one satellite could have sent this: a-1, b-1",
            *("ky", "аны бир нече спутник жөнөтүшү мүмкүн: a-1, b-1"),
        ),
        (
            "cute could have sent this, but 12 bits of evidence name nobody (24 do)",
            *("ru", "его мог передать cute, но 12 бит для этого мало (нужно 24)"),
        ),
        (
            "packet of 5 bytes ends before 'mode'",
            *("ru", "пакет из 5 байт кончается раньше, чем 'mode'"),
        ),
        (
            "tnc: /dev/ttyUSB0 is not there; plug the device in, or name another one in "
            "station.toml",
            *(
                "ru",
                "tnc: /dev/ttyUSB0 нет; подключите устройство или укажите другое в station.toml",
            ),
        ),
        (
            "tnc: the connection to 127.0.0.1:8001 broke: nobody knows",
            *("ru", "tnc: соединение с 127.0.0.1:8001 прервалось: nobody knows"),
        ),
        (
            "rotctld did not answer 'p' within 2 s It is tried again until the pass is over",
            *(
                "ky",
                "rotctld 'p' буйругуна 2 с ичинде жооп берген жок Учуп өтүү бүткөнчө кайра "
                "аракет кылынат",
            ),
        ),
        ("something that nobody foresaw: 100 %", "ru", "something that nobody foresaw: 100 %"),
    ],
)
def test_reasons(reason: str, language: str, told: str) -> None:
    assert reason_text(reason, language) == told


def test_scripts_get_them_where_they_need_them() -> None:
    assert for_scripts("en") == []
    assert len(for_scripts("ky")) == len(sentences(ENGLISH))
