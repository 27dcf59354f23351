"""The words that scripts are given."""

from __future__ import annotations

import json

import pytest

from dashboard.show import i18n
from tests.words import extraction


@pytest.mark.parametrize("code", ["ru", "ky"])
def test_scripts_get_all_their_words(code: str) -> None:
    words = json.loads(i18n.script_words(code))["messages"]
    wanted = {
        f"{message.context}\x04{message.id}" if message.context else message.id
        for message in extraction.phrases()
        if message.id and any("static/js" in name for name, _ in message.locations)
    }
    assert wanted == set(words)
    assert all(words.values())
