"""The interface document as Markdown, for repositories and forums; bit maps are in text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decoders.decode import Decoder
from decoders.definition.calibration import Enumeration, Flags
from decoders.definition.model import Satellite
from decoders.document import notation
from decoders.document.content import Packet, packets
from decoders.document.html_examples import shown_value
from decoders.document.text_map import text_map
from decoders.explain import explain
from decoders.layers.registry import layer_title
from decoders.value import Value
from decoders.words import Words, state_word


def markdown(satellite: Satellite, words: Words) -> str:
    """The whole document."""
    found = packets(satellite, words)
    blocks = [
        f"# {satellite.name}: {words('Interface document')}",
        *([f"**{words('SIMULATED')}**"] if satellite.simulated else []),
        "\n".join(_facts(satellite, words)),
        *_downlinks(satellite, words),
    ]
    if not found:
        blocks.append(
            words("Only the links are known: the content of the packets is not described.")
        )
    else:
        blocks.append(f"## {words('How to read it')}")
        blocks.append("\n".join(f"- {rule}" for rule in notation.reading_rules(words)))
    for packet in found:
        blocks += _packet(packet, words)
    blocks += _examples(satellite, words)
    blocks.append(f"---\n\n{notation.made(f'`{satellite.id}.toml`', words)}")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _facts(satellite: Satellite, words: Words) -> Iterator[str]:
    facts = [
        (words("Catalogue number"), str(satellite.norad or "")),
        (words("Callsigns"), ", ".join(satellite.callsigns)),
        (words("CSP addresses"), ", ".join(map(str, satellite.csp_addresses))),
        (words("Version"), satellite.version),
        (words("Source"), satellite.source),
    ]
    for name, text in facts:
        if text:
            yield f"- {name}: {_escaped(text)}"


def _downlinks(satellite: Satellite, words: Words) -> Iterator[str]:
    if not satellite.downlinks:
        return
    yield f"## {words('Downlinks')}"
    rows = [
        (
            link.name,
            f"{link.frequency_hz / 1e6:.3f} MHz" if link.frequency_hz else "",
            link.modulation,
            f"{notation.number(link.baud)} Bd" if link.baud else "",
            link.framing,
            " → ".join(layer_title(layer, words) for layer in link.layers),
        )
        for link in satellite.downlinks
    ]
    head = [
        *(words("Name"), words("Frequency"), words("Modulation"), words("Symbol rate")),
        *(words("Framing"), words("Layers")),
    ]
    yield _table(head, rows)


def _packet(packet: Packet, words: Words) -> Iterator[str]:
    layout = packet.layout
    yield f"## {words('Packet')}: {layout.label(words.language)}"
    size = notation.size_text(packet.size, packet.exact, words)
    yield f"{words('Size')}: {size}. {words('How it is recognised')}:"
    yield "\n".join(f"- {_escaped(rule)}" for rule in packet.recognised)
    if packet.part_of:
        yield _escaped(packet.part_of)
    if packet.fields:
        yield f"```text\n{text_map(packet, words)}```"
    if layout.unproved:
        yield words("The rows of this packet are not proved by an independent decoder or frame.")
    if layout.undescribed:
        yield f"**{words('Not described')}:** {_escaped(layout.undescribed)}"
    if packet.lines:
        yield f"### {words('Parameters')}"
        yield _parameters(packet, words)
    if layout.derived:
        yield f"### {words('Computed values')}"
        rows = [
            (
                row.label(words.language),
                f"`{row.name}`",
                f"`{row.expression.text}`",
                words.unit(row.unit),
            )
            for row in layout.derived
        ]
        head = [words("Meaning"), words("Name"), words("Computed from"), words("Unit")]
        yield _table(head, rows)
    yield from _worded(packet, words)


def _parameters(packet: Packet, words: Words) -> str:
    rows = []
    for line in packet.lines:
        row = line.row
        label = row.labels.get(words.language) or row.labels.get("en", "")
        limits = [
            f"{state_word(level, words)}: {text}" for level, text in notation.limits(row, words)
        ]
        about = "<br>".join(
            _escaped(text) for text in (label, *line.notes, row.doc(words.language)) if text
        )
        conversion = "<br>".join(map(_escaped, notation.conversion(row, words)))
        cells = (str(line.number), line.place, line.type, f"`{line.name}`", about, conversion)
        rows.append((*cells, words.unit(row.unit), "<br>".join(map(_escaped, limits))))
    head = [
        *(words("No."), words("Byte"), words("Type"), words("Name"), words("Meaning")),
        *(words("Calibration"), words("Unit"), words("Limits")),
    ]
    return _table(head, rows, escape=False)


def _worded(packet: Packet, words: Words) -> Iterator[str]:
    if packet.worded:
        yield f"### {words('States and flags')}"
    for line in packet.worded:
        calibration = line.row.calibration
        assert isinstance(calibration, Enumeration | Flags)
        flags = isinstance(calibration, Flags)
        rows = [
            (
                words("bit %(n)s", n=raw) if flags else str(raw),
                notation.meaning(word, line.row, words),
            )
            for raw, word in calibration.words.items()
        ]
        yield f"{line.row.label(words.language)} (`{line.name}`)"
        yield _table([words("Raw"), words("Meaning")], rows)


def _with_unit(value: Value, words: Words) -> str:
    return f"{shown_value(value.value)} {words.unit(value.unit)}".rstrip()


def _examples(satellite: Satellite, words: Words) -> Iterator[str]:
    if not satellite.examples:
        return
    yield f"## {words('Example frames')}"
    decoder = Decoder([satellite])
    writing = notation.writing(words)
    for number, example in enumerate(satellite.examples, 1):
        decoded = decoder.decode(example.frame, satellite.id)
        yield f"### {words('Example')} {number}: {example.packet}"
        yield _escaped(example.source)
        yield f"```text\n{_dump(example.frame)}```"
        rows = [
            (
                f"`{found.value.name}`",
                f"`{_digits(found.digits)}`" if found.digits else "",
                "<br>".join(_escaped(step.written(writing)) for step in found.way),
                _escaped(_with_unit(found.value, words)),
                state_word(found.value.state, words),
            )
            for found in explain(satellite, decoded)
        ]
        head = [
            *(words("Name"), words("Bits"), words("Step by step"), words("Value"), words("State")),
        ]
        yield _table(head, rows, escape=False)


_MOST_DIGITS = 64
_LINE = 16


def _digits(digits: str) -> str:
    if len(digits) > _MOST_DIGITS:
        return f"{digits[:_MOST_DIGITS]}…"
    return digits


def _dump(frame: bytes) -> str:
    return "".join(
        f"{start:4}  {frame[start : start + _LINE].hex(' ').upper()}\n"
        for start in range(0, len(frame), _LINE)
    )


def _table(head: list[str], rows: Iterable[tuple[str, ...]], *, escape: bool = True) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for row in rows:
        cells = [_escaped(cell) if escape and not cell.startswith("`") else cell for cell in row]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """Text that Markdown does not take for its own signs."""
    for sign in ("\\", "|", "*", "_", "<", "`", "[", "]"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", " ")
