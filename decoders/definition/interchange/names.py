"""Names of other formats as names of ours, and texts as XML that is safe to read."""

from __future__ import annotations

import re
from collections.abc import Container

#: What some editors and spreadsheets put in front of a file.
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def as_name(text: str, taken: Container[str] = ()) -> str:
    """``text`` as a row's name: lower-case letters, digits and ``_``, not yet in ``taken``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", text)
    name = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    if not name or not name[0].isalpha():
        name = f"p_{name}".rstrip("_")
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    return unique
