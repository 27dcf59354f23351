"""Reasons that the sources give in English and that a page may show."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.words.extraction import ROOT

#: Who says them.
ROOMS = ("decoders", "groundstation/links", "groundstation/receive", "groundstation/tracking")
#: What they are said with. A ``NoFit`` has the reasons of reasons.py word by word already.
SAID_WITH = {
    *("BadFrame", "NoFit", "DecodeError", "NoPacketError", "LinkError", "alarm"),
    *("ControllerNonsenseError", "ControllerSilentError", "ControllerGoneError"),
    *("ControllerRefusedError", "ControllerAbsentError"),
}
#: Stands for what differs.
PLACE = "\0"


def reasons() -> list[str]:
    """Each with PLACE for what it is filled with."""
    found = {reason for room in ROOMS for reason in _in_room(room) if " " in reason}
    return sorted(found)


def _in_room(room: str) -> Iterator[str]:
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in SAID_WITH:
                values = [*node.args, *(keyword.value for keyword in node.keywords)]
                yield from (text for value in values if (text := _text(value)) is not None)


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else PLACE for part in node.values
        )
    return None
