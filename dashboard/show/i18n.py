"""Languages: the choice for a request, the words of templates and scripts, days in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from flask import Flask, current_app, g, request

from groundstation.words.language import LANGUAGES, Language, catalogue, in_language
from groundstation.words.reasons import for_scripts
from groundstation.words.vocabulary import vocabulary

COOKIE = "language"
_SETTING, _OF_CLASS = "LANGUAGE", "language-of-class"
#: Between context and phrase, as gettext's own files have it.
_BESIDE = "\x04"
_SCRIPTS = "dashboard/static/js/"


def gettext(phrase: str, **values: object) -> str:
    """``phrase`` in the language of the request, with ``%(name)s`` replaced from ``values``."""
    return current()(phrase, **values)


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """A phrase in the form that goes with ``n``."""
    return current().ngettext(singular, plural, n, **values)


def current() -> Language:
    """The language of the one who asks."""
    return in_language(language())


def init_languages(
    app: Flask, default: str, of_class: Callable[[], str | None] = lambda: None
) -> None:
    """Give templates their words; ``default`` is used where a visitor prefers none of ours.

    ``of_class``: the language in which one begins who has chosen none, None: the browser's.
    """
    app.config[_SETTING] = default
    app.extensions[_OF_CLASS] = of_class
    app.jinja_env.globals["_"] = gettext
    app.jinja_env.globals["ngettext"] = ngettext


def language() -> str:
    """The language of this request: ``?lang=``, the cookie, that of the class, the browser's wish,
    the setting."""
    if "language" not in g:
        g.language = _wished(current_app.config[_SETTING])
    return str(g.language)


def _wished(default: str) -> str:
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    of_class: str | None = current_app.extensions[_OF_CLASS]()
    return of_class or request.accept_languages.best_match(list(LANGUAGES), default) or default


@lru_cache
def script_words(code: str) -> str:
    """What the scripts need of a language, as JSON: their messages and the marks in numbers."""
    group, decimal = in_language(code).marks
    locale = Locale.parse(code)
    messages = {
        f"{message.context}{_BESIDE}{message.id}" if message.context else message.id: message.string
        for message in catalogue(code)
        if message.id and any(file.startswith(_SCRIPTS) for file, _ in message.locations)
    }
    return json.dumps(
        {
            "language": code,
            "decimal": decimal,
            "group": group,
            "date": locale.date_formats["medium"].pattern,
            "day": locale.datetime_skeletons["MMMd"].pattern,
            "months": list(locale.months["format"]["abbreviated"].values()),
            "units": _units(code),
            "messages": messages,
            "reasons": for_scripts(code),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).replace("</", "<\\/")


def _units(code: str) -> dict[str, str]:
    """Those that the language writes otherwise than definitions do, by theirs."""
    words = in_language(code)
    said = {unit: words.unit(unit) for unit in vocabulary().units}
    return {unit: text for unit, text in said.items() if text != unit}


def day(when: datetime, zone: tzinfo, code: str) -> str:
    """A day in words, such as ``Saturday, 22 August``."""
    pattern = "EEEE, MMMM d" if code == "en" else "EEEE, d MMMM"
    return format_date(when.astimezone(zone).date(), pattern, locale=code)
