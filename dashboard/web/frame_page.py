"""The page of one frame, its X-ray: the bytes as they came, what they mean, and what if a bit were
another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request

from dashboard.data import present
from dashboard.show import wording, xray_page
from dashboard.show.chosen import Chosen, chosen
from dashboard.show.i18n import language
from dashboard.show.xray import MOST_FLIPS, Xray
from dashboard.show.xray_page import ByteLine, LayerCard, ValueCard
from dashboard.web import permit, queries
from dashboard.web.answers import RequestError, bit_numbers, whole_number
from dashboard.web.context import context
from dashboard.web.notes import notes_of_frame
from dashboard.web.shell import page
from decoders.check_values import CheckValue
from decoders.suggest import nearest
from groundstation.storage.notes import MOST_TEXT

frame_page = Blueprint("frame_page", __name__)

#: Values that are shown before "more".
MOST_READINGS = 40


@frame_page.get("/frames/<int:seq>")
def frame(seq: int) -> Response:
    """The X-ray of one frame; ``value`` is chosen, ``flip`` turned over.

    ``only=xray``: nothing but the X-ray itself, for the script of the page.
    """
    number = whole_number("packet", request.args.get("packet") or "1", 1)
    found = queries.frame(context(), seq, number, _flips())
    shown = _shown(found, request.args.get("value", ""), number)
    return _xray_alone(shown) or _whole_page(found, shown, number)


@frame_page.get("/satellites/<id>/examples/<int:number>")
def example(id: str, number: int) -> Response:
    """The same of an example frame of a definition, which nobody need have received here."""
    found, about = queries.example(context(), id, number, _flips())
    shown = _shown(found, request.args.get("value", ""), 1)
    satellite = queries.find_satellite(context(), id)
    return _xray_alone(shown) or page(
        "example.html",
        "satellite",
        script="xray.js",
        simulated=satellite.simulated,
        xray=shown,
        satellite=satellite,
        number=number,
        source=about.source,
    )


def _flips() -> frozenset[int]:
    return bit_numbers("flip", request.args.get("flip", ""), MOST_FLIPS)


def _xray_alone(shown: Shown) -> Response | None:
    """Nothing but the X-ray itself, where the script of the page asks for it."""
    if request.args.get("only") != "xray":
        return None
    answer = make_response(render_template("xray.html", xray=shown))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@dataclass(frozen=True, slots=True)
class Shown:
    """What the X-ray itself shows.

    ``wish``: the name of what was asked for; ``chosen`` None where the changed frame has it no
    more. ``parts``: for the script. ``link``: this page with other keys.
    """

    parts: list[dict[str, object]]
    wish: str
    chosen: Chosen | None
    layers: list[LayerCard]
    values: list[ValueCard]
    lines: list[ByteLine]
    undescribed: bool
    checks: tuple[CheckValue, ...]
    flips: frozenset[int]
    changed_error: str | None
    link: Callable[..., str]

    @property
    def first(self) -> list[ValueCard]:
        """The values that are seen at once."""
        return self.values[:MOST_READINGS]

    @property
    def further(self) -> list[ValueCard]:
        """The others, which are folded unless one of them is chosen."""
        return self.values[MOST_READINGS:]

    @property
    def is_chosen_further(self) -> bool:
        """Whether what is chosen lies among these."""
        return self.chosen is not None and self.chosen.index in {one.part for one in self.further}


def _shown(found: Xray, wish: str, number: int) -> Shown:
    """All of it, in the language of the request."""
    code = language()
    parts = found.parts(code)
    names = [part.name for part in found.received.parts(code)]
    if wish not in (*names, ""):
        raise RequestError(404, f"this frame has no value {wish!r}; {nearest(wish, names)}")
    picked = chosen(found, parts, wish, code)
    query: dict[str, str | int] = {"packet": number} if number > 1 else {}
    if found.flips:
        query["flip"] = ",".join(map(str, sorted(found.flips)))
    return Shown(
        parts=[{"label": part.label, "bits": part.bits} for part in parts],
        wish=wish,
        chosen=picked,
        layers=xray_page.layer_cards(found),
        values=xray_page.value_cards(found, code),
        lines=xray_page.byte_lines(found, picked.part.bits if picked else None),
        undescribed=xray_page.undescribed(found),
        checks=found.checks,
        flips=found.flips,
        changed_error=found.error if found.flips else None,
        link=lambda **changes: _link({**query, **changes}),
    )


def _link(keys: Mapping[str, str | int]) -> str:
    """This page with other keys; those that are empty are left out."""
    return f"?{urlencode({name: value for name, value in keys.items() if value != ''}, safe=',')}"


def _whole_page(found: Xray, shown: Shown, number: int) -> Response:
    ctx, code = context(), language()
    came = found.received
    record = came.row
    satellite = came.satellite
    packet = satellite.packet(record.packet) if satellite else None
    with ctx.data.journal() as journal:
        newer = journal.after(record.seq, 1)
        older = journal.before(record.seq, 1)
    return page(
        "frame.html",
        "frames",
        script="xray.js",
        simulated=came.simulated,
        xray=shown,
        query=f"?packet={number}" if number > 1 else "",
        frame={
            **present.reception(record),
            "name": satellite.name if satellite else None,
            "packet_label": packet.label(code) if packet else record.packet,
        },
        reason_words=wording.reason_words(record.status),
        packets=_packets(came, code),
        notes=notes_of_frame(ctx, record.seq),
        note_token=permit.token("note"),
        most_note=MOST_TEXT,
        newer=newer[0].seq if newer else None,
        older=older[0].seq if older else None,
    )


def _packets(found: Xray, code: str) -> list[dict[str, object]]:
    """What a frame holds, where that is more than one packet: links to each."""
    if len(found.packets) < 2:
        return []
    layouts = found.satellite.packet if found.satellite else lambda name: None
    return [
        {
            "label": layout.label(code) if (layout := layouts(each.packet)) else each.packet,
            "link": f"/frames/{found.reception.seq}?packet={place + 1}",
            "chosen": place == found.number,
        }
        for place, each in enumerate(found.packets)
    ]
