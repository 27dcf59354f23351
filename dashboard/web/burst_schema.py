"""What ``/api/v1/burst`` answers; see :mod:`dashboard.data.burst_record`."""

from __future__ import annotations

from dashboard.web.json_schema import (
    FLAG,
    NUMBER,
    TEXT,
    TIME,
    WHOLE,
    Schema,
    list_of,
    maybe,
    record,
)

_NUMBERS = list_of(NUMBER)

BURST: Schema = maybe(
    record(
        link=TEXT,
        way=TEXT,
        satellite=maybe(TEXT),
        simulated=FLAG,
        received=maybe(TIME),
        seq=maybe(WHOLE),
        frame=TEXT,
        iq=FLAG,
        wave=record(
            step_ms=NUMBER,
            frame_ms=NUMBER,
            low=_NUMBERS,
            high=_NUMBERS,
            near=_NUMBERS,
            near_step_ms=NUMBER,
        ),
        spectrum=record(
            from_hz=NUMBER,
            step_hz=NUMBER,
            db=_NUMBERS,
            rows=list_of(list_of(WHOLE)),
            row_ms=NUMBER,
        ),
        eye=list_of(_NUMBERS),
        path=_NUMBERS,
        path_step=NUMBER,
        dots=list_of(_NUMBERS),
        symbols=_NUMBERS,
        bits=TEXT,
        bits_per_symbol=WHOLE,
    )
)
