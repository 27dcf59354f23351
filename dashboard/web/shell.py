"""What every page has around its own content: language, theme, notices, words for scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, make_response, render_template, request

from dashboard.data.condition import ALARMS, clock_kind, condition
from dashboard.show import i18n, wording
from dashboard.show.i18n import gettext as _
from dashboard.show.i18n import language
from dashboard.web import permit
from dashboard.web.classroom import here as spotlight_address
from dashboard.web.classroom import may_spotlight, note_pupil
from dashboard.web.context import context
from groundstation.model import from_us, iso
from groundstation.words.alarms import reading, standing_word
from groundstation.words.language import LANGUAGES
from groundstation.words.reasons import reason_text

STATIC = Path(__file__).parents[1] / "static"
THEMES = {"light": "not all", "dark": "all"}
#: Where a notice leads.
_LINKS = {ALARMS: "/alarms"}
_YEAR_S = 31_536_000
#: A longer value of the query is not repeated in links: no page of ours has such.
_MOST_KEPT = 500
#: The space between a number and what it counts, at which no line ends; and that between thousands.
_COUNTED, _NO_BREAK = re.compile(r"(?<=\d) (?=[^\W\d]|\d{3}(?!\d))"), "\N{NO-BREAK SPACE}"
_IMPORT = re.compile(r'^import (?:[^"]*? from )?"(\.[^"]+)";', re.MULTILINE)


@cache
def preloads(script: str) -> tuple[str, ...]:
    """Modules that ``script`` imports, at any depth: browsers fetch them without waiting."""
    found: dict[str, None] = {}
    waiting = [STATIC / "js" / script]
    while waiting:
        path = waiting.pop()
        for name in _IMPORT.findall(path.read_text("utf-8")):
            other = (path.parent / name).resolve()
            relative = other.relative_to(STATIC).as_posix()
            if relative not in found:
                found[relative] = None
                waiting.append(other)
    return tuple(found)


def page(
    template: str,
    here: str,
    *,
    script: str = "site.js",
    simulated: bool = False,
    all_simulated: bool = False,
    data: Mapping[str, object] | None = None,
    **values: Any,
) -> Response:
    """A page. ``here`` marks its place in the navigation, ``data`` is for its ``script``.

    ``simulated``: something on it comes from a simulator; ``all_simulated``: nothing does not, so
    that the notice says it once for all. Among ``values``, ``right`` says whether the answer that
    the page was given is right; None: it was given none.
    """
    ctx = context()
    code = language()
    status = ctx.data.status()
    state = condition(ctx.data, ctx.tail.recent.last_us())
    site = ctx.data.site
    theme = request.cookies.get("theme", "")
    shown, is_teacher = ctx.data.spotlight.record(), may_spotlight()
    alarm_count = ctx.data.counting.counts()["active"]
    html = render_template(
        template,
        code=code,
        languages=LANGUAGES,
        theme=theme if theme in THEMES else "",
        dark_media=THEMES.get(theme, "(prefers-color-scheme: dark)"),
        projector=_projector(),
        site_name=site.name if site else _("ground station"),
        navigation=navigation(),
        visitor=permit.visitor(),
        may_spotlight=is_teacher,
        form_token=permit.form_token(),
        address=spotlight_address(),
        spotlight=shown,
        here=here,
        any_simulated=simulated,
        all_simulated=simulated and all_simulated,
        notices=[
            (notice.kind, wording.notice_words(notice), _LINKS.get(notice.code))
            for notice in state.notices
        ],
        alarm_count=alarm_count,
        line_state=state.line[0],
        line_words=wording.line_words(state.line[1]),
        clock_word=wording.clock_word(clock_kind(status)),
        now=iso(status.now_us()),
        script=script,
        preloads=preloads(script),
        script_words=i18n.script_words(code),
        page_data={
            "now": iso(status.now_us()),
            "speed": status.clock.speed,
            "zone": str(ctx.data.zone),
            "seq": ctx.tail.seq,
            "journal": ctx.data.has_journal(),
            "alarms": alarm_count,
            "spotlight": shown,
            "follows": not is_teacher,
            **(data or {}),
        },
        **values,
    )
    answer = make_response(html)
    answer.headers["Cache-Control"] = "no-store"
    if not _projector():  # the wall is no pupil
        note_pupil(answer, values.get("right"))
    _remember(answer, "language", request.args.get("lang"), LANGUAGES)
    _remember(answer, "projector", request.args.get("projector"), ("0", "1"))
    return answer


def _projector() -> bool:
    return (request.args.get("projector") or request.cookies.get("projector")) == "1"


def _remember(answer: Response, name: str, value: str | None, allowed: Any) -> None:
    if value in allowed:
        answer.set_cookie(name, str(value), max_age=_YEAR_S, samesite="Lax")


def navigation() -> list[tuple[str, str, str]]:
    """The pages in their order: name, path, and what they are called."""
    return [
        ("now", "/", _("Now")),
        ("satellite", "/satellites", _("Satellites")),
        ("passes", "/passes", _("Passes")),
        ("frames", "/frames", _("Frames")),
        ("alarms", "/alarms", _("Alarms")),
        ("learn", "/learn", _("Learn")),
        ("station", "/status", _("Station")),
    ]


def add_filters(app: Flask) -> None:
    """Ways to write states, times and numbers in templates."""
    app.jinja_env.globals["state_word"] = wording.state_word
    app.jinja_env.globals["standing_word"] = lambda word: standing_word(word, i18n.current())
    app.jinja_env.globals["reading"] = lambda item: reading(item, i18n.current())
    app.jinja_env.globals["is_on"] = _is_on
    app.jinja_env.filters.update(
        local_time=_local_time,
        local_stamp=_local_stamp,
        utc_time=lambda text: f"{datetime.fromisoformat(text):%H:%M:%S}",
        number=lambda value, digits=0: i18n.current().number(value, digits),
        unit=lambda text: i18n.current().unit(text),
        in_language=_in_language,
        act_word=wording.act_word,
        reason=lambda text: reason_text(text, language()),
        bound=lambda text: _COUNTED.sub(_NO_BREAK, text),
    )


def _is_on(item: Mapping[str, Any]) -> bool:
    """Whether a pass is going on."""
    now = from_us(context().data.status().now_us())
    return datetime.fromisoformat(item["aos"]) <= now <= datetime.fromisoformat(item["los"])


def _local_time(text: str, seconds: bool = True) -> str:
    when = datetime.fromisoformat(text).astimezone(context().data.zone)
    return f"{when:%H:%M:%S}" if seconds else f"{when:%H:%M}"


def _local_stamp(text: str) -> str:
    when = datetime.fromisoformat(text).astimezone(context().data.zone)
    return i18n.current().stamp(when)


def _in_language(code: str) -> str:
    """This very page in another language."""
    query = {
        name: value
        for name, value in request.args.items()
        if name != "lang" and len(value) <= _MOST_KEPT
    }
    return f"{request.path}?{urlencode({**query, 'lang': code})}"
