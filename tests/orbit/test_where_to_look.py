"""Where to look, in three languages."""

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from groundstation.orbit.passes import find_passes
from groundstation.orbit.where_to_look import compass, look_there
from groundstation.words.language import LANGUAGES, in_language
from tests.orbit.truth import BISHKEK, cases, elements_of, when

ISS = elements_of(cases("passes_consensus.json")[0])
START = when("2026-08-22T06:00:00Z")
ONE = find_passes(ISS, BISHKEK, START, START + timedelta(days=1))[0]


def test_english():
    assert look_there(ONE, UTC) == (
        "At 21:28 look south-west. Highest at 21:32: 45° in the south-east. "
        "Sets at 21:35 in the north-east. It is in the Earth's shadow then. "
        "Times are good to about 0.358 s."
    )


def test_local_time_and_languages():
    zone = ZoneInfo("Asia/Bishkek")
    assert "В 03:28 смотрите на юго-запад." in look_there(ONE, zone, in_language("ru"))
    assert "на юго-востоке" in look_there(ONE, zone, in_language("ru"))
    assert "03:35: түндүк-чыгышта батат." in look_there(ONE, zone, in_language("ky"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_direction_has_its_word_and_open_ends_none(language):
    texts = {
        look_there(replace(ONE, aos_azimuth_deg=45.0 * n), UTC, in_language(language))
        for n in range(8)
    }
    assert len(texts) == 8
    shorter = look_there(
        replace(ONE, aos=None, aos_azimuth_deg=None, los=None), UTC, in_language(language)
    )
    assert "21:28" not in shorter
    assert "21:35" not in shorter


def test_compass():
    assert [compass(a) for a in (0, 22, 23, 90, 359, 337, 180.1)] == [
        "N", "N", "NE", "E", "N", "NW", "S",
    ]  # fmt: skip
