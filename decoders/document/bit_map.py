"""The bit map of a packet as a picture: a line of bytes under another, a box for each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple

from decoders.document import notation
from decoders.document.content import Packet
from decoders.explain import significant_bits
from decoders.words import Words

_CELL = 24
_ROW = 42
_SKIPPED = 26
_LEFT = 46
_HEAD = 34
_INSET = 1.5
#: Width of a letter of the names, in pixels, on the safe side.
_LETTER = 6.9
_PADDING = 8
_MARK, _GAP = "mark", "gap"


class _Box(NamedTuple):
    """What a field shows of itself: its full name, its number, style and link."""

    name: str
    short: str
    detail: str
    style: str
    link: str


def bit_map(
    packet: Packet, words: Words, columns: int, styles: Mapping[str, str], anchor: str
) -> str:
    """An SVG picture with ``columns`` bits a line.

    ``styles``: group -> class of its colour. ``anchor``: what links to rows begin with.
    """
    boxes, owners = _owners(packet, words, styles, anchor)
    total = 8 * packet.size
    shown = list(_rows(owners, total, columns))
    named = _widest(owners, total, columns)
    y = float(_HEAD)
    parts = [_ruler(columns)]
    for row in shown:
        if row is None:
            parts.append(_dots(y, columns))
            y += _SKIPPED
            continue
        parts.append(_offset(row * columns // 8, y))
        for owner, start, end in _runs(owners, row * columns, min(total, (row + 1) * columns)):
            box = boxes[owner]
            parts.append(_segment(box, start % columns, end - start, y, (owner, start) in named))
        y += _ROW
    if packet.varying or packet.rest is not None:
        parts.append(_more(packet, words, y, columns))
        y += _ROW
    width = _LEFT + columns * _CELL + 2
    title = escape(f"{words('Bit map')}: {packet.layout.label(words.language)}")
    return (
        f'<svg class="map map{columns}" viewBox="0 0 {width} {y + 4:g}" role="img" '
        f'aria-label="{title}">{"".join(parts)}</svg>'
    )


def _owners(
    packet: Packet, words: Words, styles: Mapping[str, str], anchor: str
) -> tuple[dict[str, _Box], dict[int, str]]:
    """Boxes by key, and the key of the box that each bit belongs to."""
    mark = packet.layout.match.prefix
    boxes = {
        _MARK: _Box(
            mark.hex(" ").upper(),
            "",
            words.pgettext("bytes that mark a packet", "mark"),
            "mark",
            "",
        ),
        _GAP: _Box("", "", words("not used"), "gap", ""),
    }
    owners = dict.fromkeys(range(8 * packet.size), _GAP)
    owners |= dict.fromkeys(range(8 * len(mark)), _MARK)
    for field in packet.fields:
        line = packet.line_of(field)
        key = f"{field.start}:{field.name}"
        boxes[key] = _Box(
            name=field.name,
            short=str(line.number),
            detail=" · ".join(
                t for t in (line.type.removesuffix(" big"), words.unit(line.row.unit)) if t
            ),
            style=styles.get(line.row.group, "g"),
            link=f"{anchor}{line.number}",
        )
        owners |= dict.fromkeys(significant_bits(field), key)
    return boxes, owners


def _rows(owners: Mapping[int, str], total: int, columns: int) -> Iterator[int | None]:
    """Numbers of lines to draw; None once for those in the middle of one long field."""
    count = -(-total // columns)
    alone = [
        owners[row * columns]
        if len({owners[bit] for bit in range(row * columns, min(total, (row + 1) * columns))}) == 1
        else ""
        for row in range(count)
    ]
    for row in range(count):
        inside = 0 < row < count - 1 and alone[row]
        if not (inside and alone[row - 1] == alone[row] == alone[row + 1]):
            yield row
        elif not (row > 1 and alone[row - 2] == alone[row]):
            yield None


def _runs(owners: Mapping[int, str], start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """(owner, first bit, bit after the last) of neighbours with one owner."""
    first = start
    for bit in range(start + 1, end + 1):
        if bit == end or owners[bit] != owners[first]:
            yield owners[first], first, bit
            first = bit


def _widest(owners: Mapping[int, str], total: int, columns: int) -> set[tuple[str, int]]:
    """Of each owner the run that carries its name: the first of the widest."""
    best: dict[str, tuple[int, int]] = {}
    for row in range(-(-total // columns)):
        for owner, start, end in _runs(owners, row * columns, min(total, (row + 1) * columns)):
            if owner not in best or end - start > best[owner][0]:
                best[owner] = (end - start, start)
    return {(owner, start) for owner, (_, start) in best.items()}


def _ruler(columns: int) -> str:
    parts = []
    for bit in range(columns):
        x = _LEFT + bit * _CELL + _CELL / 2
        parts.append(f'<text class="tick" x="{x:g}" y="{_HEAD - 6}">{7 - bit % 8}</text>')
    for byte in range(columns // 8):
        x = _LEFT + byte * 8 * _CELL
        middle = x + 4 * _CELL
        parts.append(f'<text class="byte" x="{middle}" y="12">+{byte}</text>')
        parts.append(f'<path class="rule" d="M{x + 3} 17h{8 * _CELL - 6}"/>')
    return "".join(parts)


def _offset(byte: int, y: float) -> str:
    return f'<text class="offset" x="{_LEFT - 8}" y="{y + _ROW / 2 + 4:g}">{byte}</text>'


def _dots(y: float, columns: int) -> str:
    middle = _LEFT + columns * _CELL / 2
    return f'<text class="dots" x="{middle:g}" y="{y + _SKIPPED - 8:g}">⋮</text>'


def _segment(box: _Box, column: int, bits: int, y: float, named: bool) -> str:
    x, width = _LEFT + column * _CELL, bits * _CELL
    rect = (
        f'<rect class="box {box.style}" x="{x + _INSET:g}" y="{y + _INSET:g}" rx="4" '
        f'width="{width - 2 * _INSET:g}" height="{_ROW - 2 * _INSET:g}"/>'
    )
    ticks = "".join(f"M{x + n * _CELL} {y + _ROW - 5:g}v3" for n in range(1, bits))
    marks = f'<path class="ticks" d="{ticks}"/>' if ticks else ""
    tip = f"<title>{escape(f'{box.short} {box.name} {box.detail}'.strip())}</title>"
    content = rect + marks + _label(box, x + width / 2, y, width, named) + tip
    return f'<a href="#{box.link}">{content}</a>' if box.link else f"<g>{content}</g>"


def _label(box: _Box, middle: float, y: float, width: float, named: bool) -> str:
    """The name where it fits, else the number in the table below."""
    if not named:
        return _text("name", middle, y + _ROW / 2 + 4, "…") if width >= 2 * _CELL else ""
    if len(box.name) * _LETTER + _PADDING <= width:
        detail = box.detail if len(box.detail) * (_LETTER - 1) + _PADDING <= width else ""
        if not detail:
            return _text("name", middle, y + _ROW / 2 + 4, box.name)
        return _text("name", middle, y + 18, box.name) + _text("detail", middle, y + 31, detail)
    return _text("short", middle, y + _ROW / 2 + 4, box.short)


def _text(style: str, x: float, y: float, text: str) -> str:
    return f'<text class="{style}" x="{x:g}" y="{y:g}">{escape(text)}</text>' if text else ""


def _more(packet: Packet, words: Words, y: float, columns: int) -> str:
    """A last, open line: what stands there depends on the packet."""
    width = columns * _CELL
    if packet.rest is not None:
        text = f"{packet.rest.name}: {words('the rest of the packet')}"
    else:
        text = notation.depending(packet.varying, words)
    most = int((width - _PADDING) / _LETTER)
    text = text if len(text) <= most else f"{text[: most - 1]}…"
    return (
        f'<rect class="box open" x="{_LEFT + _INSET}" y="{y + _INSET:g}" rx="4" '
        f'width="{width - 2 * _INSET:g}" height="{_ROW - 2 * _INSET:g}"/>'
        + _text("name", _LEFT + width / 2, y + _ROW / 2 + 4, text)
    )
