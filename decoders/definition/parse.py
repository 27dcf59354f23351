"""TOML text to :class:`~decoders.definition.model.Satellite`, or every mistake with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from decoders.definition.calibration import Enumeration, Flags
from decoders.definition.groups import GROUPS
from decoders.definition.model import Downlink, Example, PacketLayout, Satellite
from decoders.definition.node import Node, Problems, told, toml_data
from decoders.definition.packets import check_spans, layers, packet_layout, unique
from decoders.definition.translate import Vocabulary
from decoders.errors import DefinitionError
from decoders.framing.registry import FRAMINGS, deframer
from decoders.suggest import nearest

TOP_KEYS = ("satellite", "downlinks", "packets", "examples", "groups", "words", "extends")
SATELLITE_KEYS = ("name", "norad", "callsigns", "csp_addresses", "source", "version", "simulated")
DOWNLINK_KEYS = (
    *("name", "frequency_hz", "modulation", "baud", "deviation_hz", "carrier_hz", "framing"),
    *("layers", "options"),
)
#: How far a carrier may move for a bit, and where in the audio a sub-carrier may be, Hz.
_MOST_DEVIATION_HZ, _CARRIERS_HZ = 1e6, (100.0, 24_000.0)
WORD_KEYS = ("ru", "ky")
EXAMPLE_KEYS = ("packet", "hex", "expect", "source")

#: Gives the text of a sister definition by id, for ``extends``; raises KeyError when there is none.
Sister = Callable[[str], str]


def parse(
    text: str,
    *,
    id: str,
    source: str = "",
    sister: Sister | None = None,
    vocabulary: Vocabulary | None = None,
) -> Satellite:
    """The satellite that ``text`` defines. ``source`` is the file name for messages.

    ``vocabulary``: translates labels and words that the text does not translate itself. Raises
    DefinitionError for the first mistake; :func:`mistakes` lists them all.
    """
    satellite, errors = _parse(text, id, source or f"{id}.toml", sister, vocabulary)
    if errors:
        raise errors[0]
    return satellite


def mistakes(
    text: str, *, id: str, source: str = "", sister: Sister | None = None
) -> list[DefinitionError]:
    """Every mistake in ``text``, in the order found; empty: :func:`parse` will succeed."""
    return _parse(text, id, source or f"{id}.toml", sister)[1]


def _parse(
    text: str,
    id: str,
    source: str,
    sister: Sister | None,
    vocabulary: Vocabulary | None = None,
) -> tuple[Satellite, list[DefinitionError]]:
    nothing = Satellite(id=id, name=id)
    try:
        data = toml_data(text, source)
        data = _extended(data, source, sister)
    except DefinitionError as error:
        return nothing, [error]
    problems = Problems(text, source, data, vocabulary)
    top = Node(data, (), problems)
    top.only(TOP_KEYS)
    satellite = _satellite(top, id)
    return satellite, problems.errors


def _extended(data: dict[str, Any], source: str, sister: Sister | None) -> dict[str, Any]:
    """``data`` laid over the sister that it extends: packets by name, other tables by key.

    A packet without ``parameters`` is laid over the sister's, key by key.
    """
    name = data.get("extends")
    if name is None:
        return data
    if not isinstance(name, str):
        problem = f"{told(name)} is not a text in quotes"
        raise DefinitionError(problem, source=source, line=1, key="extends")
    try:
        base = toml_data(sister(name), f"{name}.toml") if sister else None
    except KeyError:
        base = None
    if base is None:
        raise DefinitionError(f"there is no definition {name!r} to extend", source=source, line=1)
    if "extends" in base:
        raise DefinitionError(
            f"{name!r} extends another definition itself; one level only", source=source, line=1
        )
    whole = {**data, "downlinks": data.get("downlinks", base.get("downlinks", []))}
    for key in ("satellite", "groups", "words"):
        own, theirs = data.get(key, {}), base.get(key, {})
        if isinstance(own, dict) and isinstance(theirs, dict):  # else the own one is told
            whole[key] = {**theirs, **own}
    own, theirs = data.get("packets", []), base.get("packets", [])
    if isinstance(own, list) and isinstance(theirs, list):
        bases = {packet["name"]: packet for packet in theirs if _is_named(packet)}
        names = {packet["name"] for packet in own if _is_named(packet)}
        rest = [p for p in theirs if not _is_named(p) or p["name"] not in names]
        whole["packets"] = [*(_packet_over(packet, bases) for packet in own), *rest]
    return whole


def _packet_over(packet: Any, bases: Mapping[str, dict[str, Any]]) -> Any:
    """A packet without rows of its own over the sister's of that name."""
    if not _is_named(packet) or "parameters" in packet:
        return packet
    return {**bases.get(packet["name"], {}), **packet}


