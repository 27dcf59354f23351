"""A state on the page: by word, shape and colour."""

from __future__ import annotations

from decoders.definition.limits import UNLIMITED
from decoders.words import Words, state_word

SHAPES = {"nominal": "●", "warning": "▲", "critical": "■", "invalid": "◇"}


def state(level: str, words: Words) -> str:
    """The mark of a state; nothing where nobody has said what is normal."""
    if level == UNLIMITED:
        return ""
    return f'<span class="state {level}">{SHAPES[level]} {state_word(level, words)}</span>'
