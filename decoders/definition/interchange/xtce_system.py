"""The space systems of an XTCE document: its types, parameters and containers, and their names.

A reference is a path as in a file system: ``/Sat/Power/Volts``, ``../Volts`` or ``Volts``, which is
looked for in the system it stands in and then in those around it (XTCE 1.2, NameReferenceType).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element

from decoders.definition.interchange.located_xml import LocatedElement, line_of
from decoders.definition.interchange.refusals import Refusals

#: Types that build on each other.
_MOST_BASES = 50
_ENCODINGS = frozenset(
    f"{kind}DataEncoding" for kind in ("Integer", "Float", "String", "Binary")
) | {"Encoding"}
#: Where each kind of thing may be declared; commands share parameters with telemetry.
_PLACES = {
    "type": ("TelemetryMetaData/ParameterTypeSet", "CommandMetaData/ParameterTypeSet"),
    "parameter": ("TelemetryMetaData/ParameterSet", "CommandMetaData/ParameterSet"),
    "container": ("TelemetryMetaData/ContainerSet",),
}


class Found(NamedTuple):
    """An element, and the system whose references it uses.

    ``member``: the path into an aggregate that the reference goes on with, or empty.
    """

    element: Element
    space: Space
    member: tuple[str, ...] = ()


@dataclass(eq=False)
class Space:
    """One ``SpaceSystem``; names of its own things by their kind."""

    name: str
    parent: Space | None
    inner: dict[str, Space] = field(default_factory=dict)
    things: dict[str, dict[str, Element]] = field(default_factory=lambda: {k: {} for k in _PLACES})

    @property
    def root(self) -> Space:
        """The outermost system."""
        return self if self.parent is None else self.parent.root


class Systems:
    """All systems of a document."""

    def __init__(self, root: Element, refusals: Refusals):
        self.refusals = refusals
        self.containers: list[Found] = []
        self._everywhere: dict[tuple[str, str], list[Found]] = {}
        self._merged: dict[int, tuple[Element, Element]] = {}
        self._collect(root, None)

    def _collect(self, element: Element, parent: Space | None) -> None:
        space = Space(element.get("name", ""), parent)
        if parent is not None:
            parent.inner.setdefault(space.name, space)
        for kind, places in _PLACES.items():
            for place in places:
                for thing in element.iterfind(f"{place}/*"):
                    self._add(space, kind, thing)
        for inner in element.iterfind("SpaceSystem"):
            self._collect(inner, space)

    def _add(self, space: Space, kind: str, thing: Element) -> None:
        name = thing.get("name")
        if name is None:  # a ParameterRef, say
            return
        known = space.things[kind]
        if name in known:
            first = f"the {kind} of this name on line {line_of(known[name])} is taken"
            self.refusals.tell(thing, f"is left out: {first}")
            return
        known[name] = thing
        found = Found(thing, space)
        self._everywhere.setdefault((kind, name), []).append(found)
        if kind == "container" and thing.tag == "SequenceContainer":
            self.containers.append(found)

    def find(self, space: Space, reference: str | None, kind: str, at: Element) -> Found:
        """What ``reference``, which stands in ``space`` at the element ``at``, names.

        Raises DefinitionError when there is no such thing.
        """
        text = (reference or "").strip()
        parts = [part for part in text.split("/") if part not in ("", ".")]
        start: Space | None = space
        if text.startswith("/"):
            start = _absolute(space.root, parts)
            parts = parts[1:]
        while start is not None:
            found = _within(start, parts, kind)
            if found is not None:
                return found
            start = None if text.startswith("/") else start.parent
        alone = self._everywhere.get((kind, parts[-1] if parts else ""), [])
        if len(alone) == 1 and not text.startswith("/"):
            return alone[0]
        raise self.refusals.error(at, f"there is no {_WORDS[kind]} {text!r}")

    def type_of(self, space: Space, reference: str | None, at: Element) -> Found:
        """A parameter type with everything that it takes over from those it is based on.

        Raises DefinitionError when one of them does not exist.
        """
        found = self.find(space, reference, "type", at)
        return found._replace(element=self._with_base(found, 0))

    def _with_base(self, found: Found, depth: int) -> Element:
        kept = self._merged.get(id(found.element))
        if kept is not None:
            return kept[1]
        element, whole = found.element, found.element
        if base := element.get("baseType"):
            if depth > _MOST_BASES:
                raise self.refusals.error(element, "its types are based on each other in a ring")
            outer = self.find(found.space, base, "type", element)
            whole = _merged(element, self._with_base(outer, depth + 1))
        self._merged[id(element)] = element, whole
        return whole


_WORDS = {"type": "parameter type", "parameter": "parameter", "container": "container"}


def _absolute(root: Space, parts: list[str]) -> Space | None:
    return root if parts and parts[0] == root.name else None


def _within(space: Space, parts: Iterable[str], kind: str) -> Found | None:
    """What ``parts`` name from ``space`` on."""
    names = list(parts)
    at: Space | None = space
    for index, name in enumerate(names):
        if at is None:
            return None
        if name == "..":
            at = at.parent
            continue
        member = tuple(names[index + 1 :])
        found = _here(at, name, kind)
        if found is not None and (not member or kind == "parameter"):
            return found._replace(member=(*found.member, *member))
        at = at.inner.get(name)
    return None


def _here(space: Space, name: str, kind: str) -> Found | None:
    """A thing of the system, or a member of one written ``thing.member``."""
    things = space.things[kind]
    if name in things:
        return Found(things[name], space)
    first, dot, rest = name.partition(".")
    if kind == "parameter" and dot and first in things:
        return Found(things[first], space, tuple(rest.split(".")))
    return None


def _merged(own: Element, base: Element) -> Element:
    """``own`` with the attributes and children of ``base`` that it does not give itself."""
    taken = {key: value for key, value in base.attrib.items() if key not in ("name", "abstract")}
    whole = LocatedElement(own.tag, {**taken, **own.attrib})
    whole.line = line_of(own) or 0
    given = {child.tag for child in own}
    if given & _ENCODINGS:
        given |= _ENCODINGS
    whole.extend([*own, *(child for child in base if child.tag not in given)])
    return whole
