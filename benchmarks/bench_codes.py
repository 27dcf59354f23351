"""Error-correcting codes: Reed-Solomon, Golay, Viterbi, beside other implementations that are
installed.

Used where they are installed: reedsolo (pure Python), its C version ``creedsolo``, the Viterbi of
scikit-commpy.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from timing import again, rates, show

from decoders.coding import convolutional, golay
from decoders.coding.reed_solomon import ccsds
from decoders.framing.registry import bit_deframer
from decoders.symbols import from_bits

ERRORS = 8


def reed_solomon() -> dict[str, tuple[int, Callable[[], object]]]:
    rnd = random.Random(1)
    code = ccsds(dual=False)
    clean = code.encode(rnd.randbytes(223))
    wrong = bytearray(clean)
    for place in rnd.sample(range(255), ERRORS):
        wrong[place] ^= rnd.randrange(1, 256)
    dirty = bytes(wrong)
    found = {
        "RS(255,223) clean": again(200, lambda: code.decode(clean)),
        f"RS(255,223) {ERRORS} errors": again(100, lambda: code.decode(dirty)),
    }
    for module in ("reedsolo", "creedsolo"):
        try:
            library = __import__(module)
        except ImportError:
            continue
        other = library.RSCodec(32, nsize=255, fcr=112, prim=0x187, generator=173)
        found[f"{module} clean"] = again(20, lambda other=other: other.decode(clean))
        found[f"{module} {ERRORS} errors"] = again(20, lambda other=other: other.decode(dirty))
    return found


def viterbi() -> dict[str, tuple[int, Callable[[], object]]]:
    rng = np.random.default_rng(1)
    bits = rng.integers(0, 2, 100_000).astype(np.uint8)
    code = convolutional.code(convolutional.CCSDS)
    symbols = from_bits(code.encode(bits))
    noisy = np.clip(symbols * 40 + rng.normal(0, 28, len(symbols)), -127, 127).astype(np.int8)
    found = {"Viterbi k=7, 100,000 soft bits": (len(bits), lambda: code.decode(noisy))}
    try:
        from commpy.channelcoding import Trellis, viterbi_decode

        trellis = Trellis(np.array([6]), np.array([[0o171, 0o133]]))
        short = (noisy[:4000] > 0).astype(int)
        found["scikit-commpy"] = (2000, lambda: viterbi_decode(short, trellis, 35))
    except ImportError:
        print("scikit-commpy is not installed")
    return found


def searches() -> dict[str, tuple[int, Callable[[], object]]]:
    noise = from_bits(np.random.default_rng(1).integers(0, 2, 200_000).astype(np.uint8))
    return {
        name: (len(noise), lambda name=name: bit_deframer(name).feed(noise))
        for name in ("hdlc-g3ruh", "ax100-golay", "usp", "ao40", "ccsds-concatenated")
    }


def main() -> None:
    words = [golay.encode(n) ^ 0x10101 for n in range(4096)]
    show(rates(reed_solomon()), "codewords/s", f"RS(255,223) {ERRORS} errors")
    show(
        rates({"Golay, 3 errors": again(20_000, lambda: golay.decode(words[7]))}),
        "words/s",
        "Golay, 3 errors",
    )
    show(rates(viterbi(), rounds=3), "bits/s", "Viterbi k=7, 100,000 soft bits")
    print("Search in noise:")
    show(rates(searches(), rounds=2), "symbols/s", "hdlc-g3ruh")


if __name__ == "__main__":
    main()
