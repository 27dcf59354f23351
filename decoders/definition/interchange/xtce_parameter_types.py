"""A parameter type of XTCE as what it is to a row, each type once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from decoders.definition.bounds import EPOCH_YEARS
from decoders.definition.interchange import formulas
from decoders.definition.interchange.conversion import without_empty
from decoders.definition.interchange.xtce_kinds import Aggregate, Array, Gap, Kind, Scalar
from decoders.definition.interchange.xtce_numbers import integer, real, seconds
from decoders.definition.interchange.xtce_system import Found, Space, Systems
from decoders.definition.interchange.xtce_texts import binary, text
from decoders.definition.interchange.xtce_values import Reader

#: Epochs whose seconds are those of UTC. TAI, GPS and J2000 count leap seconds as well.
_EPOCHS = {"UNIX": "1970-01-01T00:00:00Z", "POSIX": "1970-01-01T00:00:00Z"}
_TIMES = ("AbsoluteTimeParameterType", "RelativeTimeParameterType")
_TIME_BITS = range(8, 65)
_ENCODED: dict[str, Callable[[Element, Element, Space, Reader], Scalar | Gap]] = {
    "IntegerDataEncoding": integer,
    "FloatDataEncoding": real,
    "StringDataEncoding": text,
    "BinaryDataEncoding": binary,
}


class ParameterTypes:
    """What the types of a document are."""

    def __init__(self, systems: Systems):
        self.systems = systems
        self.reader = Reader(systems.refusals)
        #: Rows that the containers have made so far.
        self.entries = 0
        self._known: dict[int, tuple[Element, Kind]] = {}

    def of(self, space: Space, reference: str | None, at: Element) -> Kind:
        """The type that ``reference``, which stands at ``at``, names. Raises DefinitionError."""
        return self.kind(self.systems.type_of(space, reference, at))

    def kind(self, found: Found) -> Kind:
        """What a type is; what of it cannot be kept is told once."""
        known = self._known.get(id(found.element))
        if known is None:
            known = self._known[id(found.element)] = found.element, self._kind(found)
        return known[1]

    def _kind(self, found: Found) -> Kind:
        kind, space = found.element, found.space
        if kind.tag == "AggregateParameterType":
            return self._aggregate(kind, space)
        if kind.tag == "ArrayParameterType":
            reference = kind.get("arrayTypeRef")
            dimensions = tuple(kind.iterfind("DimensionList/Dimension"))
            return Array(self.systems.type_of(space, reference, kind), dimensions, space)
        if kind.tag in _TIMES:
            return self._time(kind, space)
        for tag, read in _ENCODED.items():
            encoding = kind.find(tag)
            if encoding is not None:
                return read(kind, encoding, space, self.reader)
        raise self.reader.refusals.error(kind, "has no encoding, so it is not known how long it is")

    def _aggregate(self, kind: Element, space: Space) -> Aggregate:
        members = []
        for member in kind.iterfind("MemberList/Member"):
            found = self.systems.type_of(space, member.get("typeRef"), member)
            members.append((member.get("name", ""), found, member))
        return Aggregate(tuple(members))

    def _time(self, kind: Element, space: Space) -> Scalar | Gap:
        refusals = self.reader.refusals
        encoding = kind.find("Encoding")
        for tag in ("StringDataEncoding", "BinaryDataEncoding"):
            part = None if encoding is None else encoding.find(tag)
            if part is not None:
                return _ENCODED[tag](kind, part, space, self.reader)
        number = None
        for tag in ("IntegerDataEncoding", "FloatDataEncoding"):
            found = None if encoding is None else encoding.find(tag)
            number = found if found is not None else number
        if encoding is None or number is None:
            raise refusals.error(kind, "has no encoding, so it is not known how long it is")
        coded, keys = seconds(encoding, number, self.reader)
        if isinstance(coded, Gap):
            return coded
        type_ = coded.keys["type"]
        epoch = self._epoch(kind)
        is_time = type_[0] == "u" and int(type_[1:]) in _TIME_BITS and epoch
        if is_time:
            row: dict[str, Any] = {**coded.keys, "type": "time", "bits": int(type_[1:]), **keys}
            return Scalar({**row, "epoch": epoch}, space, formulas.RAW)
        if kind.tag == "AbsoluteTimeParameterType":
            refusals.tell(kind, "is kept as a number of seconds, not as a time")
        return Scalar({**coded.keys, **keys, "unit": "s"}, space, formulas.RAW)

    def _epoch(self, kind: Element) -> str:
        """When a time counts from, in UTC; empty: not known."""
        told = (kind.findtext("ReferenceTime/Epoch") or "").strip()
        if kind.tag != "AbsoluteTimeParameterType" or not told:
            return ""
        epoch = _EPOCHS.get(told, told)
        try:
            when = datetime.fromisoformat(epoch)
        except ValueError:
            return ""
        if when.year not in EPOCH_YEARS:
            return ""
        return epoch if when.tzinfo is not None else f"{when.isoformat()}Z"


def about(parameter: Element, kept: dict[str, str]) -> dict[str, Any]:
    """Label and explanation of a parameter, and what our own export ``kept`` of it."""
    name, short = str(parameter.get("name")), parameter.get("shortDescription", "")
    label = "" if short == name.replace("_", " ") else short
    doc = (parameter.findtext("LongDescription") or "").strip()
    return without_empty({"label": label, "doc": doc, **kept})
