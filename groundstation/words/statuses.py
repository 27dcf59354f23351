"""Words for what happened to a frame."""

from __future__ import annotations

from decoders.words import Words
from groundstation.model import FrameStatus


def status_word(status: FrameStatus, words: Words) -> str:
    """The status of a frame in a word or two."""
    said: dict[FrameStatus, str] = {
        "decoded": words("decoded"),
        "damaged": words("damaged"),
        "unknown": words("unknown"),
        "undecoded": words("not decoded"),
        "waiting": words("being interpreted"),
    }
    return said[status]
