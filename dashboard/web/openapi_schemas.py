"""What the answers of ``/api/v1`` hold, for :mod:`dashboard.web.openapi`."""

from __future__ import annotations

from dashboard.web.burst_schema import BURST
from dashboard.web.json_schema import (
    FLAG,
    NUMBER,
    SCALAR,
    STATE,
    TEXT,
    TIME,
    WHOLE,
    Schema,
    list_of,
    map_of,
    maybe,
    record,
    ref,
    whole,
)
from groundstation.alarms.lifecycle import STANDINGS
from groundstation.model.alarms import RULES
from groundstation.model.board import (
    COLUMNS,
    FORMAT,
    KINDS,
    MOST_NAME,
    MOST_PARAMETERS,
    MOST_TILES,
    MOST_WORD,
    RANGES,
    ROWS,
    VERSION,
    VISIBLE,
)

_RANGE = maybe({"type": "array", "items": maybe(NUMBER)})
_RECEPTION = {
    "seq": WHOLE,
    "received": TIME,
    "link": TEXT,
    "satellite": maybe(TEXT),
    "packet": maybe(TEXT),
    "status": {"enum": ["decoded", "damaged", "unknown", "undecoded", "waiting"]},
    "error": maybe(TEXT),
    "note": maybe(TEXT),
    "damaged": FLAG,
    "simulated": FLAG,
    "imported": FLAG,
    "unsynchronised": FLAG,
    "eb_n0_db": maybe(NUMBER),
    "offset_hz": maybe(NUMBER),
    "repaired": maybe(WHOLE),
    "length": WHOLE,
}
_VALUE = {"raw": SCALAR, "value": SCALAR, "unit": TEXT, "state": STATE}
_LINES = list_of(list_of(list_of(NUMBER)))
_BITS = maybe({"type": "array", "items": WHOLE})
_STEP = record(kind=TEXT, label=TEXT, text=TEXT, ok=maybe(FLAG))
#: What a frame says, whether somebody received it or not.
_XRAY: Schema = {
    "flipped": list_of(WHOLE),
    "checks": list_of(
        record(name=TEXT, algorithm=TEXT, bits=_BITS, held=TEXT, computed=TEXT, ok=FLAG)
    ),
    "packets": list_of(record(packet=maybe(TEXT), bits=_BITS, error=maybe(TEXT), note=maybe(TEXT))),
    "layers": list_of(record(layer=TEXT, bits=_BITS, fields=map_of({}))),
    "parameters": map_of(
        record(**_VALUE, label=TEXT, bits=_BITS, steps=list_of(_STEP), limits=ref("Limits"))
    ),
}

SPOTLIGHT = maybe(record(id=WHOLE, path=TEXT, opened=WHOLE, answered=WHOLE, right=WHOLE))


def _tile(kinds: list[str], fewest: int, most: int) -> Schema:
    """Tiles of these kinds, with ``fewest`` to ``most`` parameters."""
    parameters = {
        **list_of({**TEXT, "minLength": 1, "maxLength": MOST_WORD}),
        "minItems": fewest,
        "maxItems": most,
        "description": "names, or #1 to #6: the values of the first page",
    }
    return {
        "type": "object",
        "properties": {
            "kind": {"enum": kinds},
            "satellite": {
                **maybe({**TEXT, "minLength": 1, "maxLength": MOST_WORD}),
                "description": "its id; null: the one whose pass is on",
            },
            "parameters": parameters,
            "range": {"enum": list(RANGES)},
            "width": whole(1, COLUMNS),
            "height": whole(1, ROWS),
        },
        "required": ["kind", *(["parameters"] if fewest else [])],
        "additionalProperties": False,
    }


_TILE: Schema = {
    "oneOf": [
        _tile(["value"], 1, 1),
        _tile(["chart"], 1, MOST_PARAMETERS),
        _tile([kind for kind in KINDS if kind not in ("value", "chart")], 0, 0),
    ]
}
#: As files of boards have it.
BOARD: Schema = {
    "type": "object",
    "properties": {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "name": {**TEXT, "pattern": VISIBLE, "maxLength": MOST_NAME},
        "tiles": {**list_of(_TILE), "maxItems": MOST_TILES},
    },
    "required": ["format", "version", "name"],
    "additionalProperties": False,
}

