"""Which values of a satellite the first page shows: a teacher's choice, else the definition's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from flask import Blueprint, Response, redirect, request

from dashboard.show import display
from dashboard.show.heroes import MOST
from dashboard.show.i18n import language
from dashboard.web import permit, queries
from dashboard.web.answers import RequestError, json_answer, refusals
from dashboard.web.asked import body
from dashboard.web.context import Context, context
from dashboard.web.hero import chosen_names, hero_names
from dashboard.web.shell import page
from decoders.definition.model import Satellite
from decoders.suggest import hint
from groundstation.storage.audit import Actor

chosen_values = Blueprint("chosen_values", __name__)

#: Fewer tell too little; a satellite that has no more may have less.
FEWEST = 4
_MOST_WORD = 80


class ValuesRecord(TypedDict):
    """``values``: parameters in their order; ``chosen``: by a teacher."""

    satellite: str
    chosen: bool
    values: list[str]


@chosen_values.get("/satellites/<id>/values")
def values_page(id: str) -> Response:
    """What is shown, and for teachers what could be."""
    ctx = context()
    found = queries.find_satellite(ctx, id)
    code, rows = language(), display.named_rows(found, ctx.latest(id))
    labels = {name: display.label(name, row, code) for name, row in rows.items()}
    record = _record(ctx, found)
    may_choose = permit.visitor().may("choose")
    return page(
        "values.html",
        "satellite",
        simulated=found.simulated or ctx.data.status().simulated,
        satellite=found,
        record=record,
        shown=[(name, labels.get(name, name)) for name in record["values"]],
        every=list(labels.items()) if may_choose else [],
        may_choose=may_choose,
        token=permit.form_token(),
        most=MOST,
        fewest=_fewest(found),
    )


@chosen_values.get("/api/v1/satellites/<id>/values")
@chosen_values.get("/satellites/<id>/values.json")
def values_json(id: str) -> Response:
    """The same for programs."""
    ctx = context()
    return json_answer(_record(ctx, queries.find_satellite(ctx, id)))


@chosen_values.post("/satellites/<id>/values/choose")
def choose_by_form(id: str) -> Response:
    """The button of the page."""
    words = (request.form.get(f"value{n}", "").strip() for n in range(MOST))
    _choose(id, [word for word in words if word], permit.check_change("choose"))
    return redirect(f"/?satellite={id}", 303)  # type: ignore[return-value]  # werkzeug's, as Flask's


@chosen_values.post("/satellites/<id>/values/forget")
def forget_by_form(id: str) -> Response:
    """The other one."""
    _forget(id)
    return redirect(f"/?satellite={id}", 303)  # type: ignore[return-value]


@chosen_values.post("/api/v1/satellites/<id>/values/choose")
def choose_by_program(id: str) -> Response:
    """The same for programs."""
    actor = permit.check_change("choose")
    return json_answer(_choose(id, body()["values"], actor))


@chosen_values.post("/api/v1/satellites/<id>/values/forget")
def forget_by_program(id: str) -> Response:
    """The same for programs."""
    return json_answer(_forget(id))


def _choose(id: str, words: Sequence[str], actor: Actor) -> ValuesRecord:
    ctx = context()
    found = queries.find_satellite(ctx, id)
    names = _checked(ctx, found, words)
    with refusals():
        ctx.data.chosen_values.choose(id, names, permit.now_us(), actor)
    return _record(ctx, found)


def _forget(id: str) -> ValuesRecord:
    actor = permit.check_change("choose")
    ctx = context()
    found = queries.find_satellite(ctx, id)
    with refusals():
        ctx.data.chosen_values.forget(id, permit.now_us(), actor)
    return _record(ctx, found)


def _checked(ctx: Context, found: Satellite, words: Sequence[str]) -> Sequence[str]:
    """Names of values that there are, each once. Raises RequestError 400."""
    rows = display.named_rows(found, ctx.latest(found.id))
    fewest = _fewest(found)
    if not fewest <= len(words) <= MOST:
        raise RequestError(400, f"values: {len(words)} were chosen, it must be {fewest} to {MOST}")
    for place, word in enumerate(words, 1):
        if word not in rows and display.find_row(found.rows(), word) is None:
            near = hint(word, rows)
            raise RequestError(
                404, f"value {place}: {found.name} has no {word[:_MOST_WORD]!r}{near}"
            )
        if word in words[: place - 1]:
            raise RequestError(400, f"value {place}: {word!r} is chosen twice")
    return words


def _fewest(found: Satellite) -> int:
    return min(FEWEST, len(found.rows()))


def _record(ctx: Context, found: Satellite) -> ValuesRecord:
    known = ctx.latest(found.id)
    rows = display.named_rows(found, known)
    return {
        "satellite": found.id,
        "chosen": bool(chosen_names(ctx, found, rows)),
        "values": hero_names(ctx, found, rows, known),
    }
