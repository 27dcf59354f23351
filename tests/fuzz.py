"""Mutated input for every framing, layer, definition and reader of files of others: nothing but
the documented may happen.

``python -m tests.fuzz [COUNT] [TARGET...]`` prints a line for each target (all, or the framings and
satellites named): inputs tried, what one took on average and at most, the lines of Python that
the longest needed, and how much memory grew.
Exit 1 when one failed. The tests run it with fewer.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from copy import deepcopy
from functools import cache, partial
from pathlib import Path

import numpy as np

from decoders.decode import Decoder
from decoders.definition.parse import mistakes
from decoders.frame import BadFrame, Frame
from decoders.framing.equisat import own_bits, transmission
from decoders.framing.registry import FRAMINGS, deframer
from groundstation.catalog import SatelliteCatalog
from tests import fuzz_readers as readers
from tests.fuzz_readers import Definition, Header, Notation
from tests.mutated import Outcome, Stateless, measure, mutations

DATA = Path(__file__).parent / "data"
OPTIONS = {"syncword": {"sync": "2DD4", "sync_errors": 1, "crc": "crc16-cc1101"}}
#: What begins a block or stream well, so that mutations reach the inner codes.
SEEDS = {
    "kiss": ["C0004142C0C00043DBDCC0"],
    "slip": ["C0414243C0"],
    "cobs": ["0311220233000101 00"],
    "length": ["00024142000143"],
    "space-packets": ["0801C0000001AABB0801C0010002010203"],
    # A sync word and 223 bytes behind it, twice; a whole frame, and the start of a longer one.
    "ccsds": [2 * ("1ACFFC1D" + bytes(range(223)).hex())],
    "syncword": ["2DD40568656C6C6F2018" + "2DD4FF68656C6C6F"],
    "lines": [b'{"data": "SEk=", "unix_GS_time": 5}\n'.hex(), b"+RCV=5,2,HI,-9,4\n".hex()],
}


#: Pieces of an endless stream between two copies of its state.
_REMEMBERED = 64
_TEXT = "definition text"
_json = json.JSONEncoder(allow_nan=False, check_circular=False).encode


@cache
def coded_seeds() -> dict[str, list[bytes]]:
    """Real coded blocks by framing."""
    from tests.decoders.coded_frames import BLOCKS, STREAMS, load, stream_of

    found: dict[str, list[bytes]] = {
        name: [bytes.fromhex(text) for text in texts] for name, texts in SEEDS.items()
    }
    for name, (framing, _) in BLOCKS.items():
        for item in load("link", name)["frames"][:3]:
            found.setdefault(framing, []).append(bytes.fromhex(item["coded_hex"])[:1200])
    for name, (framing, _) in {**STREAMS, "ax5043_cape3": ("ax5043", {})}.items():
        _, frames = stream_of(name)
        start = frames[0].get("bit_index", 0) if frames else 0
        packed = bytes.fromhex(load("bits", name)["bits_hex"])
        found.setdefault(framing, []).append(packed[start // 8 : start // 8 + 700])
    message = bytes.fromhex(load("frames", "equisat")["frames"][0]["hex"])
    sent = transmission(message, np.zeros(own_bits(message), np.uint8))
    found["equisat"] = [np.packbits(sent).tobytes()]
    return found


@cache
def catalog() -> SatelliteCatalog:
    """The definitions, parsed once in a process."""
    return SatelliteCatalog()


class _Framing:
    """Blocks one by one, and the same bytes as one endless stream."""

    def __init__(self, name: str):
        options = OPTIONS.get(name, {})
        self._block, self._stream = deframer(name, options), deframer(name, options)
        self._saved, self._since = deepcopy(self._stream), list[bytes]()

    def take(self, data: bytes) -> None:
        found = self._block.decode_block(data)
        # The endless stream gets some of them, so that its search is fed with everything, too.
        piece = data[:64] if len(data) % 8 == 0 else b""
        self._since.append(piece)
        if piece:
            found = [*found, *self._stream.feed(piece)]
        for frame in found:
            assert isinstance(frame, Frame | BadFrame)
            assert isinstance(frame, BadFrame) or frame.data

    def rewind(self) -> None:
        self._since.pop()
        self._stream = deepcopy(self._saved)
        for piece in self._since:
            if piece:
                self._stream.feed(piece)

    def settle(self) -> None:
        if len(self._since) >= _REMEMBERED:
            self._saved = deepcopy(self._stream)
            self._since.clear()


class _Definition(Stateless):
    """Frames of one satellite: every one decodes or says why not."""

    def __init__(self, id: str):
        self._id, self._decoder = id, Decoder([catalog().satellites[id]])

    def take(self, data: bytes) -> None:
        decoded = self._decoder.decode(data, self._id)
        assert (decoded.error or decoded.packet or decoded.note) is not None
        _json(decoded.as_json())
        # Twice, so that what begins in the one may end in the other.
        joiner = self._decoder.joiner()
        for packet in (*joiner.feed(data, self._id), *joiner.feed(data, self._id)):
            _json([each.decoded().as_json() for each in packet])


class _DefinitionText(Stateless):
    """Definition files: mistakes are told, nothing else is raised."""

    def take(self, data: bytes) -> None:
        for error in mistakes(data.decode("utf-8", "replace"), id="fuzz", sister=catalog().text):
            str(error)


def _definition_seeds(id: str) -> list[bytes]:
    return [example.frame for example in catalog().satellites[id].examples] or [bytes(range(200))]


def _text_seeds() -> list[bytes]:
    broken = sorted((DATA / "broken").glob("*.toml"))
    return [
        catalog().text("classroom-1").encode()[:1200],
        *(path.read_bytes()[:1200] for path in broken),
    ]


def targets() -> list[tuple[str, str]]:
    """Kind and name of everything that is fuzzed."""
    return [
        *(("framing", name) for name in FRAMINGS),
        *(("definition", id) for id in catalog().satellites),
        ("text", _TEXT),
        *(("importer", name) for name in readers.definition_seeds()),
        *(("elements", name) for name in readers.notation_seeds()),
        *(("layer", name) for name in readers.header_seeds()),
    ]


def fuzz(target: tuple[str, str], count: int) -> Outcome:
    """``count`` mutations for one target."""
    kind, name = target
    if kind == "framing":
        return measure(name, mutations(coded_seeds()[name], count, 1), _Framing(name))
    if kind == "definition":
        return measure(name, mutations(_definition_seeds(name), count, 2), _Definition(name))
    if kind == "layer":
        return measure(name, mutations(readers.header_seeds()[name], count, 4), Header(name))
    if kind == "importer":
        seeds = readers.definition_seeds()[name]
        inputs = mutations(seeds, count, 5, longest=readers.LONGEST)
        return measure(f"{name} (importer)", inputs, Definition(name), readers.MOST_WORK)
    if kind == "elements":
        seeds = readers.notation_seeds()[name]
        return measure(f"{name} (elements)", mutations(seeds, count, 6), Notation())
    return measure(name, mutations(_text_seeds(), count, 3), _DefinitionText())


def _named(names: list[str]) -> list[tuple[str, str]]:
    """The targets of these names, or all; exits for a name that is none."""
    known = targets()
    unknown = sorted(set(names) - {name for _, name in known})
    if unknown:
        sys.exit(f"nothing of that name is fuzzed: {', '.join(unknown)}")
    return [target for target in known if target[1] in names or not names]


def main() -> None:
    """Print the table, each line as soon as its target is done."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("target", nargs="*")
    chosen = parser.parse_args()
    print(
        f"{'target':<24} {'tried':>9} {'mean':>11} {'longest':>12} {'lines':>9} {'memory':>12}",
        flush=True,
    )
    failed = False
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = {
            pool.submit(partial(fuzz, count=chosen.count), target): target[1]
            for target in _named(chosen.target)
        }
        for done in as_completed(waiting):
            error = done.exception()
            failed = failed or error is not None or bool(done.result().complaints)
            print(_failure(waiting[done], error) if error else _line(done.result()), flush=True)
    sys.exit(failed)


def _line(outcome: Outcome) -> str:
    return (
        f"{outcome.name:<24} {outcome.tried:>9,} {outcome.mean_us:>8.1f} µs"
        f" {outcome.longest_ms:>9.2f} ms {outcome.work:>9,} {outcome.grown_kb:>9.1f} kB"
        f" {' '.join(outcome.complaints)}"
    )


def _failure(name: str, error: BaseException) -> str:
    return f"{name}: {type(error).__name__}: {error}\n{error.__cause__ or ''}"


if __name__ == "__main__":
    main()
