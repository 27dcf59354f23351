"""Exercises made of received frames: pages that check answers, sheets to print, and their JSON.

A page is asked with the answers in its address and says which are right, so that it needs no script
and nothing is kept.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from dashboard.exercises.by_hand import tasks
from dashboard.exercises.questions import MOST_TYPED, Question, outcome, reached, verdicts
from dashboard.show import xray_page
from dashboard.show.exercise_sheet import DamagedTask, HandTask, Sheet
from dashboard.show.i18n import current, language
from dashboard.show.i18n import gettext as _
from dashboard.show.xray import Xray
from dashboard.web import queries
from dashboard.web.answers import RequestError, json_answer, whole_number
from dashboard.web.context import Context, context
from dashboard.web.shell import page
from groundstation.errors import StoreError
from groundstation.model import FrameRow

exercises = Blueprint("exercises", __name__)

#: Frames that are looked through for one that serves, and for those around it.
_LOOKED_AT = 50
#: Values of a worksheet, and answers that are read.
_HAND_TASKS, _MOST_ANSWERS = 3, 32


@exercises.get("/exercises")
def overview() -> Response:
    """What can be practised with a frame."""
    sheet = _sheet()
    if sheet is None:
        return _none()
    hand = sheet.hand_tasks(_HAND_TASKS)
    return _page(
        "exercises.html",
        sheet,
        problem=None,
        satellite=sheet.xray.satellite,
        hand=hand,
        hand_problem=None if hand else _hand_problem(),
        damaged_problem=None if sheet.damaged() else _damaged_problem(),
        whose_problem=None if sheet.whose() else _whose_problem(),
    )


@exercises.get("/exercises/by-hand")
def by_hand() -> Response:
    """A value from its bytes, question by question."""
    sheet = _sheet()
    task = _hand_task(sheet) if sheet else None
    if sheet is None or task is None:
        return _none(_hand_problem() if sheet else "")
    typed = [text[:MOST_TYPED] for text in request.args.getlist("a")[:_MOST_ANSWERS]]
    found = verdicts(task.questions, typed)
    names = list(sheet.hand_names())
    following = names[(names.index(task.name) + 1) % len(names)]
    return _page(
        "exercise_hand.html",
        sheet,
        task=task,
        tasks=tasks(current()),
        typed=[*typed, *([""] * len(task.questions))],
        verdicts=found,
        reached=reached(found),
        right=outcome(found),
        names=sheet.hand_names(),
        following=following,
        lines=xray_page.byte_lines(sheet.xray, task.bits),
    )


@exercises.get("/exercises/damaged-byte")
def damaged_byte() -> Response:
    """Which byte was spoilt on the way?"""
    sheet = _sheet()
    task = sheet.damaged() if sheet else None
    if sheet is None or task is None:
        return _none(_damaged_problem() if sheet else "")
    text = request.args.get("byte")
    most = len(sheet.xray.reception.raw) - 1
    answer = whole_number("byte", text, 0, most) if text else None
    return _page(
        "exercise_damaged.html",
        sheet,
        task=task,
        answer=answer,
        right=answer == task.damage.byte if text else None,
        lines=xray_page.byte_lines(task.xray, None),
    )


@exercises.get("/exercises/which-satellite")
def which_satellite() -> Response:
    """Whose frame is this?"""
    sheet = _sheet()
    task = sheet.whose() if sheet else None
    if sheet is None or task is None:
        return _none(_whose_problem() if sheet else "")
    answer = request.args.get("answer", "")
    return _page(
        "exercise_whose.html",
        sheet,
        task=task,
        answer=answer if answer in [id for id, *_rest in task.options] else "",
        right=answer == task.answer if answer else None,
        lines=xray_page.byte_lines(sheet.xray, (8 * task.letters[0].byte, 8 * len(task.letters))),
    )


@exercises.get("/exercises/worksheet")
def worksheet() -> Response:
    """All exercises on a frame, to be printed; with ``answers=1`` what is right."""
    sheet = _sheet()
    if sheet is None:
        return _none()
    damaged = sheet.damaged()
    return _page(
        "worksheet.html",
        sheet,
        script="worksheet.js",
        answers=request.args.get("answers") == "1",
        hand=sheet.hand_tasks(_HAND_TASKS),
        tasks=tasks(current()),
        damaged=damaged,
        whose=sheet.whose(),
        satellite=sheet.xray.satellite,
        lines=xray_page.byte_lines(sheet.xray, None),
        damaged_lines=xray_page.byte_lines(damaged.xray, None) if damaged else [],
    )


@exercises.get("/api/v1/exercises")
@exercises.get("/exercises.json")
def exercises_json() -> Response:
    """The exercises of a frame with what is right, for other programs."""
    sheet = _sheet()
    if sheet is None:
        raise RequestError(404, "no frame was decoded yet: exercises are made of real ones")
    damaged, whose = sheet.damaged(), sheet.whose()
    words = tasks(current())
    return json_answer(
        {
            "frame": sheet.xray.reception.seq,
            "simulated": sheet.xray.simulated,
            "by_hand": [_hand_record(each, words) for each in sheet.hand_tasks(_HAND_TASKS)],
            "damaged_byte": None if damaged is None else _damaged_record(damaged),
            "which_satellite": None
            if whose is None
            else {
                "options": [
                    {"id": id, "name": name, "callsign": callsign}
                    for id, name, callsign in whose.options
                ],
                "answer": whose.answer,
            },
        }
    )


def _page(template: str, sheet: Sheet, **values: Any) -> Response:
    """A page about the frame of ``sheet``; see :func:`dashboard.web.shell.page`."""
    return page(
        template,
        "learn",
        simulated=sheet.xray.simulated,
        all_simulated=True,  # all of it is of this frame
        seq=sheet.xray.reception.seq,
        **values,
    )


def _hand_record(task: HandTask, words: dict[str, str]) -> dict[str, object]:
    return {
        "parameter": task.name,
        "label": task.label,
        "bits": list(task.bits),
        "questions": [_question_record(question, words) for question in task.questions],
        "sentence": task.sentence,
    }


def _question_record(question: Question, words: dict[str, str]) -> dict[str, object]:
    return {
        "kind": question.kind,
        "task": words[question.kind],
        "given": question.given,
        "answer": question.answer,
        "choices": [choice.answer for choice in question.choices],
        "way": question.way,
    }


def _damaged_record(task: DamagedTask) -> dict[str, object]:
    return {
        "raw": task.xray.reception.raw.hex(),
        "parameter": task.damage.name,
        "answer": task.damage.byte,
        "sent": task.sent,
        "came": task.came,
    }


def _hand_task(sheet: Sheet) -> HandTask | None:
    wish = request.args.get("value")
    if wish:
        return sheet.hand_task(wish)
    return next(iter(sheet.hand_tasks(1)), None)


def _sheet() -> Sheet | None:
    """The exercises of the frame that is asked for, or of the newest one that serves; None: there
    is no decoded frame. Raises RequestError."""
    ctx = context()
    text = request.args.get("frame")
    if text:
        found = queries.frame(ctx, whole_number("frame", text, 1))
    else:
        row = next(filter(_serves, _receptions(ctx, None, before=None)), None)
        if row is None:
            return None
        found = queries.frame(ctx, row.seq)
    return Sheet(ctx.data, found, _around(ctx, found), language())


def _serves(row: FrameRow) -> bool:
    return row.status == "decoded" and row.packet is not None


def _around(ctx: Context, found: Xray) -> list[Xray]:
    """A sound frame of the same packet before, and one after; else the two before or after."""
    row = found.row
    if not _serves(row):
        return []
    seq = row.seq
    older = _alike(row, _receptions(ctx, row.satellite, before=seq))
    newer = _alike(row, _receptions(ctx, row.satellite, after=seq))
    near = [*older[:1], *newer[:1]] if older and newer else (older or newer)[:2]
    return [queries.frame(ctx, each.seq) for each in sorted(near, key=lambda each: each.seq)]


def _alike(row: FrameRow, rows: list[FrameRow]) -> list[FrameRow]:
    return [each for each in rows if _serves(each) and each.packet == row.packet]


def _receptions(
    ctx: Context, satellite: str | None, *, before: int | None = None, after: int | None = None
) -> list[FrameRow]:
    try:
        return queries.receptions(ctx, satellite, _LOOKED_AT, before=before, after=after)
    except StoreError:
        return []  # no journal yet


def _none(problem: str = "") -> Response:
    """The page that says why there is no such exercise."""
    text = problem or _("No frame was decoded yet: exercises are made of received ones.")
    return page("exercises.html", "learn", problem=text, seq=request.args.get("frame"))


def _hand_problem() -> str:
    return _("This frame has no value that can be worked out by hand: choose another frame.")


def _damaged_problem() -> str:
    return _(
        "This needs three sound frames of the same packet, and a value that would stand out: "
        "choose another frame."
    )


def _whose_problem() -> str:
    return _("This frame does not carry its sender's call sign: choose another frame.")