def _is_named(packet: object) -> bool:
    return isinstance(packet, dict) and isinstance(packet.get("name"), str)


def _satellite(top: Node, id: str) -> Satellite:
    if "satellite" not in top.data:
        top.wrong("", "the table [satellite] is missing")
    about = top.child("satellite")
    about.only(SATELLITE_KEYS)
    own = _own_words(top.child("words"))
    top.problems.vocabulary = top.problems.vocabulary.with_words(own)
    packets = tuple(packet_layout(node) for node in top.children("packets"))
    _check_own_words(top.child("words"), packets)
    unique(top, "packets", [packet.name for packet in packets])
    check_spans(top, packets)
    return Satellite(
        id=id,
        name=about.text("name", id, required="satellite" in top.data),
        norad=about.integer("norad", None, 1, 999_999_999),
        callsigns=about.texts("callsigns"),
        source=about.text("source"),
        version=about.text("version"),
        simulated=about.flag("simulated"),
        csp_addresses=about.integers("csp_addresses", 0, 16383),
        downlinks=tuple(_downlink(node) for node in top.children("downlinks")),
        packets=packets,
        examples=tuple(_example(node, packets) for node in top.children("examples")),
        group_labels=_group_labels(top.child("groups")),
    )


def _group_labels(groups: Node) -> dict[str, Mapping[str, str]]:
    """Labels by the name of a group: the usual ones, then those that only this definition has."""
    translated = groups.problems.vocabulary.labels
    usual = {name: translated({"en": label}) for name, label in GROUPS.items()}
    return {**usual, **{name: groups.child(name).labels() for name in groups.data}}


def _own_words(words: Node) -> dict[str, dict[str, str]]:
    """What the definition says in Russian and Kyrgyz for words of its enums and flags."""
    found = {}
    for word in words.data:
        node = words.child(word)
        node.only(WORD_KEYS)
        found[word] = {language: node.text(language) for language in node.data}
    return found


def _check_own_words(words: Node, packets: tuple[PacketLayout, ...]) -> None:
    """A translation of a word that no row says would never be seen."""
    if not words.data:
        return
    calibrations = [
        getattr(row, "calibration", None) for packet in packets for row in packet.rows().values()
    ]
    said = {
        word
        for calibration in calibrations
        if isinstance(calibration, Enumeration | Flags)
        for word in calibration.words.values()
    }
    for word in words.data:
        if word not in said:
            words.wrong(word, f"no row has this word in 'enum' or 'flags'; {nearest(word, said)}")


def _downlink(node: Node) -> Downlink:
    node.only(DOWNLINK_KEYS)
    return Downlink(
        name=node.text("name", required=True),
        frequency_hz=node.integer("frequency_hz", None, 1, 300_000_000_000),
        modulation=node.text("modulation"),
        baud=node.number("baud"),
        framing=_framing(node),
        layers=layers(node) or (),
        options=dict(node.child("options").data),
        deviation_hz=_hz(node, "deviation_hz", -_MOST_DEVIATION_HZ, _MOST_DEVIATION_HZ),
        carrier_hz=_hz(node, "carrier_hz", *_CARRIERS_HZ),
    )


def _hz(node: Node, key: str, low: float, high: float) -> float | None:
    """A frequency that need not be there, and is not 0."""
    if key not in node.data:
        return None
    found = node.within(key, None, low, high)
    if not found:
        node.wrong(key, "0 Hz is none; leave it out where it is not known")
    return found


def _framing(node: Node) -> str:
    """A framing with its options, which the downlink's link will use, or empty: not known."""
    name = node.text("framing")
    if name:
        try:
            deframer(name, node.child("options").data)
        except DefinitionError as error:
            known = name in FRAMINGS
            node.wrong("options" if known else "framing", error.problem)
    return name


def _example(node: Node, packets: tuple[PacketLayout, ...]) -> Example:
    node.only(EXAMPLE_KEYS)
    name = node.text("packet", required=True)
    names = [packet.name for packet in packets]
    if name and name not in names:
        node.wrong("packet", f"there is no packet {name!r}; {nearest(name, names)}")
    node.text("hex", required=True)
    return Example(
        frame=node.hex("hex"),
        packet=name,
        expect=_expect(node.child("expect")),
        source=node.text("source", required=True),
    )


def _expect(node: Node) -> dict[str, Any]:
    """Values by name; a table of one says how far from it a number may be."""
    found = {}
    for name, value in node.data.items():
        if isinstance(value, dict):
            inner = node.child(name)
            inner.only(("value", "within"))
            wanted, within = inner.number("value"), inner.number("within")
            if wanted is None or within is None or within < 0:
                node.wrong(name, "needs 'value' and 'within', a number from 0 on")
                continue
            found[name] = {"value": wanted, "within": within}
        else:
            found[name] = value
    return found
