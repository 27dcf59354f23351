"""Mutated input for every framing and every definition: nothing but the documented may happen.

``python -m tests.fuzz [COUNT]`` prints a table: inputs tried, the longest that one took, and how
much memory grew. The tests run it with fewer.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from decoders.decode import Decoder
from decoders.definition.parse import mistakes
from decoders.frame import BadFrame, Frame
from decoders.framing.registry import FRAMINGS, deframer
from groundstation.catalog import SatelliteCatalog

DATA = Path(__file__).parent / "data"
OPTIONS = {"syncword": {"sync": "2DD4", "sync_errors": 1, "crc": "crc16-cc1101"}}
#: What begins a block or stream well, so that mutations reach the inner codes.
SEEDS = {
    "kiss": ["C0004142C0C00043DBDCC0"],
    "slip": ["C0414243C0"],
    "cobs": ["0311220233000101 00"],
    "length": ["00024142000143"],
    "lines": [b'{"data": "SEk=", "unix_GS_time": 5}\n'.hex(), b"+RCV=5,2,HI,-9,4\n".hex()],
}


@dataclass
class Outcome:
    """What happened to one target; ``longest_ms`` when the tables of its codes are built."""

    name: str
    tried: int
    longest_ms: float
    grown_kb: float


def mutations(seeds: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Flipped bits, changed, dropped and doubled bytes, cuts, joins and pure noise."""
    rnd = random.Random(seed)
    for _ in range(count):
        data = bytearray(rnd.choice(seeds))
        for _ in range(rnd.choice((0, 1, 1, 2, 5, 20))):
            at = rnd.randrange(len(data) + 1)
            match rnd.randrange(6):
                case 0 if at < len(data):
                    data[at] ^= 1 << rnd.randrange(8)
                case 1 if at < len(data):
                    data[at] = rnd.randrange(256)
                case 2:
                    del data[at : at + rnd.randrange(1, 9)]
                case 3:
                    data[at:at] = rnd.randbytes(rnd.randrange(1, 9))
                case 4:
                    del data[at:]
                case 5:
                    data[at:at] = data[: rnd.randrange(40)]
        yield bytes(data[:1200])


def coded_seeds() -> dict[str, list[bytes]]:
    """Real coded blocks by framing."""
    from tests.decoders.test_framings import BLOCKS, STREAMS, load, stream_of

    found: dict[str, list[bytes]] = {
        name: [bytes.fromhex(text) for text in texts] for name, texts in SEEDS.items()
    }
    for name, (framing, _) in BLOCKS.items():
        for item in load("link", name)["frames"][:3]:
            found.setdefault(framing, []).append(bytes.fromhex(item["coded_hex"])[:1200])
    for name, (framing, _) in STREAMS.items():
        symbols, frames = stream_of(name)
        start = frames[0].get("bit_index", 0) if frames else 0
        packed = bytes.fromhex(load("bits", name)["bits_hex"])
        found.setdefault(framing, []).append(packed[start // 8 : start // 8 + 700])
        del symbols
    return found


def measure(name: str, inputs: Iterator[bytes], call: Callable[[bytes], None]) -> Outcome:
    """Call for every input: timed, and the first of them again to see whether memory grows."""
    again = list(islice(inputs, 100))
    for data in again:
        call(data)
    gc.collect()
    gc.freeze()  # the inputs and tables are not what a pause would be spent on
    longest, tried = 0.0, 0
    for data in chain(again, inputs):
        tried += 1
        start = time.process_time()
        call(data)
        longest = max(longest, time.process_time() - start)
    gc.collect()
    tracemalloc.start()
    for data in again:
        call(data)
    gc.collect()
    warm = tracemalloc.get_traced_memory()[0]
    for data in again:
        call(data)
    gc.collect()
    grown = (tracemalloc.get_traced_memory()[0] - warm) / 1024
    tracemalloc.stop()
    return Outcome(name, tried, longest * 1000, grown)


def fuzz_framing(name: str, seeds: list[bytes], count: int) -> Outcome:
    """Blocks one by one, and the same bytes as one endless stream."""
    options = OPTIONS.get(name, {})
    block, stream = deframer(name, options), deframer(name, options)

    def call(data: bytes) -> None:
        # The endless stream gets some of them, so that its search is fed with everything, too.
        more = stream.feed(data[:64]) if len(data) % 8 == 0 else []
        for frame in (*block.decode_block(data), *more):
            assert isinstance(frame, Frame | BadFrame)
            assert isinstance(frame, BadFrame) or frame.data

    return measure(name, mutations(seeds, count, 1), call)


def fuzz_definition(id: str, count: int) -> Outcome:
    """Frames of one satellite, mutated: every one decodes or says why not."""
    catalog = SatelliteCatalog()
    satellite = catalog.satellites[id]
    decoder = Decoder([satellite])
    seeds = [example.frame for example in satellite.examples] or [bytes(range(200))]

    def call(data: bytes) -> None:
        decoded = decoder.decode(data, id)
        assert decoded.error is not None or decoded.packet is not None
        json.dumps(decoded.as_json(), allow_nan=False)

    return measure(id, mutations(seeds, count, 2), call)


def fuzz_definition_text(count: int) -> Outcome:
    """Definition files, mutated: mistakes are told, nothing else is raised."""
    catalog = SatelliteCatalog()
    seeds = [
        catalog.text("classroom-1").encode()[:1200],
        *(path.read_bytes()[:1200] for path in sorted((DATA / "broken").glob("*.toml"))),
    ]

    def call(data: bytes) -> None:
        for error in mistakes(data.decode("utf-8", "replace"), id="fuzz", sister=catalog.text):
            str(error)

    return measure("definition text", mutations(seeds, count, 3), call)


def targets() -> list[tuple[str, str]]:
    """Kind and name of everything that is fuzzed."""
    return [
        *(("framing", name) for name in FRAMINGS),
        *(("definition", id) for id in SatelliteCatalog().satellites),
        ("text", "definition text"),
    ]


def fuzz(target: tuple[str, str], count: int) -> Outcome:
    """``count`` mutations for one target."""
    kind, name = target
    if kind == "framing":
        return fuzz_framing(name, coded_seeds().get(name, [bytes(200)]), count)
    return fuzz_definition(name, count) if kind == "definition" else fuzz_definition_text(count)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{'target':<24} {'tried':>9} {'longest':>12} {'memory':>12}")
    for target in targets():
        outcome = fuzz(target, count)
        print(
            f"{outcome.name:<24} {outcome.tried:>9,} {outcome.longest_ms:>9.2f} ms"
            f" {outcome.grown_kb:>9.1f} kB",
            flush=True,
        )


if __name__ == "__main__":
    main()
