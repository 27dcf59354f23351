"""The interface document as Markdown, for repositories and forums; bit maps are in text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decoders.decode import Decoder
from decoders.definition.calibration import Enumeration, Flags
from decoders.definition.limits import UNLIMITED
from decoders.definition.model import Satellite
from decoders.document import notation
from decoders.document.content import Packet, packets
from decoders.document.html_examples import shown_value
from decoders.document.text_map import text_map
from decoders.document.words import Words
from decoders.explain import explain
from decoders.layers.registry import layer_title


def markdown(satellite: Satellite, words: Words) -> str:
    """The whole document."""
    found = packets(satellite, words)
    blocks = [
        f"# {satellite.name}: {words('title')}",
        *([f"**{words('simulated')}**"] if satellite.simulated else []),
        "\n".join(_facts(satellite, words)),
        *_downlinks(satellite, words),
    ]
    if not found:
        blocks.append(words("no_packets"))
    else:
        blocks.append(f"## {words('reading')}")
        keys = ("reading_bits", "reading_types", "reading_raw")
        blocks.append("\n".join(f"- {words(key)}" for key in keys))
    for packet in found:
        blocks += _packet(packet, words)
    blocks += _examples(satellite, words)
    blocks.append(f"---\n\n{words('made', f'`{satellite.id}.toml`')}")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _facts(satellite: Satellite, words: Words) -> Iterator[str]:
    facts = [
        ("norad", str(satellite.norad or "")),
        ("callsigns", ", ".join(satellite.callsigns)),
        ("csp_addresses", ", ".join(map(str, satellite.csp_addresses))),
        ("version", satellite.version),
        ("source", satellite.source),
    ]
    for key, text in facts:
        if text:
            yield f"- {words(key)}: {_escaped(text)}"


def _downlinks(satellite: Satellite, words: Words) -> Iterator[str]:
    if not satellite.downlinks:
        return
    yield f"## {words('downlinks')}"
    rows = [
        (
            link.name,
            f"{link.frequency_hz / 1e6:.3f} MHz" if link.frequency_hz else "",
            link.modulation,
            f"{notation.number(link.baud)} Bd" if link.baud else "",
            link.framing,
            " → ".join(map(layer_title, link.layers)),
        )
        for link in satellite.downlinks
    ]
    head = ("name", "frequency", "modulation", "baud", "framing", "layers")
    yield _table([words(key) for key in head], rows)


def _packet(packet: Packet, words: Words) -> Iterator[str]:
    layout = packet.layout
    yield f"## {words('packet')}: {layout.label(words.language)}"
    size = words("size_fixed" if packet.exact else "size_varies", packet.size)
    yield f"{words('size')}: {size}. {words('recognised')}:"
    yield "\n".join(f"- {_escaped(rule)}" for rule in packet.recognised)
    if packet.part_of:
        yield _escaped(packet.part_of)
    if packet.fields:
        yield f"```text\n{text_map(packet, words)}```"
    if layout.unproved:
        yield words("unproved_packet")
    if layout.undescribed:
        yield f"**{words('undescribed')}:** {_escaped(layout.undescribed)}"
    if packet.lines:
        yield f"### {words('parameters')}"
        yield _parameters(packet, words)
    if layout.derived:
        yield f"### {words('derived')}"
        rows = [
            (row.label(words.language), f"`{row.name}`", f"`{row.expression.text}`", row.unit)
            for row in layout.derived
        ]
        head = [words("meaning"), words("name"), words("expression"), words("unit")]
        yield _table(head, rows)
    yield from _worded(packet, words)


def _parameters(packet: Packet, words: Words) -> str:
    rows = []
    for line in packet.lines:
        row = line.row
        label = row.labels.get(words.language) or row.labels.get("en", "")
        limits = [f"{words(level)}: {text}" for level, text in notation.limits(row, words)]
        about = "<br>".join(
            _escaped(text) for text in (label, *line.notes, row.doc(words.language)) if text
        )
        conversion = "<br>".join(map(_escaped, notation.conversion(row, words)))
        cells = (str(line.number), line.place, line.type, f"`{line.name}`", about, conversion)
        rows.append((*cells, row.unit, "<br>".join(map(_escaped, limits))))
    keys = ("number", "place", "type", "name", "meaning", "conversion", "unit", "limits")
    return _table([words(key) for key in keys], rows, escape=False)


def _worded(packet: Packet, words: Words) -> Iterator[str]:
    if packet.worded:
        yield f"### {words('words')}"
    for line in packet.worded:
        calibration = line.row.calibration
        assert isinstance(calibration, Enumeration | Flags)
        flags = isinstance(calibration, Flags)
        rows = [
            (words("bit", raw) if flags else str(raw), word)
            for raw, word in calibration.words.items()
        ]
        yield f"{line.row.label(words.language)} (`{line.name}`)"
        yield _table([words("raw"), words("meaning")], rows)


def _examples(satellite: Satellite, words: Words) -> Iterator[str]:
    if not satellite.examples:
        return
    yield f"## {words('examples')}"
    decoder = Decoder([satellite])
    for number, example in enumerate(satellite.examples, 1):
        decoded = decoder.decode(example.frame, satellite.id)
        yield f"### {words('example')} {number}: {example.packet}"
        yield _escaped(example.source)
        yield f"```text\n{_dump(example.frame)}```"
        rows = [
            (
                f"`{found.value.name}`",
                f"`{_digits(found.digits)}`" if found.digits else "",
                "<br>".join(_escaped(step.text) for step in found.way),
                f"{_escaped(shown_value(found.value.value))} {found.value.unit}".rstrip(),
                "" if found.value.state == UNLIMITED else words(found.value.state),
            )
            for found in explain(satellite, decoded)
        ]
        keys = ("name", "bits", "steps", "value", "state")
        yield _table([words(key) for key in keys], rows, escape=False)


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
