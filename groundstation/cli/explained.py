"""How a value came about, for ``groundstation decode --explain NAME``."""

from __future__ import annotations

from collections.abc import Iterator

from decoders.definition.limits import UNLIMITED
from decoders.definition.model import Parameter, Satellite
from decoders.explain import Explanation, explain
from decoders.reading_steps import nibbles
from decoders.suggest import nearest
from decoders.type_words import type_words
from decoders.value import Decoded
from decoders.words import ENGLISH

EVERYTHING = "all"
_WIDTH = 13


def explained(satellite: Satellite | None, decoded: Decoded, names: tuple[str, ...]) -> str:
    """Text that explains the values ``names`` (or all) of one frame."""
    if satellite is None or not decoded.values:
        return f"nothing can be explained: {decoded.error or 'the frame has no values'}"
    found = explain(satellite, decoded)
    known = {explanation.value.name: explanation for explanation in found}
    parts = []
    for name in known if EVERYTHING in names else names:
        if name in known:
            parts.append("\n".join(_lines(known[name])))
        else:
            parts.append(f"{decoded.packet} has no value {name!r}; {nearest(name, known)}")
    return "\n\n".join(parts)


def _lines(found: Explanation) -> Iterator[str]:
    value = found.value
    label = value.row.labels.get("en")
    yield f"{value.name}{f' ({label})' if label else ''}"
    if found.bits and isinstance(value.row, Parameter):
        yield _line("type", type_words(value.row, len(found.bits), ENGLISH))
        yield _line("bits", f"{_place(found)}: {nibbles(found.digits)}")
    for step in found.steps:
        yield _line(step.kind.replace("_", " "), step.text)
    for held in found.held:
        yield _line(held.level, f"{held.text}: {'inside' if held.ok else 'OUTSIDE'}")
    yield _line("state", value.state + (" (it has no limits)" if value.state == UNLIMITED else ""))


def _line(kind: str, text: str) -> str:
    return f"  {kind:<{_WIDTH}}{text}"


def _place(found: Explanation) -> str:
    first, last = min(found.bits), max(found.bits)
    bytes_ = f"byte {first // 8}" if first // 8 == last // 8 else f"bytes {first // 8}-{last // 8}"
    return f"{len(found.bits)} from bit {first} of the frame ({bytes_})"
