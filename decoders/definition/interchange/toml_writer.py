"""Data of a definition file to TOML text, laid out as people write it: one row a line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_INDENT = "  "


def to_toml(data: Mapping[str, Any]) -> str:
    """TOML text that ``tomllib`` reads back as equal ``data``.

    Lists of tables at the top become ``[[key]]``; tables inside them stand on one line each.
    """
    parts: list[str] = []
    plain = {k: v for k, v in data.items() if not isinstance(v, Mapping) and not _tables(v)}
    if plain:
        parts.append("".join(_pair(key, value) for key, value in plain.items()))
    for key, value in data.items():
        if isinstance(value, Mapping):
            parts.append(f"[{_key(key)}]\n" + "".join(_pair(k, v) for k, v in value.items()))
        elif _tables(value):
            for table in value:
                parts.append(f"[[{_key(key)}]]\n" + "".join(_pair(k, v) for k, v in table.items()))
    return "\n".join(parts)


def literal(value: Any) -> str:
    """One value as TOML writes it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {literal(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return f"[{', '.join(literal(item) for item in value)}]"


def _tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _pair(key: str, value: Any) -> str:
    return f"{_key(key)} = {_laid_out(value, '')}\n"


def _laid_out(value: Any, indent: str) -> str:
    """A value whose lists of tables take a line each, also inside of those."""
    if isinstance(value, list) and _tables(value) and _is_long(value):
        deeper = indent + _INDENT
        rows = "".join(f"{deeper}{_laid_out(row, deeper)},\n" for row in value)
        return f"[\n{rows}{indent}]"
    if isinstance(value, Mapping) and any(_tables(v) and _is_long(v) for v in value.values()):
        pairs = ", ".join(f"{_key(k)} = {_laid_out(v, indent)}" for k, v in value.items())
        return f"{{ {pairs} }}"
    return literal(value)


def _is_long(rows: list[Any]) -> bool:
    """Rows of parameters have names; rules such as ``bytes = [{ at = 0 }]`` stay on their line."""
    return any("name" in row or "skip" in row or "parameters" in row for row in rows)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    shown = "".join(
        _ESCAPES.get(c) or (c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}") for c in text
    )
    return f'"{shown}"'


def _number(value: float) -> str:
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return "nan" if math.isnan(value) else repr(value)
