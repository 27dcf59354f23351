"""Example frames on the page: the bytes in the colours of their fields, and every value's way."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from decoders.decode import Decoder
from decoders.definition.model import Example, Satellite
from decoders.document import notation
from decoders.document.content import Packet
from decoders.document.html_state import SHAPES, state
from decoders.explain import Explanation, explain, mark
from decoders.layers.registry import layer_title
from decoders.reading_steps import nibbles
from decoders.value import Decoded, Engineering
from decoders.value_text import shown
from decoders.words import Words, state_word

_LINE = 16
_MOST_DIGITS = 64


def examples(
    satellite: Satellite, packets: tuple[Packet, ...], styles: Mapping[str, str], words: Words
) -> str:
    """All example frames, decoded step by step."""
    if not satellite.examples:
        return ""
    decoder = Decoder([satellite])
    parts = [f'<h2 id="examples">{words("Example frames")}</h2>']
    for number, example in enumerate(satellite.examples, 1):
        decoded = decoder.decode(example.frame, satellite.id)
        parts.append(_example(satellite, number, example, decoded, styles, words))
    return "".join(parts)


def _example(
    satellite: Satellite,
    number: int,
    example: Example,
    decoded: Decoded,
    styles: Mapping[str, str],
    words: Words,
) -> str:
    layout = satellite.packet(example.packet)
    label = layout.label(words.language) if layout else example.packet
    size = words.ngettext("%(n)s byte", "%(n)s bytes", len(example.frame))
    found = explain(satellite, decoded)
    return (
        f"<h3>{words('Example')} {number}: {escape(label)}<small>{size}</small></h3>"
        f"<p>{escape(example.source)}</p>{_dump(satellite, decoded, found, styles, words)}"
        f"{_headers(decoded, words)}{_table(found, words)}"
    )


def _dump(
    satellite: Satellite,
    decoded: Decoded,
    found: tuple[Explanation, ...],
    styles: Mapping[str, str],
    words: Words,
) -> str:
    """The bytes in lines of sixteen; neighbours of one field make one box."""
    kinds = _kinds(satellite, decoded, found, styles, words)
    lines = []
    for start in range(0, len(decoded.frame), _LINE):
        cells: list[str] = []
        for index in range(start, min(start + _LINE, len(decoded.frame))):
            if index == start + _LINE // 2:
                cells.append("</span><span>")
            kind, title = kinds[index]
            first = index % (_LINE // 2) == 0 or kinds[index - 1] != kinds[index]
            end = index + 1 == len(decoded.frame) or (index + 1) % (_LINE // 2) == 0
            last = end or kinds[index + 1] != kinds[index]
            ends = " first" * first + " last" * last
            cells.append(
                f'<i class="{kind}{ends}" title="{escape(title)}">{decoded.frame[index]:02X}</i>'
            )
        lines.append(
            f'<div class="line"><b>{start}</b><div><span>{"".join(cells)}</span></div></div>'
        )
    return f'<div class="dump card">{"".join(lines)}</div>'


def _kinds(
    satellite: Satellite,
    decoded: Decoded,
    found: tuple[Explanation, ...],
    styles: Mapping[str, str],
    words: Words,
) -> list[tuple[str, str]]:
    """(class, title) of each byte."""
    kinds = [("plain", "")] * len(decoded.frame)
    for header in decoded.layers:
        start, length = header.bits
        for index in range(start // 8, (start + length) // 8):
            kinds[index] = ("layer", layer_title(header.layer, words))
    if marked := mark(satellite, decoded):
        start, end = marked[0] // 8, sum(marked) // 8
        for index in range(start, end):
            kinds[index] = ("mark", decoded.frame[start:end].hex(" ").upper())
    for explanation in found:
        style = styles.get(explanation.value.row.group, "g")
        for bit in explanation.bits:
            kinds[bit // 8] = (style, explanation.value.name)
    return kinds


def _headers(decoded: Decoded, words: Words) -> str:
    shown = "".join(
        f"<div><b>{escape(layer_title(header.layer, words))}</b> "
        + ", ".join(
            f"<span>{escape(name)}</span> {escape(str(value))}"
            for name, value in header.fields.items()
            if value not in (None, "", False)
        )
        + "</div>"
        for header in decoded.layers
    )
    return f'<div class="headers">{shown}</div>' if shown else ""


def _table(found: tuple[Explanation, ...], words: Words) -> str:
    if not found:
        return ""
    columns = (
        *(words("Name"), words("Bits"), words("Step by step"), words("Value"), words("State")),
    )
    head = "".join(f"<th>{column}</th>" for column in columns)
    body = "".join(_row(explanation, words) for explanation in found)
    return (
        f'<div class="scroll"><table class="rows"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(found: Explanation, words: Words) -> str:
    value = found.value
    row = value.row
    label = row.labels.get(words.language) or row.labels.get("en", "")
    name = f'<span class="label">{escape(label)}</span><br>' if label else ""
    name += f'<span class="name">{escape(value.name)}</span>'
    shown = escape(shown_value(value.value))
    unit = f" {escape(words.unit(value.unit))}" if value.unit and value.value is not None else ""
    return (
        f'<tr><td>{name}</td><td class="digits">{_digits(found)}</td><td>{_steps(found, words)}'
        f'</td><td class="value">{shown}{unit}</td>'
        f"<td>{state(value.state, words)}</td></tr>"
    )


def _digits(found: Explanation) -> str:
    digits = found.digits
    if not digits:
        return ""
    if len(digits) > _MOST_DIGITS and len(digits) % 8 == 0:
        content = int(digits, 2).to_bytes(len(digits) // 8)
        return escape(content[:_LINE].hex(" ").upper() + (" …" if len(content) > _LINE else ""))
    return nibbles(digits)


def _steps(found: Explanation, words: Words) -> str:
    items = []
    writing = notation.writing(words)
    for step in found.way:
        text = escape(_short(step.written(writing)))
        if step.kind == "raw":
            items.append(f'<li class="raw" data-kind="{words("Raw").lower()}">{text}</li>')
        else:
            items.append(f"<li>{text}</li>")
    for held in found.held:
        level = "nominal" if held.ok else held.level
        shape = "✓" if held.ok else SHAPES[held.level]
        text = escape(held.step.written(writing))
        items.append(
            f'<li class="held state {level}">{shape} {state_word(held.level, words)}: {text}</li>'
        )
    return f'<ol class="steps">{"".join(items)}</ol>'


def _short(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…"


_MOST_TEXT = 120


def shown_value(value: Engineering) -> str:
    """An engineering value as people read it."""
    return notation.number(value) if isinstance(value, int | float) else _short(shown(value))
