"""What of a definition Russian and Kyrgyz readers still see in English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from decoders.definition.model import PacketLayout, Parameter, Satellite

#: What may be translated, in the order in which it is listed.
KINDS = ("packet", "label", "word")


class Left(NamedTuple):
    """One text without a translation: its ``kind``, one of KINDS; ``name``: its packet and row."""

    satellite: str
    kind: str
    name: str
    english: str


class Share(NamedTuple):
    """How many texts of a kind there are, and how many of them are not translated."""

    total: int
    left: int


def left(satellite: Satellite) -> Iterator[Left]:
    """Every text of ``satellite`` that is the same in all languages."""
    for kind, name, english, said in _texts(satellite):
        if not said:
            yield Left(satellite.id, kind, name, english)


def shares(satellite: Satellite) -> dict[str, Share]:
    """By kind."""
    found = {kind: Share(0, 0) for kind in KINDS}
    for kind, _, _, said in _texts(satellite):
        total, without = found[kind]
        found[kind] = Share(total + 1, without + (not said))
    return found


def _texts(satellite: Satellite) -> Iterator[tuple[str, str, str, bool]]:
    for packet in satellite.packets:
        labels = packet.labels
        yield "packet", packet.name, packet.label(), bool(labels.get("ru") and labels.get("ky"))
        yield from _of_rows(packet)


def _of_rows(packet: PacketLayout) -> Iterator[tuple[str, str, str, bool]]:
    for name, row in packet.rows().items():
        place = f"{packet.name}.{name}"
        labels = row.labels
        yield "label", place, row.label(), bool(labels.get("ru") and labels.get("ky"))
        if isinstance(row, Parameter) and row.vocabulary is not None:
            for word in getattr(row.calibration, "words", {}).values():
                said = all(row.vocabulary.word(word, language) for language in ("ru", "ky"))
                yield "word", place, word, said
