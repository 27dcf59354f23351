"""XTCE 1.2 as a definition: what Yamcs and space-packet-parser read of it, with the same values.

Each container that is not abstract becomes a packet. What a definition cannot say is refused by
line and element, and the rest of the document is read.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from decoders.definition.interchange.conversion import Imported, without_empty
from decoders.definition.interchange.located_xml import read_xml
from decoders.definition.interchange.names import as_name
from decoders.definition.interchange.refusals import Refusals
from decoders.definition.interchange.xtce_containers import Containers, Packet, ours
from decoders.definition.interchange.xtce_match import in_order
from decoders.definition.interchange.xtce_packets import SPACE_PACKET, named, packet_data
from decoders.definition.interchange.xtce_system import Systems
from decoders.errors import DefinitionError

_LEFT_OUT = {
    "CommandMetaData": "telecommands are left out",
    "AlgorithmSet": "algorithms are left out",
    "StreamSet": "streams are left out",
    "MessageSet": "messages are left out",
}


def from_xtce(text: str, *, source: str = "document") -> Imported:
    """The data of a definition. Raises DefinitionError for XML that is no XTCE.

    Also when no container of it can be converted.
    """
    root = read_xml(text, source)
    if root.tag != "SpaceSystem":
        raise DefinitionError(f"is not XTCE: its root is {root.tag!r}", source=source)
    refusals = Refusals(source)
    for tag, told in _LEFT_OUT.items():
        element = next(root.iter(tag), None)
        if element is not None:
            refusals.tell(element, told)
    kept = ours(root)
    own = bool(kept)
    packets = _packets(Containers(Systems(root, refusals), own=own), refusals, own)
    if not packets and next(root.iter("SequenceContainer"), None) is not None:
        raise DefinitionError(
            "; ".join(["no container of it can be converted", *refusals.sentences()[:1]]),
            source=source,
        )
    layers = any(SPACE_PACKET in packet.get("layers", ()) for packet in packets)
    about = {
        "name": root.get("shortDescription") or root.get("name") or "imported",
        "norad": int(kept["norad"]) if kept.get("norad", "").isdecimal() else None,
        "callsigns": [call for call in kept.get("callsigns", "").split(",") if call],
        "source": kept.get("source") or f"imported from {source}",
        "version": next((h.get("version", "") for h in root.iterfind("Header")), ""),
    }
    data = {
        "satellite": without_empty(about),
        "downlinks": [{"name": "downlink", **({"layers": [SPACE_PACKET]} if layers else {})}],
        "packets": list(named(packets)),
    }
    return Imported(data, refusals.sentences())


def _packets(containers: Containers, refusals: Refusals, own: bool) -> list[dict[str, Any]]:
    """The packets in the order in which they must be tried."""
    taken: set[str] = set()
    found = []
    for packet in containers.packets():
        name = as_name(str(packet.container.get("name")), taken)
        taken.add(name)
        found.append((packet.way, (packet, name)))
    kept, wrong = in_order(found)
    for packet, _ in wrong:
        _tell_wrong(packet, refusals)
    return [packet_data(packet, name, own=own) for packet, name in kept]


def _tell_wrong(packet: Packet, refusals: Refusals) -> None:
    element: Element = packet.container
    criteria = element.find("BaseContainer/RestrictionCriteria")
    refusals.tell(
        element if criteria is None else criteria,
        f"container {element.get('name')} is left out: a value that it must not have is no other "
        "container's, so it cannot be told apart",
    )
