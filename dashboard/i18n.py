"""Languages: the catalogues, the choice for a request, and numbers and times in words."""

from __future__ import annotations

import io
import json
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path

import flask_babel
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol
from babel.support import NullTranslations, Translations
from flask import Flask, request

#: Code -> the language's own name. The first is the language of the source.
LANGUAGES = {"en": "English", "ru": "Русский", "ky": "Кыргызча"}
TRANSLATIONS = Path(__file__).parent / "translations"
COOKIE = "language"
_MINUS = "\N{MINUS SIGN}"
_SCRIPTS = "dashboard/static/js/"


def gettext(message: str, **values: object) -> str:
    """``message`` in the language of the request, with ``%(name)s`` replaced from ``values``."""
    return str(flask_babel.gettext(message, **values))


def init_languages(app: Flask, default: str) -> None:
    """Give ``app`` its catalogues; ``default`` is used where a visitor prefers none of ours.

    The catalogues are compiled in memory from the ``.po`` files, so that no compiled copy can be
    missing or out of date.
    """
    babel = flask_babel.Babel(app, default_locale="en", locale_selector=lambda: language(default))
    domain = flask_babel.Domain()
    for code in LANGUAGES:
        domain.cache[code, "messages"] = _compiled(code)
    babel.domain_instance = domain


def language(default: str) -> str:
    """The language of this request: ``?lang=``, the cookie, the browser's wish, ``default``."""
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(list(LANGUAGES), default) or default


def catalogue(code: str) -> Catalog:
    """The messages of a language as its ``.po`` file has them; empty for English."""
    path = TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _compiled(code: str) -> NullTranslations:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue(code))
    buffer.seek(0)
    return Translations(buffer)


@lru_cache
def script_words(code: str) -> str:
    """What the scripts need of a language, as JSON: their messages and the marks in numbers."""
    messages = {
        message.id: message.string
        for message in catalogue(code)
        if message.id and any(file.startswith(_SCRIPTS) for file, _ in message.locations)
    }
    return json.dumps(
        {
            "language": code,
            "decimal": get_decimal_symbol(code),
            "group": get_group_symbol(code),
            "messages": messages,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).replace("</", "<\\/")


def number(value: float, digits: int, code: str) -> str:
    """``value`` with ``digits`` decimals, grouped from 10,000 on, as the language writes it.

    The same rule as ``formatNumber`` in ``static/js/format.js``.
    """
    text = f"{abs(value):,.{digits}f}" if abs(value) >= 10_000 else f"{abs(value):.{digits}f}"
    marks = {",": get_group_symbol(code), ".": get_decimal_symbol(code)}
    text = "".join(marks.get(char, char) for char in text)
    negative = value < 0 and any(char in "123456789" for char in text)
    return _MINUS + text if negative else text


def day(when: datetime, zone: tzinfo, code: str) -> str:
    """A day in words, such as ``Saturday, 22 August``."""
    pattern = "EEEE, MMMM d" if code == "en" else "EEEE, d MMMM"
    return format_date(when.astimezone(zone).date(), pattern, locale=code)
