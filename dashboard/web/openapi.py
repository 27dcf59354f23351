"""``/api/v1/openapi.json``: the interface in OpenAPI 3.1, exactly what there is."""

from __future__ import annotations

from typing import Any

from dashboard.web.permit import HEADER as TOKEN
from decoders.definition.limits import STATES
from groundstation.alarms.lifecycle import STANDINGS
from groundstation.model.alarms import RULES
from groundstation.storage.desk import MOST_NAME, MOST_REASON

#: A schema is JSON of any depth.
Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_WHOLE: Schema = {"type": "integer"}
_NUMBER: Schema = {"type": "number"}
_FLAG: Schema = {"type": "boolean"}
_SCALAR: Schema = {"type": ["number", "string", "null"]}
_STATE: Schema = {"enum": list(STATES)}


def _maybe(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _list(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _map(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema}


def _record(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _query(name: str, schema: Schema, words: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": words}


def _in_path(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _whole(low: int, high: int) -> Schema:
    return {**_WHOLE, "minimum": low, "maximum": high}


def _post(summary: str, changed: Schema, **fields: Schema) -> Schema:
    """A change, with the token that ``GET /api/v1/alarms`` tells, from this computer alone."""
    body = {"type": "object", "properties": fields, "required": ["alarm"]}
    described = _get(summary, changed, {**_query(TOKEN, _TEXT, "see change.token"), **_IN_HEADER})
    about = {"required": True, "content": {"application/json": {"schema": body}}}
    return {"post": {**described["get"], "requestBody": about}}


_IN_HEADER: Schema = {"in": "header", "required": True}


def _get(
    summary: str, schema: Schema, *parameters: Schema, media: str = "application/json"
) -> Schema:
    answer = {"description": summary, "content": {media: {"schema": schema}}}
    problem = {
        "description": "One sentence",
        "content": {"application/json": {"schema": _ref("Error")}},
    }
    return {
        "get": {
            "summary": summary,
            "parameters": list(parameters),
            "responses": {"200": answer, "default": problem},
        }
    }


_RANGE = _maybe({"type": "array", "items": _maybe(_NUMBER)})
_RECEPTION = {
    "seq": _WHOLE,
    "received": _TIME,
    "link": _TEXT,
    "satellite": _maybe(_TEXT),
    "packet": _maybe(_TEXT),
    "status": {"enum": ["decoded", "damaged", "unknown", "undecoded", "waiting"]},
    "error": _maybe(_TEXT),
    "note": _maybe(_TEXT),
    "damaged": _FLAG,
    "simulated": _FLAG,
    "imported": _FLAG,
    "unsynchronised": _FLAG,
    "length": _WHOLE,
}
_VALUE = {"raw": _SCALAR, "value": _SCALAR, "unit": _TEXT, "state": _STATE}
_BITS = _maybe({"type": "array", "items": _WHOLE})

SCHEMAS: dict[str, Schema] = {
    "Error": _record(error=_TEXT),
    "Limits": _maybe(
        _record(
            warning=_RANGE,
            critical=_RANGE,
            warning_words=_list(_TEXT),
            critical_words=_list(_TEXT),
        )
    ),
    "Status": _record(
        now=_TIME,
        speed=_NUMBER,
        running=_FLAG,
        started=_maybe(_TIME),
        simulated=_FLAG,
        site=_maybe(
            _record(name=_TEXT, latitude_deg=_NUMBER, longitude_deg=_NUMBER, altitude_m=_NUMBER)
        ),
        satellites=_list(_TEXT),
        line=_list(_TEXT),
        notices=_list(_list(_TEXT)),
        links=_list(_record(name=_TEXT, url=_TEXT, state=_TEXT, last_byte=_maybe(_TIME))),
        followers=_map(
            _record(
                seq=_WHOLE,
                lag=_WHOLE,
                error=_maybe(_TEXT),
                backlog=_WHOLE,
                set_apart=_TEXT,
                left_out=_WHOLE,
            )
        ),
        journal=_FLAG,
        journal_error=_maybe(_TEXT),
        alarms=_record(active=_WHOLE, unseen=_WHOLE, critical=_FLAG, newest=_maybe(_TIME)),
        schedule=_maybe(
            _record(
                state=_TEXT,
                doubt=_maybe(_TEXT),
                problems=_list(_TEXT),
                alarms=_list(_TEXT),
                now=_list(_map({})),
                next=_maybe(_map({})),
                antenna=_maybe(_map({})),
            )
        ),
        timekeeping=_maybe(
            _record(synchronised=_maybe(_FLAG), wrong=_TEXT, stepped=_maybe(_TIME), step_s=_NUMBER)
        ),
    ),
    "Satellite": _record(
        id=_TEXT,
        name=_TEXT,
        norad=_maybe(_WHOLE),
        callsigns=_list(_TEXT),
        simulated=_FLAG,
        source=_TEXT,
        version=_TEXT,
        downlinks=_list(_record(name=_TEXT, frequency_hz=_maybe(_NUMBER))),
        parameters={},
    ),
    "Reading": _record(**_VALUE, time=_TIME, seq=_WHOLE, simulated=_FLAG),
    "Reception": _record(**_RECEPTION, raw=_TEXT),
    "Event": _record(**_RECEPTION, values=_map(_record(**_VALUE))),
    "Xray": _record(
        **_RECEPTION,
        raw=_TEXT,
        packets=_list(
            _record(packet=_maybe(_TEXT), bits=_BITS, error=_maybe(_TEXT), note=_maybe(_TEXT))
        ),
        layers=_list(_record(layer=_TEXT, bits=_BITS, fields=_map({}))),
        parameters=_map(
            _record(
                **_VALUE, label=_TEXT, bits=_BITS, steps=_list(_list(_TEXT)), limits=_ref("Limits")
            )
        ),
    ),
    "Series": _record(
        satellite=_TEXT,
        parameter=_TEXT,
        unit=_TEXT,
        simulated=_FLAG,
        bucket_s=_NUMBER,
        bands=_maybe(_list(_record(start=_TIME, end=_TIME, value=_maybe(_SCALAR), state=_TEXT))),
        digits=_maybe(_WHOLE),
        limits=_ref("Limits"),
        times=_list(_TIME),
        minimum=_list(_NUMBER),
        maximum=_list(_NUMBER),
        mean=_list(_NUMBER),
    ),
    "Pass": _record(
        norad=_WHOLE,
        satellite=_TEXT,
        satellite_id=_maybe(_TEXT),
        name=_TEXT,
        aos=_TIME,
        tca=_TIME,
        los=_TIME,
        duration_s=_NUMBER,
        max_elevation_deg=_NUMBER,
        aos_azimuth_deg=_NUMBER,
        tca_azimuth_deg=_NUMBER,
        los_azimuth_deg=_NUMBER,
        sunlit=_FLAG,
        elements_age_days=_NUMBER,
        timing_error_s=_NUMBER,
        frequency_hz=_maybe(_NUMBER),
        trusted=_FLAG,
        simulated=_FLAG,
    ),
    "FlownPass": _record(
        **{"pass": _TEXT},
        satellite=_TEXT,
        name=_TEXT,
        aos=_TIME,
        los=_TIME,
        max_elevation_deg=_NUMBER,
        frames=_WHOLE,
        bad_frames=_WHOLE,
        timing_error_s=_NUMBER,
        doubt=_maybe(_TEXT),
        simulated=_FLAG,
    ),
    "PassReport": _record(
        **{"pass": _TEXT},
        version=_WHOLE,
        norad=_WHOLE,
        satellite=_TEXT,
        name=_TEXT,
        simulated=_FLAG,
        predicted=_map({}),
        elements=_map({}),
        watched=_list(_map(_TIME)),
        tracking=_maybe(_map({})),
        heard=_map({}),
        track=_list(_list(_maybe(_NUMBER))),
    ),
    "Alarm": _record(
        id=_TEXT,
        satellite=_maybe(_TEXT),
        name=_TEXT,
        rule={"enum": list(RULES)},
        parameter=_TEXT,
        seq=_WHOLE,
        title=_TEXT,
        severity={"enum": ["warning", "critical"]},
        standing={"enum": list(STANDINGS)},
        active=_FLAG,
        triggered=_TIME,
        raised=_maybe(_TIME),
        returned=_maybe(_TIME),
        value=_SCALAR,
        unit=_TEXT,
        limits=_RANGE,
        packet=_TEXT,
        detail=_TEXT,
        simulated=_FLAG,
        means=_TEXT,
        mend=_TEXT,
        acknowledged=_maybe(_TIME),
        acknowledged_by=_maybe(_TEXT),
        acknowledged_reason=_maybe(_TEXT),
        shelved_until=_maybe(_TIME),
        shelved_by=_maybe(_TEXT),
        shelved_reason=_maybe(_TEXT),
    ),
    "Point": _record(
        time=_TIME,
        azimuth_deg=_NUMBER,
        elevation_deg=_NUMBER,
        range_km=_NUMBER,
        range_rate_km_s=_NUMBER,
        latitude_deg=_NUMBER,
        longitude_deg=_NUMBER,
        altitude_km=_NUMBER,
        sunlit=_FLAG,
    ),
}

_CHANGED = _record(changed=_list(_TEXT))
_WHO: Schema = {
    "name": {**_TEXT, "maxLength": MOST_NAME},
    "reason": {**_TEXT, "maxLength": MOST_REASON},
}
_ID = _in_path("id", _TEXT)
_START = _query("start", _TEXT, "ISO 8601, UTC where no zone is given, or 7d, 12h: so long ago")
_END = _query("end", _TEXT, "as start; not included")
_SINCE = _query("since", _TEXT, "only from then on: ISO 8601, or 7d, 12h: so long ago")
_UNTIL = _query("until", _TEXT, "only before then")
_PASS = _query("pass", _TEXT, "only during a flown pass, by its key")

DESCRIPTION: Schema = {
    "openapi": "3.1.0",
    "info": {
        "title": "Ground station",
        "version": "1",
        "description": "Read-only but for what people do with alarms. Times are UTC; 'now' is the "
        "station's clock (see status).",
    },
    "paths": {
        "/api/v1/status": _get("The station's state", _ref("Status")),
        "/api/v1/satellites": _get("All satellites", _record(satellites=_list(_ref("Satellite")))),
        "/api/v1/satellites/{id}": _get("One satellite", _ref("Satellite"), _ID),
        "/api/v1/satellites/{id}/latest": _get(
            "The latest reading of each parameter",
            _record(satellite=_TEXT, simulated=_FLAG, parameters=_map(_ref("Reading"))),
            _ID,
        ),
        "/api/v1/satellites/{id}/parameters/{name}": _get(
            "History of one parameter; minimum, maximum and mean where there is more than fits",
            _ref("Series"),
            _ID,
            _in_path("name", _TEXT),
            _START,
            _END,
            _query("points", _WHOLE, "at most so many entries, 1 to 5000"),
        ),
        "/api/v1/frames": _get(
            "Receptions: newest first, or after a seq oldest first",
            _record(frames=_list(_ref("Reception"))),
            _query("after", _WHOLE, "only later ones, oldest first"),
            _query("before", _WHOLE, "only earlier ones, newest first"),
            _query("satellite", _TEXT, "only of this id"),
            _SINCE,
            _UNTIL,
            _query("limit", _WHOLE, "at most so many, 1 to 1000"),
        ),
        "/api/v1/frames.hex": _get(
            "All undamaged frames as lines of time|hex, streamed",
            _TEXT,
            _query("satellite", _TEXT, "only of this id"),
            _query("packet", _TEXT, "only packets of this name"),
            _SINCE,
            _UNTIL,
            _PASS,
            media="text/plain",
        ),
        "/api/v1/satellites/{id}/history.csv": _get(
            "All values: a row a packet, a column a parameter, streamed",
            _TEXT,
            _ID,
            _query("packet", _TEXT, "only packets of this name"),
            _query("parameters", _TEXT, "only these, separated by commas"),
            _query("quantity", _TEXT, "only parameters of this quantity"),
            _SINCE,
            _UNTIL,
            _PASS,
            _query("units", _WHOLE, "1: a second line with the units"),
            media="text/csv",
        ),
        "/api/v1/frames/{seq}": _get(
            "One reception with its layers and values",
            _ref("Xray"),
            _in_path("seq", _WHOLE),
            _query("packet", _WHOLE, "which of the packets that the frame holds, from 1"),
        ),
        "/api/v1/passes": _get(
            "Passes of the next two days that are not over",
            _record(passes=_list(_ref("Pass"))),
            _query("satellite", _TEXT, "only of this id"),
            _query("limit", _WHOLE, "at most so many"),
        ),
        "/api/v1/passes/flown": _get(
            "Passes that were flown, newest first",
            _record(passes=_list(_ref("FlownPass"))),
            _query("satellite", _TEXT, "only of this id"),
            _query("limit", _WHOLE, "at most so many, 1 to 1000"),
        ),
        "/api/v1/passes/flown/{key}": _get(
            "Predicted against heard; the key of the list, or last",
            _ref("PassReport"),
            _in_path("key", _TEXT),
        ),
        "/api/v1/track/{norad}": _get(
            "Where a satellite is over a time",
            _record(
                norad=_WHOLE,
                points=_list(_ref("Point")),
                sun=_record(latitude_deg=_NUMBER, longitude_deg=_NUMBER),
            ),
            _in_path("norad", _WHOLE),
            _START,
            _END,
            _query("step", _WHOLE, "seconds between points, 1 to 3600"),
        ),
        "/api/v1/alarms": _get(
            "Alarms: those that are active or nobody has seen, and all, newest first",
            _record(
                active=_list(_ref("Alarm")),
                history=_list(_ref("Alarm")),
                sunless=_list(_record(satellite=_TEXT, parameter=_TEXT, values=_WHOLE)),
                change=_record(allowed=_FLAG, token=_maybe(_TEXT)),
            ),
            _query("satellite", _TEXT, "only of this id"),
            _query("before", _TIME, "of the history, only those triggered earlier"),
            _query("limit", _whole(1, 1000), "of the history, at most so many; without it 100"),
        ),
        "/api/v1/alarms/acknowledge": _post(
            "Say that an alarm was seen",
            _CHANGED,
            alarm={**_TEXT, "description": "its id, or all"},
            **_WHO,
        ),
        "/api/v1/alarms/shelve": _post(
            "Put what an alarm is about aside for a time",
            _CHANGED,
            alarm=_TEXT,
            minutes=_whole(1, 527_040),
            **_WHO,
        ),
        "/api/v1/alarms/unshelve": _post(
            "Have what was put aside call somebody again", _CHANGED, alarm=_TEXT, **_WHO
        ),
        "/api/v1/live": _get(
            "Server-sent events: snapshot, then frame (id: seq) and status",
            _TEXT,
            _query("last_event_id", _WHOLE, "resume after this seq, as the header Last-Event-ID"),
            media="text/event-stream",
        ),
        "/api/v1/news": _get(
            "For those who cannot listen: the state, and receptions after a seq",
            _record(seq=_WHOLE, status=_ref("Status"), frames=_list(_ref("Event"))),
            _query("after", _WHOLE, "only later receptions; without it none"),
        ),
        "/api/v1/openapi.json": _get("This description", _map({})),
    },
    "components": {"schemas": SCHEMAS},
}