SCHEMAS: dict[str, Schema] = {
    "Board": record(id=WHOLE, revision=WHOLE, on_wall=FLAG, board=BOARD),
    "Burst": BURST,
    "Error": record(error=TEXT),
    "Limits": maybe(
        record(
            warning=_RANGE,
            critical=_RANGE,
            warning_words=list_of(TEXT),
            critical_words=list_of(TEXT),
        )
    ),
    "Status": record(
        now=TIME,
        speed=NUMBER,
        running=FLAG,
        started=maybe(TIME),
        simulated=FLAG,
        site=maybe(record(name=TEXT, latitude_deg=NUMBER, longitude_deg=NUMBER, altitude_m=NUMBER)),
        satellites=list_of(TEXT),
        line=list_of(TEXT),
        notices=list_of(list_of(TEXT)),
        links=list_of(record(name=TEXT, url=TEXT, state=TEXT, listens=TEXT, last_byte=maybe(TIME))),
        followers=map_of(
            record(
                seq=WHOLE,
                lag=WHOLE,
                error=maybe(TEXT),
                backlog=WHOLE,
                set_apart=TEXT,
                left_out=WHOLE,
            )
        ),
        journal=FLAG,
        journal_error=maybe(TEXT),
        alarms=record(active=WHOLE, unseen=WHOLE, critical=FLAG, newest=maybe(TIME)),
        schedule=maybe(
            record(
                state=TEXT,
                doubt=maybe(TEXT),
                problems=list_of(TEXT),
                alarms=list_of(TEXT),
                now=list_of(map_of({})),
                next=maybe(map_of({})),
                antenna=maybe(map_of({})),
            )
        ),
        spotlight=SPOTLIGHT,
        timekeeping=maybe(
            record(synchronised=maybe(FLAG), wrong=TEXT, stepped=maybe(TIME), step_s=NUMBER)
        ),
    ),
    "Satellite": record(
        id=TEXT,
        name=TEXT,
        norad=maybe(WHOLE),
        callsigns=list_of(TEXT),
        simulated=FLAG,
        source=TEXT,
        version=TEXT,
        downlinks=list_of(record(name=TEXT, frequency_hz=maybe(NUMBER))),
        parameters={},
    ),
    "Reading": record(**_VALUE, time=TIME, seq=WHOLE, simulated=FLAG),
    "Reception": record(**_RECEPTION, raw=TEXT),
    "Event": record(**_RECEPTION, values=map_of(record(**_VALUE))),
    "Xray": record(**_RECEPTION, raw=TEXT, **_XRAY),
    "Example": record(
        example=WHOLE,
        source=TEXT,
        satellite=maybe(TEXT),
        packet=maybe(TEXT),
        error=maybe(TEXT),
        length=WHOLE,
        simulated=FLAG,
        raw=TEXT,
        **_XRAY,
    ),
    "Learn": record(
        lessons=list_of(
            record(
                id=TEXT,
                title=TEXT,
                summary=TEXT,
                text=list_of(TEXT),
                facts=list_of(record(name=TEXT, text=TEXT)),
                source=TEXT,
                simulated=FLAG,
                question=TEXT,
                unit=TEXT,
            )
        ),
        glossary=list_of(record(id=TEXT, term=TEXT, text=TEXT)),
    ),
    "Exercises": record(
        frame=WHOLE,
        simulated=FLAG,
        by_hand=list_of(
            record(
                parameter=TEXT,
                label=TEXT,
                bits=list_of(WHOLE),
                questions=list_of(
                    record(
                        kind=TEXT,
                        task=TEXT,
                        given=TEXT,
                        answer={"type": ["number", "string"]},
                        choices=list_of(TEXT),
                        way=TEXT,
                    )
                ),
                sentence=TEXT,
            )
        ),
        damaged_byte=maybe(record(raw=TEXT, parameter=TEXT, answer=WHOLE, sent=TEXT, came=TEXT)),
        which_satellite=maybe(
            record(options=list_of(record(id=TEXT, name=TEXT, callsign=TEXT)), answer=TEXT)
        ),
    ),
    "Series": record(
        satellite=TEXT,
        parameter=TEXT,
        unit=TEXT,
        simulated=FLAG,
        bucket_s=NUMBER,
        bands=maybe(list_of(record(start=TIME, end=TIME, value=SCALAR, state=TEXT))),
        digits=maybe(WHOLE),
        limits=ref("Limits"),
        times=list_of(TIME),
        minimum=list_of(NUMBER),
        maximum=list_of(NUMBER),
        mean=list_of(NUMBER),
    ),
    "Note": record(
        id=WHOLE,
        satellite=TEXT,
        time=TIME,
        seq=maybe(WHOLE),
        text=TEXT,
        by=TEXT,
        written=TIME,
    ),
    "Values": record(satellite=TEXT, chosen=FLAG, values=list_of(TEXT)),
    "Chart": record(
        satellite=TEXT,
        start=TIME,
        end=TIME,
        series=list_of(ref("Series")),
        notes=list_of(ref("Note")),
        passes=list_of(record(aos=TIME, los=TIME)),
        shadows=list_of(record(start=TIME, end=TIME)),
        shadows_known=FLAG,
    ),
    "Pass": record(
        norad=WHOLE,
        satellite=TEXT,
        satellite_id=maybe(TEXT),
        name=TEXT,
        aos=TIME,
        tca=TIME,
        los=TIME,
        duration_s=NUMBER,
        max_elevation_deg=NUMBER,
        aos_azimuth_deg=NUMBER,
        tca_azimuth_deg=NUMBER,
        los_azimuth_deg=NUMBER,
        sunlit=FLAG,
        elements_age_days=NUMBER,
        timing_error_s=NUMBER,
        frequency_hz=maybe(NUMBER),
        trusted=FLAG,
        simulated=FLAG,
    ),
    "Now": record(
        satellite=TEXT,
        name=TEXT,
        time=TIME,
        heard=maybe(TIME),
        sentence=TEXT,
        charging=maybe(FLAG),
        judged=WHOLE,
        outside=list_of(TEXT),
        values=list_of(TEXT),
        **{"pass": {"oneOf": [ref("Pass"), {"type": "null"}]}},
        where=maybe(
            record(
                latitude_deg=NUMBER,
                longitude_deg=NUMBER,
                altitude_km=NUMBER,
                sunlit=maybe(FLAG),
                countries=list_of(TEXT),
                ocean=TEXT,
                distance_km=maybe(NUMBER),
                direction_deg=maybe(NUMBER),
                flown=_LINES,
                ahead=_LINES,
                seen=_LINES,
                night=_LINES,
            )
        ),
    ),
    "FlownPass": record(
        **{"pass": TEXT},
        satellite=TEXT,
        name=TEXT,
        aos=TIME,
        los=TIME,
        max_elevation_deg=NUMBER,
        frames=WHOLE,
        bad_frames=WHOLE,
        timing_error_s=NUMBER,
        doubt=maybe(TEXT),
        simulated=FLAG,
    ),
    "PassReport": record(
        **{"pass": TEXT},
        version=WHOLE,
        norad=WHOLE,
        satellite=TEXT,
        name=TEXT,
        simulated=FLAG,
        predicted=map_of({}),
        elements=map_of({}),
        watched=list_of(map_of(TIME)),
        tracking=maybe(map_of({})),
        heard=map_of({}),
        track=list_of(list_of(maybe(NUMBER))),
    ),
    "Alarm": record(
        id=TEXT,
        satellite=maybe(TEXT),
        name=TEXT,
        rule={"enum": list(RULES)},
        parameter=TEXT,
        seq=WHOLE,
        title=TEXT,
        severity={"enum": ["warning", "critical"]},
        standing={"enum": list(STANDINGS)},
        active=FLAG,
        triggered=TIME,
        raised=maybe(TIME),
        returned=maybe(TIME),
        value=SCALAR,
        unit=TEXT,
        limits=_RANGE,
        packet=TEXT,
        detail=TEXT,
        simulated=FLAG,
        means=TEXT,
        mend=TEXT,
        acknowledged=maybe(TIME),
        acknowledged_by=maybe(TEXT),
        acknowledged_reason=maybe(TEXT),
        shelved_until=maybe(TIME),
        shelved_by=maybe(TEXT),
        shelved_reason=maybe(TEXT),
    ),
    "Point": record(
        time=TIME,
        azimuth_deg=NUMBER,
        elevation_deg=NUMBER,
        range_km=NUMBER,
        range_rate_km_s=NUMBER,
        latitude_deg=NUMBER,
        longitude_deg=NUMBER,
        altitude_km=NUMBER,
        sunlit=FLAG,
    ),
}
