"""The Flask application: pages, interface, live stream, and what guards them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from flask import Flask, Response, make_response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from dashboard.data import events
from dashboard.data.sky import Sky
from dashboard.data.station_data import StationData
from dashboard.data.tail import Tail
from dashboard.show import i18n
from dashboard.web import pages, shell
from dashboard.web.answers import RequestError
from dashboard.web.api import api
from dashboard.web.asked import init_asked, missing_path
from dashboard.web.boards import boards
from dashboard.web.broadcast import Broadcaster
from dashboard.web.charts import charts
from dashboard.web.chosen_values import chosen_values
from dashboard.web.classroom import language_of_class
from dashboard.web.context import Context
from dashboard.web.desk import desk
from dashboard.web.exercises import exercises
from dashboard.web.flown import flown
from dashboard.web.frame_page import frame_page
from dashboard.web.gate import FAILED, Gate, log_failure, plain_page
from dashboard.web.hosts import OurHosts
from dashboard.web.kiosk import kiosk
from dashboard.web.learn import learn
from dashboard.web.live import live, snapshot
from dashboard.web.login import init_logins, login
from dashboard.web.metrics import metrics
from dashboard.web.notes import notes
from dashboard.web.now import now
from dashboard.web.openapi import DESCRIPTION
from dashboard.web.packing import pack
from dashboard.web.page_names import init_page_names
from dashboard.web.pass_list import pass_list
from dashboard.web.permit import init_permits
from dashboard.web.place import place as place_pages
from dashboard.web.satellite_page import satellite_page
from dashboard.web.search import search
from dashboard.web.share import share
from dashboard.web.spotlight import spotlight
from dashboard.web.stories import init_stories
from dashboard.web.streams import Files, streams
from dashboard.web.styles import init_styles

#: Nothing from elsewhere, no script or style inside a page, no page inside another's frame.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_YEAR_S = 31_536_000


def create_app(
    data: StationData,
    language: str = "en",
    hosts: Iterable[str] = (),
    place: tuple[str, int] = ("127.0.0.1", 8080),
) -> Flask:
    """The application over ``data``. Its tail is started; :func:`close_app` ends it.

    ``hosts``: further names that it answers to, beside this computer's; ``place``: where it
    listens, host and port.
    """
    version = static_version()
    app = Flask("dashboard", static_url_path=f"/static/{version}")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR_S
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    i18n.init_languages(app, language, language_of_class)
    shell.add_filters(app)
    init_page_names(app)
    init_permits(app)
    init_logins(app)
    tail = Tail(data)
    here = Context(data, tail, Sky(data, tail.recent.heard))
    app.extensions["groundstation"] = here
    broadcaster = Broadcaster(tail, lambda: events.encode("snapshot", snapshot(here)))
    app.extensions["broadcaster"] = broadcaster
    init_stories(app)
    init_styles(app)
    app.extensions["files"] = Files()
    app.extensions["place"] = place
    for blueprint in (
        now,
        satellite_page,
        charts,
        pages.pages,
        pass_list,
        frame_page,
        exercises,
        api,
        desk,
        boards,
        kiosk,
        chosen_values,
        notes,
        place_pages,
        login,
        share,
        search,
        spotlight,
        flown,
        learn,
        live,
        streams,
        metrics,
    ):
        app.register_blueprint(blueprint)
    init_asked(app, DESCRIPTION)
    app.register_error_handler(RequestError, _answer_problem)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(Exception, _answer_failure)
    app.after_request(_guard)
    app.wsgi_app = Gate(app.wsgi_app, OurHosts(hosts), language)  # type: ignore[assignment]
    tail.start()
    broadcaster.start()
    return app


def close_app(app: Flask) -> None:
    """End the live pages and the tail, and close the store."""
    here: Context = app.extensions["groundstation"]
    broadcaster: Broadcaster = app.extensions["broadcaster"]
    broadcaster.stop()
    here.tail.stop()
    here.data.close()


def static_version() -> str:
    """Changes with any file under ``static/``, so that browsers may keep them for ever."""
    digest = hashlib.sha256()
    for path in sorted(shell.STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(shell.STATIC).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _answer_problem(problem: RequestError) -> Response:
    """One sentence: JSON for programs, a page for people, a plain one where pages fail."""
    if request.path.startswith("/api/") or request.path.endswith((".json", ".csv", ".hex")):
        return problem.response()
    try:
        return pages.error_page(problem)
    except Exception as error:
        log_failure(request.path, error)
        return make_response(plain_page("en", [problem.sentence]), problem.status)


def _answer_http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code == 404:
        return _answer_problem(RequestError(404, missing_path(request.path)))
    answer = _answer_problem(RequestError(code, error.description or error.name))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _answer_failure(error: Exception) -> Response:
    log_failure(request.path, error)
    return _answer_problem(RequestError(500, FAILED))


def _guard(answer: Response) -> Response:
    headers = answer.headers
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    if request.path.startswith("/static/") and answer.status_code == 200:
        headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    return pack(request, answer)
