"""Raw and engineering values as cells of tables and CSV, which programs read too."""

from __future__ import annotations

import math

from decoders.definition.limits import UNLIMITED
from decoders.value import Engineering, Raw
from decoders.value_text import shown


def value_text(value: Raw | Engineering) -> str:
    """As :func:`decoders.value_text.shown`, but a cell is empty where there is no valid value,
    texts stay as they came, and bytes are hexadecimal without spaces."""
    if value is None or value == () or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, str) else shown(value)


def state_text(state: str) -> str:
    """The state of a value; nothing where nobody has said what is normal."""
    return "" if state == UNLIMITED else state
