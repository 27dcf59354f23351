"""Words for the codes that data carry: states, statuses, notices, lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from dashboard.data.condition import Notice
from dashboard.data.records import FollowerRecord
from dashboard.data.sky import Followed, Unusable
from dashboard.show.i18n import current
from dashboard.show.i18n import gettext as _
from decoders import words
from decoders.definition.limits import STATES
from groundstation.model import FrameStatus
from groundstation.model.pass_report import WholePass
from groundstation.orbit.ageing import UNTRUSTWORTHY_S
from groundstation.orbit.where_to_look import point
from groundstation.words.reasons import reason_text
from groundstation.words.statuses import status_word


def state_word(code: str) -> str:
    """The state of a value or the status of a frame."""
    if code in STATES:
        return words.state_word(code, current())
    return status_word(cast(FrameStatus, code), current())


def link_word(state: str) -> str:
    """The state of one link."""
    words = {
        "open": _("connected"),
        "waiting": _("waiting"),
        "ended": _("The recording has ended"),
    }
    return words.get(state, state)


def follower_words(name: str) -> str:
    """What a follower fills."""
    return {"telemetry": _("values"), "influx": "InfluxDB", "alarms": _("alarms")}.get(name, name)


def counts_words(received: int, followers: Mapping[str, FollowerRecord]) -> str:
    """How far each of them is, in one line: received, stored, sent on, waiting, set apart."""

    def number(count: int) -> str:
        return current().number(count)

    values = followers.get("telemetry")
    parts = [_("received %(n)s", n=number(received))]
    if values is not None:
        parts.append(_("interpreted %(n)s", n=number(values["seq"])))
    for name, item in followers.items():
        if name not in ("telemetry", "alarms"):
            sent = number(item["seq"] - item["left_out"])
            parts.append(_("sent to %(name)s %(n)s", name=follower_words(name), n=sent))
    waiting = max((item["lag"] for item in followers.values()), default=0)
    parts.append(_("waiting %(n)s", n=number(waiting)))
    apart = sum(item["left_out"] for item in followers.values())
    return " · ".join([*parts, _("set apart %(n)s", n=number(apart))])


def line_words(code: str) -> str:
    """The state of the line, as in the strip under the heading."""
    return {
        "receiving": _("Receiving"),
        "connected": _("Connected, waiting for a signal"),
        "waiting": _("Waiting for the radio"),
        "ended": _("The recording has ended"),
        "stopped": _("The station is not running"),
        "none": _("No radio is configured"),
    }[code]


def clock_word(kind: str) -> str:
    """What stands beside the clock; of a real one nothing."""
    words = {"simulated": _("simulated time"), "recorded": _("time of the recording")}
    return words.get(kind, "")


def clock_words(kind: str, ahead_s: float) -> str:
    """The same, and how far that is from the real time; of a real one nothing."""
    word = clock_word(kind)
    if not word:
        return ""
    span = _span(abs(ahead_s))
    if ahead_s < 0:
        return _("%(kind)s, %(span)s behind the real one", kind=word, span=span)
    return _("%(kind)s, %(span)s ahead of the real one", kind=word, span=span)


def _span(seconds: float) -> str:
    """The largest whole unit, as in format.js."""
    if seconds < 100:
        return _("%(n)s s", n=int(seconds))
    if seconds < 6000:
        return _("%(n)s min", n=int(seconds / 60))
    if seconds < 172_800:
        return _("%(n)s h", n=int(seconds / 3600))
    return _("%(n)s d", n=int(seconds / 86_400))


def notice_words(notice: Notice) -> str:
    """A notice as a sentence."""
    detail = reason_text(notice.detail, current().language)
    return {
        "stopped": lambda: _("The station is not running: what you see is from its last run."),
        "no_journal": lambda: _(
            "Nothing was received yet: waiting for the station to start its journal."
        ),
        "alarms": lambda: _("Alarms that nobody has seen: %(count)s", count=notice.detail),
        "journal": lambda: _("Frames cannot be stored: %(detail)s", detail=detail),
        "link": lambda: _("A radio does not answer: %(detail)s", detail=detail),
        "damage": lambda: _("What this radio brings is mostly damaged: %(detail)s", detail=detail),
        "follower": lambda: _("Values are stored later: %(detail)s", detail=detail),
        "antenna": lambda: _("Antenna or radio: %(detail)s", detail=detail),
        "clock": lambda: _(
            "This computer's clock seems wrong: set it, or times and passes are wrong."
        ),
    }[notice.code]()


def reason_words(status: str) -> str:
    """Why a frame has no values."""
    return {
        "damaged": _("Damaged on the way:"),
        "unknown": _("Nobody knows this frame:"),
        "undecoded": _("Not all of it could be decoded:"),
        "decoded": _("Not all of it could be decoded:"),
        "waiting": _("Nobody knows this frame:"),
    }[status]


def pass_problem(code: str | None) -> str:
    """Why no pass is shown."""
    if code == "no_site":
        return _("The place of the antenna is not known: set it in station.toml.")
    if code == "no_elements":
        return _(
            "There are no orbital elements yet: bring some with "
            "“groundstation elements import FILE” or “update”."
        )
    if code == "not_among_them":
        return _(
            "None of the station's satellites is among the orbital elements there are: "
            "bring theirs with “groundstation elements import FILE” or “update”."
        )
    return _("No pass in the next two days.")


def followed_words(followed: Followed) -> str | None:
    """Whose passes are shown, where the station does not name its satellites."""
    if followed.named or not followed.left_out:
        return None
    return _(
        "Passes of %(shown)s satellites, those heard last first; %(more)s more are left out. "
        "Name yours as [[satellites]] in station.toml.",
        shown=len(followed.elements),
        more=followed.left_out,
    )


def unusable_words(unusable: Sequence[Unusable]) -> list[str]:
    """Whose orbit cannot be computed, a sentence each."""
    return [
        _(
            "The orbit of %(name)s cannot be computed, so it has no passes here: bring newer "
            "elements. (%(reason)s)",
            name=item.elements.name,
            reason=item.reason,
        )
        for item in unusable
    ]


def doubtful_words(passes: Iterable[WholePass]) -> list[str]:
    """Whose passes mislead because the elements are old, a sentence each."""
    doubtful: dict[int, WholePass] = {}
    for item in passes:
        if item["timing_error_s"] > UNTRUSTWORTHY_S:
            doubtful.setdefault(item["norad"], item)
    return [
        _(
            "The orbital elements of %(name)s are %(age)s old: it may come %(error)s earlier or "
            "later than said. Bring newer ones.",
            name=item["satellite"],
            age=_span(abs(item["elements_age_days"]) * 86_400),
            error=_span(item["timing_error_s"]),
        )
        for item in doubtful.values()
    ]


def compass_words() -> list[str]:
    """The eight directions, from north on over east."""
    return [
        *(_("north"), _("north-east"), _("east"), _("south-east")),
        *(_("south"), _("south-west"), _("west"), _("north-west")),
    ]


def compass_word(azimuth_deg: float) -> str:
    """The nearest of them."""
    return compass_words()[point(azimuth_deg)]


def act_word(act: str) -> str:
    """What somebody changed, in a word; the name of the act where there is none."""
    words = {
        "acknowledge": _("alarm seen"),
        "shelve": _("alarm put aside"),
        "unshelve": _("alarm calls again"),
        "spotlight": _("shown on all screens"),
        "spotlight ended": _("not shown any more"),
        "board made": _("board made"),
        "board changed": _("board changed"),
        "board removed": _("board removed"),
        "values chosen": _("values of the first page chosen"),
        "values by the definition": _("values of the first page by the definition again"),
        "note written": _("note written"),
        "note removed": _("note removed"),
        "login": _("logged in"),
        "logout": _("logged out"),
        "account": _("account made"),
        "account removed": _("account removed"),
        "password": _("password changed"),
    }
    return words.get(act, act)
