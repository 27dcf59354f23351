"""Learn: a glossary with pictures, and eight lessons about what was received."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, request

from dashboard.data.burst_record import BurstRecord
from dashboard.lessons import numbers, space, values
from dashboard.lessons.glossary import glossary
from dashboard.lessons.kept import Kept, kept
from dashboard.lessons.lesson import Lesson, is_right
from dashboard.show.i18n import current
from dashboard.web.answers import RequestError, json_answer
from dashboard.web.context import Context, context
from dashboard.web.shell import page
from groundstation.errors import StoreError
from groundstation.model import iso
from groundstation.storage import burst
from groundstation.words.language import Language

learn = Blueprint("learn", __name__)

_MOST_CHARACTERS = 40
_Made = Callable[[Context, Kept, Language], Lesson]


def _of_data(made: Callable[..., Lesson], ctx: Context, given: Kept, words: Language) -> Lesson:
    return made(ctx.data, given, words)


#: In the order in which they are learned.
LESSONS: dict[str, _Made] = {
    "orbit": space.orbit,
    "pass": space.above,
    "doppler": space.doppler,
    "bits": partial(_of_data, numbers.bits),
    "order": partial(_of_data, numbers.order),
    "sign": partial(_of_data, numbers.sign),
    "calibration": partial(_of_data, values.calibration),
    "decibel": partial(_of_data, values.decibel),
}


@learn.get("/learn")
def overview() -> Response:
    """All lessons, and the glossary."""
    ctx = context()
    return page(
        "learn.html",
        "learn",
        simulated=ctx.data.status().simulated,
        lessons=_all(ctx),
        terms=glossary(current()),
    )


@learn.get("/api/v1/learn")
@learn.get("/learn.json")
def overview_json() -> Response:
    """The same for programs, without the answers."""
    return json_answer(
        {
            "lessons": [
                {
                    "id": item.id,
                    "title": item.title,
                    "summary": item.summary,
                    "text": list(item.text),
                    "facts": [{"name": name, "text": text} for name, text in item.facts],
                    "source": item.source,
                    "simulated": item.simulated,
                    "question": item.question.text,
                    "unit": item.question.unit,
                }
                for item in _all(context())
            ],
            "glossary": [term._asdict() for term in glossary(current())],
        }
    )


@learn.get("/learn/signal")
def signal() -> Response:
    """The last burst that this station demodulated, in steps."""
    found = _burst()
    return page(
        "signal.html",
        "learn",
        script="signal.js",
        simulated=found is not None and found["simulated"],
        data={"burst": found},
        burst=found,
    )


@learn.get("/api/v1/burst")
@learn.get("/learn/signal.json")
def signal_json() -> Response:
    """The same for programs."""
    return json_answer({"burst": _burst()})


@learn.get("/learn/signal.wav")
def signal_sound() -> Response:
    """Its samples, to be played."""
    try:
        content = (context().data.folder / burst.FILE_NAME).read_bytes()
    except OSError:
        raise RequestError(404, "no burst was heard here") from None
    answer = Response(content, mimetype="audio/wav")
    answer.headers["Content-Disposition"] = f'attachment; filename="{burst.FILE_NAME}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _burst() -> BurstRecord | None:
    """The last burst with its steps; None: this station demodulated none."""
    ctx = context()
    try:
        found = burst.read_burst(ctx.data.folder)
    except StoreError as error:
        raise RequestError(503, str(error)) from error
    if found is None:
        return None
    # The modem is heavy, and few pages ask.
    from dashboard.show.burst_steps import burst_steps

    facts = found.facts
    return {
        "link": facts.link,
        "way": facts.way,
        "satellite": facts.satellite,
        "simulated": facts.simulated,
        "received": None if facts.received_us is None else iso(facts.received_us),
        "seq": _seq(ctx, facts),
        "frame": facts.frame,
        "iq": facts.iq,
        **burst_steps(found),
    }


def _seq(ctx: Context, facts: burst.BurstFacts) -> int | None:
    """The reception that the burst became."""
    if facts.received_us is None:
        return None
    raw, near_us = bytes.fromhex(facts.frame), 5_000_000
    try:
        with ctx.data.journal() as journal:
            found = journal.between(facts.received_us - near_us, facts.received_us + near_us)
            return next((item.seq for item in found if item.raw == raw), None)
    except StoreError:
        return None  # the station page says why


@learn.get("/learn/<id>")
def lesson(id: str) -> Response:
    """One lesson; with ``answer`` also whether it is right."""
    made = LESSONS.get(id)
    if made is None:
        raise RequestError(404, f"there is nothing at {request.path}")
    found = made(context(), kept(request.args), current())
    answer = request.args.get("answer", "").strip()[:_MOST_CHARACTERS]
    names = list(LESSONS)
    number = names.index(id)
    return page(
        "lesson.html",
        "learn",
        simulated=found.simulated,
        lesson=found,
        number=number + 1,
        count=len(names),
        answer=answer,
        right=is_right(found.question, answer) if answer else None,
        next=names[number + 1] if number + 1 < len(names) else None,
    )


def _all(ctx: Context) -> list[Lesson]:
    return [made(ctx, Kept(), current()) for made in LESSONS.values()]
