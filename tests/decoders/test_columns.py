"""One frame equals a column of one, for every golden frame of every definition."""

import numpy as np
import pytest

from decoders.bits import Array
from decoders.decode import Decoder
from decoders.definition.limits import STATES
from decoders.plan import Plan
from groundstation.catalog import SatelliteCatalog

SATELLITES = {
    id: satellite for id, satellite in SatelliteCatalog().satellites.items() if satellite.examples
}


def same(entry: object, value: object) -> bool:
    if value is None:
        return entry is None or bool(np.isnan(entry))  # type: ignore[call-overload]
    return bool(entry == value)


@pytest.mark.parametrize("id", sorted(SATELLITES))
def test_golden_frames_as_columns(id: str) -> None:
    satellite = SATELLITES[id]
    decoder = Decoder([satellite])
    layouts = {packet.name: packet for packet in satellite.packets}
    for example in satellite.examples:
        decoded = decoder.decode(example.frame, id)
        assert decoded.payload is not None
        start, bits = decoded.payload
        packet = example.frame[start // 8 : (start + bits) // 8]
        columns = Plan(layouts[decoded.packet or ""]).columns([packet] * 3)
        assert list(columns) == [value.name for value in decoded.values]
        for value in decoded.values:
            column = columns[value.name]
            raw: Array | None = column.raw
            assert same(column.value[2], value.value), value.name
            assert STATES[column.state[2]] == value.state, value.name
            if raw is not None:
                nothing = isinstance(value.raw, float) and np.isnan(value.raw)
                assert same(raw[2], None if nothing else value.raw), value.name
