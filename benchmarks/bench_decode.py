"""Decoding the Quetzal-1 beacon: columns and one by one, beside other programs' decoders."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from timing import again, rates, show

from decoders.decode import Decoder
from decoders.plan import Plan
from groundstation.catalog import SatelliteCatalog

ROOT = Path(__file__).parents[1]
CHUNK = 20_000


def frame() -> bytes:
    text = (ROOT / "tests/data/frames/quetzal1.json").read_text("utf-8")
    return bytes.fromhex(json.loads(text)["frames"][0]["hex"])


def by_hand(packets: np.ndarray) -> dict[str, np.ndarray]:
    """What somebody would write for speed: a structured dtype and the calibrations, no states."""
    plan = Plan(SatelliteCatalog().satellites["quetzal-1"].packets[0])
    shape = plan.shape(bytes(packets.shape[1]))
    codes = {"u": "u", "i": "i"}
    fields = [f for f in shape.fields if f.row.kind in codes]
    dtype = np.dtype(
        {
            "names": [f.name for f in fields],
            "formats": [f">{codes[f.row.kind]}{f.bits // 8}" for f in fields],
            "offsets": [f.start // 8 for f in fields],
            "itemsize": packets.shape[1],
        }
    )
    linear = {f.name: f.row.calibration for f in fields if f.row.calibration is not None}
    factors = {
        name: (getattr(c, "scale", None) or 1 / c.divisor, c.offset)
        for name, c in linear.items()
        if hasattr(c, "offset")
    }

    def decode() -> dict[str, np.ndarray]:
        rows = packets.view(dtype)[:, 0]
        found = {}
        for name in dtype.names:
            if name in factors:
                scale, offset = factors[name]
                found[name] = rows[name] * scale + offset
            else:
                found[name] = rows[name].astype(rows[name].dtype.newbyteorder("="))
        return found

    return decode


def peers(data: bytes) -> dict[str, tuple[int, Callable[[], object]]]:
    found: dict[str, tuple[int, Callable[[], object]]] = {}
    try:
        from satnogsdecoders.decode_frame import decode_frame_to_fields

        found["satnogs-decoders"] = again(100, lambda: decode_frame_to_fields("quetzal1", data))
    except ImportError:
        print("satnogs-decoders is not installed: make peers")
    try:
        from satellites.telemetry.quetzal1 import quetzal1

        found["gr-satellites construct"] = again(100, lambda: quetzal1.parse(data))
    except ImportError:
        print("gr-satellites is not installed (Debian package gr-satellites)")
    return found


def main() -> None:
    data = frame()
    satellite = SatelliteCatalog().satellites["quetzal-1"]
    decoder, plan = Decoder([satellite]), Plan(satellite.packets[0])
    packets = np.frombuffer(data[20:] * CHUNK, np.uint8).reshape(CHUNK, -1)
    raw = {name: column.raw for name, column in plan.columns(packets).items()}
    numbers = {name: column for name, column in raw.items() if column.dtype != object}
    found = rates(
        {
            "columns": (CHUNK, lambda: plan.columns(packets)),
            "columns encoded": (CHUNK, lambda: plan.encode_columns({}, numbers)),
            "columns by hand (numpy dtype)": (CHUNK, by_hand(packets)),
            "one by one": again(2000, lambda: decoder.decode(data, satellite.id)),
            "one by one, unnamed": again(2000, lambda: decoder.decode(data)),
            **peers(data),
        }
    )
    show(found, "frames/s", "one by one")
    for peer in ("satnogs-decoders", "gr-satellites construct", "columns by hand (numpy dtype)"):
        if peer in found:
            print(f"columns / {peer}: {found['columns'] / found[peer]:,.2f}")


if __name__ == "__main__":
    main()
