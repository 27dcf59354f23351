"""The interface document as one web page that needs nothing else: no script, font or picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from decoders.definition.calibration import Enumeration, Flags
from decoders.definition.model import Downlink, Satellite
from decoders.document import notation
from decoders.document.bit_map import bit_map
from decoders.document.content import Line, Packet, packets
from decoders.document.curve import curve
from decoders.document.html_examples import examples
from decoders.document.html_state import state
from decoders.document.style import STYLE
from decoders.layers.registry import layer_title
from decoders.words import Words

_COLOURS = 8
_WIDE, _NARROW = 32, 16


def page(satellite: Satellite, words: Words) -> str:
    """The whole page."""
    found = packets(satellite, words)
    styles = _styles(found)
    body = "".join(
        (
            _header(satellite, found, words),
            "<main>",
            _downlinks(satellite, words),
            _reading(words) if found else f"<p>{notation.no_packets(words)}</p>",
            *(_packet(satellite, packet, styles, words) for packet in found),
            examples(satellite, found, styles, words),
            "</main>",
            f"<footer>{escape(notation.made(f'{satellite.id}.toml', words))}</footer>",
        )
    )
    title = escape(f"{satellite.name}: {words('Interface document')}")
    return (
        f'<!doctype html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n"
        "</html>\n"
    )


def _styles(found: Iterable[Packet]) -> dict[str, str]:
    """Group -> class of its colour, in the order of the file; more groups than colours share."""
    groups = dict.fromkeys(group for packet in found for group in packet.groups)
    return {group: f"g{number % _COLOURS}" for number, group in enumerate(groups)}


def _header(satellite: Satellite, found: tuple[Packet, ...], words: Words) -> str:
    facts = [
        (words("Catalogue number"), str(satellite.norad or "")),
        (words("Callsigns"), ", ".join(satellite.callsigns)),
        (words("CSP addresses"), ", ".join(map(str, satellite.csp_addresses))),
        (words("Version"), satellite.version),
        (words("Packets"), str(len(found) or "")),
        (words("Parameters"), str(len(satellite.rows()) or "")),
    ]
    badge = f'<p><span class="badge">{words("SIMULATED")}</span></p>' if satellite.simulated else ""
    shown = "".join(f"<div><dt>{k}</dt><dd>{escape(v)}</dd></div>" for k, v in facts if v)
    if satellite.source:
        source = escape(satellite.source)
        shown += f'<div class="wide"><dt>{words("Source")}</dt><dd>{source}</dd></div>'
    return (
        f'<header class="top" id="top"><p class="kicker">{words("Interface document")}</p>'
        f"<h1>{escape(satellite.name)}</h1>{badge}<dl class='facts'>{shown}</dl>"
        f"{_contents(satellite, found, words)}</header>"
    )


def _contents(satellite: Satellite, found: tuple[Packet, ...], words: Words) -> str:
    entries = [("", "downlinks", words("Downlinks"))] if satellite.downlinks else []
    entries += [
        ("", f"packet-{packet.layout.name}", _packet_title(packet, words)) for packet in found
    ]
    if satellite.examples:
        entries.append(("", "examples", words("Example frames")))
    if len(entries) < 2:
        return ""
    items = "".join(f'<li><a href="#{id}">{escape(text)}</a></li>' for _, id, text in entries)
    title = words("Contents")
    return f'<nav class="toc card" aria-label="{title}"><b>{title}</b><ol>{items}</ol></nav>'


def _packet_title(packet: Packet, words: Words) -> str:
    return f"{words('Packet')}: {packet.layout.label(words.language)}"


def _downlinks(satellite: Satellite, words: Words) -> str:
    if not satellite.downlinks:
        return ""
    cards = "".join(_downlink(link, words) for link in satellite.downlinks)
    return (
        f'<h2 class="near" id="downlinks">{words("Downlinks")}</h2><div class="links">{cards}</div>'
    )


def _downlink(link: Downlink, words: Words) -> str:
    facts = [
        (words("Modulation"), link.modulation),
        (words("Symbol rate"), f"{notation.number(link.baud)} Bd" if link.baud else ""),
        (words("Framing"), link.framing),
        *((str(key), str(value)) for key, value in link.options.items()),
    ]
    shown = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts if v)
    big = ""
    if link.frequency_hz:
        big = f'<p class="big">{link.frequency_hz / 1e6:.3f} MHz</p>'
    stack = _stack(link.layers, words)
    return (
        f'<section class="card"><h3>{escape(link.name)}</h3>{big}<dl>{shown}</dl>{stack}</section>'
    )


def _stack(layers: tuple[str, ...], words: Words) -> str:
    """Layers as boxes inside each other, from the outside in; nothing for none."""
    if not layers:
        return ""
    inner = f'<div class="in">{words("Packet")}</div>'
    for layer in reversed(layers):
        inner = f"<div>{escape(layer_title(layer, words))}{inner}</div>"
    return f'<div class="stack" title="{words("Layers")}">{inner}</div>'


def _reading(words: Words) -> str:
    lines = "".join(f"<li>{escape(rule)}</li>" for rule in notation.reading_rules(words))
    return f'<h3>{words("How to read it")}</h3><ul class="rules">{lines}</ul>'


def _packet(satellite: Satellite, packet: Packet, styles: Mapping[str, str], words: Words) -> str:
    layout = packet.layout
    anchor = f"{layout.name}-"
    size = notation.size_text(packet.size, packet.exact, words)
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in packet.recognised)
    parts = [
        f'<h2 id="packet-{layout.name}">{escape(_packet_title(packet, words))}'
        f"<small>{size}</small></h2>",
        f"<h3>{words('How it is recognised')}</h3>",
        f'<div class="known">{_stack(packet.layers, words)}<ul class="rules">{rules}</ul></div>',
    ]
    if packet.part_of:
        parts.append(f"<p>{escape(packet.part_of)}</p>")
    if packet.fields:
        maps = "".join(bit_map(packet, words, n, styles, anchor) for n in (_WIDE, _NARROW))
        parts.append(
            f"<h3>{words('Bit map')}</h3>{_legend(satellite, packet, styles, words)}{maps}"
        )
    if layout.unproved:
        parts.append(f"<p>{notation.unproved(words)}</p>")
    if layout.undescribed:
        parts.append(f"<p><b>{words('Not described')}:</b> {escape(layout.undescribed)}</p>")
    if packet.lines:
        parts.append(f"<h3>{words('Parameters')}</h3>{_rows(packet, styles, anchor, words)}")
    parts += [_derived(packet, words), _worded(packet, words), _curves(packet, words)]
    parts.append(f'<p><a class="up" href="#top">↑ {words("Back to the contents")}</a></p>')
    return "".join(parts)


def _legend(satellite: Satellite, packet: Packet, styles: Mapping[str, str], words: Words) -> str:
    items = [
        (styles[group], satellite.group_label(group, words.language)) for group in packet.groups
    ]
    if items and any(not line.row.group for line in packet.lines):
        items.append(("g", words.pgettext("group of parameters", "other")))
    shown = "".join(f'<li><i class="{style}"></i>{escape(text)}</li>' for style, text in items)
    return f'<ul class="legend">{shown}</ul>' if shown else ""


def _rows(packet: Packet, styles: Mapping[str, str], anchor: str, words: Words) -> str:
    columns = (
        *(words("No."), words("Byte"), words("Type"), words("Name"), words("Calibration")),
        *(words("Unit"), words("Limits")),
    )
    head = "".join(f"<th>{column}</th>" for column in columns)
    body = "".join(_row(line, styles, anchor, words) for line in packet.lines)
    return (
        f'<div class="scroll"><table class="rows"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(line: Line, styles: Mapping[str, str], anchor: str, words: Words) -> str:
    row = line.row
    style = styles.get(row.group, "g")
    label = row.labels.get(words.language) or row.labels.get("en", "")
    name = f'<span class="label">{escape(label)}</span><br>' if label else ""
    name += f'<span class="name">{escape(line.name)}</span>'
    name += "".join(f'<br><span class="note">{escape(note)}</span>' for note in line.notes)
    if doc := row.doc(words.language):
        name += f'<div class="doc">{escape(doc)}</div>'
    conversion = "".join(f"<div>{escape(t)}</div>" for t in notation.conversion(row, words))
    conversion += _inline_words(line, words)
    return (
        f'<tr id="{anchor}{line.number}"><td class="n"><i class="swatch {style}"></i>'
        f'{line.number}</td><td class="place" data-label="{words("Byte")}">{line.place}</td>'
        f'<td class="type">{escape(line.type)}</td><td>{name}</td>'
        f'<td class="conv">{conversion}</td>{_cell(words("Unit"), escape(words.unit(row.unit)))}'
        f"{_cell(words('Limits'), _limits(notation.limits(row, words), words))}</tr>"
    )


def _cell(label: str, content: str) -> str:
    """A cell that a phone shows only when there is something in it."""
    return f'<td data-label="{label}">{content}</td>' if content else "<td></td>"


def _inline_words(line: Line, words: Words) -> str:
    calibration = line.row.calibration
    if not isinstance(calibration, Enumeration | Flags) or len(calibration.words) > _MOST_INLINE:
        return ""
    shown = ", ".join(
        f"{number} {notation.meaning(word, line.row, words)}"
        for number, word in calibration.words.items()
    )
    return f"<div>{escape(shown)}</div>"


_MOST_INLINE = 3


def _limits(found: list[tuple[str, str]], words: Words) -> str:
    """Ranges stay on their line; words may be many."""
    lines = []
    for level, text in found:
        style = "nb" if text.startswith(("<", ">")) else "words"
        lines.append(f'<span class="{style}">{state(level, words)} {escape(text)}</span>')
    return "<br>".join(lines)


def _derived(packet: Packet, words: Words) -> str:
    if not packet.layout.derived:
        return ""
    rows = "".join(
        f'<tr><td><span class="label">{escape(row.label(words.language))}</span><br>'
        f'<span class="name">{row.name}</span></td><td class="conv"><code>'
        f"{escape(row.expression.text)}</code></td>"
        f"{_cell(words('Unit'), escape(words.unit(row.unit)))}"
        f"{_cell(words('Limits'), _limits(notation.limits(row, words), words))}</tr>"
        for row in packet.layout.derived
    )
    columns = (words("Name"), words("Computed from"), words("Unit"), words("Limits"))
    head = "".join(f"<th>{column}</th>" for column in columns)
    return (
        f'<h3>{words("Computed values")}</h3><div class="scroll"><table class="rows"><thead>'
        f"<tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _worded(packet: Packet, words: Words) -> str:
    cards = "".join(_words_card(line, words) for line in packet.worded)
    return (
        f'<h3>{words("States and flags")}</h3><div class="wordsets">{cards}</div>' if cards else ""
    )


def _words_card(line: Line, words: Words) -> str:
    row = line.row
    rows = "".join(_word_rows(line, words))
    title = f"{escape(row.label(words.language))} <span>{escape(line.name)}</span>"
    return f'<div class="card"><h4>{title}</h4><table>{rows}</table></div>'


def _word_rows(line: Line, words: Words) -> Iterator[str]:
    calibration, limits = line.row.calibration, line.row.limits
    assert isinstance(calibration, Enumeration | Flags)
    for number, word in calibration.words.items():
        raw = (
            words("bit %(n)s", n=number)
            if isinstance(calibration, Flags)
            else notation.number(number)
        )
        level = ""
        if limits is not None and word in limits.critical_words:
            level = state("critical", words)
        elif limits is not None and word in limits.warning_words:
            level = state("warning", words)
        said = escape(notation.meaning(word, line.row, words))
        yield f"<tr><td>{raw}</td><td>{said}</td><td>{level}</td></tr>"


def _curves(packet: Packet, words: Words) -> str:
    figures = ""
    for line in packet.curved:
        title = line.row.label(words.language)
        equation = "; ".join(notation.conversion(line.row, words))
        if picture := curve(line.row, title, words):
            figures += (
                f'<figure class="card"><figcaption>{escape(title)}'
                f"<small>{escape(equation)}</small></figcaption>{picture}</figure>"
            )
    return (
        f'<h3>{words("Calibration curves")}</h3><div class="plots">{figures}</div>'
        if figures
        else ""
    )
