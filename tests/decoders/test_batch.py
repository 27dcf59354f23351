"""A batch of frames is exactly what its frames are one by one."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decoders.coding.crc import CRCS, crc, crc_column
from decoders.decode import Decoder
from decoders.definition.limits import STATES
from decoders.definition.parse import parse
from decoders.layers.registry import LAYERS
from decoders.value import Decoded
from decoders.verdicts import Batch
from groundstation.catalog import SatelliteCatalog
from tests.decoders.test_columns import same
from tests.mutated import mutations

CATALOG = SatelliteCatalog()
GOLDEN = [
    (satellite.id, example.frame)
    for satellite in CATALOG.satellites.values()
    for example in satellite.examples
]

#: Everything that a layout can vary in, and everything that can be wrong with a frame.
ODD = """
[satellite]
name = "Odd"
callsigns = ["ODD", "EVEN-7"]
csp_addresses = [3, 4]
[[downlinks]]
name = "ax25"
layers = ["ax25"]
[[downlinks]]
name = "csp"
layers = ["csp"]
[[downlinks]]
name = "both"
layers = ["ax25", "csp"]
[[downlinks]]
name = "deep"
layers = ["tm-frame", "space-packet", "pus"]
[[packets]]
name = "old"
match = { prefix = "01 02 03", valid_until = "2026-05-01" }
parameters = [{ name = "old", type = "u8" }]
[[packets]]
name = "varying"
match = { prefix = "01 02 03", bytes = [{ at = -1, value = 0x55 }] }
parameters = [
  { name = "n", type = "u8", const = 2 },
  { name = "each", count_from = "n", parameters = [{ name = "v", type = "u16" }] },
  { name = "text", type = "ascii", until = "!" },
  { name = "sum", type = "u16", crc = "crc16-ccitt" },
]
[[packets]]
name = "checked"
match = { prefix = "01 02 04", fields = { "csp.source" = 3 } }
parameters = [
  { name = "word", type = "ascii", size = 2, const = "ok" },
  { name = "x", type = "u3", bit_order = "lsb", const = 5 },
  { name = "rest", type = "u5" },
]
[[packets]]
name = "apid"
match = { fields = { "space-packet.apid" = 100, "tm-frame.spacecraft_id" = 7, "pus.service" = 3 } }
parameters = [{ name = "x", type = "u8" }]
[[packets]]
name = "deeper"
match = { prefix = "AA BB CC DD" }
layers = ["ax25", "tm-frame-fecf", "csp2"]
parameters = [{ name = "x", type = "u8" }]
"""
TWIN = ODD.replace('"ODD", "EVEN-7"', '"ODD"').replace("01 02 03", "01 02 03 02")
MAY_2026_US = 1_777_593_600_000_000


def changed(frame: bytes, chance: random.Random) -> bytes:
    return next(mutations([frame], 1, chance.getrandbits(32)))


def check(decoder: Decoder, frames: Sequence[bytes], *hints: Sequence[object] | None) -> Batch:
    satellites, received_us, supposed = (*hints, None, None, None)[:3]
    found = decoder.batch(frames, satellites, received_us, supposed)  # type: ignore[arg-type]
    nothing = [None] * len(frames)
    arguments = zip(
        frames, satellites or nothing, received_us or nothing, supposed or nothing, strict=True
    )
    one_by_one = [decoder.decode(*each) for each in arguments]  # type: ignore[arg-type]
    assert [
        (v.satellite, v.packet, v.error, v.candidates, v.evidence_bits, v.simulated, v.note)
        for v in found.verdicts
    ] == [
        (d.satellite, d.packet, d.error, d.candidates, d.evidence_bits, d.simulated, d.note)
        for d in one_by_one
    ]
    places = [index for group in found.groups for index in group.indexes.tolist()]
    # A frame with a note is sound and has no packet of its own: it is idle, or a piece of others.
    assert all(d.packet is None for d in one_by_one if d.note is not None)
    wanted = [n for n, d in enumerate(one_by_one) if d.error is None and d.note is None]
    assert sorted(places) == wanted
    for group in found.groups:
        assert np.all(np.diff(group.indexes) > 0)
        for place, index in enumerate(group.indexes.tolist()):
            check_values(group.columns, place, one_by_one[index])
            assert group.satellite == one_by_one[index].satellite
            assert group.plan.layout.name == one_by_one[index].packet
    return found


def check_values(columns: dict, place: int, decoded: Decoded) -> None:  # type: ignore[type-arg]
    assert list(columns) == [value.name for value in decoded.values]
    for value in decoded.values:
        column = columns[value.name]
        assert same(column.value[place], value.value), value.name
        assert STATES[column.state[place]] == value.state, value.name
        if column.raw is not None and value.raw == value.raw:  # a NaN is not itself
            assert same(column.raw[place], value.raw), value.name


def test_golden_frames_of_all_satellites_together() -> None:
    frames = [frame for _, frame in GOLDEN] * 2
    check(CATALOG.decoder, frames)
    check(CATALOG.decoder, frames, [id for id, _ in GOLDEN] * 2)


@pytest.mark.parametrize("seed", range(4))
def test_golden_frames_mutated_and_mixed(seed: int) -> None:
    chance = random.Random(seed)
    ids = [*CATALOG.satellites, None, None, "nobody-has-this"]
    frames, satellites, times, supposed = [], [], [], []
    for id, frame in chance.choices(GOLDEN, k=250):
        frames.append(changed(frame, chance) if chance.random() < 0.7 else frame)
        satellites.append(chance.choice([id, None, None, chance.choice(ids)]))
        times.append(chance.choice([None, 0, MAY_2026_US, 1_900_000_000_000_000]))
        supposed.append(chance.choice([id, None, chance.choice(ids)]))
    frames += [b"", b"\0", bytes(300), b"\xff" * 40]
    satellites += [None] * 4
    times += [None] * 4
    supposed += [None] * 4
    check(CATALOG.decoder, frames, satellites, times, supposed)


def odd_frames() -> list[bytes]:
    body = b"\x01\x02\x03\x02\x00\x01\x00\x02hi!"
    varying = body + crc("crc16-ccitt", body).to_bytes(2)
    ends = bytes.fromhex("010203 02 0001 0002 686921") + b"\0\x55"
    checked = b"\x01\x02\x04ok\x05"
    csp, csp2, ax25 = LAYERS["csp"], LAYERS["csp2"], LAYERS["ax25"]
    deep = LAYERS["pus"].wrap(b"\x2a", {"service": 3, "subtype": 25, "pus_version": 2})
    deep = LAYERS["space-packet"].wrap(deep, {"apid": 100})
    deep = LAYERS["tm-frame"].wrap(deep, {"spacecraft_id": 7})
    deeper = csp2.wrap(b"\xaa\xbb\xcc\xdd\x07", {"source": 4, "crc": 1})
    deeper = LAYERS["tm-frame-fecf"].wrap(deeper, {"spacecraft_id": 1})
    found = [varying, ends, checked, b"\x01\x02\x03\x05", b"\x01\x02\x04", b"", b"\x01"]
    found += [
        csp.wrap(each, {"source": s, "crc": c}) for each in found for s in (3, 9) for c in (0, 1)
    ]
    called = [{"source": "ODD"}, {"source": "EVEN", "source_ssid": 7}, {"source": "HAM"}, {}]
    called += [{"source": "ODD", "digipeaters": "RELAY-3*"}, {"source": ""}]
    found += [ax25.wrap(each, fields) for each in [*found[:12], deeper] for fields in called]
    return [*found, deep, deeper, ax25.wrap(deeper, {"source": "ODD"})]


@pytest.fixture(scope="module")
def odd() -> Decoder:
    texts = {"odd": ODD, "twin": TWIN, "free": ODD.replace('["ODD", "EVEN-7"]', "[]")}
    return Decoder([parse(text, id=id) for id, text in texts.items()])


def test_odd_frames_are_decoded_at_all(odd: Decoder) -> None:
    found = check(odd, odd_frames(), ["odd"] * len(odd_frames()))
    packets = {verdict.packet for verdict in found.verdicts if verdict.error is None}
    assert packets == {"old", "checked", "apid", "deeper"}
    times = [MAY_2026_US] * len(odd_frames())
    found = check(odd, odd_frames(), ["odd"] * len(odd_frames()), times)
    assert "varying" in {v.packet for v in found.verdicts}


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 1 << 32))
def test_odd_frames_mixed(seed: int) -> None:
    chance = random.Random(seed)
    texts = {"odd": ODD, "twin": TWIN, "free": ODD.replace('["ODD", "EVEN-7"]', "[]")}
    decoder = Decoder([parse(text, id=id) for id, text in texts.items()])
    frames = [
        changed(frame, chance) if chance.random() < 0.3 else frame
        for frame in chance.choices(odd_frames(), k=chance.choice((3, 80)))
    ]
    names = ["odd", "twin", "free", "gone"]
    count = len(frames)
    satellites = chance.choices([*names, None, None], k=count) if chance.random() < 0.6 else None
    times = chance.choices([None, MAY_2026_US - 1, MAY_2026_US], k=count)
    supposed = chance.choices([*names, None], k=count) if chance.random() < 0.6 else None
    check(decoder, frames, satellites, times, supposed)


def test_no_frames() -> None:
    assert CATALOG.decoder.batch([]) == Batch([], [])


@pytest.mark.parametrize("name", sorted(CRCS))
def test_check_values_in_columns(name: str) -> None:
    data = np.random.default_rng(1).integers(0, 256, (5, 37)).astype(np.uint8)
    assert crc_column(name, data).tolist() == [crc(name, row.tobytes()) for row in data]
    assert crc_column(name, data[:, :0]).tolist() == [crc(name, b"")] * 5


def test_a_text_that_is_none_in_its_encoding_is_invalid() -> None:
    header = bytes.fromhex("86a240404040607282608686406103f0")
    frames = [header + text for text in (b"hello73", b"hello\xff\xfe", "Čakove".encode())] * 9
    found = check(CATALOG.decoder, frames, ["crocube"] * len(frames))
    (group,) = found.groups
    assert group.columns["digi_message"].states()[:3] == ["unlimited", "invalid", "unlimited"]
