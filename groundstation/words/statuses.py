"""Words for what happened to a frame."""

from __future__ import annotations

from decoders.words import Words


def status_word(status: str, words: Words) -> str:
    """The status of a frame, as :attr:`groundstation.model.FrameRow.status` has it."""
    return {
        "decoded": words("decoded"),
        "damaged": words("damaged"),
        "unknown": words("unknown"),
        "undecoded": words("not decoded"),
        "waiting": words("being interpreted"),
    }[status]
