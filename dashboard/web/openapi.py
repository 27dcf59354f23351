"""``/api/v1/openapi.json``: the interface in OpenAPI 3.1, exactly what there is."""

from __future__ import annotations

from dashboard.show.heroes import MOST
from dashboard.show.xray import MOST_FLIPS
from dashboard.web.json_schema import (
    AGO,
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    TIME,
    WHOLE,
    Schema,
    get,
    in_path,
    in_place,
    list_of,
    map_of,
    maybe,
    post,
    query,
    record,
    ref,
    whole,
)
from dashboard.web.openapi_schemas import BOARD, SCHEMAS, SPOTLIGHT
from dashboard.web.queries import ENTRIES, MOST_ANSWERED, MOST_ENTRIES, MOST_PARAMETERS, MOST_SEQ
from dashboard.web.somewhere import PLACE
from dashboard.web.spotlight import MOST_PATH
from decoders.packets import MOST_PACKETS
from groundstation.model.board import VISIBLE
from groundstation.storage.audit import MOST_NAME, MOST_REASON
from groundstation.storage.notes import MOST_TEXT

_CHANGED = record(changed=list_of(TEXT))
_WHO_IT_IS = record(name=maybe(TEXT), role=maybe(TEXT))
_WHO: Schema = {
    "name": {**TEXT, "maxLength": MOST_NAME},
    "reason": {**TEXT, "maxLength": MOST_REASON},
}
_ID = in_path("id", TEXT)
_BOARD = in_path("board", whole(1, MOST_SEQ))
_NOTE = in_path("note", whole(1, MOST_SEQ))
_PATH: Schema = {
    **TEXT,
    "maxLength": MOST_PATH,
    "pattern": "^/.*$",
    "description": "such as /frames/7",
}
_START = query("start", MOMENT, "ISO 8601, UTC where no zone is given, or 7d, 12h: so long ago")
_END = query("end", MOMENT, "as start; not included")
_SINCE = query("since", MOMENT, "only from then on: ISO 8601, or 7d, 12h: so long ago")
_UNTIL = query("until", MOMENT, "only before then")
_PASS = query("pass", TEXT, "only during a flown pass, by its key")
_OF = query("satellite", TEXT, "only of this id")
_POINTS = query(
    "points", whole(1, MOST_ENTRIES), f"at most so many entries of each; without it {ENTRIES}"
)
_LIMIT = query("limit", whole(1, MOST_ANSWERED), "at most so many")
_SEQ = whole(0, MOST_SEQ)
_PLACE = query(
    "place",
    {**TEXT, "pattern": PLACE},
    "over another place than the station's: degrees north and east, such as 40.53,72.80; rounded "
    "to a hundredth",
)
_FLIP = query(
    "flip",
    {**TEXT, "pattern": f"^([0-9]{{1,9}}(,[0-9]{{1,9}}){{0,{MOST_FLIPS - 1}}})?$"},
    f"what if: bits to turn over first, at most {MOST_FLIPS}, counted from the "
    "frame's first and separated by commas; nothing is stored",
)

