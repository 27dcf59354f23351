"""Cells of a CSV that a spreadsheet may open: a text must not become a formula there.

A spreadsheet takes a cell that begins with one of a few marks for a formula, which may ask another
computer or start a program. An apostrophe in front makes it a text (OWASP, "CSV Injection",
https://owasp.org/www-community/attacks/CSV_Injection). Numbers stay as they are.
"""

from __future__ import annotations

import re

#: What a formula begins with; the last four are the first ones at full width.
_MARKS = r"=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f"[{_MARKS}]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")


def cell(text: str) -> str:
    """``text`` with an apostrophe in front where a spreadsheet would compute it."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
