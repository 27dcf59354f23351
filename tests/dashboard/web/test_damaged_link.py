"""A link that brings hardly a frame shows on every page, and the page *Station* says why."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from groundstation.receive.damage import MOSTLY_DAMAGED
from groundstation.words.reasons import reason_text
from tests.dashboard.station_folder import StationFolder

LINK = {"name": "tnc", "url": "/dev/ttyUSB0", "framing": "kiss", "state": "open"}


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_it_shows(station: StationFolder, client: FlaskClient, language: str) -> None:
    station.write_status(links=[{**LINK, "detail": MOSTLY_DAMAGED}])
    assert ["warning", "damage", "tnc"] in client.get("/api/v1/status").json["notices"]
    page = client.get("/status", headers={"Accept-Language": language}).text
    words = {"en": "mostly damaged", "ru": "повреждено", "ky": "бузулган"}
    assert f"{words[language]}: tnc" in page
    assert f"<p>{reason_text(MOSTLY_DAMAGED, language)}</p>" in page
    assert (reason_text(MOSTLY_DAMAGED, language) == MOSTLY_DAMAGED) == (language == "en")


def test_a_link_that_is_well_says_nothing(station: StationFolder, client: FlaskClient) -> None:
    station.write_status(links=[{**LINK, "detail": ""}])
    codes = [notice[1] for notice in client.get("/api/v1/status").json["notices"]]
    assert "damage" not in codes