DESCRIPTION: Schema = {
    "openapi": "3.1.0",
    "info": {
        "title": "Ground station",
        "version": "1",
        "description": "Read-only but for what teachers and operators do: alarms, boards, "
        "values of the first page, notes, what is on all screens. Times are UTC; 'now' is the "
        "station's clock (see status).",
    },
    "paths": {
        "/api/v1/status": get("The station's state", ref("Status")),
        "/api/v1/satellites": get("All satellites", record(satellites=list_of(ref("Satellite")))),
        "/api/v1/satellites/{id}": get("One satellite", ref("Satellite"), _ID),
        "/api/v1/satellites/{id}/latest": get(
            "The latest reading of each parameter",
            record(satellite=TEXT, simulated=FLAG, parameters=map_of(ref("Reading"))),
            _ID,
        ),
        "/api/v1/satellites/{id}/now": get(
            "What a satellite does now: a sentence in the language of the request, its place",
            ref("Now"),
            _ID,
        ),
        "/api/v1/satellites/{id}/parameters/{name}": get(
            "History of one parameter; minimum, maximum and mean where there is more than fits",
            ref("Series"),
            _ID,
            in_path("name", TEXT),
            _START,
            _END,
            _SINCE,
            _UNTIL,
            _POINTS,
        ),
        "/api/v1/satellites/{id}/chart": get(
            "Up to four parameters over one time, with the passes and shadows of it",
            ref("Chart"),
            _ID,
            {
                **query(
                    "parameters",
                    {**TEXT, "pattern": f"^[^,]+(,[^,]+){{0,{MOST_PARAMETERS - 1}}}$"},
                    f"1 to {MOST_PARAMETERS} names, with commas",
                ),
                "required": True,
            },
            query(
                "range",
                {**TEXT, "pattern": f"^(pass|last|all)$|{AGO}"},
                "pass (the one that is on), last, all, or 7d, 12h; without it 1h",
            ),
            query("start", TIME, "ISO 8601, instead of range"),
            query("end", TIME, "with start; without it now"),
            _POINTS,
        ),
        "/api/v1/satellites/{id}/examples/{number}": get(
            "An example frame of a definition with its layers and values",
            ref("Example"),
            _ID,
            in_path("number", whole(1, MOST_SEQ)),
            _FLIP,
        ),
        "/api/v1/frames": get(
            "Receptions: newest first, or after a seq oldest first",
            record(frames=list_of(ref("Reception"))),
            query("after", _SEQ, "only later ones, oldest first"),
            query("before", _SEQ, "only earlier ones, newest first"),
            _OF,
            _SINCE,
            _UNTIL,
            _LIMIT,
        ),
        "/api/v1/frames.hex": get(
            "All undamaged frames as lines of time|hex, streamed",
            TEXT,
            _OF,
            query("packet", TEXT, "only packets of this name"),
            _SINCE,
            _UNTIL,
            _PASS,
            media="text/plain",
        ),
        "/api/v1/satellites/{id}/history.csv": get(
            "All values: a row a packet, a column a parameter, streamed",
            TEXT,
            _ID,
            query("packet", TEXT, "only packets of this name"),
            query("parameters", TEXT, "only these, separated by commas"),
            query("quantity", TEXT, "only parameters of this quantity"),
            _SINCE,
            _UNTIL,
            _PASS,
            query("units", whole(0, 1), "1: a second line with the units"),
            media="text/csv",
        ),
        "/api/v1/frames/{seq}": get(
            "One reception with its layers and values",
            ref("Xray"),
            in_path("seq", _SEQ),
            query("packet", whole(1, MOST_PACKETS), "which of the packets that the frame holds"),
            _FLIP,
        ),
        "/api/v1/exercises": get(
            "Exercises made of a frame, with what is right; null: this frame does not serve",
            ref("Exercises"),
            query("frame", whole(1, MOST_SEQ), "its number; without it the newest decoded one"),
        ),
        "/api/v1/search": get(
            "Pages, satellites and values that are called so",
            record(
                query=TEXT,
                pages=list_of(record(title=TEXT, path=TEXT)),
                satellites=list_of(record(id=TEXT, name=TEXT)),
                parameters=list_of(
                    record(satellite=TEXT, satellite_name=TEXT, parameter=TEXT, label=TEXT)
                ),
            ),
            query("q", {**TEXT, "maxLength": 80}, "a part of a name or label"),
        ),
        "/api/v1/burst": get(
            "The last burst that the station demodulated, from samples to bits; null: none",
            record(burst=ref("Burst")),
        ),
        "/api/v1/learn": get(
            "The lessons as they are asked now, without the answers, and the glossary",
            ref("Learn"),
        ),
        "/api/v1/passes": get(
            "Passes of the next two days that are not over",
            record(passes=list_of(ref("Pass"))),
            _OF,
            _LIMIT,
            _PLACE,
        ),
        "/api/v1/passes/flown": get(
            "Passes that were flown, newest first",
            record(passes=list_of(ref("FlownPass"))),
            _OF,
            _LIMIT,
        ),
        "/api/v1/passes/flown/{key}": get(
            "Predicted against heard; the key of the list, or last",
            ref("PassReport"),
            in_path("key", TEXT),
        ),
        "/api/v1/track/{norad}": get(
            "Where a satellite is over a time",
            record(
                norad=WHOLE,
                points=list_of(ref("Point")),
                sun=record(latitude_deg=NUMBER, longitude_deg=NUMBER),
            ),
            in_path("norad", whole(0, 999_999_999)),
            _START,
            _END,
            query("step", whole(1, 3600), "seconds between points; without it 30"),
            _PLACE,
        ),
        "/api/v1/alarms": get(
            "Alarms: those that are active or nobody has seen, and all, newest first",
            record(
                active=list_of(ref("Alarm")),
                history=list_of(ref("Alarm")),
                sunless=list_of(record(satellite=TEXT, parameter=TEXT, values=WHOLE)),
                change=record(allowed=FLAG, token=maybe(TEXT)),
            ),
            _OF,
            query("before", TIME, "of the history, only those triggered earlier"),
            query(
                "limit", whole(1, MOST_ANSWERED), "of the history, at most so many; without it 100"
            ),
        ),
        "/api/v1/alarms/acknowledge": post(
            "Say that an alarm was seen",
            _CHANGED,
            ("alarm",),
            alarm={**TEXT, "description": "its id, or all"},
            **_WHO,
        ),
        "/api/v1/alarms/shelve": post(
            "Put what an alarm is about aside for a time",
            _CHANGED,
            ("alarm",),
            alarm=TEXT,
            minutes=whole(1, 527_040),
            **_WHO,
        ),
        "/api/v1/alarms/unshelve": post(
            "Have what was put aside call somebody again", _CHANGED, ("alarm",), alarm=TEXT, **_WHO
        ),
        "/api/v1/spotlight": {
            **get("What a teacher shows on all screens", record(spotlight=SPOTLIGHT)),
            **post(
                "Show a page on all screens", record(spotlight=SPOTLIGHT), ("path",), path=_PATH
            ),
        },
        "/api/v1/spotlight/end": post("End it", record(spotlight=SPOTLIGHT)),
        "/api/v1/satellites/{id}/values": get(
            "The values of the first page, and whether a teacher chose them", ref("Values"), _ID
        ),
        "/api/v1/satellites/{id}/values/choose": in_place(
            post(
                "Choose them",
                ref("Values"),
                ("values",),
                values={**list_of(TEXT), "minItems": 4, "maxItems": MOST, "uniqueItems": True},
            ),
            _ID,
        ),
        "/api/v1/satellites/{id}/values/forget": in_place(
            post("Have the definition choose again", ref("Values")), _ID
        ),
        "/api/v1/notes": get(
            "Notes about times, the latest time first",
            record(notes=list_of(ref("Note"))),
            query("satellite", TEXT, "only of this id"),
            query("before", TIME, "only about earlier times"),
            query("limit", whole(1, 1000), "at most so many; without it 100"),
        ),
        "/api/v1/notes/write": post(
            "Write a note: at a frame, or at a time of a satellite, now where none is given",
            ref("Note"),
            ("text",),
            satellite=TEXT,
            time=TIME,
            seq=whole(1, MOST_SEQ),
            text={**TEXT, "pattern": VISIBLE, "maxLength": MOST_TEXT},
        ),
        "/api/v1/notes/{note}/remove": in_place(
            post("Show a note no more", record(removed=WHOLE)), _NOTE
        ),
        "/api/v1/boards": get("All boards", record(boards=list_of(ref("Board")))),
        "/api/v1/boards/{board}": get("One board", ref("Board"), _BOARD),
        "/api/v1/boards/make": post(
            "Keep a new board, as its file has it",
            ref("Board"),
            tuple(BOARD["required"]),
            **BOARD["properties"],
        ),
        "/api/v1/boards/{board}/change": in_place(
            post(
                "Put a board in the place of a revision",
                ref("Board"),
                ("revision", "on_wall", "board"),
                revision=whole(0, MOST_SEQ),
                on_wall=FLAG,
                board=BOARD,
            ),
            _BOARD,
        ),
        "/api/v1/boards/{board}/remove": in_place(
            post("Remove a board", record(removed=WHOLE)), _BOARD
        ),
        "/api/v1/share": get(
            "Addresses for phones in the same network (none: not shared), open live pages, and the "
            "language in which phones begin (null: that of their browser)",
            record(urls=list_of(TEXT), listening=WHOLE, language=maybe(TEXT)),
        ),
        "/api/v1/visitor": get(
            "Who asks, what he or she may do, and the token for it",
            record(name=maybe(TEXT), role=maybe(TEXT), may=list_of(TEXT), token=TEXT),
        ),
        "/api/v1/login": post(
            "Log in; sets a cookie", _WHO_IT_IS, ("name", "password"), name=TEXT, password=TEXT
        ),
        "/api/v1/logout": post("Log out", _WHO_IT_IS),
        "/api/v1/changes": get(
            "What people changed, newest first; for those who are logged in",
            record(
                changes=list_of(
                    record(
                        id=WHOLE,
                        time=TIME,
                        by=TEXT,
                        origin=TEXT,
                        act=TEXT,
                        subject=TEXT,
                        detail=TEXT,
                    )
                )
            ),
            query("before", whole(1, 2**63 - 1), "only lines with a smaller id"),
            query("limit", whole(1, MOST_ANSWERED), "at most so many; without it 100"),
        ),
        "/api/v1/live": get(
            "Server-sent events: snapshot, then frame (id: seq) and status",
            TEXT,
            query("last_event_id", _SEQ, "resume after this seq, as the header Last-Event-ID"),
            media="text/event-stream",
        ),
        "/api/v1/news": get(
            "For those who cannot listen: the state, and receptions after a seq",
            record(seq=WHOLE, status=ref("Status"), frames=list_of(ref("Event"))),
            query("after", _SEQ, "only later receptions; without it none"),
        ),
        "/api/v1/openapi.json": get("This description", map_of({})),
    },
    "components": {"schemas": SCHEMAS},
}
