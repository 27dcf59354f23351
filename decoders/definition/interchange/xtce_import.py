"""XTCE 1.2 as a definition: the subset that Yamcs and space-packet-parser use.

Each container that is not abstract becomes a packet with the rows of those that it inherits from;
restriction criteria become its match.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from decoders.definition.interchange.conversion import Imported, Losses, without_empty
from decoders.definition.interchange.names import as_name, read_xml
from decoders.definition.interchange.xtce_match import Read, match_of
from decoders.definition.interchange.xtce_names import HEADER, OURS
from decoders.definition.interchange.xtce_rows import bits_of, ours, row
from decoders.errors import DefinitionError

_MOST_DEPTH = 50
_MOST_ENTRIES = 10_000


@dataclass(slots=True)
class _System:
    """All types, parameters and containers of a document, nested space systems included."""

    source: str
    losses: Losses
    types: dict[str, Element] = field(default_factory=dict)
    parameters: dict[str, Element] = field(default_factory=dict)
    containers: dict[str, Element] = field(default_factory=dict)

    def collect(self, root: Element) -> None:
        for element in root.iter():
            if element.tag.endswith("ParameterType"):
                self._add(self.types, element)
            elif element.tag == "Parameter" and element.get("parameterTypeRef"):
                self._add(self.parameters, element)
            elif element.tag == "SequenceContainer":
                self._add(self.containers, element)

    def _add(self, into: dict[str, Element], element: Element) -> None:
        name = str(element.get("name"))
        if name in into:
            self.losses.add("of things with one name in different systems the first counts", name)
        into.setdefault(name, element)

    def find(self, into: dict[str, Element], reference: str | None, what: str) -> Element:
        """What ``reference``, which may be a path, names."""
        name = str(reference).rpartition("/")[2]
        if name not in into:
            raise DefinitionError(f"there is no {what} {reference!r}", source=self.source)
        return into[name]


def from_xtce(text: str, *, source: str = "document") -> Imported:
    """The data of a definition. Raises DefinitionError for XML that is no XTCE."""
    root = read_xml(text, source)
    if root.tag != "SpaceSystem":
        raise DefinitionError(f"is not XTCE: its root is {root.tag!r}", source=source)
    try:
        return _imported(root, source)
    except (ValueError, OverflowError) as error:
        raise DefinitionError(f"a number in it is none: {error}", source=source) from error


def _imported(root: Element, source: str) -> Imported:
    losses = Losses("XTCE")
    system = _System(source, losses)
    system.collect(root)
    if root.find(".//CommandMetaData") is not None:
        losses.add("telecommands are left out")
    if root.find(".//AlgorithmSet") is not None:
        losses.add("algorithms are left out")
    packets = sorted(_packets(system), key=lambda packet: -packet[0])
    kept = ours(root)
    layers = any("space-packet" in packet.get("layers", ()) for _, packet in packets)
    about = {
        "name": root.get("shortDescription") or root.get("name"),
        "norad": int(kept["norad"]) if kept.get("norad", "").isdecimal() else None,
        "callsigns": [call for call in kept.get("callsigns", "").split(",") if call],
        "source": kept.get("source") or f"imported from {source}",
        "version": next((h.get("version", "") for h in root.iterfind("Header")), ""),
    }
    data = {
        "satellite": without_empty(about),
        "downlinks": [{"name": "downlink", **({"layers": ["space-packet"]} if layers else {})}],
        "packets": [packet for _, packet in packets],
    }
    return Imported(data, losses.sentences())


def _packets(system: _System) -> Iterator[tuple[int, dict[str, Any]]]:
    """(how many rules it has, packet); those with more rules must be tried first."""
    taken: set[str] = set()
    for container in system.containers.values():
        if container.get("abstract", "false") == "true":
            continue
        entries, rules = _flattened(system, container, 0)
        name = as_name(str(container.get("name")), taken)
        taken.add(name)
        yield _packet(system, container, name, entries, rules)


def _flattened(
    system: _System, container: Element, depth: int
) -> tuple[list[Read], list[tuple[str, str, str]]]:
    """Entries from the outermost base on, and (parameter, operator, value) of all criteria."""
    if depth > _MOST_DEPTH:
        raise DefinitionError("containers inherit from each other in a ring", source=system.source)
    entries: list[Read] = []
    rules: list[tuple[str, str, str]] = []
    base = container.find("BaseContainer")
    if base is not None:
        outer = system.find(system.containers, base.get("containerRef"), "container")
        entries, rules = _flattened(system, outer, depth + 1)
        rules = [*rules, *_criteria(system, base)]
    for entry in container.iterfind("EntryList/*"):
        entries += _entry(system, entry, depth)
        if len(entries) > _MOST_ENTRIES:
            told = f"container {container.get('name')!r} has more than {_MOST_ENTRIES} entries"
            raise DefinitionError(told, source=system.source)
    return entries, rules


def _criteria(system: _System, base: Element) -> Iterator[tuple[str, str, str]]:
    for comparison in base.iterfind("RestrictionCriteria//Comparison"):
        operator = comparison.get("comparisonOperator", "==")
        yield str(comparison.get("parameterRef")), operator, str(comparison.get("value"))
    everything = base.find("RestrictionCriteria/BooleanExpression/ANDedConditions")
    alone = base.find("RestrictionCriteria/BooleanExpression")
    for where in (everything, alone):
        for condition in where.iterfind("Condition") if where is not None else ():
            reference = condition.find("ParameterInstanceRef")
            if reference is not None and condition.find("Value") is not None:
                operator = condition.findtext("ComparisonOperator") or "=="
                value = condition.findtext("Value") or ""
                yield str(reference.get("parameterRef")), operator, value
    if base.find(".//ORedConditions") is not None:
        system.losses.add(
            "alternatives in restriction criteria are left out: the first packet that fits wins",
            str(base.get("containerRef")),
        )


def _entry(system: _System, entry: Element, depth: int) -> list[Read]:
    if entry.tag == "ContainerRefEntry":
        inner = system.find(system.containers, entry.get("containerRef"), "container")
        return _flattened(system, inner, depth + 1)[0]
    if entry.tag != "ParameterRefEntry":
        system.losses.add(f"entries {entry.tag!r} are left out")
        return []
    parameter = system.find(system.parameters, entry.get("parameterRef"), "parameter")
    kind = system.find(system.types, parameter.get("parameterTypeRef"), "parameter type")
    name = str(parameter.get("name"))
    keys = row(parameter, kind, system.losses)
    alias = next(
        (
            a.get("alias")
            for a in parameter.iterfind("AliasSet/Alias")
            if a.get("nameSpace") == OURS
        ),
        None,
    )
    keys = {"name": alias or name, **keys}
    found = [Read(name, keys, None)]
    location = entry.find("LocationInContainerInBits")
    if location is not None:
        offset = int(location.findtext("FixedValue") or 0)
        if location.get("referenceLocation", "previousEntry") == "containerStart":
            found[0].at = offset
        elif offset > 0:
            found.insert(0, Read("", {"skip": offset}, None))
    repeat = entry.findtext("RepeatEntry/Count/FixedValue")
    if repeat is not None and "skip" not in keys:
        keys["repeat"] = int(repeat)
    if entry.find("IncludeCondition") is not None:
        _condition(system, entry, keys)
    return found


def _condition(system: _System, entry: Element, keys: dict[str, Any]) -> None:
    comparisons = list(entry.iterfind("IncludeCondition//Comparison"))
    if not comparisons:
        system.losses.add("include conditions other than comparisons are left out", keys["name"])
        return
    keys["when"] = " and ".join(
        f"{as_name(str(c.get('parameterRef')).rpartition('/')[2])} "
        f"{c.get('comparisonOperator', '==')} {c.get('value')}"
        for c in comparisons
    )


def _packet(
    system: _System,
    container: Element,
    name: str,
    entries: list[Read],
    rules: list[tuple[str, str, str]],
) -> tuple[int, dict[str, Any]]:
    header = _header(entries)
    body = entries[len(header) :]
    shift = sum(bits for _, _, bits in HEADER) if header else 0
    match, dropped = match_of(name, rules, header, body, system.losses)
    names: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    for read in body[dropped:]:
        keys = dict(read.keys)
        if "skip" in keys or keys["name"].startswith("gap_"):
            rows.append({"skip": bits_of(keys)})
            continue
        keys["name"] = names[read.theirs] = as_name(keys["name"], names.values())
        if read.at is not None:
            keys["at"] = read.at - shift
        if isinstance(keys.get("size_from"), tuple):
            _sized(system, keys, names, header)
        rows.append(keys)
    label = container.get("shortDescription", "")
    packet = {
        "name": name,
        "label": "" if label == str(container.get("name")).replace("_", " ") else label,
        "match": match,
        "parameters": rows,
    }
    layers = {"layers": ["space-packet"]} if header else {}
    strict = sum(operator == "==" for _, operator, _ in rules)
    return strict, without_empty({**packet, **layers})


def _header(entries: list[Read]) -> dict[str, str]:
    """XTCE name -> our field when the entries begin with the header of a space packet."""
    sizes = [bits_of(read.keys) for read in entries[: len(HEADER)]]
    if sizes != [bits for _, _, bits in HEADER]:
        return {}
    return {read.theirs: ours for read, (_, ours, _) in zip(entries, HEADER, strict=False)}


def _sized(
    system: _System, keys: dict[str, Any], names: dict[str, str], header: dict[str, str]
) -> None:
    other, factor, add = keys.pop("size_from")
    if other in header:
        return
    if other not in names:
        system.losses.add("lengths given by what comes later are taken as the rest", keys["name"])
        return
    expression = names[other] if factor == 1 else f"{names[other]} * {factor:g}"
    keys["size_from"] = f"{expression} + {add:g}" if add else expression
