"""The frame that a lesson is about: the newest that fits, else one recorded with the program.

The recorded ones are examples of definitions: of the classroom's satellite, and of RTU MIREA1,
whose numbers have their low byte first and whose frame was received off air.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dashboard.data.station_data import StationData
from decoders.decode import Decoder
from decoders.definition.model import Parameter, Satellite
from decoders.explain import Explanation, explain
from decoders.value import Decoded
from groundstation.errors import StoreError

#: Receptions that are looked through for a value that fits.
_LOOKED_AT = 20
#: (definition, number of its example).
_RECORDED = (("classroom-1", 0), ("rtu-mirea1", 0))

#: Whether a value fits a lesson.
Fits = Callable[[Explanation, Parameter], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """A value of a frame. ``seq``: the reception's number, None: it is a recorded ``example`` of
    the satellite's definition, the first is 0."""

    satellite: Satellite
    seq: int | None
    example: int
    simulated: bool
    explanation: Explanation
    row: Parameter

    @property
    def kept(self) -> dict[str, str]:
        """What names it again."""
        return {"frame": "" if self.seq is None else str(self.seq), "value": self.name}

    @property
    def name(self) -> str:
        """The name of the value."""
        return self.explanation.value.name

    @property
    def raw(self) -> int:
        """The raw number."""
        return int(self.explanation.value.raw or 0)

    @property
    def raw_bytes(self) -> bytes:
        """Its bytes in the order in which they came."""
        digits = self.explanation.digits
        ordered = int(digits, 2).to_bytes(len(digits) // 8)
        return ordered[::-1] if self.row.endian == "little" else ordered


def find(data: StationData, fits: Fits, seq: int | None = None, name: str = "") -> Found:
    """The newest value that ``fits``; with ``name`` that one, of frame ``seq`` or recorded."""
    wanted = _named(fits, name) if name else fits
    found = next(_received(data, wanted, seq), None) if seq is not None or not name else None
    found = found or next(_recorded(data, wanted), None)
    return found or next(_recorded(data, fits))


def _named(fits: Fits, name: str) -> Fits:
    return lambda explanation, row: explanation.value.name == name and fits(explanation, row)


def _received(data: StationData, fits: Fits, seq: int | None) -> Iterator[Found]:
    try:
        with data.journal() as journal:
            one = journal.get(seq) if seq is not None else None
            few = [one] if one else journal.before(None, _LOOKED_AT) if seq is None else []
    except StoreError:
        return  # nothing was received yet
    for reception in few:
        for decoded in () if reception.damaged else data.decode(reception)[:1]:
            satellite = data.satellite(decoded.satellite or "")
            if satellite is not None:
                simulated = reception.simulated or satellite.simulated
                for explanation, row in _values(satellite, decoded, fits):
                    yield Found(satellite, reception.seq, 0, simulated, explanation, row)


def _recorded(data: StationData, fits: Fits) -> Iterator[Found]:
    for id, number in _RECORDED:
        satellite = data.satellite(id)
        if satellite is not None and number < len(satellite.examples):
            frame = satellite.examples[number].frame
            decoded = Decoder([satellite]).decode(frame, satellite.id)
            for explanation, row in _values(satellite, decoded, fits):
                yield Found(satellite, None, number, satellite.simulated, explanation, row)


def _values(
    satellite: Satellite, decoded: Decoded, fits: Fits
) -> Iterator[tuple[Explanation, Parameter]]:
    for explanation in explain(satellite, decoded):
        row = explanation.value.row
        if isinstance(row, Parameter) and fits(explanation, row):
            yield explanation, row
