"""The golden values are the reference decoder's: it reads their frames again, where installed."""

import importlib
import json
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from tests.decoders.golden import GOLDEN, alike
from tests.peers import need_folder

REFERENCE = "satnogs-decoders"
_DEPTH = 14


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a golden file that this reference has read."""
    found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [line for line in found if line["reference"].startswith(REFERENCE)]


FILES = {path.stem: path for path in sorted(GOLDEN.glob("*.jsonl")) if lines(path)}


@pytest.fixture(scope="module")
def satnogs() -> Iterator[Any]:
    folder = str(need_folder("satnogs"))
    sys.path.insert(0, folder)
    yield importlib.import_module("satnogsdecoders.decoder")
    sys.path.remove(folder)


def leaves(thing: Any, depth: int = 0) -> Iterator[Any]:
    """Every value in what a decoder makes of a frame, computed ones too."""
    if depth > _DEPTH:
        return
    if isinstance(thing, list):
        for item in thing:
            yield from leaves(item, depth + 1)
    elif isinstance(thing, Enum):
        yield thing.value
    elif isinstance(thing, bool | int | float | str | bytes):
        yield int(thing) if isinstance(thing, bool) else thing
    elif hasattr(thing, "_io"):
        computed = (name for name, kind in vars(type(thing)).items() if isinstance(kind, property))
        for name in (*vars(thing), *computed):
            if not name.startswith("_"):
                yield from leaves(_attribute(thing, name), depth + 1)


def _attribute(thing: Any, name: str) -> Any:
    try:
        return getattr(thing, name)
    except Exception:  # what a computed value of another program raises is its own affair
        return None


def has(found: list[Any], wanted: object) -> bool:
    wanted = int(wanted) if isinstance(wanted, bool) else wanted
    return any(alike(value, wanted) or wanted in _written(value) for value in found)


def _written(value: object) -> tuple[object, ...]:
    """Bytes as text or hex, a text as the hex of its bytes."""
    if isinstance(value, bytes):
        return value.decode("latin-1").rstrip("\0 "), value.hex()
    return (value.encode("latin-1", "replace").hex(),) if isinstance(value, str) else ()


@pytest.mark.parametrize("id", FILES)
def test_the_reference_decoder_reads_these_values(id: str, satnogs: Any) -> None:
    for line in lines(FILES[id]):
        decoder = getattr(satnogs, line["reference"].split()[-1].capitalize().replace("_", ""))
        found = list(leaves(decoder.from_bytes(bytes.fromhex(line.get("fed", line["frame"])))))
        wanted = {**line.get("values", {}), **line.get("raw", {})}
        assert {name: value for name, value in wanted.items() if not has(found, value)} == {}
