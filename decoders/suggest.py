"""Hints for mistyped words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

#: A longer word is no mistyped one.
_MOST_CHARACTERS = 80


def nearest(word: object, allowed: Iterable[str]) -> str:
    """``did you mean 'scale'?``, or ``allowed: …`` when nothing is near."""
    words = sorted(allowed)
    return _closest(word, words) or "allowed: " + (", ".join(words) or "none, as none is defined")


def hint(word: object, allowed: Iterable[str], otherwise: str = "") -> str:
    """``; did you mean 'scale'?`` for the end of a sentence, where the words are too many to be
    told; ``otherwise`` where nothing is near."""
    found = _closest(word, sorted(allowed))
    return f"; {found}" if found else otherwise


def _closest(word: object, words: Sequence[str]) -> str:
    close = get_close_matches(str(word)[:_MOST_CHARACTERS], words, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""
