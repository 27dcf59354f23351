"""Raw and engineering values as one text for tables on the command line."""

from __future__ import annotations

from decoders.definition.limits import UNLIMITED
from decoders.value import plain


def value_text(value: object) -> str:
    """Bytes as hex, flags with commas, numbers with ten digits; nothing for None."""
    shown = plain(value)  # type: ignore[arg-type]  # raw or engineering, both are accepted
    if shown is None:
        return ""
    if isinstance(shown, list):
        return ", ".join(shown)
    return f"{shown + 0.0:.10g}" if isinstance(shown, float) else str(shown)  # no -0


def state_text(state: str) -> str:
    """The state of a value; nothing where nobody has said what is normal."""
    return "" if state == UNLIMITED else state
