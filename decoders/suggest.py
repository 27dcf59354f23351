"""Hints for mistyped words."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

#: A longer word is no mistyped one.
_MOST_CHARACTERS = 80


def nearest(word: object, allowed: Iterable[str]) -> str:
    """``did you mean 'scale'?``, or ``allowed: …`` when nothing is near."""
    words = sorted(allowed)
    close = get_close_matches(str(word)[:_MOST_CHARACTERS], words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return "allowed: " + (", ".join(words) or "none, as none is defined")
